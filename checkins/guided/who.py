"""Step 1: who checks in, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from checkins import drafts
from checkins.guided import saving, steps
from checkins.guided.access import while_editable
from checkins.guided.forms import WhoForm
from checkins.models import Draft
from checkins.readiness import Missing
from checkins.sources import source_of
from dashboard.accounts import signed_in
from dashboard.clock import now
from dashboard.htmx import status_of, wants_fragment
from dashboard.http import DashboardRequest
from dashboard.names import Names
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.navixy.people import Tracker, TrackerState, tracker_states
from dashboard.navixy.places import search_location

KEY = "who"
HERE = "position"  # the button that takes the tracker's last known position
Errors = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """A tracker to choose, with who carries it."""

    id: str
    label: str
    person: str
    blocked: bool
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a tracker was last, in words; `lat` and `lng` are empty when it never said."""

    lat: str = ""
    lng: str = ""
    address: str = ""
    ago: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@while_editable
def who(request: DashboardRequest, draft: Draft) -> HttpResponse:
    if request.method == "POST":
        return _posted(request, draft)
    saving.remember_step(draft, KEY)
    return _page(request, draft)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def begin(request: DashboardRequest, key: UUID) -> HttpResponseBase:
    """The first step while nothing is entered yet; the first thing entered makes the draft."""
    draft = drafts.begun_on(request.account, key)
    if request.method != "POST":
        here = reverse("checkins:new-begin", args=[key])
        return redirect(steps.url(draft, KEY)) if draft else _page(request, Draft(), here=here)
    draft = draft or drafts.begin_on(request.account, key)
    response = who(request, draft.pk)
    if wants_fragment(
        request
    ):  # from now on the page is the draft's: a reload, or a way back to it, shows it
        response["HX-Replace-Url"] = steps.url(draft, KEY)
    return response


@require_safe
@signed_in
def position(request: DashboardRequest) -> HttpResponse:
    """Where the chosen tracker was last; what goes wrong is said there."""
    tracker = WhoForm(request.GET.dict())
    tracker_id = tracker.cleaned_data.get("tracker") if tracker.is_valid() else None
    if tracker_id is None:
        return HttpResponse("")
    try:
        found = _position(request, tracker_states(request.navixy, [tracker_id]).get(tracker_id))
    except SessionEnded:
        raise
    except NavixyError as error:
        context: dict[str, Any] = {"error": error}
        return render(request, "checkins/guided/_position.html", context, status=status_of(error))
    return render(request, "checkins/guided/_position.html", {"position": found})


def crews(names: Names, chosen: int | None) -> tuple[Crew, ...]:
    """In the order of their labels; blocked ones last, as Navixy takes no check-in for them."""
    people = {person.tracker_id: person.name for person in names.employees.values() if person.tracker_id}
    found = [_crew(one, people.get(one.id, ""), chosen) for one in names.trackers.values()]
    return tuple(sorted(found, key=lambda crew: crew.blocked))


def _crew(tracker: Tracker, person: str, chosen: int | None) -> Crew:
    return Crew(
        id=str(tracker.id),
        label=tracker.label,
        person=person,
        blocked=tracker.blocked,
        chosen=tracker.id == chosen,
    )


def _posted(request: DashboardRequest, draft: Draft) -> HttpResponse:
    form = WhoForm(request.POST.dict())
    form.is_valid()
    names = source_of(request).lookup.get()
    try:
        draft = saving.save(request, draft, **_changes(request, form))
    except drafts.Stale:
        return saving.stale(request, draft, KEY)
    errors = _errors(form, names)
    if wants_fragment(request):
        return saving.saved(request, draft, KEY, form_errors=errors)
    if saving.act_of(request) in (HERE, saving.OVERWRITE):
        return redirect(steps.url(draft, KEY))
    lacks = [one for one in saving.lacking(request, draft) if steps.step_of(one.part) == KEY]
    if errors or lacks:
        return _page(request, draft, errors=errors, lacks=lacks, posted=request.POST.dict(), status=422)
    return redirect(steps.url(draft, steps.following(KEY)))


def _changes(request: DashboardRequest, form: WhoForm) -> dict[str, Any]:
    """What can be kept of it: wrong numbers are told of and not kept."""
    data = form.cleaned_data
    changes: dict[str, Any] = {"address": data.get("address", "").strip()}
    if "tracker" in data:
        changes["tracker_id"] = data["tracker"]
    if "lat" in data and "lng" in data:
        changes |= {"lat": data["lat"], "lng": data["lng"]}
    if saving.act_of(request) == HERE and data.get("tracker"):
        changes |= _where_it_is(request, data["tracker"])
    return changes


def _where_it_is(request: DashboardRequest, tracker_id: int) -> dict[str, Any]:
    state = tracker_states(request.navixy, [tracker_id]).get(tracker_id)
    if state is None or state.lat is None or state.lng is None:
        return {}
    return {"lat": state.lat, "lng": state.lng, "address": _address(request, state.lat, state.lng)}


def _errors(form: WhoForm, names: Names) -> dict[str, str]:
    errors = {name: str(texts[0]) for name, texts in form.errors.items()}
    tracker_id = form.cleaned_data.get("tracker")
    tracker = names.trackers.get(tracker_id) if tracker_id else None
    if tracker and tracker.blocked:
        errors["tracker"] = _("This tracker is blocked in Navixy. Choose another, or have it unblocked.")
    elif tracker_id and tracker is None and "trackers" not in names.errors:
        errors["tracker"] = _("This tracker is no longer visible to you. Choose another.")
    return errors


def _page(
    request: DashboardRequest,
    draft: Draft,
    *,
    errors: Errors | None = None,
    lacks: list[Missing] | None = None,
    posted: dict[str, str] | None = None,
    status: int = 200,
    **frame: str,
) -> HttpResponse:
    names = source_of(request).lookup.knowing({draft.tracker_id} if draft.tracker_id else set(), ())
    told = {one.part: one.sentence for one in lacks or ()} | dict(errors or {})
    context = {
        "crews": crews(names, draft.tracker_id),
        "name_problems": sorted(set(names.errors.values())),
        "lat": (posted or {}).get("lat", _degrees(draft.lat)),
        "lng": (posted or {}).get("lng", _degrees(draft.lng)),
        "address": draft.address,
        "errors": told,
        "others": drafts.unfinished(request.account).exclude(pk=draft.pk).count() if not draft.version else 0,
    }
    shown = saving.page(request, draft, KEY, saving.lacking(request, draft), **context, **frame)
    return render(request, "checkins/guided/who.html", shown, status=status)


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _position(request: DashboardRequest, state: TrackerState | None) -> Position:
    if state is None or state.lat is None or state.lng is None:
        return Position()
    return Position(
        lat=_degrees(state.lat),
        lng=_degrees(state.lng),
        address=_address(request, state.lat, state.lng),
        ago=_("%s ago") % timesince(state.updated, now()) if state.updated else "",
    )


def _address(request: DashboardRequest, lat: float, lng: float) -> str:
    """In words when Navixy knows them; the numbers serve without."""
    try:
        return search_location(request.navixy, lat=lat, lng=lng, lang=request.account.locale[:2] or None)
    except SessionEnded:
        raise
    except NavixyError:
        return ""
