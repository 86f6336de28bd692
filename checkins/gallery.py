"""The gallery: a page of the filtered list as pictures, the pages after it, and the files of forms.

The check-ins' own files come with the list: one `checkin/list` a page, nothing more. Files among the answers
of a form need one `form/read` each (ref 5.7; `task/form/list` gives answers in bulk, but no files), so a form
is read when its check-in comes near the window, and remembered when it holds none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from checkins import services, sheets
from checkins.filters import Filters
from checkins.forms import FilterForm
from checkins.rows import Words
from checkins.services import Found
from checkins.sheets import Sheet, Stock
from checkins.sources import source_of
from dashboard import answers
from dashboard.accounts import signed_in
from dashboard.clock import Clock
from dashboard.htmx import TRANSIENT
from dashboard.http import DashboardRequest
from dashboard.listing.paging import PageLink
from dashboard.names import Names
from dashboard.navixy import forms
from dashboard.navixy.checkins import Checkin
from dashboard.photos import album
from dashboard.photos.album import Album

_ALL = 1_000_000
_AT_ONCE = 250
_MOST_COUNTED = 5000  # check-ins; every 250 are one more call
_EMPTY_FORM_KEPT = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """One page of pictures, and the way to the pages around it."""

    sheets: tuple[Sheet, ...]
    group: str
    per_page: str
    groups: tuple[PageLink, ...]
    range: str
    next_query: str
    previous_query: str


def gallery(filters: Filters, found: Found, names: Names, clock: Clock, files: Album) -> Gallery:
    base, query = reverse("checkins:index"), filters.replace(page=1).url_query()
    stock = Stock(
        words=Words(names=names, clock=clock),
        tiles={key: row.shown for key, row in files.rows(found.checkins, limit=_ALL).items()},
        without_files=_known_without_files(files.account_key, found.checkins),
        url=lambda checkin_id, place: f"{base}{checkin_id}/?{query}&at={place}",
    )
    return Gallery(
        sheets=sheets.sheets(found.checkins, stock, offset=found.offset),
        group=filters.group,
        per_page=str(filters.per_page),
        groups=_groups(filters),
        range=_range(found),
        next_query=filters.replace(page=found.page + 1).url_query() if found.page < found.pages else "",
        previous_query=filters.replace(page=found.page - 1).url_query() if found.page > 1 else "",
    )


@require_safe
@signed_in
def part(request: DashboardRequest) -> HttpResponse:
    """One page of the gallery for a gallery that is there already; `before` comes above what it shows."""
    filters, source = FilterForm(request.GET).filters(), source_of(request)
    found = services.find(source, filters)
    names = source.lookup.knowing(
        {checkin.tracker_id for checkin in found.checkins},
        {checkin.employee_id for checkin in found.checkins},
    )
    shown = gallery(filters.replace(page=found.page), found, names, request.account.clock, album.of(request))
    context = {"gallery": shown, "before": "before" in request.GET}
    return render(request, "checkins/_gallery_part.html", context)


@require_safe
@signed_in
def answer_files(request: DashboardRequest, form_id: int) -> HttpResponse:
    """The tiles of a form's files, one `form/read`; an empty answer when it has none."""
    form = forms.read_form(request.navixy, form_id)
    own = album.of(request)
    rows = answers.rows(form, files=own.form(form), day=request.account.clock.day)
    shots = sheets.answer_shots(rows)
    if not shots:
        cache.set(_key(own.account_key, form_id), 1, _EMPTY_FORM_KEPT)
    return render(request, "checkins/_gallery_shots.html", {"shots": shots, "checkin_id": form.checkin_id})


@require_safe
@signed_in
def picture_count(request: DashboardRequest) -> HttpResponse:
    """How many pictures the whole filtered list has, for the lightbox's "7 of 312": asked for when it opens.

    Pictures of forms are not in it: they are known only when all forms have been read. `before`: how many
    come before each page. Of a list longer than _MOST_COUNTED only the beginning is counted, not `complete`;
    nor is it when Navixy fails half-way, and then asking `again` may help.
    """
    filters, source = FilterForm(request.GET).filters(), source_of(request)
    counts: list[int] = []
    reach, failed = _MOST_COUNTED, False
    while len(counts) < min(reach, _MOST_COUNTED) and not failed:
        try:
            got = services.window(source, filters, offset=len(counts), limit=_AT_ONCE)
        except TRANSIENT:
            failed = True
        else:
            reach = got.reach if got.items else len(counts)
            counts += [sum(album.kind_of(file) == "picture" for file in one.files) for one in got.items]
    before = list(accumulate(counts, initial=0))
    return JsonResponse(
        {
            "pictures": before[-1],
            "before": before[:: filters.per_page],
            "per_page": filters.per_page,
            "complete": len(counts) >= reach and not failed,
            "again": failed,
        }
    )


def _known_without_files(account_key: str, checkins: Iterable[Checkin]) -> frozenset[int]:
    keys = {_key(account_key, one.form_id): one.form_id for one in checkins if one.form_id}
    return frozenset(keys[key] for key in cache.get_many(keys)) if keys else frozenset()


def _key(account_key: str, form_id: int) -> str:
    return f"form-without-files:{account_key}:{form_id}"


def _groups(filters: Filters) -> tuple[PageLink, ...]:
    labels = {"checkin": _("By check-in"), "day": _("By day"), "none": _("Not grouped")}
    return tuple(
        PageLink(label=label, query=filters.replace(group=key).url_query(), current=key == filters.group)
        for key, label in labels.items()
    )


def _range(found: Found) -> str:
    first = found.offset + 1
    words = ngettext(
        "Check-in {first} of {total}", "Check-ins {first}–{last} of {total}", max(1, len(found.checkins))
    )
    return words.format(
        first=f"{first:,}", last=f"{found.offset + len(found.checkins):,}", total=f"{found.total:,}"
    )
