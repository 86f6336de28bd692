"""All that is planned in a period, tasks and routes with their stops, in as few calls as may be (ref 7.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dashboard.navixy import checkpoints, routes, stops, tasks, values
from dashboard.navixy.client import Client
from dashboard.navixy.conditions import wire_time
from dashboard.navixy.errors import InvalidRequest
from dashboard.navixy.routes import WholeRoute
from dashboard.navixy.stops import Stop
from dashboard.navixy.tasks import TaskQuery
from dashboard.navixy.values import Record

MOST = 100_000  # the most `task/list` gives at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Tasks of their own, and routes with their stops."""

    tasks: tuple[Stop, ...]
    routes: tuple[WholeRoute, ...]


def list_planned(client: Client, *, start: datetime, end: datetime) -> Planned:
    """What overlaps the period: one or two calls where `task/list` knows `types`, else three or more.

    `types` is used by others but not documented (ref 10.22). So a kind that the answer has none of is asked
    for again by its documented call; an answer without anything at all has no tasks either way.
    """
    found = _all_kinds(client, start, end)
    if found is None:
        return Planned(tasks=_tasks(client, start, end), routes=_routes(client, start, end))
    own = [one for one in found if values.text(one, "type") in (None, "task")]
    whole = [one for one in found if values.text(one, "type") == "route"]
    nested = bool(whole) and all("checkpoints" in one for one in whole)
    return Planned(
        tasks=_stops(client, own) if own or not found else _tasks(client, start, end),
        routes=_nested(client, whole) if nested else _routes(client, start, end),
    )


def _all_kinds(client: Client, start: datetime, end: datetime) -> tuple[Record, ...] | None:
    """None when Navixy refuses the question."""
    period = {"from": wire_time(start), "to": wire_time(end)}
    try:
        return client.read("task/list", {**period, "types": ["task", "route"], "limit": MOST}).records()
    except InvalidRequest:
        return None


def _tasks(client: Client, start: datetime, end: datetime) -> tuple[Stop, ...]:
    return tasks.search(client, TaskQuery(start=start, end=end), limit=MOST).items


def _routes(client: Client, start: datetime, end: datetime) -> tuple[WholeRoute, ...]:
    found = routes.list_routes(client, start=start, end=end)
    known = checkpoints.list_checkpoints(client, [one for route in found for one in route.checkpoint_ids])
    return tuple(
        WholeRoute(route=route, stops=tuple(known[one] for one in route.checkpoint_ids if one in known))
        for route in found
    )


def _nested(client: Client, records: list[Record]) -> tuple[WholeRoute, ...]:
    def whole(record: Record) -> WholeRoute:
        route = routes.route_from(record, client.zone)
        found = _stops(client, list(values.children(record, "checkpoints")))
        return WholeRoute(route=route, stops=routes.in_order(route, found))

    return values.read_all(records, whole, what="task/list")


def _stops(client: Client, records: list[Record]) -> tuple[Stop, ...]:
    return values.read_all(records, lambda one: stops.stop_from(one, client.zone), what="task/list")
