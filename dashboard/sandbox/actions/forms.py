"""Form templates and forms (ref 6)."""

from __future__ import annotations

from collections import Counter

from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.envelope import Answer, FileAnswer
from dashboard.sandbox.errors import ApiError, invalid
from dashboard.sandbox.exports import Table, export
from dashboard.sandbox.model import File, Form
from dashboard.sandbox.shapes import Shapes
from dashboard.sandbox.work import STATUSES


@action("form/template/list", get=True)
def list_templates(asked: Asked) -> Answer:
    shapes = Shapes.of(asked)
    return {"list": [shapes.template(one) for one in asked.world.templates.values()]}


@action("form/template/read", get=True)
def read_template(asked: Asked) -> Answer:
    one = asked.world.templates.get(asked.params.need_integer("template_id"))
    if one is None:
        raise ApiError(201)
    return {"value": Shapes.of(asked).template(one)}


@action("form/template/stats/read", get=True)
def template_stats(asked: Asked) -> Answer:
    template_id = asked.params.need_integer("template_id")
    if template_id not in asked.world.templates:
        raise ApiError(201)
    forms = ((one, asked.world.form(one.form_id)) for one in asked.world.work.tasks.values() if one.form_id)
    tasks = Counter(one.status for one, form in forms if form and form.template_id == template_id)
    return {"tasks": dict.fromkeys(STATUSES, 0) | tasks, "scheduled": 0}


@action("form/read", get=True)
def read_form(asked: Asked) -> Answer:
    form = _visible(asked)
    shapes = Shapes.of(asked)
    files = [shapes.file(one) for one in files_of_form(asked, form)]
    return {"value": shapes.form(form), "files": files or None}


@action("form/download", get=True)
def download_form(asked: Asked) -> Answer:
    return rendered(_visible(asked), asked.params.need_text("format"))


def rendered(form: Form, kind: str) -> FileAnswer:
    if kind not in ("pdf", "xlsx"):
        raise invalid("format", "must be pdf or xlsx")
    rows = [(str(field["label"]), str((form.values or {}).get(field["id"], ""))) for field in form.fields]
    return export(Table(title=form.label, head=("Field", "Answer"), rows=rows), kind, name=f"form_{form.id}")


def files_of_form(asked: Asked, form: Form) -> list[File]:
    """The files its answers name, those still known."""
    ids = [
        file_id
        for value in (form.values or {}).values()
        for file_id in (*value.get("file_ids", ()), *filter(None, (value.get("file_id"),)))
    ]
    files = (asked.world.file(file_id) for file_id in ids)
    return [one for one in files if one is not None]


def _visible(asked: Asked) -> Form:
    form = asked.world.form(asked.params.need_integer("id"))
    if form is None or not asked.sees(form.tracker_id):
        raise ApiError(201)
    return form
