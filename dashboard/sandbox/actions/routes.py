"""Routes (ref 7.5): lists without paging, whole arrays of checkpoints, an order proposed but not kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.sandbox import optimize, task_input, task_search
from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.actions import tasks as shared
from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import ApiError, invalid
from dashboard.sandbox.params import point, read_moment
from dashboard.sandbox.task_input import Body, RouteBody
from dashboard.sandbox.task_shapes import TaskShapes
from dashboard.sandbox.work import Route, Task, Work

FEWEST, MOST = 2, 500
FEWEST_POINTS, MOST_POINTS = 2, 49
LONGEST_TOUR = 5_000_000  # metres


@action("task/route/list", get=True)
def list_routes(asked: Asked) -> Answer:
    shared.settled(asked)
    found = [one for one in task_search.visible(asked) if isinstance(one, Route)]
    matching = task_search.matching(found, task_search.common_tests(asked))
    shapes = TaskShapes.of(asked)
    routes = [shapes.any(one) for one in sorted(matching, key=lambda one: one.id)]
    return {"list": routes, "count": len(routes)}


@action("task/route/read", get=True)
def read_route(asked: Asked) -> Answer:
    work = shared.settled(asked)
    route = shared.route_named(asked, work, asked.params.need_integer("route_id"))
    return {"value": TaskShapes.of(asked).route(route)}


@action("task/route/create")
def create_route(asked: Asked) -> Answer:
    asked.needs(shared.RIGHT)
    with asked.box.lock:
        work = shared.settled(asked)
        body = task_input.route_body(asked.params.mapping("route"))
        stops = _stops(asked)
        converted = {one.id: _convertible(asked, work, one.id) for one in stops if one.id}
        tracker_id = task_input.executor(asked, body.tracker_id)
        shared.check_tariff(asked, tracker_id)
        route = _made(asked, work, body, tracker_id)
        work.routes[route.id] = route
        for stop in stops:
            route.checkpoint_ids.append(_put(asked, work, route, stop, converted.get(stop.id or 0)).id)
        shared.wrote(asked, work, route.id, "create", label=route.label)
        return _result(asked, work, route, body, stops)


@action("task/route/update")
def update_route(asked: Asked) -> Answer:
    """Checkpoints with an id are changed, those without made, those left out deleted."""
    asked.needs(shared.RIGHT)
    with asked.box.lock:
        work = shared.settled(asked)
        body = task_input.route_body(asked.params.mapping("route"))
        route = shared.route_named(asked, work, body.id)
        shared.must_be_editable([route])
        given = asked.params.items("checkpoints")
        if (given is None) != (body.checkpoint_ids is None):
            raise invalid("checkpoints", "must be null if and only if route.checkpoint_ids is null")
        stops = _stops(asked) if given is not None else []
        if any(stop.id is None for stop in stops):
            shared.check_tariff(asked, route.tracker_id)
        if stops:
            _replace_stops(asked, work, route, body, stops)
        route.label, route.description = body.label, body.description
        route.external_id, route.tag_ids = body.external_id, body.tag_ids
        shared.wrote(asked, work, route.id, "update", label=route.label)
        return _result(asked, work, route, body, stops)


@action("task/route/assign", get=True)
def assign_route(asked: Asked) -> Answer:
    asked.needs(shared.RIGHT)
    with asked.box.lock:
        work = shared.settled(asked)
        route = shared.route_named(asked, work, asked.params.need_integer("route_id"))
        tracker_id = asked.params.integer("tracker_id")
        shared.must_be_editable([route])
        shared.assign(asked, work, work.stops(route), tracker_id)
        route.tracker_id = tracker_id
        shared.stand(asked, route)
        shared.wrote(asked, work, route.id, "assign", tracker_id=tracker_id)
        return {}


@action("task/route/delete", get=True)
def delete_route(asked: Asked) -> Answer:
    asked.needs(shared.RIGHT)
    with asked.box.lock:
        work = shared.settled(asked)
        work.drop_route(shared.route_named(asked, work, asked.params.need_integer("route_id")))
        return {}


@action("task/route/points/optimize")
def optimize_points(asked: Asked) -> Answer:
    """Source indexes in visiting order; nothing is changed. ApiError 210 beyond 5,000 km, 264 too soon."""
    asked.needs(shared.RIGHT)
    start = point("start_point", asked.params.mapping("start_point") or {})
    points = asked.params.items("route_points") or []
    if not FEWEST_POINTS <= len(points) <= MOST_POINTS:
        raise invalid("route_points", f"size must be between {FEWEST_POINTS} and {MOST_POINTS}")
    places = [_place(asked, f"route_points[{n}]", one) for n, one in enumerate(points)]
    if not asked.box.optimizing.allowed(asked.box.clock.now(), asked.box.switches.optimize_every):
        raise ApiError(264)
    order = optimize.order(start, places)
    if optimize.length([start, *(places[one] for one in order)]) > LONGEST_TOUR:
        raise ApiError(210)
    return {"result": order}


def _place(asked: Asked, name: str, found: Any) -> tuple[float, float]:
    if not isinstance(found, dict) or not isinstance(found.get("location"), dict):
        raise invalid(f"{name}.location", "must be an object")
    for key in ("from", "to"):
        read_moment(asked.moments, f"{name}.{key}", found.get(key))
    return point(f"{name}.location", found["location"])


def _stops(asked: Asked) -> list[Body]:
    """In order; no `to` before an earlier `from` (ref 7.5)."""
    given = asked.params.items("checkpoints") or []
    if not FEWEST <= len(given) <= MOST:
        raise invalid("checkpoints", f"size must be between {FEWEST} and {MOST}")
    stops = [task_input.body(asked, f"checkpoints[{n}]", one) for n, one in enumerate(given)]
    latest = stops[0].start
    for n, stop in enumerate(stops):
        if stop.end < latest:
            raise invalid(f"checkpoints[{n}].to", "must not be before an earlier from")
        latest = max(latest, stop.start)
    numbers = [stop.id for stop in stops if stop.id]
    if len(set(numbers)) < len(numbers):
        raise invalid("checkpoints", "ids must be unique")
    return stops


def _convertible(asked: Asked, work: Work, number: int) -> Task:
    task = shared.named(asked, work, number, kind="task")
    shared.must_be_editable([task])
    return task


def _made(asked: Asked, work: Work, body: RouteBody, tracker_id: int | None) -> Route:
    now = asked.box.clock.now().replace(microsecond=0)
    return Route(
        id=work.new_id(),
        label=body.label,
        description=body.description,
        created=now,
        tracker_id=tracker_id,
        external_id=body.external_id,
        status="assigned" if tracker_id else "unassigned",
        status_changed=now,
        tag_ids=body.tag_ids,
    )


def _put(asked: Asked, work: Work, route: Route, body: Body, known: Task | None) -> Task:
    """A checkpoint of the route: the known one changed, else a new one. Its place is the caller's care."""
    if known is None:
        known = shared.made(asked, work, body, tracker_id=route.tracker_id, route=route)
        work.add(known)
        shared.give_form(asked, known, body)
        shared.wrote(asked, work, known.id, "create", label=known.label)
        return known
    shared.change(asked, work, known, body)
    known.route_id, known.tracker_id = route.id, route.tracker_id
    shared.stand(asked, known)
    return known


def _replace_stops(asked: Asked, work: Work, route: Route, body: RouteBody, stops: Sequence[Body]) -> None:
    before = set(route.checkpoint_ids)
    sent = [stop.id for stop in stops if stop.id]
    if set(body.checkpoint_ids or ()) != set(sent):
        raise invalid("route.checkpoint_ids", "must name the checkpoints that are sent")
    known = {
        number: work.tasks[number] if number in before else _convertible(asked, work, number)
        for number in sent
    }
    for number in before - set(sent):
        gone = work.tasks[number]
        route.checkpoint_ids.remove(number)
        gone.route_id = None
        work.drop(gone)
    put = [_put(asked, work, route, stop, known.get(stop.id or 0)).id for stop in stops]
    route.checkpoint_ids = _as_told(put, list(body.checkpoint_ids or ()))


def _as_told(put: list[int], told: list[int]) -> list[int]:
    """`checkpoint_ids` orders the known ones among themselves; new ones stay where they were sent."""
    turns = iter(told)
    return [next(turns) if number in told else number for number in put]


def _result(asked: Asked, work: Work, route: Route, body: RouteBody, stops: Sequence[Body]) -> dict[str, Any]:
    work.judge(route)
    external_ids = dict.fromkeys([body.external_id, *(stop.external_id for stop in stops)])
    return {
        "result": TaskShapes.of(asked).route(route),
        "external_id_counts": shared.counts(work, external_ids),
    }
