"""Forms of tasks and checkpoints (ref 7.8): attached, read, taken away, corrected, never filled first."""

from __future__ import annotations

from dataclasses import replace

from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.actions import tasks as shared
from dashboard.sandbox.actions.creation import checker, close_uploads, file_ids, reserve_for_field
from dashboard.sandbox.actions.forms import files_of_form, rendered
from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import ApiError, invalid
from dashboard.sandbox.model import Form
from dashboard.sandbox.shapes import Shapes
from dashboard.sandbox.work import Task

RUNNING = frozenset({"unassigned", "assigned", "arrived"})
CLOSED = frozenset({"done", "failed", "delayed"})


@action("task/form/create", get=True)
def create_form(asked: Asked) -> Answer:
    """ApiError 247 when there is one already, 201 for a route."""
    asked.needs(shared.RIGHT)
    _not_in_demo(asked)
    with asked.box.lock:
        task = _task(asked)
        _check_state(asked, task)
        if asked.world.form(task.form_id or 0):
            raise ApiError(247)
        task.form_id, task.visit = (
            shared.attached(asked, task, asked.params.need_integer("template_id")),
            None,
        )
        return {}


@action("task/form/delete", get=True)
def delete_form(asked: Asked) -> Answer:
    """All data of the form is lost."""
    asked.needs(shared.RIGHT)
    _not_in_demo(asked)
    with asked.box.lock:
        task = _task(asked)
        if task.status not in RUNNING:
            raise ApiError(255)
        form = _form(asked, task)
        asked.world.written_forms.pop(form.id, None)
        for file_id, upload in list(asked.box.uploads.items()):
            if upload.form_id == form.id:
                del asked.box.uploads[file_id], asked.world.written_files[file_id]
        task.form_id, task.visit = None, None
        return {}


@action("task/form/read", get=True)
def read_form(asked: Asked) -> Answer:
    """`value` is left out without a form; `files` holds those not submitted yet too."""
    task = _task(asked)
    form = asked.world.form(task.form_id) if task.form_id else None
    if form is None:
        return {"value": None, "files": []}
    waiting = [one.file for one in asked.box.uploads.values() if one.form_id == form.id and not one.submitted]
    shapes = Shapes.of(asked)
    files = [shapes.file(one) for one in (*files_of_form(asked, form), *waiting)]
    return {"value": shapes.form(form), "files": files}


@action("task/form/download", get=True)
def download_form(asked: Asked) -> Answer:
    kind = asked.params.need_text("format")
    return rendered(_form(asked, _task(asked)), kind)


@action("task/form/values/update")
def update_values(asked: Asked) -> Answer:
    """Corrects a form the app has submitted once; ApiError 255 before that."""
    asked.needs(shared.RIGHT)
    _not_in_demo(asked)
    values = asked.params.mapping("values")
    if values is None:
        raise invalid("values", "must not be null")
    with asked.box.lock:
        task = _task(asked)
        form = _correctable(asked, task)
        errors = checker(asked, form, file_ids(form.values or {})).errors(form.fields, values)
        if errors:
            raise ApiError(242, errors=errors)
        form = replace(form, values=values, submitted=asked.box.clock.now())
        asked.world.written_forms[form.id] = form
        close_uploads(asked, form)
        return {}


@action("task/form/file/create", get=True)
def create_file(asked: Asked) -> Answer:
    asked.needs(shared.RIGHT)
    return reserve_for_field(asked, _correctable(asked, _task(asked)))


def _task(asked: Asked) -> Task:
    """A task or a checkpoint; ApiError 201 for a route and for what is not there."""
    work = shared.settled(asked)
    task = work.tasks.get(asked.params.need_integer("task_id"))
    if task is None or not asked.sees(task.tracker_id):
        raise ApiError(201)
    return task


def _form(asked: Asked, task: Task) -> Form:
    form = asked.world.form(task.form_id) if task.form_id else None
    if form is None:
        raise ApiError(201)
    return form


def _check_state(asked: Asked, task: Task) -> None:
    """Closed ones only with a right no list of rights names (ref 7.8)."""
    closed = task.status in CLOSED and asked.box.may(asked.person, "completed_form_update")
    if task.status not in RUNNING and not closed:
        raise ApiError(255)


def _correctable(asked: Asked, task: Task) -> Form:
    form = _form(asked, task)
    _check_state(asked, task)
    if form.submitted is None:
        raise ApiError(255)
    return form


def _not_in_demo(asked: Asked) -> None:
    if asked.box.switches.demo:
        raise ApiError(101)
