"""From rows of a sheet to stops, and what is wrong with a row. Nothing is sent from here.

Times are the account's; a place comes as coordinates or as an address to look up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from django.utils.translation import gettext as _

from checkpoints.sheet_cells import Setting, Wrong
from checkpoints.sheet_reading import Line
from checkpoints.sheet_stop import stop_of
from dashboard.navixy.routes import FEWEST_STOPS, MOST_STOPS
from dashboard.navixy.stops import StopDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Onto:
    """A route at Navixy that the rows are added to: how many stops it has, and when the latest may begin."""

    route_id: int
    label: str
    size: int
    latest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its `draft` unless something is `wrong`. `left_out` says why a good one is not imported.

    `lookup` is an address to look up; `onto` the id of the route at Navixy it is added to, 0 for none.
    """

    line: Line
    draft: StopDraft | None = None
    lookup: str = ""
    route: str = ""
    onto: int = 0
    note: str = ""
    wrong: str = ""
    left_out: str = ""

    @property
    def wanted(self) -> StopDraft | None:
        """What would be sent."""
        return None if self.left_out else self.draft


def read(lines: Iterable[Line], mapping: Mapping[str, int], setting: Setting) -> tuple[Row, ...]:
    """Every row by itself, with what is wrong about it."""
    return tuple(_row(line, mapping, setting) for line in lines)


def check(
    rows: Iterable[Row], left_out: Mapping[int, str] = MappingProxyType({}), onto: Onto | None = None
) -> tuple[Row, ...]:
    """The rows beside each other; routes that cannot be are told at their rows.

    `left_out`: why rows that are good are not wanted, by their number. `onto`: all of them join this route.
    """
    wanted = [_without(row, left_out.get(row.line.number, "")) for row in rows]
    return tuple(_with_notes(_joined(wanted, onto) if onto else _routes_checked(wanted)))


def _without(row: Row, why: str) -> Row:
    return replace(row, left_out=why) if why and row.draft else row


def groups(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The good rows by what is created at once: a route by its name and tracker, others by their row."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.wanted:
            found.setdefault(_group(row), []).append(row)
    return found


def _group(row: Row) -> str:
    if row.onto:
        return f"stop|{row.line.number}"
    tracker_id = row.draft.tracker_id if row.draft else None
    return f"route|{row.route}|{tracker_id or 0}" if row.route else f"task|{row.line.number}"


def _row(line: Line, mapping: Mapping[str, int], setting: Setting) -> Row:
    cells = {key: line.cells[at] for key, at in mapping.items() if at < len(line.cells)}
    try:
        draft, lookup = stop_of(cells, setting)
    except Wrong as error:
        return Row(line=line, wrong=str(error))
    return Row(line=line, draft=draft, lookup=lookup, route=cells.get("route", ""))


def _routes_checked(rows: Sequence[Row]) -> Iterator[Row]:
    """A route needs 2 to 500 stops, and no window may end before an earlier one begins (ref 7.5)."""
    latest: dict[str, datetime] = {}
    sized: dict[str, int] = {}
    passed: list[Row] = []
    for row in rows:
        key = _group(row)
        if row.wanted is None or not row.route:
            passed.append(row)
            continue
        if key in latest and row.wanted.end < latest[key]:
            passed.append(replace(row, draft=None, wrong=_too_early()))
            continue
        begins = row.wanted.start or row.wanted.end
        latest[key] = max(latest.get(key, begins), begins)
        sized[key] = sized.get(key, 0) + 1
        passed.append(row)
    for row in passed:
        size = sized.get(_group(row), FEWEST_STOPS) if row.route else FEWEST_STOPS
        if row.wanted and not FEWEST_STOPS <= size <= MOST_STOPS:
            yield replace(row, draft=None, wrong=_size_words(row, size))
        else:
            yield row


def _joined(rows: Iterable[Row], onto: Onto) -> Iterator[Row]:
    """The rows after the stops the route has, by the same rules; the route's executor is theirs."""
    size, latest = onto.size, onto.latest
    for row in rows:
        draft, here = (
            row.wanted,
            replace(row, route=onto.label, onto=onto.route_id, note=_other_route(row, onto)),
        )
        if draft is None:
            yield here
        elif latest and draft.end < latest:
            yield replace(here, draft=None, wrong=_too_early())
        elif size == MOST_STOPS:
            yield replace(here, draft=None, wrong=_("A route has at most %d stops.") % MOST_STOPS)
        else:
            begins, size = draft.start or draft.end, size + 1
            latest = max(latest or begins, begins)
            yield here


def _other_route(row: Row, onto: Onto) -> str:
    if not row.route or row.route.casefold() == onto.label.casefold():
        return ""
    return _("The sheet says “%s”.") % row.route


def _too_early() -> str:
    return _("Its window ends before that of an earlier stop of the route begins.")


def _size_words(row: Row, size: int) -> str:
    numbers = {"fewest": FEWEST_STOPS, "most": MOST_STOPS, "route": row.route[:60], "size": size}
    return _("A route has %(fewest)d to %(most)d stops; “%(route)s” would have %(size)d.") % numbers


def _with_notes(rows: Iterable[Row]) -> Iterator[Row]:
    """An order number that comes twice is allowed, but told."""
    seen: dict[str, int] = {}
    for row in rows:
        external_id = row.wanted.external_id if row.wanted else None
        if external_id and external_id in seen:
            told = _("Row %d has this order number too.") % seen[external_id]
            yield replace(row, note=f"{row.note} {told}".strip())
            continue
        if external_id:
            seen[external_id] = row.line.number
        yield row
