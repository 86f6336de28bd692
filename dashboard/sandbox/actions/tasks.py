"""Stand-alone tasks, and what all kinds share (ref 7.3, 7.4)."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from dashboard.sandbox import task_input, task_search
from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import ApiError, invalid
from dashboard.sandbox.model import Form
from dashboard.sandbox.task_input import Body
from dashboard.sandbox.task_shapes import TaskShapes
from dashboard.sandbox.work import EDITABLE, Route, Task, Work

RIGHT = "task_update"
DEFAULT_LIMIT, MOST = 10_000, 100_000
TYPES = ("task", "checkpoint", "route")


def settled(asked: Asked) -> Work:
    """The account's work as it stands now."""
    with asked.box.lock:
        work = asked.world.work
        work.settle(asked.box.clock.now(), asked.world.account_id)
    return work


@action("task/list", get=True)
def list_tasks(asked: Asked) -> Answer:
    """Tasks alone, unless `types` asks for others and the switch lets it (ref 7.3, 7.7)."""
    settled(asked)
    kinds = _kinds(asked)
    tests = [*task_search.common_tests(asked), *task_search.task_tests(asked)]
    found = [one for one in task_search.visible(asked) if _kind(one) in kinds]
    found = task_search.in_order(asked, task_search.matching(found, tests))
    offset = asked.params.integer("offset", least=0) or 0
    limit = asked.params.integer("limit", most=MOST) or DEFAULT_LIMIT
    shapes = TaskShapes.of(asked)
    page = [_with_stops(asked, shapes, one) for one in found[offset : offset + limit]]
    return {"list": page, "count": len(found)}


@action("task/read", get=True)
def read_task(asked: Asked) -> Answer:
    """Any of the three kinds; a route with its checkpoints."""
    work, number = settled(asked), asked.params.need_integer("task_id")
    one = work.routes.get(number) or work.tasks.get(number)
    if one is None or not asked.sees(one.tracker_id):
        raise ApiError(201)
    shapes = TaskShapes.of(asked)
    stops = [shapes.task(stop) for stop in work.stops(one)] if isinstance(one, Route) else None
    return {"value": shapes.any(one, form=True), "checkpoints": stops}


@action("task/count", get=True)
def count_tasks(asked: Asked) -> Answer:
    settled(asked)
    return {"count": sum(_kind(one) == "task" for one in task_search.visible(asked))}


@action("task/create")
def create_task(asked: Asked) -> Answer:
    asked.needs(RIGHT)
    with asked.box.lock:
        work = settled(asked)
        body = task_input.body(asked, "task", asked.params.mapping("task"))
        tracker_id = task_input.executor(asked, body.tracker_id)
        task = made(asked, work, body, tracker_id=tracker_id)
        work.add(task)
        wrote(asked, work, task.id, "create", label=task.label)
        give_form(asked, task, body)
        return {"id": task.id, "external_id_counts": counts(work, [body.external_id])}


@action("task/update")
def update_task(asked: Asked) -> Answer:
    asked.needs(RIGHT)
    with asked.box.lock:
        work = settled(asked)
        body = task_input.body(asked, "task", asked.params.mapping("task"))
        task = named(asked, work, body.id, kind="task")
        must_be_editable([task])
        change(asked, work, task, body)
        return {"external_id_counts": counts(work, [body.external_id])}


@action("task/assign", get=True)
def assign_task(asked: Asked) -> Answer:
    asked.needs(RIGHT)
    with asked.box.lock:
        work = settled(asked)
        task = named(asked, work, asked.params.need_integer("task_id"), kind="task")
        assign(asked, work, [task], asked.params.integer("tracker_id"))
        return {}


@action("task/delete", get=True)
def delete_task(asked: Asked) -> Answer:
    asked.needs(RIGHT)
    with asked.box.lock:
        work = settled(asked)
        work.drop(named(asked, work, asked.params.need_integer("task_id"), kind="task"))
        return {}


@action("task/transmute", get=True)
def transmute_task(asked: Asked) -> Answer:
    """The task becomes a checkpoint of the route; later ones move on by one."""
    asked.needs(RIGHT)
    with asked.box.lock:
        work = settled(asked)
        task = named(asked, work, asked.params.need_integer("task_id"), kind="task")
        route = route_named(asked, work, asked.params.need_integer("route_id"))
        order = asked.params.need_integer("order", least=0)
        must_be_editable([task, *work.stops(route)])
        place(route, order)
        task.route_id, task.tracker_id = route.id, route.tracker_id
        stand(asked, task)
        route.checkpoint_ids.insert(order, task.id)
        work.judge(route)
        wrote(asked, work, task.id, "update", route_id=route.id, order=order)
        return {}


@action("task/history/list", get=True)
def list_history(asked: Asked) -> Answer:
    work, number = settled(asked), asked.params.need_integer("task_id")
    one = work.routes.get(number) or work.tasks.get(number)
    if one is None or not asked.sees(one.tracker_id):
        raise ApiError(201)
    shapes = TaskShapes.of(asked)
    return {"list": [shapes.happened(line) for line in work.happened if line.task_id == number]}


# --- shared with routes and checkpoints ---------------------------------------------------------------------


def named(asked: Asked, work: Work, number: int | None, *, kind: str) -> Task:
    """ApiError 7 without a number, 201 when there is none of that kind in sight."""
    if number is None:
        raise invalid(f"{kind}.id", "must not be null")
    one = work.tasks.get(number)
    if one is None or one.kind != kind or not asked.sees(one.tracker_id):
        raise ApiError(201)
    return one


def route_named(asked: Asked, work: Work, number: int | None) -> Route:
    if number is None:
        raise invalid("route.id", "must not be null")
    route = work.routes.get(number)
    if route is None or not asked.sees(route.tracker_id):
        raise ApiError(201)
    return route


def must_be_editable(found: Iterable[Task | Route]) -> None:
    if any(one.status not in EDITABLE for one in found):
        raise ApiError(255)


def place(route: Route, order: int) -> None:
    if order > len(route.checkpoint_ids):
        raise invalid("order", f"must be at most {len(route.checkpoint_ids)}")


def made(asked: Asked, work: Work, body: Body, *, tracker_id: int | None, route: Route | None = None) -> Task:
    """A new record; ApiError 236 when the tariff has no tasks."""
    check_tariff(asked, tracker_id)
    now = asked.box.clock.now().replace(microsecond=0)
    task = Task(
        id=work.new_id(),
        lat=body.lat,
        lng=body.lng,
        radius=body.radius,
        address=body.address,
        label=body.label,
        description=body.description,
        created=now,
        start=body.start,
        end=body.end,
        tracker_id=tracker_id,
        route_id=route.id if route else None,
        status="assigned" if tracker_id else "unassigned",
        status_changed=now,
    )
    _fill(task, body)
    return task


def change(asked: Asked, work: Work, task: Task, body: Body) -> None:
    """Everything writable takes the value sent; `tracker_id` is ignored (ref 7.1)."""
    task.lat, task.lng, task.radius, task.address = body.lat, body.lng, body.radius, body.address
    task.label, task.description = body.label, body.description
    moved = (task.start, task.end) != (body.start, body.end)
    task.start, task.end = body.start, body.end
    if moved:
        task.plan = None  # nobody knows when they will come now
    _fill(task, body)
    work.watch(task)
    give_form(asked, task, body)
    wrote(asked, work, task.id, "update", label=task.label)


def _fill(task: Task, body: Body) -> None:
    task.external_id = body.external_id
    task.max_delay, task.min_stay, task.min_arrival = body.max_delay, body.min_stay, body.min_arrival
    task.tag_ids, task.fields = body.tag_ids, body.fields


def assign(asked: Asked, work: Work, found: list[Task], tracker_id: int | None) -> None:
    """ApiError 255 unless all may still change."""
    must_be_editable(found)
    executor = task_input.executor(asked, tracker_id)
    check_tariff(asked, executor)
    for one in found:
        if one.tracker_id != executor:
            one.tracker_id, one.plan = executor, None
        stand(asked, one)
        work.watch(one)
        wrote(asked, work, one.id, "assign", tracker_id=executor)


def stand(asked: Asked, one: Task | Route) -> None:
    """Assigned or not, by whether somebody is to do it."""
    status = "assigned" if one.tracker_id else "unassigned"
    if status != one.status:
        one.status, one.status_changed = status, asked.box.clock.now().replace(microsecond=0)


def check_tariff(asked: Asked, tracker_id: int | None) -> None:
    """ApiError 236; to be asked before the first record of several is written."""
    if tracker_id is not None and not asked.box.switches.tasks_in_tariff:
        raise ApiError(236)


def give_form(asked: Asked, task: Task, body: Body) -> None:
    """`create_form` makes, replaces or takes away the form; without it nothing happens (ref 7.4)."""
    if asked.params.boolean("create_form"):
        task.form_id = attached(asked, task, body.form_template_id) if body.form_template_id else None
        task.visit = None


def attached(asked: Asked, task: Task, template_id: int) -> int:
    """The id of a new empty form for the task. ApiError 201 without such a template."""
    template = asked.world.templates.get(template_id)
    if template is None:
        raise ApiError(201)
    form = Form(
        id=asked.world.next_id(),
        label=template.label,
        description=template.description,
        fields=deepcopy(template.fields),
        values=None,
        created=asked.box.clock.now(),
        submitted=None,
        template_id=template.id,
        template_version=template.version,
        tracker_id=task.tracker_id,
        task_id=task.id,
        submit_in_zone=template.submit_in_zone,
    )
    asked.world.written_forms[form.id] = form
    return form.id


def counts(work: Work, external_ids: Iterable[str | None]) -> list[dict[str, Any]] | None:
    """How many share each external id, when somebody else has it too."""
    found = {one: work.with_external_id(one) for one in external_ids if one}
    shared = [{"external_id": one, "count": number} for one, number in found.items() if number > 1]
    return shared or None


def wrote(asked: Asked, work: Work, task_id: int, operation: str, **payload: Any) -> None:
    now = asked.box.clock.now().replace(microsecond=0)
    work.note(task_id, operation, moment=now, user_id=asked.person.user_id, **payload)


def _kinds(asked: Asked) -> tuple[str, ...]:
    types = asked.params.texts("types")
    if not types or not asked.box.switches.task_types_understood:
        return ("task",)
    if not set(types) <= set(TYPES):
        raise invalid("types", "unknown type")
    return tuple(types)


def _kind(one: Task | Route) -> str:
    return "route" if isinstance(one, Route) else one.kind


def _with_stops(asked: Asked, shapes: TaskShapes, one: Task | Route) -> dict[str, Any]:
    found = shapes.any(one)
    if isinstance(one, Route):
        found["checkpoints"] = [shapes.task(stop) for stop in asked.world.work.stops(one)]
    return found
