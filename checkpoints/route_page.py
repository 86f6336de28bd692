"""One route: its page, another order, times moved, stops taken out, an executor, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from checkpoints import flows, journal, undo
from checkpoints.changes import Conflict, adapted, mark
from checkpoints.flows import Changed, Contested
from checkpoints.pages import showing
from checkpoints.posted import RouteForm, order_of
from checkpoints.route_view import RouteView, order_problem, route_view
from checkpoints.services import Source
from checkpoints.sources import source_of
from checkpoints.wrong import MENDABLE, state_sentence, told
from dashboard.accounts import signed_in
from dashboard.htmx import problem, status_of
from dashboard.http import DashboardRequest
from dashboard.navixy import routes, stops, tasks
from dashboard.navixy.errors import BadReply, NavixyError, NotFound, NotSendable, SessionEnded, WrongState
from dashboard.navixy.routes import Point, WholeRoute
from dashboard.navixy.stops import StopDraft

PAGE = "routes/detail.html"


@require_safe
@signed_in
def detail(request: DashboardRequest, route_id: int) -> HttpResponse:
    source = source_of(request)
    try:
        whole = routes.read_whole(request.navixy, route_id)
    except NotFound as error:
        return gone(request, error, route_id)
    except BadReply:
        return _elsewhere(request, route_id)
    order = adapted(wanted, whole) if (wanted := order_of(request.GET.get("order", ""))) else ()
    optimised = bool(request.GET.get("optimised"))
    view = route_view(
        whole, showing(source, request.account.clock), request.account, order=order, optimised=optimised
    )
    return render(request, PAGE, _context(request, view, source, whole))


@require_POST
@signed_in
def reorder(request: DashboardRequest, route_id: int) -> HttpResponse:
    """Saves an order, or shows what changed meanwhile beside the order that was wanted."""
    form = _form(request)
    with journal.writing(request, "update", kind="route", subject=str(route_id), ids=form.order) as entry:
        try:
            done = flows.reorder(request.navixy, route_id, form.order, form.marks)
        except MENDABLE as error:
            entry.refused(error)
            return _refused(request, route_id, error, order=form.order)
        if isinstance(done, Contested):
            entry.not_sent(_("Not sent: the route had changed."))
            return _contested(request, done, form.order)
        entry.before = {"order": [stop.id for stop in done.before.stops]}
        entry.after = {"order": list(form.order)}
    _remember(request, route_id, done, _("The order of the stops was changed."))
    messages.success(request, _("The new order is saved."))
    return redirect("routes:detail", route_id)


@require_POST
@signed_in
def shift(request: DashboardRequest, route_id: int) -> HttpResponse:
    """First shows each window before and after, then moves them with one update."""
    form = _form(request)
    if form.errors.get("minutes") or not form.ticked or not form.shift:
        told = str(form.errors.get("minutes", [""])[0]) or _(
            "Tick the stops, and give the minutes to move them by."
        )
        messages.error(request, told)
        return redirect("routes:detail", route_id)
    if not form.cleaned_data["confirmed"]:
        return _shift_preview(request, route_id, form)
    with journal.writing(request, "update", kind="route", subject=str(route_id), ids=form.ticked) as entry:
        try:
            done = flows.shift(request.navixy, route_id, form.ticked, form.marks, minutes=form.shift)
        except MENDABLE as error:
            entry.refused(error)
            return _refused(request, route_id, error)
        if isinstance(done, Contested):
            entry.not_sent(_("Not sent: the route had changed."))
            return _contested(request, done, ())
        entry.before, entry.after = {}, {"minutes": form.shift}
    _remember(request, route_id, done, _("Times of stops were moved."))
    moved = ngettext("%d window moved.", "%d windows moved.", len(form.ticked)) % len(form.ticked)
    messages.success(request, moved)
    return redirect("routes:detail", route_id)


@require_POST
@signed_in
def take_back(request: DashboardRequest, route_id: int) -> HttpResponse:
    """Undo of the last order or move of times by this login, while nothing else changed since."""
    step = undo.last(cache, request.account.cache_key, route_id)
    if step is None:
        messages.warning(request, _("There is nothing to undo any more."))
        return redirect("routes:detail", route_id)
    with journal.writing(
        request, "update", kind="route", subject=str(route_id), ids=list(step.after)
    ) as entry:
        try:
            done = flows.restore(request.navixy, route_id, step.before, step.after)
        except MENDABLE as error:
            entry.refused(error)
            return _refused(request, route_id, error)
        if isinstance(done, Contested):
            entry.not_sent(_("Not undone: the route had changed."))
            return _contested(request, done, ())
        entry.message = _("Undo.")
    undo.forget(cache, request.account.cache_key, route_id)
    messages.success(request, _("Undone: the route is as it was."))
    return redirect("routes:detail", route_id)


@require_POST
@signed_in
def assign(request: DashboardRequest, route_id: int) -> HttpResponse:
    text = request.POST.get("tracker", "")
    tracker_id = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    before = routes.read(request.navixy, route_id)
    with journal.writing(
        request,
        "assign",
        kind="route",
        subject=before.label,
        ids=[route_id],
        before={"tracker": before.tracker_id},
    ) as entry:
        entry.after = {"tracker": tracker_id}
        try:
            routes.assign(request.navixy, route_id, tracker_id)
        except WrongState as error:
            return problem(
                request, error if error.code != 255 else state_sentence(before.status, _("route")), status=409
            )
    name = source_of(request).lookup.get().tracker(tracker_id) if tracker_id else ""
    messages.success(
        request, _("Assigned to %s.") % name if name else _("Nobody is assigned to the route any more.")
    )
    return redirect("routes:detail", route_id)


@require_safe
@signed_in
def optimise(request: DashboardRequest, route_id: int) -> HttpResponse:
    """Asks for the best order from the first stop on, and proposes it; nothing is changed."""
    whole = routes.read_whole(request.navixy, route_id)
    try:
        order = _best_order(request, whole)
    except SessionEnded:
        raise
    except NavixyError as error:
        messages.error(request, error.message)
        return redirect("routes:detail", route_id)
    if order == [stop.id for stop in whole.stops]:
        messages.success(request, _("This is the best order already."))
        return redirect("routes:detail", route_id)
    query = urlencode({"order": ",".join(map(str, order)), "optimised": 1})
    return redirect(f"{reverse('routes:detail', args=[route_id])}?{query}")


def gone(request: DashboardRequest, error: NotFound, record_id: int) -> HttpResponse:
    """Deleted meanwhile, or out of this person's sight: said in words, with the way on."""
    context = {"record_id": record_id, "code": error.code}
    return render(request, "routes/gone.html", context, status=404)


def _best_order(request: DashboardRequest, whole: WholeRoute) -> list[int]:
    points = [
        Point(lat=stop.lat, lng=stop.lng, start=draft.start or draft.end, end=draft.end)
        for stop in whole.stops
        for draft in [stops.draft_of(stop)]
    ]
    first = whole.stops[0]
    found = routes.optimize(
        request.navixy, lat=first.lat, lng=first.lng, points=points, departure=first.start or first.end
    )
    return [whole.stops[place].id for place in found]


def _form(request: DashboardRequest) -> RouteForm:
    form = RouteForm(request.POST)
    form.is_valid()
    return form


def _elsewhere(request: DashboardRequest, record_id: int) -> HttpResponse:
    """An id that is no route's: its own page, when it is a stop's (one id space, ref 7)."""
    if tasks.kind_of(request.navixy, record_id) == "route":
        raise BadReply(action="task/read", http_status=200, description="a route that cannot be read")
    return redirect("checkpoints:detail", record_id)


def _contested(request: DashboardRequest, done: Contested, order: Sequence[int]) -> HttpResponse:
    return contested_page(request, done.present, done.conflicts, order=order)


def contested_page(
    request: DashboardRequest, present: WholeRoute, found: Sequence[Conflict], *, order: Sequence[int] = ()
) -> HttpResponse:
    """Nothing was sent: the present route, what changed in it, and the order wanted laid over it."""
    source = source_of(request)
    proposed = adapted(order, present) if order else ()
    view = route_view(
        present,
        showing(source, request.account.clock),
        request.account,
        order=proposed,
        contested=found,
    )
    return render(request, PAGE, _context(request, view, source, present), status=409)


def _refused(
    request: DashboardRequest, route_id: int, error: NavixyError, *, order: Sequence[int] = ()
) -> HttpResponse:
    """A documented limit or a state forbids it; what was wanted stays on the page."""
    source = source_of(request)
    whole = routes.read_whole(request.navixy, route_id)
    proposed = adapted(order, whole) if order else ()
    view = route_view(whole, showing(source, request.account.clock), request.account, order=proposed)
    context = {
        **_context(request, view, source, whole),
        "message": told(error, state=view.locked),
        "code": error.code,
    }
    return render(request, PAGE, context, status=status_of(error))


def _shift_preview(request: DashboardRequest, route_id: int, form: RouteForm) -> HttpResponse:
    whole, clock = routes.read_whole(request.navixy, route_id), request.account.clock
    context: dict[str, Any] = {
        "route": whole.route,
        "seen": [f"{one}:{known}" for one, known in form.marks.items()],
        "chosen": form.ticked,
        "minutes": abs(form.shift),
        "direction": form.cleaned_data["direction"] or "later",
        "problem": "",
    }
    try:
        drafts = [
            flows.moved(stop, form.shift) if stop.id in form.ticked else stops.draft_of(stop)
            for stop in whole.stops
        ]
        routes.check_windows(drafts)
    except NotSendable as error:
        drafts, context["problem"] = [], error.message
    context["rows"] = [
        {
            "label": stop.label,
            "before": _moments(stops.draft_of(stop), clock),
            "after": _moments(draft, clock),
        }
        for stop, draft in zip(whole.stops, drafts, strict=False)
        if stop.id in form.ticked
    ]
    return render(request, "routes/shift.html", context)


def _moments(draft: StopDraft, clock: Any) -> str:
    return (
        f"{clock.moment(draft.start)} – {clock.moment(draft.end)}" if draft.start else clock.moment(draft.end)
    )


def _remember(request: DashboardRequest, route_id: int, done: Changed, words: str) -> None:
    """The way back, with the marks the stops have now: another change since makes it void."""
    present = routes.read_whole(request.navixy, route_id)
    before = tuple(stops.draft_of(stop, order=place) for place, stop in enumerate(done.before.stops))
    step = undo.Step(before=before, after={stop.id: mark(stop) for stop in present.stops}, words=words)
    undo.keep(cache, request.account.cache_key, route_id, step)


def _context(request: DashboardRequest, view: RouteView, source: Source, whole: WholeRoute) -> dict[str, Any]:
    names = source.lookup.get()
    step = undo.last(cache, request.account.cache_key, view.id)
    return {
        "route": view,
        "trackers": [one for one in names.trackers.values() if not one.blocked],
        "undo": step.words if step and not view.locked else "",
        "can_optimise": not view.locked and routes.FEWEST_POINTS <= len(whole.stops) <= routes.MOST_POINTS,
        "most_points": routes.MOST_POINTS,
        "order_problem": order_problem(whole.stops),
    }
