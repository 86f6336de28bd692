"""Changing a whole route: read it again, compare with what was loaded, then one update with every stop.

No Django. A route update deletes the stops it does not name (ref 7.5), so nothing is sent unless the route is
as the person saw it, and what is sent always names every stop there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from checkpoints import looking
from checkpoints.changes import Conflict, conflicts
from dashboard.navixy import routes, stops
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NotSendable
from dashboard.navixy.routes import Route, RouteDraft, WholeRoute
from dashboard.navixy.stops import Stop, StopDraft

MOST_MINUTES = 60 * 24 * 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A route that was written: as it was, and as it was sent."""

    before: WholeRoute
    sent: tuple[StopDraft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """Nothing was sent: the route is not as it was loaded."""

    present: WholeRoute
    conflicts: tuple[Conflict, ...]


def reorder(
    client: Client, route_id: int, order: Sequence[int], seen: Mapping[int, str]
) -> Changed | Contested:
    """Every stop in a new order. Raises NotSendable when the order is none of these stops, NavixyError."""

    def ordered(present: WholeRoute) -> tuple[StopDraft, ...]:
        by_id = {stop.id: stop for stop in present.stops}
        if sorted(order) != sorted(by_id):
            raise NotSendable("The order does not name every stop of the route once. Nothing was changed.")
        return tuple(stops.draft_of(by_id[one]) for one in order)

    return _update(client, route_id, seen, ordered)


def shift(
    client: Client, route_id: int, chosen: Sequence[int], seen: Mapping[int, str], *, minutes: int
) -> Changed | Contested:
    """Moves the windows of some stops in time; the others are sent as they are."""
    check_shift(minutes)

    def shifted(present: WholeRoute) -> tuple[StopDraft, ...]:
        return tuple(
            moved(stop, minutes) if stop.id in chosen else stops.draft_of(stop) for stop in present.stops
        )

    return _update(client, route_id, seen, shifted)


def restore(
    client: Client, route_id: int, before: Sequence[StopDraft], seen: Mapping[int, str]
) -> Changed | Contested:
    """Undo: the stops as they were, unless the route changed since."""

    def again(present: WholeRoute) -> tuple[StopDraft, ...]:
        if sorted(stop.id for stop in present.stops) != sorted(draft.id or 0 for draft in before):
            raise NotSendable("The route has other stops by now, so this cannot be undone.")
        return tuple(before)

    return _update(client, route_id, seen, again)


def moved(stop: Stop, minutes: int) -> StopDraft:
    """The stop with its window moved. Raises NotSendable."""
    by = timedelta(minutes=minutes)
    if stop.end is None:
        raise NotSendable(f"“{stop.label}” has no window that could be moved.")
    return stops.draft_of(stop, start=stop.start + by if stop.start else None, end=stop.end + by)


def check_shift(minutes: int) -> None:
    if not minutes or abs(minutes) > MOST_MINUTES:
        raise NotSendable("Times can be moved by one minute to 31 days, earlier or later.")


def route_draft(route: Route) -> RouteDraft:
    """The route's own members as they would be written again."""
    return RouteDraft(
        id=route.id,
        label=route.label,
        description=route.description,
        external_id=route.external_id,
        tag_ids=route.tag_ids,
    )


def _update(
    client: Client,
    route_id: int,
    seen: Mapping[int, str],
    wanted: Callable[[WholeRoute], tuple[StopDraft, ...]],
) -> Changed | Contested:
    present = routes.read_whole(client, route_id)
    if found := conflicts(seen, present):
        return Contested(present=present, conflicts=found)
    missing = set(present.route.checkpoint_ids) - {stop.id for stop in present.stops}
    if missing:  # what we cannot read we cannot name, and what is not named is deleted
        raise NotSendable(
            "Not every stop of this route is visible to you, so it cannot be rewritten. Nothing was changed."
        )
    drafts = tuple(replace(draft, order=place) for place, draft in enumerate(wanted(present)))
    looking.surely(
        lambda: bool(routes.update(client, route_draft(present.route), drafts)),
        lambda: looking.ordered(routes.read_whole(client, route_id), drafts) or None,
    )
    return Changed(before=present, sent=drafts)
