"""One stop, a checkpoint or a task of its own: what it is, why it stands as it does, and what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checkpoints import form_card, journal, looking, past, rows, stop_form, undo
from checkpoints.changes import differing, mark
from checkpoints.map_data import point
from checkpoints.pages import showing
from checkpoints.route_page import gone
from checkpoints.route_view import WRITE_RIGHT
from checkpoints.services import Source
from checkpoints.sources import source_of
from checkpoints.stop_form import StopForm
from checkpoints.why import why
from checkpoints.wrong import KEPT, state_sentence, told
from dashboard.accounts import signed_in
from dashboard.clock import Clock
from dashboard.htmx import problem, status_of
from dashboard.http import DashboardRequest
from dashboard.names import Names
from dashboard.navixy import checkpoints, places, routes, stops, tasks
from dashboard.navixy.errors import (
    BadReply,
    NavixyError,
    NotFound,
    SessionEnded,
    WrongState,
)
from dashboard.navixy.routes import WholeRoute
from dashboard.navixy.stops import FormChange, Stop, StopDraft, Written

MOST_EVENTS = 20  # on the page of a stop, newest first

__all__ = ["assign", "create", "detail", "edit", "take_back", "transmute"]


@require_safe
@signed_in
def detail(request: DashboardRequest, stop_id: int) -> HttpResponse:
    source = source_of(request)
    try:
        stop = read(request, stop_id)
    except NotFound as error:
        return gone(request, error, stop_id)
    except BadReply:
        return _elsewhere(request, stop_id)
    return render(request, "checkpoints/detail.html", _context(request, source, stop))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: DashboardRequest, stop_id: int) -> HttpResponse:
    """The whole stop in a form; saved only while it is as it was when the form was opened."""
    source = source_of(request)
    try:
        stop = read(request, stop_id)
    except NotFound as error:
        return gone(request, error, stop_id)
    if locked(request, stop):
        return redirect("checkpoints:detail", stop_id)
    form = _form(request, source, stop, request.POST if request.method == "POST" else None)
    seen = request.POST.get("seen", mark(stop))
    if request.method != "POST" or not form.is_valid():
        return _editor(request, source, form, stop, seen=seen)
    if seen != mark(stop):
        return _editor(request, source, form, stop, seen=mark(stop), contested=_theirs(form, stop))
    return _saved(request, source, form, stop)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def create(request: DashboardRequest) -> HttpResponse:
    """A new stop: of the route in the address (`route`, `at`, `copy`), or a task of its own."""
    source = source_of(request)
    whole = _route_of(request)
    places_there = len(whole.stops) + 1 if whole else 0
    copied = (
        next((one for one in whole.stops if str(one.id) == request.GET.get("copy")), None) if whole else None
    )
    data = request.POST if request.method == "POST" else None
    form = StopForm(
        data,
        clock=request.account.clock,
        tags=source.tags.get(),
        names=source.lookup.get(),
        places=places_there,
        initial=_first_values(request, whole, copied),
    )
    if data is None or not form.is_valid():
        return _editor(request, source, form, None, whole=whole, copied=copied)
    return _created(request, source, form, whole)


@require_POST
@signed_in
def take_back(request: DashboardRequest, stop_id: int) -> HttpResponse:
    """Undo of the last change by this login, while the stop is as it left it and may still be changed."""
    stop, step = read(request, stop_id), undo.last(cache, request.account.cache_key, stop_id)
    if step is None or step.after.get(stop_id) != mark(stop):
        messages.warning(
            request, _("It was changed again since, so it cannot be undone. Nothing was changed.")
        )
        return redirect("checkpoints:detail", stop_id)
    with journal.writing(
        request, "update", kind=kind(stop), subject=stop.label, ids=[stop_id], before=journal.values(stop)
    ) as entry:
        entry.after = journal.values(step.before[0])
        try:
            write(request, step.before[0], stop, "keep")
        except WrongState as error:
            entry.refused(error)
            return problem(request, _refusal(error, stop), status=409)
    undo.forget(cache, request.account.cache_key, stop_id)
    messages.success(request, _("Undone: the stop is as it was."))
    return redirect("checkpoints:detail", stop_id)


@require_POST
@signed_in
def assign(request: DashboardRequest, stop_id: int) -> HttpResponse:
    """An executor for a task of its own; a checkpoint takes its route's (ref 7.1)."""
    text = request.POST.get("tracker", "")
    tracker_id = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    stop = tasks.read(request.navixy, stop_id)
    with journal.writing(
        request, "assign", kind="task", subject=stop.label, ids=[stop_id], before={"tracker": stop.tracker_id}
    ) as entry:
        entry.after = {"tracker": tracker_id}
        try:
            tasks.assign(request.navixy, stop_id, tracker_id)
        except WrongState as error:
            entry.refused(error)
            return problem(request, _refusal(error, stop), status=409)
    messages.success(request, _("Assigned.") if tracker_id else _("Nobody is assigned any more."))
    return redirect("checkpoints:detail", stop_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def transmute(request: DashboardRequest, stop_id: int) -> HttpResponse:
    """A checkpoint becomes a task of its own, or a task a checkpoint: told what follows, then done."""
    try:
        stop = read(request, stop_id)
    except NotFound as error:
        return gone(request, error, stop_id)
    if request.method != "POST":
        return _transmute_page(request, stop)
    if stop.type == "checkpoint":
        return _to_task(request, stop)
    return _to_checkpoint(request, stop)


# --- reading and writing either kind -------------------------------------------------------------------


def read(request: DashboardRequest, stop_id: int) -> Stop:
    """Either kind, with its form; a route's id is a BadReply."""
    stop = tasks.read(request.navixy, stop_id)
    return (
        checkpoints.read(request.navixy, stop_id) if stop.type == "checkpoint" and stop.form is None else stop
    )


def write(request: DashboardRequest, draft: StopDraft, stop: Stop, form: FormChange) -> Written:
    """The whole stop; an answer that got lost is looked for. Raises NavixyError."""
    update = checkpoints.update if stop.type == "checkpoint" else tasks.update
    return looking.surely(
        lambda: update(request.navixy, draft, form=form),
        lambda: looking.updated_stop(request.navixy, draft) if form == "keep" else None,
    )


def kind(stop: Stop) -> str:
    return "checkpoint" if stop.type == "checkpoint" else "task"


def locked(request: DashboardRequest, stop: Stop) -> str:
    """Why nothing of the stop may be changed (13, 255), or ""."""
    if not request.account.has(WRITE_RIGHT):
        return _("Changing stops needs the right “task_update”. The owner of the account grants it.")
    return "" if stop.is_editable else state_sentence(stop.status, _("stop"))


def _elsewhere(request: DashboardRequest, record_id: int) -> HttpResponse:
    if tasks.kind_of(request.navixy, record_id) == "route":
        return redirect("routes:detail", record_id)
    raise BadReply(action="task/read", http_status=200, description="a stop that cannot be read")


def _refusal(error: WrongState, stop: Stop) -> NavixyError | str:
    return state_sentence(stop.status, _("stop")) if error.code == 255 and not stop.is_editable else error


# --- the editor ----------------------------------------------------------------------------------------


def _form(request: DashboardRequest, source: Source, stop: Stop, data: Any) -> StopForm:
    whole = routes.read_whole(request.navixy, stop.parent_id) if stop.parent_id else None
    return StopForm(
        data,
        clock=request.account.clock,
        tags=source.tags.get(),
        names=source.lookup.get(),
        stop=stop,
        places=len(whole.stops) if whole else 0,
        initial={"place": _place(whole, stop)} if whole else None,
    )


def _place(whole: WholeRoute, stop: Stop) -> int:
    ids = [one.id for one in whole.stops]
    return ids.index(stop.id) + 1 if stop.id in ids else len(ids)


def _editor(
    request: DashboardRequest,
    source: Source,
    form: StopForm,
    stop: Stop | None,
    *,
    seen: str = "",
    contested: Sequence[str] = (),
    whole: WholeRoute | None = None,
    copied: Stop | None = None,
    error: NavixyError | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "stop": stop,
        "seen": seen,
        "contested": contested,
        "route": whole.route if whole else None,
        "route_id": stop.parent_id if stop else whole.route.id if whole else None,
        "copied": copied,
        "message": told(error, state=locked(request, read(request, stop.id)) if stop else "")
        if error
        else "",
        "code": error.code if error else None,
        "places": form.places,
        "can_write": request.account.has(WRITE_RIGHT),
        "tag_problem": source.tags.error,
    }
    status = 409 if contested else status_of(error) if error else 422 if form.is_bound else 200
    return render(request, "checkpoints/edit.html", context, status=status)


def _theirs(form: StopForm, stop: Stop) -> tuple[str, ...]:
    """What stands in the stop now, where it is not what was typed."""
    shown = stop_form.initial_of(stop, form.clock)
    # Days and hours always count as changed for Django, which compares them with the words they are shown as.
    names = [
        name
        for name in form.changed_data
        if name in shown and name in form.fields and str(form[name].value()) != str(shown[name])
    ]
    words = {**shown, **_as_read(stop, form.clock)}
    told = [
        _("%(field)s: now “%(value)s”.") % {"field": form.fields[name].label, "value": words[name]}
        for name in names
        if name not in ("template", "tags")
    ]
    return tuple(told) or (_("Something you did not touch was changed."),)


def _as_read(stop: Stop, clock: Clock) -> dict[str, str]:
    """The ends of the window as the account writes them; the form has them as its inputs need them."""
    ends = (("from", stop.start), ("to", stop.end))
    return {
        name: word
        for end, at in ends
        if at
        for name, word in ((f"{end}_day", clock.date(at)), (f"{end}_time", clock.time(at)))
    }


def _saved(request: DashboardRequest, source: Source, form: StopForm, stop: Stop) -> HttpResponse:
    with journal.writing(
        request, "update", kind=kind(stop), subject=stop.label, ids=[stop.id], before=journal.values(stop)
    ) as entry:
        try:
            draft = form.draft(address=_address(request, form, stop))
            entry.after = journal.values(draft)
            done = write(request, draft, stop, form.change)
        except KEPT as error:
            entry.refused(error)
            return _editor(request, source, form, stop, seen=mark(stop), error=error)
    _remember(request, stop)
    say_shared(request, done, draft.external_id)
    messages.success(request, _("“%s” is saved.") % draft.label)
    return redirect("checkpoints:detail", stop.id)


def _created(
    request: DashboardRequest, source: Source, form: StopForm, whole: WholeRoute | None
) -> HttpResponse:
    parent = whole.route.id if whole else None
    with journal.writing(
        request, "create", kind="checkpoint" if whole else "task", subject=form.cleaned_data["label"]
    ) as entry:
        try:
            draft = form.draft(parent_id=parent, address=_address(request, form, None))
            entry.after = journal.values(draft)
            with_form = form.change == "replace"
            done = _sent(request, draft, whole, with_form=with_form)
        except KEPT as error:
            entry.refused(error)
            return _editor(request, source, form, None, whole=whole, error=error)
        entry.ids = [done.id] if done.id else []
    say_shared(request, done, draft.external_id)
    messages.success(request, _("“%s” is added.") % draft.label)
    return redirect("routes:detail", parent) if parent else redirect("checkpoints:detail", done.id or 0)


def _sent(
    request: DashboardRequest, draft: StopDraft, whole: WholeRoute | None, *, with_form: bool
) -> Written:
    """Creates the stop; an answer that got lost is looked for, so that it is not made twice."""
    client = request.navixy
    if whole:
        known = {stop.id for stop in whole.stops}
        return looking.surely(
            lambda: checkpoints.create(client, draft, create_form=with_form),
            lambda: looking.created_checkpoint(client, draft, known),
        )
    there = looking.tasks_like(client, draft)
    return looking.surely(
        lambda: tasks.create(client, draft, create_form=with_form),
        lambda: looking.created_task(client, draft, there),
    )


def _address(request: DashboardRequest, form: StopForm, stop: Stop | None) -> str:
    """What was typed; the geocoder's word for a place that was moved and whose address was left as it was."""
    got = form.cleaned_data
    was = (round(stop.lat, 6), round(stop.lng, 6), stop.address) if stop else (None, None, "")
    moved = (round(got["lat"], 6), round(got["lng"], 6)) != was[:2]
    if (got["address"] and got["address"] != was[2]) or not moved:
        return str(got["address"])
    try:
        return places.search_location(request.navixy, lat=got["lat"], lng=got["lng"])[:255]
    except SessionEnded:
        raise
    except NavixyError:
        return str(got["address"])


def _remember(request: DashboardRequest, before: Stop) -> None:
    after = read(request, before.id)
    step = undo.Step(
        before=(stops.draft_of(before),),
        after={before.id: mark(after)},
        words=", ".join(differing(before, after)),
    )
    undo.keep(cache, request.account.cache_key, before.id, step)


def say_shared(request: DashboardRequest, done: Written, external_id: str | None) -> None:
    """The notice that others use the same external id, when Navixy told so (ref 7.4)."""
    others = done.shared.get(external_id or "", 1) - 1
    if others > 0:
        told = ngettext(
            "The external id “%(id)s” is also used by %(n)d other.",
            "The external id “%(id)s” is also used by %(n)d others.",
            others,
        )
        messages.warning(request, told % {"id": external_id, "n": others})


def _route_of(request: DashboardRequest) -> WholeRoute | None:
    text = request.GET.get("route", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return routes.read_whole(request.navixy, int(text))


def _first_values(request: DashboardRequest, whole: WholeRoute | None, copied: Stop | None) -> dict[str, Any]:
    clock, last = request.account.clock, len(whole.stops) if whole else 0
    at = request.GET.get("at", "")
    place = min(int(at), last + 1) if at.isascii() and at.isdigit() and len(at) < 4 and int(at) else last + 1
    if copied is not None:
        return {**stop_form.initial_of(copied, clock), "place": place, "external_id": ""}
    like = whole.stops[: place - 1] if whole else ()
    return {**stop_form.blank(clock, like), "place": place}


# --- the page and becoming the other kind --------------------------------------------------------------


def _context(request: DashboardRequest, source: Source, stop: Stop) -> dict[str, Any]:
    clock, names = request.account.clock, source.lookup.get()
    words, why_not = showing(source, clock), locked(request, stop)
    step = undo.last(cache, request.account.cache_key, stop.id)
    tracker, person = rows.executor(stop.tracker_id, names)
    layer = {"id": stop.id, "label": stop.label, "stops": [point(stop, (stop.order or 0) + 1, words)]}
    return {
        "stop": stop,
        "badge": rows.badge(stop, source.now),
        "why": why(stop, clock, source.now),
        "window": rows.dated_window(stop.start, stop.end, clock, source.now),
        "tracker": tracker,
        "person": person,
        "tags": rows.tag_badges(stop.tag_ids, source.tags.get()),
        "locked": why_not,
        "can_delete": not why_not or (stop.type != "checkpoint" and request.account.has(WRITE_RIGHT)),
        "trackers": [one for one in names.trackers.values() if not one.blocked],
        "undo": step.words if step and not why_not and step.after.get(stop.id) == mark(stop) else "",
        "layers": [layer],
        "coordinates": f"{stop.lat:.6f}, {stop.lng:.6f}",
        "arrived": clock.moment(stop.arrived) if stop.arrived else "",
        "stayed": f"{stop.stayed // 60} min" if stop.stayed else "",
        "events": _events(request, stop, names),
        **form_card.card(request, stop, names),
    }


def _events(request: DashboardRequest, stop: Stop, names: Names) -> list[past.Line]:
    """What happened to the stop; a page without its history is still a page."""
    try:
        found = tasks.history(request.navixy, stop.id)
    except SessionEnded:
        raise
    except NavixyError:
        return []
    clock = request.account.clock
    return [past.told(one, clock, names) for one in found[-MOST_EVENTS:][::-1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A route a task can join."""

    id: int
    words: str


def _transmute_page(
    request: DashboardRequest, stop: Stop, *, error: str = "", status: int = 200
) -> HttpResponse:
    clock = request.account.clock
    context: dict[str, Any] = {"stop": stop, "error": error, "locked": locked(request, stop)}
    if stop.type == "checkpoint" and stop.parent_id:
        context["whole"] = routes.read_whole(request.navixy, stop.parent_id)
        context["left"] = len(context["whole"].stops) - 1
    else:
        found = routes.list_routes(request.navixy, start=stop.start or stop.end, end=stop.end)
        context["targets"] = [
            Target(id=one.id, words=f"{one.label} · {clock.moment(one.start) if one.start else ''}")
            for one in found
            if one.is_editable
        ]
    return render(request, "checkpoints/transmute.html", context, status=status)


def _to_task(request: DashboardRequest, stop: Stop) -> HttpResponse:
    with journal.writing(request, "transmute", kind="checkpoint", subject=stop.label, ids=[stop.id]) as entry:
        entry.before, entry.after = {"type": "checkpoint", "route": stop.parent_id}, {"type": "task"}
        try:
            checkpoints.transmute(request.navixy, stop.id)
        except WrongState as error:
            entry.refused(error)
            told = _("Navixy does this only while every stop of the route is planned; one of them is not.")
            return _transmute_page(request, stop, error=told, status=409)
    messages.success(request, _("“%s” is a task of its own now.") % stop.label)
    return redirect("checkpoints:detail", stop.id)


def _to_checkpoint(request: DashboardRequest, stop: Stop) -> HttpResponse:
    route_id, place = request.POST.get("route", ""), request.POST.get("place", "")
    if not (route_id.isascii() and route_id.isdigit() and len(route_id) < 19):
        return _transmute_page(request, stop, error=_("Choose the route to join."), status=422)
    whole = routes.read_whole(request.navixy, int(route_id))
    last = len(whole.stops)
    at = (
        min(int(place) - 1, last)
        if place.isascii() and place.isdigit() and len(place) < 4 and int(place)
        else last
    )
    with journal.writing(request, "transmute", kind="task", subject=stop.label, ids=[stop.id]) as entry:
        entry.before, entry.after = (
            {"type": "task"},
            {"type": "checkpoint", "route": int(route_id), "order": at},
        )
        try:
            tasks.transmute(request.navixy, stop.id, route_id=int(route_id), order=at)
        except WrongState as error:
            entry.refused(error)
            told = _("Navixy does this only while the task and every stop of the route are planned.")
            return _transmute_page(request, stop, error=told, status=409)
    messages.success(
        request,
        _("“%(stop)s” is a stop of “%(route)s” now.") % {"stop": stop.label, "route": whole.route.label},
    )
    return redirect("routes:detail", int(route_id))
