"""Forms and form templates (ref 6): calls, and the records that join fields with answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

from dashboard.navixy import values
from dashboard.navixy.answers import (
    Answer,
    CheckboxAnswer,
    ChoiceAnswer,
    DateAnswer,
    FileAnswer,
    RatingAnswer,
    SignatureAnswer,
    TextAnswer,
    UnknownAnswer,
    answers_from,
)
from dashboard.navixy.client import Client
from dashboard.navixy.downloads import Download, FileFormat
from dashboard.navixy.fields import (
    CheckboxGroup,
    DateField,
    Dropdown,
    Field,
    FileField,
    PhotoField,
    RadioGroup,
    Rating,
    Separator,
    Signature,
    TextField,
    UnknownField,
    fields_from,
)
from dashboard.navixy.files import File, files_from
from dashboard.navixy.values import Record

__all__ = [
    "Answer",
    "CheckboxAnswer",
    "CheckboxGroup",
    "ChoiceAnswer",
    "DateAnswer",
    "DateField",
    "Dropdown",
    "Field",
    "FileAnswer",
    "FileField",
    "Form",
    "FormTemplate",
    "PhotoField",
    "RadioGroup",
    "Rating",
    "RatingAnswer",
    "Separator",
    "Signature",
    "SignatureAnswer",
    "TextAnswer",
    "TextField",
    "UnknownAnswer",
    "UnknownField",
    "download_form",
    "form_from",
    "form_record",
    "list_templates",
    "read_form",
    "read_template",
    "template_from",
    "template_record",
    "whole_record",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTemplate:
    id: int
    label: str
    description: str = ""
    version: int = 0
    fields: tuple[Field, ...] = ()
    default: bool = False
    submit_in_zone: bool = False
    created: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A filled or still empty copy of a template. `values` holds answers by field id, empty while unfilled;
    `files` resolves the ids in them. For a check-in's form `created` is later than `submitted` (ref 5.7)."""

    id: int
    label: str
    description: str = ""
    fields: tuple[Field, ...] = ()
    values: Mapping[str, Answer] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    created: datetime | None = None
    submitted: datetime | None = None
    submit_address: str = ""
    template_id: int | None = None
    template_version: int | None = None
    tracker_id: int | None = None
    checkin_id: int | None = None
    task_id: int | None = None


def list_templates(client: Client) -> tuple[FormTemplate, ...]:
    """`form/template/list`, in the account's own order."""
    found = client.read("form/template/list").records()
    return values.read_all(
        found, lambda record: template_from(record, client.zone), what="form/template/list"
    )


def read_template(client: Client, template_id: int) -> FormTemplate:
    """`form/template/read`. Raises NotFound (201)."""
    reply = client.read("form/template/read", {"template_id": template_id})
    return reply.read_as(lambda record: template_from(record, client.zone))


def template_record(client: Client, template_id: int) -> Record:
    """`form/template/read` as it came, to be kept: `template_from` reads it. Raises NotFound (201)."""
    return client.read("form/template/read", {"template_id": template_id}).read_as(_with_identity)


def _with_identity(record: Record) -> Record:
    values.identity(record)
    return record


def read_form(client: Client, form_id: int) -> Form:
    """`form/read`: definition, answers and the files they name (ref 5.7). Raises NotFound (201)."""
    reply = client.read("form/read", {"id": form_id})
    form = reply.read_as(lambda record: form_from(record, client.zone))
    return replace(form, files=files_from(reply.body, "files", client.zone))


def form_record(client: Client, form_id: int) -> Record:
    """`form/read` as it came, without its files: `form_from` reads it. Raises NotFound (201)."""
    return client.read("form/read", {"id": form_id}).read_as(_with_identity)


def whole_record(client: Client, form_id: int) -> Record:
    """`form/read` as it came, to be kept: with the files that its answers name. Raises NotFound (201)."""
    reply = client.read("form/read", {"id": form_id})
    return {**reply.read_as(_with_identity), "files": list(reply.records("files"))}


def download_form(client: Client, form_id: int, *, format: FileFormat) -> Download:
    """`form/download`: the filled form as a file. Raises NotFound (201)."""
    return client.download("form/download", {"id": form_id, "format": format})


def template_from(record: Record, zone: tzinfo = UTC) -> FormTemplate:
    return FormTemplate(
        id=values.identity(record),
        label=values.text(record, "label") or "",
        description=values.text(record, "description") or "",
        version=values.integer(record, "version") or 0,
        fields=fields_from(record),
        default=values.boolean(record, "default") or False,
        submit_in_zone=values.boolean(record, "submit_in_zone") or False,
        created=values.moment(record, "created", zone),
        updated=values.moment(record, "updated", zone),
    )


def form_from(record: Record, zone: tzinfo = UTC) -> Form:
    fields = fields_from(record)
    return Form(
        id=values.identity(record),
        label=values.text(record, "label") or "",
        description=values.text(record, "description") or "",
        fields=fields,
        values=answers_from(values.child(record, "values"), fields),
        created=values.moment(record, "created", zone),
        submitted=values.moment(record, "submitted", zone),
        submit_address=values.text(values.child(record, "submit_location"), "address") or "",
        template_id=values.integer(record, "template_id"),
        template_version=values.integer(record, "template_version"),
        tracker_id=values.integer(record, "tracker_id"),
        checkin_id=values.integer(record, "checkin_id"),
        task_id=values.integer(record, "task_id"),
    )
