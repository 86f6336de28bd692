"""Routes of a sheet that are planned already: a second one of the same name on the same day is told first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from checkpoints import import_target
from checkpoints.import_map import window_words
from checkpoints.sheet_rows import Row
from dashboard.clock import Clock
from dashboard.navixy.routes import WholeRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A route at Navixy like one that would be created; `row` is the first of that.

    `refused` says why that one takes no more stops.
    """

    row: int
    label: str
    route_id: int
    when: str
    size: int
    refused: str


def twins(
    groups: Mapping[str, Sequence[Row]], planned: Iterable[WholeRoute], clock: Clock
) -> tuple[Twin, ...]:
    """One for each new route, in the order of the sheet: the first there is."""
    known: dict[str, list[WholeRoute]] = {}
    for whole in planned:
        known.setdefault(whole.route.label.casefold(), []).append(whole)
    found = []
    for members in groups.values():
        days = _days(((row.draft.start, row.draft.end) for row in members if row.draft), clock)
        same = known.get(members[0].route.casefold(), ()) if members[0].route else ()
        like = next((one for one in same if days & _planned_days(one, clock)), None)
        if like:
            found.append(_twin(members[0], like, clock))
    return tuple(found)


def _twin(row: Row, like: WholeRoute, clock: Clock) -> Twin:
    return Twin(
        row=row.line.number,
        label=like.route.label,
        route_id=like.route.id,
        when=window_words(like.route.start, like.route.end, clock),
        size=len(like.stops),
        refused=import_target.refusal(like.route),
    )


def _planned_days(whole: WholeRoute, clock: Clock) -> frozenset[date]:
    windows = [(stop.start, stop.end) for stop in whole.stops] or [(whole.route.start, whole.route.end)]
    return _days(windows, clock)


def _days(windows: Iterable[tuple[datetime | None, datetime | None]], clock: Clock) -> frozenset[date]:
    """Those on which a window begins or ends."""
    return frozenset(clock.local(moment).date() for window in windows for moment in window if moment)
