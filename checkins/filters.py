"""One frozen value between the address bar, the form and the API."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from checkins import columns as table_columns
from checkins import periods
from checkins import where as tree
from dashboard.listing import typed
from dashboard.listing.sorting import Sort

PER_PAGE = (25, 50, 100, 250)
VIEWS = ("table", "gallery", "map")
GROUPS = ("checkin", "day", "none")  # of the gallery
SORT_FIELDS = ("marker_time", "employee", "tracker_id", "location", "comment", "form")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A circle on the map; `radius` in metres."""

    lat: float
    lng: float
    radius: int


NEWEST_FIRST = (Sort(field="marker_time", descending=True),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """`period` names a preset, or is "" when `start` or `end` (local, as typed) say it instead."""

    period: str = periods.DEFAULT
    start: typed.Typed | None = None
    end: typed.Typed | None = None
    trackers: tuple[int, ...] = ()
    employees: tuple[int, ...] = ()
    departments: tuple[int, ...] = ()
    forms: tuple[int, ...] = ()
    address: str = ""
    comment: str = ""
    circle: Area | None = None
    where: tree.Node | None = None
    sort: tuple[Sort, ...] = NEWEST_FIRST
    page: int = 1
    per_page: int = 100
    columns: tuple[str, ...] = table_columns.DEFAULT
    view: str = "table"
    group: str = "checkin"

    def replace(self, **changes: Any) -> "Filters":
        """Another value; changing anything but the page goes back to the first one."""
        return replace(self, **{"page": 1, **changes})

    def plain(self) -> "Filters":
        """Only what decides which rows there are, not how they are shown."""
        shown = ("sort", "page", "per_page", "columns", "view", "group")
        return replace(self, **{name: getattr(_DEFAULT, name) for name in shown})

    def query(self) -> str:
        """The query string: only what differs from the default, in one stable order."""
        return urlencode(list(self._pairs()))

    def url_query(self) -> str:
        """Like `query`, never empty: the bare address opens the person's start view."""
        return self.query() or f"period={periods.DEFAULT}"

    @property
    def narrows(self) -> bool:
        """Does anything but the period leave rows out?"""
        chosen = (self.trackers, self.employees, self.departments, self.forms)
        return any(chosen) or bool(self.address or self.comment or self.circle or self.where)

    def _pairs(self) -> Iterator[tuple[str, object]]:
        yield from self._period_pairs()
        for name, ids in self._choices():
            yield from ((name, value) for value in ids)
        if self.address:
            yield "address", self.address
        if self.comment:
            yield "comment", self.comment
        if self.circle:
            yield from (("lat", self.circle.lat), ("lng", self.circle.lng), ("radius", self.circle.radius))
        if self.where:
            yield "where", tree.to_json(self.where)
        yield from self._display_pairs()

    def _period_pairs(self) -> Iterator[tuple[str, object]]:
        if self.period:
            if self.period != periods.DEFAULT:
                yield "period", self.period
            return
        if self.start:
            yield "from", typed.text(self.start)
        if self.end:
            yield "to", typed.text(self.end)

    def _choices(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        return (
            ("tracker", self.trackers),
            ("employee", self.employees),
            ("department", self.departments),
            ("form", self.forms),
        )

    def _display_pairs(self) -> Iterator[tuple[str, object]]:
        if self.sort != NEWEST_FIRST:
            yield from (("sort", str(level)) for level in self.sort)
        if self.page != 1:
            yield "page", self.page
        if self.per_page != 100:
            yield "per_page", self.per_page
        if self.columns != table_columns.DEFAULT:
            yield "columns", ",".join(self.columns)
        if self.view != "table":
            yield "view", self.view
        if self.group != "checkin":
            yield "group", self.group


_DEFAULT = Filters()
