"""What `task/list` and `task/route/list` filter, compare and sort by (ref 4, 7.3, 7.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dashboard.sandbox.errors import invalid
from dashboard.sandbox.listing import full_name, metres, searched_names
from dashboard.sandbox.params import sort_expression
from dashboard.sandbox.search import Field, Reader
from dashboard.sandbox.work import STATUSES, Route, Task
from dashboard.sandbox.world import World

if TYPE_CHECKING:
    from dashboard.sandbox.actions import Asked

LONGEST_FILTER = 100
MOST_TOP_LEVEL = 60
_NEVER = datetime.min.replace(tzinfo=UTC)
Found = Task | Route
Test = Callable[[Found], bool]


def visible(asked: Asked) -> list[Found]:
    """Tasks, checkpoints and routes in scope; what nobody is to do yet is seen by everybody (ref 1.8)."""
    work = asked.world.work
    found: list[Found] = [*work.tasks.values(), *work.routes.values()]
    return [one for one in found if asked.sees(one.tracker_id)]


def common_tests(asked: Asked) -> list[Test]:
    """`statuses`, `trackers`, `from`, `to`, `filter`: tasks and routes alike."""
    params, work = asked.params, asked.world.work
    tests: list[Test] = []
    if (statuses := params.texts("statuses")) is not None:
        if not statuses or not set(statuses) <= set(STATUSES):
            raise invalid("statuses", "unknown or no status")
        tests.append(lambda one: one.status in statuses)
    if (trackers := params.integers("trackers")) is not None:
        if len(set(trackers)) < len(trackers):
            raise invalid("trackers", "must be unique")
        tests.append(lambda one: one.tracker_id in trackers)
    start, end = params.moment("from"), params.moment("to")

    def window(one: Found) -> tuple[datetime, datetime]:
        return work.window(one) if isinstance(one, Route) else (one.start, one.end)

    if start is not None:
        since = start
        tests.append(lambda one: window(one)[1] >= since)
    if end is not None:
        until = end
        tests.append(lambda one: window(one)[0] <= until)
    if wanted := params.text("filter", longest=LONGEST_FILTER):
        needle = wanted.casefold()
        tests.append(lambda one: needle in _everything(one).casefold())
    return tests


def task_tests(asked: Asked) -> list[Test]:
    """What only `task/list` takes."""
    params, tests = asked.params, list[Test]()
    if external_id := params.text("external_id", longest=LONGEST_FILTER):
        tests.append(lambda one: one.external_id == external_id)
    if tags := params.integers("tag_ids"):
        tests.append(lambda one: bool(set(tags) & set(one.tag_ids)))
    if words := params.texts("filters"):
        needles = [one.casefold() for one in words]
        tests.append(lambda one: all(needle in _everything(one).casefold() for needle in needles))
    if circle := params.circle("location"):
        tests.append(
            lambda one: (
                isinstance(one, Task) and metres(one.lat, one.lng, circle.lat, circle.lng) <= circle.radius
            )
        )
    if conditions := params.items("conditions"):
        fields = condition_fields(asked.world)
        reader = Reader(fields=fields, moments=asked.moments, top_level_most=MOST_TOP_LEVEL)
        tests.append(reader.read("conditions", conditions))
    return tests


def matching(found: Iterable[Found], tests: list[Test]) -> list[Found]:
    return [one for one in found if all(test(one) for test in tests)]


def in_order(asked: Asked, found: list[Found]) -> list[Found]:
    keys = sort_keys(asked.world)
    expressions = [sort_expression(one, keys) for one in asked.params.texts("sort") or ()]
    found.sort(key=lambda one: one.id)
    for name, descending in reversed(expressions):
        found.sort(key=keys[name], reverse=descending)
    return found


def _everything(one: Found) -> str:
    parts = [one.label, one.description, one.external_id or ""]
    if isinstance(one, Task):
        parts += [one.address or "", *(str(value.get("value", "")) for value in (one.fields or {}).values())]
    return "\n".join(parts)


def _window(world: World) -> Callable[[Found], tuple[datetime, datetime]]:
    return lambda one: world.work.window(one) if isinstance(one, Route) else (one.start, one.end)


def _of_task(name: str, otherwise: Any = None) -> Callable[[Found], Any]:
    return lambda one: getattr(one, name) if isinstance(one, Task) else otherwise


def condition_fields(world: World) -> dict[str, Field]:
    people = {one.tracker_id: one for one in world.employees.values() if one.tracker_id}
    window = _window(world)

    def employee(one: Found) -> int | None:
        found = people.get(one.tracker_id or 0)
        return found.id if found else None

    def names(one: Found) -> str | None:
        found = people.get(one.tracker_id or 0)
        return searched_names(found) if found else None

    def form(one: Found) -> Any:
        return world.form(one.form_id) if isinstance(one, Task) and one.form_id else None

    return {
        "id": Field(number=lambda one: one.id),
        "employee": Field(number=employee, text=names),
        "status": Field(text=lambda one: one.status),
        "label": Field(text=lambda one: one.label),
        "location": Field(text=_of_task("address")),
        "from": Field(time=lambda one: window(one)[0]),
        "to": Field(time=lambda one: window(one)[1]),
        "status_change_date": Field(time=lambda one: one.status_changed),
        "arrival_date": Field(time=lambda one: _of_task("arrived")(one) or _NEVER),
        "stay_duration": Field(number=_of_task("stay", 0)),
        "description": Field(text=lambda one: one.description),
        "external_id": Field(text=lambda one: one.external_id),
        "form": Field(
            number=lambda one: found.template_id if (found := form(one)) else None,
            text=lambda one: found.label if (found := form(one)) else None,
        ),
    }


def sort_keys(world: World) -> dict[str, Callable[[Found], Any]]:
    """`employee` sorts by full name or, lacking one, by the tracker's label (ref 4)."""
    people = {one.tracker_id: full_name(one) for one in world.employees.values() if one.tracker_id}
    labels = {one.id: one.label for one in world.trackers.values()}
    window = _window(world)

    def who(one: Found) -> str:
        return (people.get(one.tracker_id or 0) or labels.get(one.tracker_id or 0, "")).casefold()

    def form(one: Found) -> str:
        found = world.form(one.form_id) if isinstance(one, Task) and one.form_id else None
        return found.label.casefold() if found else ""

    return {
        "id": lambda one: one.id,
        "employee": who,
        "status": lambda one: one.status,
        "label": lambda one: one.label.casefold(),
        "location": lambda one: (_of_task("address")(one) or "").casefold(),
        "from": lambda one: window(one)[0],
        "to": lambda one: window(one)[1],
        "status_change_date": lambda one: one.status_changed,
        "arrival_date": lambda one: _of_task("arrived")(one) or _NEVER,
        "stay_duration": _of_task("stay", 0),
        "description": lambda one: one.description.casefold(),
        "external_id": lambda one: one.external_id or "",
        "form": form,
    }
