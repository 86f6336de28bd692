"""A route's own members, and a new route with its stops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checkpoints import journal, looking
from checkpoints.changes import route_mark
from checkpoints.route_forms import RouteForm, RowForm, rows_of
from checkpoints.route_page import gone
from checkpoints.route_view import WRITE_RIGHT
from checkpoints.services import Source
from checkpoints.sources import source_of
from checkpoints.stop_page import say_shared
from checkpoints.wrong import KEPT, state_sentence, told
from dashboard.accounts import signed_in
from dashboard.htmx import status_of
from dashboard.http import DashboardRequest
from dashboard.navixy import places, routes
from dashboard.navixy.errors import NavixyError, NotFound, SessionEnded
from dashboard.navixy.routes import Route, RouteDraft
from dashboard.navixy.stops import StopDraft, Written


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: DashboardRequest, route_id: int) -> HttpResponse:
    """Name, description, external id and tags; the stops are not touched."""
    source = source_of(request)
    try:
        route = routes.read(request.navixy, route_id)
    except NotFound as error:
        return gone(request, error, route_id)
    data = request.POST if request.method == "POST" else None
    form = RouteForm(data, tags=source.tags.get(), names=source.lookup.get(), route=route)
    seen = request.POST.get("seen", route_mark(route))
    if data is None or not form.is_valid():
        return _editor(request, form, route, seen=seen)
    if seen != route_mark(route):
        return _editor(request, form, route, seen=route_mark(route), contested=True)
    return _saved(request, form, route)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def create(request: DashboardRequest) -> HttpResponse:
    """A route of two stops or more; addresses without a point are looked up before anything is sent."""
    source = source_of(request)
    data = request.POST if request.method == "POST" else None
    form = RouteForm(data, tags=source.tags.get(), names=source.lookup.get())
    rows = rows_of(data, request.account.clock)
    if data is None:
        return _planner(request, source, form, rows)
    if "more" in data:
        return _planner(request, source, form, [*rows, _another(rows, data)], more=True)
    filled = [row for row in rows if not row.is_blank]
    right = [form.is_valid(), *(row.is_valid() for row in filled)]
    if len(filled) < routes.FEWEST_STOPS:
        form.add_error(None, _("A route has at least two stops."))
        right.append(False)
    drafts = _drafts(request, filled) if all(right) else ()
    if not drafts:
        return _planner(request, source, form, rows)
    return _created(request, source, form, rows, drafts)


def _editor(
    request: DashboardRequest,
    form: RouteForm,
    route: Route,
    *,
    seen: str,
    contested: bool = False,
    error: NavixyError | None = None,
) -> HttpResponse:
    locked = ""
    if not request.account.has(WRITE_RIGHT):
        locked = _("Changing routes needs the right “task_update”. The owner of the account grants it.")
    elif not route.is_editable:
        locked = state_sentence(route.status, _("route"))
    context = {
        "form": form,
        "route": route,
        "seen": seen,
        "contested": contested,
        "locked": locked,
        "message": told(error, state=locked) if error else "",
        "code": error.code if error else None,
    }
    status = 409 if contested else status_of(error) if error else 422 if form.is_bound else 200
    return render(request, "routes/edit.html", context, status=status)


def _saved(request: DashboardRequest, form: RouteForm, route: Route) -> HttpResponse:
    with journal.writing(
        request, "update", kind="route", subject=route.label, ids=[route.id], before=_values(route)
    ) as entry:
        try:
            draft = form.draft()
            entry.after = _values(draft)
            _route, done = routes.rename(request.navixy, draft)
        except KEPT as error:
            entry.refused(error)
            return _editor(request, form, route, seen=route_mark(route), error=error)
    say_shared(request, done, draft.external_id)
    messages.success(request, _("“%s” is saved.") % draft.label)
    return redirect("routes:detail", route.id)


def _values(route: Any) -> dict[str, Any]:
    return {
        "label": route.label,
        "description": route.description,
        "external_id": route.external_id,
        "tags": list(route.tag_ids),
    }


def _planner(
    request: DashboardRequest,
    source: Source,
    form: RouteForm,
    rows: Sequence[RowForm],
    *,
    more: bool = False,
    error: NavixyError | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "rows": rows,
        "tag_problem": source.tags.error,
        "can_write": request.account.has(WRITE_RIGHT),
        "message": told(error) if error else "",
        "code": error.code if error else None,
    }
    status = status_of(error) if error else 422 if form.is_bound and not more else 200
    return render(request, "routes/new.html", context, status=status)


def _another(rows: Sequence[RowForm], data: Any) -> RowForm:
    day = data.get(f"stop-{len(rows) - 1}-day", "") if rows else ""
    return RowForm(prefix=f"stop-{len(rows)}", initial={"day": day})


def _drafts(request: DashboardRequest, rows: Sequence[RowForm]) -> tuple[StopDraft, ...]:
    """The stops to send, or nothing when a row has a message now."""
    found = [_row_draft(request, row) for row in rows]
    return tuple(one for one in found if one) if all(found) else ()


def _row_draft(request: DashboardRequest, row: RowForm) -> StopDraft | None:
    got = row.cleaned_data
    lat, lng, address = got.get("lat"), got.get("lng"), got.get("address") or ""
    try:
        if lat is None or lng is None:
            matches = places.search_address(request.navixy, address)
            if not matches:
                row.add_error(
                    "address", _("No place matches this address. Write it differently, or give a point.")
                )
                return None
            lat, lng, address = matches[0].lat, matches[0].lng, matches[0].address
        elif not address:
            address = places.search_location(request.navixy, lat=lat, lng=lng)[:255]
        return row.draft(request.account.clock, lat=lat, lng=lng, address=address)
    except SessionEnded:
        raise
    except NavixyError as error:
        row.add_error("address", error.message)
        return None


def _created(
    request: DashboardRequest,
    source: Source,
    form: RouteForm,
    rows: Sequence[RowForm],
    drafts: Sequence[StopDraft],
) -> HttpResponse:
    with journal.writing(request, "create", kind="route", subject=form.cleaned_data["label"]) as entry:
        try:
            draft = form.draft()
            route, done = _sent(request, draft, drafts)
        except KEPT as error:
            entry.refused(error)
            return _planner(request, source, form, rows, error=error)
        entry.ids, entry.after = [route.id], {**_values(draft), "stops": len(drafts)}
    say_shared(request, done, draft.external_id)
    messages.success(request, _("“%s” is planned.") % route.label)
    return redirect("routes:detail", route.id)


def _sent(request: DashboardRequest, draft: RouteDraft, stops: Sequence[StopDraft]) -> tuple[Route, Written]:
    """Creates the route; an answer that got lost is looked for among those that were not there before."""
    client = request.navixy
    routes.check_stops(stops)
    known = {route.id for route in looking.routes_around(client, stops)}
    return looking.surely(
        lambda: routes.create(client, draft, stops),
        lambda: looking.created_route(client, draft, stops, known),
    )
