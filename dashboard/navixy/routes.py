"""Routes (ref 7.2, 7.5): ordered stops of one executor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from dashboard.navixy import stops as limits
from dashboard.navixy import values
from dashboard.navixy.checkins import check_place
from dashboard.navixy.client import Client, Reply
from dashboard.navixy.conditions import wire_time
from dashboard.navixy.errors import NotSendable
from dashboard.navixy.stops import Stop, StopDraft, Written, stop_from
from dashboard.navixy.values import Record

FEWEST_STOPS, MOST_STOPS = 2, 500
FEWEST_POINTS, MOST_POINTS = 2, 49  # that can be put in the best order at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An ordered set of checkpoints; `start` and `end` follow from the first and last of them."""

    id: int
    user_id: int = 0
    tracker_id: int | None = None
    label: str
    description: str = ""
    start: datetime | None = None
    end: datetime | None = None
    external_id: str | None = None
    status: str = "unassigned"
    status_changed: datetime | None = None
    created: datetime | None = None
    origin: str = ""
    tag_ids: tuple[int, ...] = ()
    checkpoint_ids: tuple[int, ...] = ()

    @property
    def is_editable(self) -> bool:
        return self.status in limits.EDITABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDraft:
    """What may be written of a route. Raises NotSendable where a limit of ref 7.2 would be broken."""

    id: int | None = None
    label: str
    description: str = ""
    external_id: str | None = None
    tracker_id: int | None = None
    tag_ids: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        limits.check_label(self.label)
        limits.check_description(self.description)
        limits.check_external_id(self.external_id)

    def to_wire(self) -> dict[str, object]:
        wire: dict[str, object] = {
            "label": self.label,
            "description": self.description,
            "tags": list(self.tag_ids),
        }
        optional = ("id", "external_id", "tracker_id")
        return wire | {name: value for name in optional if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeRoute:
    """A route with its checkpoints in the order they are to be visited."""

    route: Route
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place and its window, for the best order."""

    lat: float
    lng: float
    start: datetime
    end: datetime

    def to_wire(self) -> dict[str, object]:
        location = {"lat": self.lat, "lng": self.lng}
        return {"location": location, "from": wire_time(self.start), "to": wire_time(self.end)}


def list_routes(
    client: Client,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    trackers: Sequence[int] = (),
    statuses: Sequence[str] = (),
    text: str = "",
) -> tuple[Route, ...]:
    """`task/route/list`: neither pages nor an order, so bound the period (ref 7.7)."""
    limits.check_period(start, end)
    limits.check_statuses(statuses)
    limits.check_filter(text)
    members: dict[str, object] = {
        "from": wire_time(start) if start else None,
        "to": wire_time(end) if end else None,
        "trackers": list(trackers),
        "statuses": list(statuses),
        "filter": text,
    }
    reply = client.read("task/route/list", {name: value for name, value in members.items() if value})
    return values.read_all(
        reply.records(), lambda item: route_from(item, client.zone), what="task/route/list"
    )


def read(client: Client, route_id: int) -> Route:
    """`task/route/read`: without its stops. Raises NotFound (201)."""
    reply = client.read("task/route/read", {"route_id": route_id})
    return reply.read_as(lambda record: route_from(record, client.zone))


def read_whole(client: Client, route_id: int) -> WholeRoute:
    """`task/read` of a route: with its checkpoints, in one call (ref 7.7). Raises NotFound (201).

    An id that is no route's raises BadReply.
    """
    reply = client.read("task/read", {"task_id": route_id})
    route = reply.read_as(lambda record: route_from(record, client.zone))
    key = "checkpoints" if "checkpoints" in reply.body else "list"
    nested = reply.records(key) or values.children(reply.record(), "checkpoints")
    found = values.read_all(nested, lambda item: stop_from(item, client.zone), what="task/read")
    return WholeRoute(route=route, stops=in_order(route, found))


def create(
    client: Client, route: RouteDraft, stops: Sequence[StopDraft], *, create_form: bool = False
) -> tuple[Route, Written]:
    """`task/route/create`: stops in order; one may carry the id of a task, which is converted.

    Raises NotFound (201: tracker or task), InvalidRequest (7), NotAllowed (236). The platform does not
    tell identical routes apart: after `maybe_applied` look before repeating.
    """
    check_stops(stops)
    params = {
        "route": route.to_wire(),
        "checkpoints": [stop.to_wire() for stop in stops],
        "create_form": create_form,
    }
    return _result(client, client.write("task/route/create", params))


def update(client: Client, route: RouteDraft, stops: Sequence[StopDraft]) -> tuple[Route, Written]:
    """`task/route/update`: the route and **all** its stops in their order; one left out is deleted.

    Read the route again right before, and compare: nothing tells an old state from a new one (ref 7.5).
    Raises NotFound (201), WrongState (255), InvalidRequest (7).
    """
    check_stops(stops)
    if route.id is None or any(stop.id is None for stop in stops):
        raise NotSendable("Only a route and stops that exist can be changed together.")
    # places follow from the array, so none is named twice
    wire = {**route.to_wire(), "checkpoint_ids": [stop.id for stop in stops]}
    checkpoints = [limits.updated(stop) | {"order": place} for place, stop in enumerate(stops)]
    return _result(client, client.write("task/route/update", {"route": wire, "checkpoints": checkpoints}))


def rename(client: Client, route: RouteDraft) -> tuple[Route, Written]:
    """`task/route/update` of the route's own members; its stops stay as they are (both lists are absent)."""
    if route.id is None:
        raise NotSendable("A route that does not exist yet cannot be changed.")
    return _result(client, client.write("task/route/update", {"route": route.to_wire()}))


def assign(client: Client, route_id: int, tracker_id: int | None) -> None:
    """`task/route/assign`; None means nobody. Raises NotFound (201, 204), WrongState (208, 255)."""
    client.write("task/route/assign", {"route_id": route_id, **limits.chosen(tracker_id)})


def delete(client: Client, route_id: int) -> None:
    """`task/route/delete`: its checkpoints go too, for good. Raises NotFound (201)."""
    client.write("task/route/delete", {"route_id": route_id})


def optimize(
    client: Client, *, lat: float, lng: float, points: Sequence[Point], departure: datetime | None = None
) -> tuple[int, ...]:
    """`task/route/points/optimize`: the points' places in the best order of visits; changes nothing.

    Raises NotFound (210: over 5000 km), WrongState (264: asked too often), InvalidRequest (7).
    """
    check_place(lat, lng)
    if not FEWEST_POINTS <= len(points) <= MOST_POINTS:
        raise NotSendable(f"Between {FEWEST_POINTS} and {MOST_POINTS} stops can be put in order at once.")
    start: dict[str, object] = {"lat": lat, "lng": lng}
    if departure is not None:
        start["departure"] = wire_time(departure)
    params = {"start_point": start, "route_points": [point.to_wire() for point in points]}
    found = values.integers(client.read("task/route/points/optimize", params, again=False).body, "result")
    if sorted(found) != list(range(len(points))):  # a stop left out or twice would be lost
        raise NotSendable("Navixy's best order does not name every stop once, so it was not used.")
    return found


def route_from(record: Record, zone: tzinfo = UTC) -> Route:
    """Raises Unreadable without an id, and for what says it is something else."""
    if values.text(record, "type") not in (None, "route"):
        raise values.Unreadable("not a route")
    return Route(
        id=values.identity(record),
        user_id=values.integer(record, "user_id") or 0,
        tracker_id=values.integer(record, "tracker_id"),
        label=values.text(record, "label") or "",
        description=values.text(record, "description") or "",
        start=values.moment(record, "from", zone),
        end=values.moment(record, "to", zone),
        external_id=values.text(record, "external_id") or None,
        status=values.text(record, "status") or "unassigned",
        status_changed=values.moment(record, "status_change_date", zone),
        created=values.moment(record, "creation_date", zone),
        origin=values.text(record, "origin") or "",
        tag_ids=values.integers(record, "tags"),
        checkpoint_ids=values.integers(record, "checkpoint_ids"),
    )


def in_order(route: Route, stops: Sequence[Stop]) -> tuple[Stop, ...]:
    """As the route names them; what it does not name comes last, in its own order."""
    place = {checkpoint_id: number for number, checkpoint_id in enumerate(route.checkpoint_ids)}
    last = len(place)
    return tuple(sorted(stops, key=lambda stop: (place.get(stop.id, last), stop.order or 0)))


def check_stops(stops: Sequence[StopDraft]) -> None:
    """The limits of ref 7.5: how many, and windows that agree."""
    if not FEWEST_STOPS <= len(stops) <= MOST_STOPS:
        raise NotSendable(f"A route has between {FEWEST_STOPS} and {MOST_STOPS} stops.")
    check_windows(stops)


def check_windows(stops: Sequence[StopDraft]) -> None:
    """No stop may have to be done before an earlier one begins."""
    latest: tuple[datetime, str] | None = None
    for stop in stops:
        if latest and stop.end < latest[0]:
            raise NotSendable(
                f"“{stop.label}” must be visited before “{latest[1]}” begins, yet comes after it."
                " Change the order or the windows."
            )
        if stop.start and (latest is None or stop.start > latest[0]):
            latest = stop.start, stop.label


def _result(client: Client, reply: Reply) -> tuple[Route, Written]:
    route = reply.read_as(lambda record: route_from(record, client.zone), "result")
    return route, limits.written(reply)
