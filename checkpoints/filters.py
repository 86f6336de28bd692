"""One frozen value between the address bar, the form and the API, for the board and for the list of stops."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from checkpoints import periods
from dashboard.listing import typed
from dashboard.listing.sorting import Sort
from dashboard.navixy.stops import STATUSES

__all__ = ["KINDS", "ROUTES_A_PAGE", "SORT_FIELDS", "STATUSES", "STOPS_A_PAGE", "VIEWS", "Filters"]

VIEWS = ("board", "map")
KINDS = ("checkpoint", "task", "all")
SORT_FIELDS = ("from", "to", "label", "status", "route", "tracker", "arrived")
ROUTES_A_PAGE = 50
STOPS_A_PAGE = 100
FIRST_FIRST = (Sort(field="from"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """`period` names a preset, or is "" when `start` or `end` (local, as typed) say it instead.

    `ids` and `external` look stops up directly. `view` belongs to the board; `sort`, `kind` to the list.
    """

    period: str = periods.DEFAULT
    start: typed.Typed | None = None
    end: typed.Typed | None = None
    trackers: tuple[int, ...] = ()
    employees: tuple[int, ...] = ()
    statuses: tuple[str, ...] = ()
    tags: tuple[int, ...] = ()
    q: str = ""
    ids: tuple[int, ...] = ()
    external: str = ""
    kind: str = "checkpoint"
    sort: tuple[Sort, ...] = FIRST_FIRST
    view: str = "board"
    page: int = 1

    def replace(self, **changes: Any) -> "Filters":
        """Another value; changing anything but the page goes back to the first one."""
        return replace(self, **{"page": 1, **changes})

    def query(self) -> str:
        """The query string: only what differs from the default, in one stable order."""
        return urlencode(list(self._pairs()))

    @property
    def narrows(self) -> bool:
        """Does anything but the period leave rows out?"""
        chosen = (self.trackers, self.employees, self.statuses, self.tags, self.ids)
        return any(chosen) or bool(self.q or self.external)

    @property
    def needs_stops(self) -> bool:
        """Can only the stops themselves tell which routes match?"""
        return bool(self.q or self.tags)

    def _pairs(self) -> Iterator[tuple[str, object]]:
        yield from self._period_pairs()
        for name, chosen in self._choices():
            yield from ((name, value) for value in chosen)
        for name in ("q", "external"):
            if text := getattr(self, name):
                yield name, text
        if self.kind != "checkpoint":
            yield "kind", self.kind
        if self.sort != FIRST_FIRST:
            yield from (("sort", str(level)) for level in self.sort)
        if self.view != "board":
            yield "view", self.view
        if self.page != 1:
            yield "page", self.page

    def _period_pairs(self) -> Iterator[tuple[str, object]]:
        if self.period:
            if self.period != periods.DEFAULT:
                yield "period", self.period
            return
        for name, value in (("from", self.start), ("to", self.end)):
            if value:
                yield name, typed.text(value)

    def _choices(self) -> tuple[tuple[str, tuple[int | str, ...]], ...]:
        return (
            ("tracker", self.trackers),
            ("employee", self.employees),
            ("status", self.statuses),
            ("tag", self.tags),
            ("id", self.ids),
        )
