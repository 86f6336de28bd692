"""Finding tasks and routes: what the parameters of ref 7.3 and 7.5 let through, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dashboard.sandbox.errors import invalid
from dashboard.sandbox.listing import full_name, metres, searched_names
from dashboard.sandbox.params import Circle, sort_expression
from dashboard.sandbox.search import Field
from dashboard.sandbox.work.records import Route, Task
from dashboard.sandbox.work.states import STATUSES, State, state

if TYPE_CHECKING:
    from dashboard.sandbox.actions import Asked

LONGEST_FILTER = 100
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A record with its state now; `start` and `end` are those of a route's stops too."""

    one: Task | Route
    state: State
    start: datetime
    end: datetime
    employee_id: int | None = None
    employee: str = ""
    form_id: int | None = None
    form: str = ""

    @property
    def address(self) -> str:
        return (self.one.location.get("address") or "") if isinstance(self.one, Task) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`statuses`, `trackers`, `from` and `to`: window and period have to overlap (ref 7.3)."""

    statuses: frozenset[str]
    trackers: frozenset[int] | None
    start: datetime | None
    end: datetime | None

    @classmethod
    def of(cls, asked: Asked) -> Window:
        statuses, trackers = asked.params.texts("statuses"), asked.params.integers("trackers")
        if statuses is not None and (not statuses or set(statuses) - set(STATUSES)):
            raise invalid("statuses", "must hold at least one known status")
        if trackers is not None and len(set(trackers)) < len(trackers):
            raise invalid("trackers", "must not contain duplicates")
        start, end = asked.params.moment("from"), asked.params.moment("to")
        if start and end and end < start:
            raise invalid("to", "must not be before from")
        named = frozenset(trackers) if trackers else None
        return cls(statuses=frozenset(statuses or STATUSES), trackers=named, start=start, end=end)

    def holds(self, tracker_id: int | None, start: datetime, end: datetime) -> bool:
        if self.trackers is not None and tracker_id not in self.trackers:
            return False
        return not ((self.start and end < self.start) or (self.end and start > self.end))


def every(asked: Asked, kinds: Iterable[str]) -> Iterator[Seen]:
    """The records of these kinds the caller may see within the asked window; nobody's are everyone's."""
    work, now, wanted, window = asked.work, asked.box.clock.now(), frozenset(kinds), Window.of(asked)
    describe = _describer(asked)
    for task in list(work.tasks.values()):
        if task.kind not in wanted or not window.holds(task.tracker_id, task.start, task.end):
            continue
        seen = describe(task, state(task, now), task.start, task.end)
        if seen.state.status in window.statuses and asked.sees(task.tracker_id):
            yield seen
    for route in list(work.routes.values()) if "route" in wanted else ():
        first, last = work.tasks[route.stop_ids[0]], work.tasks[route.stop_ids[-1]]
        if asked.sees(route.tracker_id) and window.holds(route.tracker_id, first.start, last.end):
            seen = describe(route, work.route_state(route, now), first.start, last.end)
            if seen.state.status in window.statuses:
                yield seen


def _describer(asked: Asked) -> Callable[[Task | Route, State, datetime, datetime], Seen]:
    """Adds who drives and which form hangs on it."""
    drivers = {one.tracker_id: one for one in asked.world.employees.values() if one.tracker_id}
    forms = asked.world.written_forms

    def describe(one: Task | Route, found: State, start: datetime, end: datetime) -> Seen:
        driver = drivers.get(one.tracker_id) if one.tracker_id else None
        form = forms.get(one.form_id or 0) if isinstance(one, Task) else None
        return Seen(
            one=one,
            state=found,
            start=start,
            end=end,
            employee_id=driver.id if driver else None,
            employee=searched_names(driver) if driver else "",
            form_id=form.template_id if form else None,
            form=form.label if form else "",
        )

    return describe


def holding(asked: Asked, found: Iterable[Seen], text_of: Callable[[Seen], str]) -> Iterator[Seen]:
    """Those whose text holds `filter`."""
    wanted = asked.params.text("filter", longest=LONGEST_FILTER)
    folded = (wanted or "").casefold()
    return (seen for seen in found if folded in text_of(seen).casefold())


def short_text(seen: Seen) -> str:
    return f"{seen.one.label}\n{seen.one.description}\n{seen.address}"


def whole_text(seen: Seen) -> str:
    """Built-in and custom fields."""
    custom = getattr(seen.one, "fields", None) or {}
    values = "\n".join(str(one.get("value", "")) for one in custom.values() if isinstance(one, dict))
    others = (str(seen.one.id), seen.one.external_id or "", seen.employee, seen.form, values)
    return "\n".join((short_text(seen), *others))


def near(asked: Asked, found: Iterable[Seen]) -> Iterator[Seen]:
    """Centre of the zone inside the circle `location`."""
    circle = asked.params.circle("location")
    for seen in found:
        if circle is None or _inside(circle, seen.one):
            yield seen


def _inside(circle: Circle, one: Task | Route) -> bool:
    if isinstance(one, Route):
        return False
    return metres(one.location["lat"], one.location["lng"], circle.lat, circle.lng) <= circle.radius


FIELDS: dict[str, Field] = {
    "id": Field(number=lambda seen: seen.one.id),
    "employee": Field(number=lambda seen: seen.employee_id, text=lambda seen: seen.employee),
    "status": Field(text=lambda seen: seen.state.status),
    "label": Field(text=lambda seen: seen.one.label),
    "location": Field(text=lambda seen: seen.address),
    "from": Field(time=lambda seen: seen.start),
    "to": Field(time=lambda seen: seen.end),
    "status_change_date": Field(time=lambda seen: seen.state.since),
    "arrival_date": Field(time=lambda seen: seen.state.arrival or NEVER),
    "stay_duration": Field(number=lambda seen: seen.state.stay),
    "description": Field(text=lambda seen: seen.one.description),
    "external_id": Field(text=lambda seen: seen.one.external_id),
    "form": Field(number=lambda seen: seen.form_id, text=lambda seen: seen.form),
}


def in_order(asked: Asked, found: Iterable[Seen]) -> list[Seen]:
    """By `sort`, ties and the unsorted by window and id."""
    rows = sorted(found, key=lambda seen: (seen.start, seen.one.id))
    for text in reversed(asked.params.texts("sort") or []):
        name, descending = sort_expression(text, FIELDS)
        rows.sort(key=_sort_key(asked, name), reverse=descending)
    return rows


def _sort_key(asked: Asked, name: str) -> Callable[[Seen], Any]:
    """An employee sorts by full name or, lacking one, by the label of the tracker (ref 4)."""
    if name == "employee":
        people, trackers = asked.world.employees, asked.world.trackers

        def called(seen: Seen) -> str:
            person, tracker = people.get(seen.employee_id or 0), trackers.get(seen.one.tracker_id or 0)
            return (full_name(person) if person else tracker.label if tracker else "").casefold()

        return called
    field = FIELDS[name]
    if field.time is not None:
        return field.time
    if field.text is not None:
        text = field.text
        return lambda seen: (text(seen) or "").casefold()
    return lambda seen: field.number(seen) or 0 if field.number else 0
