"""Filled forms of a template in bulk: `task/form/list`, of tasks and of check-ins (ref 5.7, 7.8).

A task's form stands here by its visit, which has the members of a check-in. Nothing but the asked page is
made: of 100,000 check-ins' forms only the wanted ones are ever filled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.actions.tasks import settled
from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import ApiError, invalid
from dashboard.sandbox.listing import full_name
from dashboard.sandbox.model import Checkin
from dashboard.sandbox.params import read_moment
from dashboard.sandbox.rounds import has_filled
from dashboard.sandbox.shapes import Json, Shapes
from dashboard.sandbox.work import OVER, Task

DEFAULT_LIMIT, MOST = 10_000, 100_000
MOST_TASKS = 5_000
ORDERS = (
    *("submitted", "task_id", "created", "task_address", "submit_address", "employee_full_name"),
    *("vehicle_label", "tracker_label", "task_label", "task_creation_date", "task_from", "task_to"),
    *("task_arrival_date", "task_completion_date", "form_label", "form_description"),
)
FILTERS = (
    *("employee_full_name", "form_description", "form_label", "submit_address", "task_id", "task_address"),
    *("task_label", "tracker_label", "vehicle_label"),
)
TASK_PERIODS = (
    *("task_creation_period", "task_from_period", "task_to_period", "task_arrival_period"),
    "task_completion_period",
)
Text = Callable[[Checkin], str]


@action("task/form/list", get=True)
def list_task_forms(asked: Asked) -> Answer:
    """Without a template and without tasks: nothing, as OAS says (ref 10.23)."""
    params = asked.params
    if params.boolean("include_unsubmitted") is None:
        raise invalid("include_unsubmitted", "must not be null")
    _check_tasks(asked)
    template_id = params.integer("template_id")
    if template_id is not None and template_id not in asked.world.templates:
        raise ApiError(204)
    found = [*_of_checkins(asked, template_id), *_of_tasks(asked, template_id)]
    offset = params.integer("offset", least=0) or 0
    page = _ordered(asked, found)[offset : offset + _limit(asked)]
    return {"list": [_item(asked, one) for one in page], "count": len(found)}


def _check_tasks(asked: Asked) -> None:
    tasks = asked.params.integers("task_ids")
    if tasks is not None and not 1 <= len(tasks) <= MOST_TASKS:
        raise invalid("task_ids", f"size must be between 1 and {MOST_TASKS}")


def _limit(asked: Asked) -> int:
    return asked.params.integer("limit", most=MOST) or DEFAULT_LIMIT


def _of_tasks(asked: Asked, template_id: int | None) -> Iterator[Checkin]:
    params, tests = asked.params, _tests(asked)
    numbers, unsubmitted = params.integers("task_ids"), params.boolean("include_unsubmitted")
    if template_id is None and numbers is None:
        return
    start, end = _period(asked, "submit_period")
    for task in settled(asked).tasks.values():
        visit = task.visit
        if visit is None or not asked.sees(task.tracker_id) or (numbers and task.id not in numbers):
            continue
        if template_id not in (None, visit.template_id):
            continue
        submitted = _submitted(asked, task)
        if submitted is None and not unsubmitted:
            continue
        if (start or end) and not _within(submitted, start, end):
            continue
        if all(wanted in text(visit).casefold() for text, wanted in tests):
            yield visit


def _submitted(asked: Asked, task: Task) -> datetime | None:
    """Known without making the form, unless it was corrected."""
    corrected = asked.world.written_forms.get(task.form_id or 0)
    if corrected:
        return corrected.submitted
    return task.visit.marker_time if task.visit and has_filled(task) else None


def _within(moment: datetime | None, start: datetime | None, end: datetime | None) -> bool:
    return moment is not None and (not start or start <= moment) and (not end or moment <= end)


def _of_checkins(asked: Asked, template_id: int | None) -> Iterator[Checkin]:
    """A form of a check-in belongs to no task, so whatever asks for one leaves it out."""
    params = asked.params
    if template_id is None or not asked.box.switches.checkin_forms_are_listed or params.has("task_ids"):
        return
    if any(params.has(name) for name in TASK_PERIODS):
        return
    start, end = _period(asked, "submit_period")
    tests = _tests(asked)
    for one in asked.world.checkins:
        if one.template_id != template_id or not one.form_id or not asked.sees(one.tracker_id):
            continue
        if (start and one.marker_time < start) or (end and one.marker_time > end):
            continue
        if all(wanted in text(one).casefold() for text, wanted in tests):
            yield one


def _period(asked: Asked, name: str) -> tuple[datetime | None, datetime | None]:
    found = asked.params.mapping(name)
    if found is None:
        return None, None
    start, end = (read_moment(asked.moments, f"{name}.{key}", found.get(key)) for key in ("from", "to"))
    if end < start:
        raise invalid(name, "to must not be before from")
    return start, end


def _tests(asked: Asked) -> list[tuple[Text, str]]:
    filters = asked.params.mapping("filters") or {}
    if unknown := filters.keys() - set(FILTERS):
        raise invalid("filters", f"unknown {min(unknown)}")
    texts = _texts(asked)
    return [(texts.get(name, lambda _: ""), str(value).casefold()) for name, value in filters.items()]


def _texts(asked: Asked) -> dict[str, Text]:
    """What filters and orders see of a check-in's form; what belongs to a task is empty."""
    world = asked.world
    names = {one.id: full_name(one) for one in world.employees.values()}
    labels = {one.id: one.label for one in world.trackers.values()}
    about = {one.id: one.description for one in world.templates.values()}
    return {
        "employee_full_name": lambda one: names.get(one.employee_id or 0, ""),
        "tracker_label": lambda one: labels.get(one.tracker_id, ""),
        "submit_address": lambda one: one.address or "",
        "form_label": lambda one: one.form_label or "",
        "form_description": lambda one: about.get(one.template_id or 0, ""),
    }


def _ordered(asked: Asked, found: Iterable[Checkin]) -> list[Checkin]:
    name = asked.params.text("order_by") or "submitted"
    if name not in ORDERS:
        raise invalid("order_by", "unknown field")
    ascending = asked.params.boolean("ascending")
    times: dict[str, Callable[[Checkin], datetime]] = {
        "submitted": lambda one: one.marker_time,
        "created": lambda one: one.received,
    }
    texts = _texts(asked)
    key = times.get(name) or texts.get(name, lambda _: "")
    return sorted(found, key=key, reverse=ascending is False)


def _task(asked: Asked, task_id: int) -> Json:
    write, task = asked.moments.write, asked.world.work.tasks[task_id]
    over = task.status_changed if task.status in OVER else None
    return {
        "id": task.id,
        "label": task.label,
        "from": write(task.start),
        "to": write(task.end),
        "creation_date": write(task.created),
        "arrival_date": write(task.arrived) if task.arrived else None,
        "address": task.address,
        "status": task.status,
        "completion_date": write(over) if over else None,
        "fact_duration": f"PT{task.stay}S",
    }


def _item(asked: Asked, one: Checkin) -> Json:
    """No sample of the reference shows `files` here, so there are none (ref 5.7)."""
    form = asked.world.form(one.form_id or 0)
    if form is None:
        raise ApiError(6)
    employee = asked.world.employees.get(one.employee_id or 0)
    tracker = asked.world.trackers.get(one.tracker_id)
    name = ("id", "first_name", "middle_name", "last_name")
    return {
        "form": Shapes.of(asked).form(form),
        "task": _task(asked, form.task_id) if form.task_id else None,
        "employee": {key: getattr(employee, key) for key in name} if employee else None,
        "tracker": {"id": tracker.id, "label": tracker.label} if tracker else None,
        "submit_places": {"location": form.submit_location, "places": [], "zones": []},
    }
