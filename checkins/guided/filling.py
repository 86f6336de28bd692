"""Step 3: comment, photos and the questions of the form, on one page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from checkins import again, drafts, readiness
from checkins.guided import acts, saving, steps, tiles
from checkins.guided.access import while_editable
from checkins.guided.forms import LONGEST
from checkins.models import Draft
from dashboard.accounts import signed_in
from dashboard.formfill import posted, words
from dashboard.formfill.controls import Filling, controls
from dashboard.formfill.installation import limits_of
from dashboard.formfill.rules import Limits
from dashboard.htmx import wants_fragment
from dashboard.http import DashboardRequest
from dashboard.jobs import desk as jobs
from dashboard.photos.album import size_text

KEY = "answers"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@while_editable
def answers(request: DashboardRequest, draft: Draft) -> HttpResponse:
    if request.method == "POST":
        return _posted(request, draft)
    saving.remember_step(draft, KEY)
    return _page(request, draft, check="check" in request.GET)


def _posted(request: DashboardRequest, draft: Draft) -> HttpResponse:
    try:
        draft = saving.save(request, draft, **_changes(request, draft))
        told = acts.carried_out(request, draft)  # without scripts files come and go with the form
    except drafts.Stale:
        return saving.stale(request, draft, KEY)
    if wants_fragment(request):
        return saving.saved(request, draft, KEY)
    if told or saving.act_of(request) not in ("", "next"):
        return redirect(steps.url(draft, KEY))
    if any(steps.step_of(one.part) == KEY for one in saving.lacking(request, draft)):
        return _page(request, draft, check=True, status=422)
    return redirect(steps.url(draft, steps.following(KEY)))


def _changes(request: DashboardRequest, draft: Draft) -> dict[str, Any]:
    """A refusal of Navixy's is forgotten once its answer is another."""
    values = posted.read(draft.form.fields, request.POST) if draft.form else {}
    refused = {
        field_id: sentence
        for field_id, sentence in draft.field_errors.items()
        if values.get(field_id) == draft.answers.get(field_id)
    }
    comment = request.POST.get("comment", "").replace("\r\n", "\n").strip()[:LONGEST]
    return {"answers": values, "comment": comment, "field_errors": refused}


def _page(request: DashboardRequest, draft: Draft, *, check: bool, status: int = 200) -> HttpResponse:
    limits = limits_of(request.account, request.navixy)
    files = tiles.files_of(draft)
    by_field = tiles.by_field(draft, files, limits)
    lacks = readiness.missing(draft, files, limits)
    errors = {**draft.field_errors, **(_wrong(draft, files, limits) if check else {})}
    filling = Filling(
        values=draft.answers,
        tiles=by_field,
        errors=errors,
        limits=limits,
        addresses=tiles.addresses(draft),
    )
    context = {
        "largest": size_text(limits.max_file_size),
        "controls": controls(draft.form.fields, filling) if draft.form else (),
        "form": draft.form,
        "photos": tiles.photos_drop(draft, by_field.get("", ()), limits),
        "comment_error": next((one.sentence for one in lacks if one.part == "comment" and check), ""),
        "files_config": acts.browser_config(),
        "fetching": is_fetching(request, draft),
    }
    shown = saving.page(request, draft, KEY, lacks, **context)
    return render(request, "checkins/guided/answers.html", shown, status=status)


def _wrong(draft: Draft, files: tuple[Any, ...], limits: Limits) -> dict[str, str]:
    wrong = readiness.answers_wrong(draft, files, limits)
    fields = {field.id: field for field in (draft.form.fields if draft.form else ())}
    return {field_id: words.complaint(fields[field_id], code, limits) for field_id, code in wrong.items()}


def is_fetching(request: DashboardRequest, draft: Draft) -> bool:
    """Files of the check-in it is made from are on their way."""
    under_way = jobs.active(request.account).filter(kind=again.NAME, arguments__draft=draft.pk)
    return draft.origin_id is not None and under_way.exists()
