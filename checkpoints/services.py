"""Finding routes and stops for one person at one moment. No Django: client, names, store, clock come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from checkpoints import queries
from checkpoints.filters import ROUTES_A_PAGE, STOPS_A_PAGE, Filters
from checkpoints.tags import Tags
from dashboard.names import Lookup, Names
from dashboard.navixy import checkpoints, routes, tasks
from dashboard.navixy.client import Client
from dashboard.navixy.routes import Route, WholeRoute
from dashboard.navixy.stops import Stop
from dashboard.navixy.tasks import TaskQuery

MOST_STOPS = 10_000  # read for one page: twenty calls
NOBODY = "The chosen employees have no tracker, so no route can be theirs."
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where routes come from."""

    client: Client
    lookup: Lookup
    tags: Tags
    zone: ZoneInfo
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One page of routes with their stops, by tracker. `total`, `pages` are of all that match."""

    routes: tuple[WholeRoute, ...]
    total: int
    page: int
    pages: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A stop in the list; `route` is None for a task of its own, or when the list did not come by routes."""

    stop: Stop
    route: Route | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    stops: tuple[Listed, ...]
    total: int
    page: int
    pages: int
    notes: tuple[str, ...]


def find_board(source: Source, filters: Filters) -> Board:
    """One page of the board: `task/route/list`, then the stops of its routes, 500 a call (ref 7.7)."""
    found = _routes(source, filters, statuses=filters.statuses)
    if found is None:
        return Board(routes=(), total=0, page=1, pages=1, notes=(NOBODY,))
    names, notes = source.lookup.get(), list[str]()
    ordered = sorted(found, key=lambda route: _lane_order(route, names))
    if filters.needs_stops:
        whole = [one for one in _with_stops(source, ordered, notes) if route_matches(one, filters)]
        page, pages, shown = _page(whole, filters.page, ROUTES_A_PAGE, notes)
        return Board(routes=tuple(shown), total=len(whole), page=page, pages=pages, notes=tuple(notes))
    page, pages, part = _page(ordered, filters.page, ROUTES_A_PAGE, notes)
    shown = _with_stops(source, part, notes)
    return Board(routes=tuple(shown), total=len(ordered), page=page, pages=pages, notes=tuple(notes))


def all_routes(source: Source, filters: Filters) -> tuple[list[WholeRoute], list[str]]:
    """Every route that matches with its stops, in the order of the board, and what was left out."""
    found = _routes(source, filters, statuses=filters.statuses)
    names, notes = source.lookup.get(), list[str]()
    ordered = sorted(found or (), key=lambda route: _lane_order(route, names))
    return [one for one in _with_stops(source, ordered, notes) if route_matches(one, filters)], notes


def all_stops(source: Source, filters: Filters) -> tuple[list[Listed], list[str]]:
    """Every stop that matches, in the order wanted, and what was left out."""
    notes: list[str] = []
    found = [one for one in _candidates(source, filters, notes) if stop_matches(one, filters)]
    names = source.lookup.get()
    for level in reversed(filters.sort):
        found.sort(key=_by(level.field, names), reverse=level.descending)
    return found, notes


def find_stops(source: Source, filters: Filters) -> Found:
    """One page of the list of stops, in the order wanted: Navixy has no such list, so it is put together."""
    found, notes = all_stops(source, filters)
    page, pages, shown = _page(found, filters.page, STOPS_A_PAGE, notes)
    return Found(stops=tuple(shown), total=len(found), page=page, pages=pages, notes=tuple(notes))


def route_matches(one: WholeRoute, filters: Filters) -> bool:
    """A route matches by itself or by any of its stops."""
    route, stops = one.route, one.stops
    if filters.tags and not _tagged(filters, route.tag_ids, *(stop.tag_ids for stop in stops)):
        return False
    own = (route.label, route.description, route.external_id, str(route.id))
    return not filters.q or _holds(filters.q, own) or any(_holds(filters.q, _texts(stop)) for stop in stops)


def stop_matches(one: Listed, filters: Filters) -> bool:
    stop = one.stop
    if filters.statuses and stop.status not in filters.statuses:
        return False
    if filters.tags and not _tagged(filters, stop.tag_ids):
        return False
    if filters.external and (stop.external_id or "") != filters.external:
        return False
    return not filters.q or _holds(filters.q, _texts(stop))


# --- what the API is asked -----------------------------------------------------------------------------


def _routes(source: Source, filters: Filters, *, statuses: Sequence[str]) -> tuple[Route, ...] | None:
    wanted = queries.trackers(filters, source.lookup.get() if filters.employees else None)
    if wanted is None:
        return None
    start, end = queries.moments(filters, zone=source.zone, now=source.now)
    return routes.list_routes(source.client, start=start, end=end, trackers=wanted, statuses=statuses)


def _with_stops(source: Source, wanted: Sequence[Route], notes: list[str]) -> list[WholeRoute]:
    ids = [checkpoint_id for route in wanted for checkpoint_id in route.checkpoint_ids]
    if len(ids) > MOST_STOPS:
        notes.append(
            f"Only the first {MOST_STOPS:,} of {len(ids):,} stops were read. Choose a shorter period."
        )
    stops = checkpoints.list_checkpoints(source.client, ids[:MOST_STOPS])
    return [WholeRoute(route=route, stops=_of(route, stops)) for route in wanted]


def _of(route: Route, stops: Mapping[int, Stop]) -> tuple[Stop, ...]:
    return tuple(stops[one] for one in route.checkpoint_ids if one in stops)


def _candidates(source: Source, filters: Filters, notes: list[str]) -> list[Listed]:
    if filters.ids:
        return _by_ids(source, filters.ids, notes)
    found: list[Listed] = []
    if filters.kind != "task":
        whole = _routes(source, filters, statuses=())
        if whole is None:
            notes.append(NOBODY)
            return []
        found += [
            Listed(stop=stop, route=one.route)
            for one in _with_stops(source, whole, notes)
            for stop in one.stops
        ]
    if filters.kind != "checkpoint" or filters.external:
        found += [Listed(stop=stop) for stop in _tasks(source, filters)]
    if filters.external:
        notes.append("Stops of routes were looked for in the period, tasks at any time.")
    return found


def _by_ids(source: Source, ids: Sequence[int], notes: list[str]) -> list[Listed]:
    found = checkpoints.list_checkpoints(source.client, ids)
    missing = [str(one) for one in ids if one not in found]
    if missing:
        notes.append(f"No checkpoint, or not visible to you: {', '.join(missing[:20])}.")
    return [Listed(stop=found[one]) for one in ids if one in found]


def _tasks(source: Source, filters: Filters) -> tuple[Stop, ...]:
    wanted = queries.trackers(filters, source.lookup.get() if filters.employees else None)
    if wanted is None:
        return ()
    start, end = queries.moments(filters, zone=source.zone, now=source.now)
    period = {} if filters.external else {"start": start, "end": end}
    return tasks.search(
        source.client,
        TaskQuery(**period, trackers=wanted, external_id=filters.external),  # type: ignore[arg-type]  # moments
        limit=MOST_STOPS,
    ).items


# --- order, pages, words -------------------------------------------------------------------------------


def _page(items: Sequence[T], page: int, size: int, notes: list[str]) -> tuple[int, int, list[T]]:
    """A page beyond the end becomes the last one, and says so."""
    pages = max(1, ceil(len(items) / size))
    if page > pages:
        notes.append(f"There is no page {page:,}; this is the last one.")
        page = pages
    return page, pages, list(items[(page - 1) * size : page * size])


def _lane_order(route: Route, names: Names) -> tuple[Any, ...]:
    """By tracker, those without one first; then by when they begin."""
    label = names.tracker(route.tracker_id).casefold() if route.tracker_id else ""
    begins = route.start.timestamp() if route.start else 0.0
    return label, route.tracker_id or 0, begins, route.id


def _by(field: str, names: Names) -> Callable[[Listed], Any]:
    """Stops without the value come last in either direction's own sense: they sort as the largest."""

    def moment(value: datetime | None) -> float:
        return value.timestamp() if value else float("inf")

    readers: dict[str, Callable[[Listed], Any]] = {
        "from": lambda one: moment(one.stop.start),
        "to": lambda one: moment(one.stop.end),
        "arrived": lambda one: moment(one.stop.arrived),
        "label": lambda one: one.stop.label.casefold(),
        "status": lambda one: one.stop.status,
        "route": lambda one: one.route.label.casefold() if one.route else "",
        "tracker": lambda one: names.tracker(one.stop.tracker_id).casefold() if one.stop.tracker_id else "",
    }
    return readers[field]


def _texts(stop: Stop) -> tuple[str | None, ...]:
    return stop.label, stop.description, stop.address, stop.external_id, str(stop.id)


def _holds(text: str, texts: Iterable[str | None]) -> bool:
    wanted = text.casefold()
    return any(wanted in one.casefold() for one in texts if one)


def _tagged(filters: Filters, *groups: Iterable[int]) -> bool:
    return any(tag in filters.tags for group in groups for tag in group)
