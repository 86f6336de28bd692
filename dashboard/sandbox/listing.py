"""Finding check-ins: period by bisection, then scope, circle and conditions, then order (ref 5.3)."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from operator import attrgetter
from typing import TypeVar

from dashboard.sandbox.model import Checkin, Employee
from dashboard.sandbox.params import Circle
from dashboard.sandbox.search import Field, Test
from dashboard.sandbox.world import World

T = TypeVar("T")
REMEMBERED = 48
EARTH = 6_371_000.0  # metres
METRES_PER_DEGREE = 111_000  # of latitude, rounded down
WORST_PRECISION = 100_000
Key = Callable[[Checkin], object]


class CheckinSearch:
    """Remembers the sorted results of the latest queries, and the text of so many of the latest records."""

    def __init__(self, *, records: int) -> None:
        self._most_records = records
        self._results: OrderedDict[Hashable, Sequence[Checkin]] = OrderedDict()
        self._written: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = threading.Lock()

    def results(self, key: Hashable, find: Callable[[], Sequence[Checkin]]) -> Sequence[Checkin]:
        return self._remembered(self._results, key, find, most=REMEMBERED)

    def written(self, key: Hashable, write: Callable[[], str]) -> str:
        """The JSON text of one record; the key holds everything it depends on."""
        return self._remembered(self._written, key, write, most=self._most_records)

    def _remembered(
        self, shelf: OrderedDict[Hashable, T], key: Hashable, make: Callable[[], T], *, most: int
    ) -> T:
        with self._lock:
            if key in shelf:
                shelf.move_to_end(key)
                return shelf[key]
        made = make()
        with self._lock:
            shelf[key] = made
            while len(shelf) > most:
                shelf.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    trackers: frozenset[int]
    start: datetime | None
    end: datetime | None
    circle: Circle | None
    test: Test | None
    sort: tuple[tuple[str, bool], ...]  # (field, descending)
    with_precision: bool = False


def find(world: World, query: Query) -> list[Checkin]:
    found = in_period(world.checkins, query.start, query.end)
    found = [one for one in found if one.tracker_id in query.trackers]
    if query.circle is not None:
        found = list(inside(found, query.circle, with_precision=query.with_precision))
    if query.test is not None:
        found = list(filter(query.test, found))
    return in_order(found, query.sort, sort_keys(world))


def in_period(checkins: list[Checkin], start: datetime | None, end: datetime | None) -> list[Checkin]:
    """Both ends included; the list is ordered by time."""
    time = attrgetter("marker_time")
    low = 0 if start is None else bisect_left(checkins, start, key=time)
    high = len(checkins) if end is None else bisect_right(checkins, end, key=time)
    return checkins[low:high]


def in_order(found: list[Checkin], sort: Iterable[tuple[str, bool]], keys: dict[str, Key]) -> list[Checkin]:
    """Stable, so that sorting by the last key first gives the priority order; ties go by time and id.

    What comes in is in that order already: sorting by time alone costs no comparison.
    """
    expressions = list(sort)
    if expressions == [("marker_time", True)]:
        return found[::-1]
    for name, descending in reversed(expressions):
        found.sort(key=keys[name], reverse=descending)  # type: ignore[arg-type]  # each key compares with itself
    return found


def inside(found: Iterable[Checkin], circle: Circle, *, with_precision: bool) -> Iterable[Checkin]:
    band = (circle.radius + (WORST_PRECISION if with_precision else 0)) / METRES_PER_DEGREE
    for one in found:
        if abs(one.lat - circle.lat) > band:
            continue  # most are far away: spare them the trigonometry
        slack = (one.precision or 0) if with_precision else 0
        if metres(one.lat, one.lng, circle.lat, circle.lng) <= circle.radius + slack:
            yield one


def metres(lat: float, lng: float, other_lat: float, other_lng: float) -> float:
    """Great-circle distance."""
    up, over = radians(other_lat - lat), radians(other_lng - lng)
    half = sin(up / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(over / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, half)))


def full_name(employee: Employee) -> str:
    return " ".join(filter(None, (employee.last_name, employee.first_name, employee.middle_name)))


def searched_names(employee: Employee) -> str:
    """Both orders, since nobody says in which one `contains` searches an employee's names."""
    first_to_last = " ".join(filter(None, (employee.first_name, employee.middle_name, employee.last_name)))
    return f"{first_to_last}\n{full_name(employee)}"


def sort_keys(world: World) -> dict[str, Key]:
    """The six names of the reference and the three OAS adds (ref 4)."""
    names = {one.id: full_name(one).casefold() for one in world.employees.values()}
    employee: Key = lambda one: names.get(one.employee_id or 0, "")  # noqa: E731 - one of six alike
    address: Key = lambda one: (one.address or "").casefold()  # noqa: E731
    form: Key = lambda one: (one.form_label or "").casefold()  # noqa: E731
    return {
        "employee": employee,
        "tracker_id": attrgetter("tracker_id"),
        "marker_time": attrgetter("marker_time"),
        "location": address,
        "comment": lambda one: (one.comment or "").casefold(),
        "form": form,
        "employee_fullname": employee,
        "address": address,
        "form_label": form,
    }


def condition_fields(world: World, *, tracker_is_linked: bool) -> dict[str, Field]:
    """The six fields of checkin/list; employee and form are linked entities (ref 4)."""
    names = {one.id: searched_names(one) for one in world.employees.values()}
    labels = {one.id: one.label for one in world.trackers.values()}
    tracker = Field(
        number=attrgetter("tracker_id"),
        text=(lambda one: labels.get(one.tracker_id)) if tracker_is_linked else None,
    )
    return {
        "employee": Field(number=attrgetter("employee_id"), text=lambda one: names.get(one.employee_id)),
        "tracker_id": tracker,
        "marker_time": Field(time=attrgetter("marker_time")),
        "location": Field(text=attrgetter("address")),
        "comment": Field(text=attrgetter("comment")),
        "form": Field(number=attrgetter("template_id"), text=attrgetter("form_label")),
    }
