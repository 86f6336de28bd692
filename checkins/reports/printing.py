"""Check-ins on A4: photos, answers and a map of each, a sheet after the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import islice
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from checkins import asked, detail
from checkins.forms import FilterForm
from checkins.origin import Origin
from checkins.reports.bulk import Bulk
from checkins.reports.walk import Chunk, Walk
from checkins.services import Source
from checkins.sources import source_of
from dashboard import answers
from dashboard.accounts import signed_in
from dashboard.htmx import problem
from dashboard.http import DashboardRequest
from dashboard.navixy import forms
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.navixy.forms import Form
from dashboard.photos import album
from dashboard.shell import preferences

MOST_PRINTED = 50
_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="print")


@require_safe
@signed_in
def print_many(request: DashboardRequest) -> HttpResponse:
    """`ids`, else what the list's query finds, up to MOST_PRINTED. Raises NavixyError."""
    ids = asked.chosen_ids(request.GET.getlist("ids"))
    if ids is None:
        return problem(request, _("This address names no check-ins. Choose them in the list."), status=422)
    source, filters = source_of(request), FilterForm(request.GET).filters()
    walk = Walk(source=source, filters=filters, ids=tuple(ids[:MOST_PRINTED]), page=MOST_PRINTED)
    chunk = next(islice(walk, 1), None)
    if chunk is None:
        return problem(request, _("No check-in matches, so there is nothing to print."), status=422)
    total = len(ids) or chunk.total
    context = {
        "sheets": _sheets(request, source, chunk),
        "notes": [*walk.notes, *_cut(len(chunk.checkins), total)],
        "back_url": f"{reverse('checkins:index')}?{filters.url_query()}",
        "printed": request.account.clock.moment(source.now),
        "preferences": replace(preferences(request), theme="light"),  # paper is white
    }
    return render(request, "checkins/print_many.html", context)


def _cut(shown: int, total: int) -> list[str]:
    if total <= shown or shown < MOST_PRINTED:
        return []
    words = _("These are the first %(shown)d of %(total)s check-ins. Narrow the list to print the others.")
    return [words % {"shown": shown, "total": f"{total:,}"}]


def _sheets(request: DashboardRequest, source: Source, chunk: Chunk) -> list[dict[str, Any]]:
    found = _forms(request.navixy, chunk)
    origin = Origin(filters=FilterForm(request.GET).filters(), position=None)
    return [
        {**detail.facts(request, one, source, origin), **_answers(request, one, found)}
        for one in chunk.checkins
    ]


def _forms(client: Client, chunk: Chunk) -> dict[int, Form]:
    """In bulk; those whose answers are files once more alone, as a list does not hold them (ref 5.7)."""
    with closing(Bulk(client)) as bulk:
        found = bulk.of(chunk)
    with_files = [one.id for one in found.values() if _names_files(one) and not one.files]
    found |= {form.id: form for form in _pool.map(lambda one: _read(client, one), with_files) if form}
    return found


def _read(client: Client, form_id: int) -> Form | None:
    """None: then the answers without their files are shown."""
    try:
        return forms.read_form(client, form_id)
    except SessionEnded:
        raise
    except NavixyError:
        return None


def _names_files(form: Form) -> bool:
    return any(isinstance(one, forms.FileAnswer | forms.SignatureAnswer) for one in form.values.values())


def _answers(request: DashboardRequest, checkin: Checkin, found: dict[int, Form]) -> dict[str, Any]:
    form = found.get(checkin.form_id or 0)
    if form is None:
        return {"form": None, "unread": checkin.form_id is not None}
    clock = request.account.clock
    rows = answers.rows(form, files=album.of(request).form(form), day=clock.day)
    submitted = clock.moment(form.submitted) if form.submitted else ""
    return {"form": form, "answers": rows, "unanswered": answers.unanswered(rows), "submitted": submitted}
