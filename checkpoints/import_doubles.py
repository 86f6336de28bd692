"""What Navixy has already of a sheet: order numbers, and routes, among all that is planned for its days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkpoints.import_map import window_words
from checkpoints.progress import status_label
from checkpoints.queries import REACH
from checkpoints.sheet_rows import Row
from dashboard.clock import Clock, end_of, start_of
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.navixy.planned import Planned, list_planned
from dashboard.navixy.routes import WholeRoute
from dashboard.navixy.stops import Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """What has the order number of a row: one stop of maybe several, and all of it in words."""

    stop_id: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubles:
    """By number of row. `days` says where was looked, "" when there was nothing to look for.

    `routes`: all that are planned for those days.
    """

    rows: Mapping[int, Double] = field(default_factory=dict)
    routes: tuple[WholeRoute, ...] = ()
    days: str = ""
    error: str = ""

    def left_out(self, again: Iterable[int]) -> dict[int, str]:
        """Why rows are not imported, but for those wanted again."""
        wanted = set(again)
        return {number: one.words for number, one in self.rows.items() if number not in wanted}


def look(client: Client, rows: Iterable[Row], clock: Clock, *, new_routes: bool = True) -> Doubles:
    """As few calls as `list_planned` takes. Raises SessionEnded; other failures are told in `error`.

    `new_routes`: those that the rows name are looked for too.
    """
    good = [row for row in rows if row.draft]
    numbered = [row for row in good if row.draft and row.draft.external_id]
    sought = [row for row in good if row.route] + numbered if new_routes else numbered
    if not sought:
        return Doubles()
    start, end = _days(sought, clock)
    days = (
        f"{clock.date(start)} – {clock.date(end)}" if end - start > timedelta(days=1) else clock.date(start)
    )
    try:
        there = list_planned(client, start=start, end=end)
    except SessionEnded:
        raise
    except NavixyError as error:
        return Doubles(error=error.message)
    known = _by_order_number(there)
    found = {row.line.number: known.get(row.draft.external_id or "") for row in numbered if row.draft}
    told = {number: _double(stops, clock) for number, stops in found.items() if stops}
    return Doubles(rows=told, routes=there.routes, days=days)


def _days(rows: Sequence[Row], clock: Clock) -> tuple[datetime, datetime]:
    """Whole days of the account, a month of them at most: the list of routes has no pages (ref 7.5)."""
    drafts = [row.draft for row in rows if row.draft]
    first = clock.local(min(one.start or one.end for one in drafts)).date()
    last = clock.local(max(one.end for one in drafts)).date()
    return start_of(first, clock.zone), end_of(min(last, first + REACH), clock.zone)


def _by_order_number(planned: Planned) -> dict[str, list[tuple[Stop, str]]]:
    """Stops, each with the name of its route."""
    found: dict[str, list[tuple[Stop, str]]] = {}
    all_stops = [(stop, "") for stop in planned.tasks]
    all_stops += [(stop, one.route.label) for one in planned.routes for stop in one.stops]
    for stop, route in all_stops:
        if stop.external_id:
            found.setdefault(stop.external_id, []).append((stop, route))
    return found


def _double(found: Sequence[tuple[Stop, str]], clock: Clock) -> Double:
    stop, route = found[0]
    told = {
        "id": stop.id,
        "label": stop.label,
        "when": window_words(stop.start, stop.end, clock),
        "status": status_label(stop.status).lower(),
        "route": route,
    }
    words = (
        _("Already there as stop %(id)d “%(label)s” of “%(route)s”, %(when)s, %(status)s")
        if route
        else _("Already there as stop %(id)d “%(label)s”, %(when)s, %(status)s")
    ) % told
    if more := len(found) - 1:
        words += ngettext("; and %d more", "; and %d more", more) % more
    return Double(stop_id=stop.id, words=f"{words}.")
