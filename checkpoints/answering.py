"""A form of a stop while it is corrected: what stands in it, what was put into it, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dashboard.accounts import Account
from dashboard.formfill import controls, posted, rules, sending, words
from dashboard.formfill.controls import Control, Filling
from dashboard.formfill.drops import Addresses
from dashboard.formfill.rules import FILE_KINDS, Attached, Limits, Value
from dashboard.navixy.answers import FileAnswer, SignatureAnswer, UnknownAnswer, to_wire
from dashboard.navixy.fields import Field, FileField, PhotoField, Signature
from dashboard.navixy.files import File
from dashboard.navixy.forms import Form
from dashboard.photos.album import PhotoTile, size_text
from dashboard.uploads import staging
from dashboard.uploads.models import StagedFile
from dashboard.uploads.staging import StagingRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """`values` without files, by field id; `kept` are files Navixy has, `staged` those still here."""

    values: Mapping[str, Value]
    kept: Mapping[str, tuple[File, ...]]
    staged: Mapping[str, tuple[StagedFile, ...]]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileQuestion:
    """A question that is answered by files: those there, those brought here, room for more."""

    control: Control
    kept: tuple[tuple[File, PhotoTile | None], ...]
    staged: tuple[tuple[StagedFile, str], ...]
    accept: str
    several: bool


def loaded(form: Form) -> Filled:
    """As it was submitted."""
    return Filled(values=_plain(form), kept=_files(form), staged={}, errors={})


def received(form: Form, request: HttpRequest, account: Account) -> Filled:
    """What was put into it. New files are kept here at once, so that no later mistake loses them."""
    kept, staged, errors = {}, {}, {}
    for field in form.fields:
        if not isinstance(field, FILE_KINDS):
            continue
        wanted = set(request.POST.getlist(f"keep-{field.id}"))
        kept[field.id] = tuple(one for one in _files(form).get(field.id, ()) if str(one.id) in wanted)
        here, problem = _brought(field, request, account)
        staged[field.id] = here
        if problem:
            errors[field.id] = problem
    return Filled(values=posted.read(form.fields, request.POST), kept=kept, staged=staged, errors=errors)


def wrong(form: Form, filled: Filled, limits: Limits) -> dict[str, str]:
    """A sentence for each bad field, before anything is sent (ref 6.6)."""
    files = {field.id: _attached(field, filled) for field in form.fields if isinstance(field, FILE_KINDS)}
    found = rules.wrong(form.fields, filled.values, files, limits)
    fields = {field.id: field for field in form.fields}
    told = {one: words.complaint(fields[one], code, limits) for one, code in found.items()}
    return {**told, **filled.errors}


def submission(
    form: Form, filled: Filled, uploaded: Mapping[str, Sequence[int]]
) -> dict[str, dict[str, Any]]:
    """Every answer, changed or not: what the call makes of those left out is not documented (ref 7.8)."""
    ids = {
        field.id: [*(one.id for one in filled.kept.get(field.id, ())), *uploaded.get(field.id, ())]
        for field in form.fields
    }
    strange = {key: dict(one.raw) for key, one in form.values.items() if isinstance(one, UnknownAnswer)}
    return {**strange, **sending.submission(form.fields, filled.values, ids)}


def questions(
    form: Form, filled: Filled, errors: Mapping[str, str], limits: Limits, tiles: Mapping[int, PhotoTile]
) -> list[Control | FileQuestion]:
    filling = Filling(
        values=filled.values,
        tiles={},
        errors=errors,
        limits=limits,
        addresses=Addresses(upload="", order=""),
    )
    found: list[Control | FileQuestion] = []
    for number, field in enumerate(form.fields, 1):
        control = controls.control(field, number, filling)
        is_files = isinstance(field, FILE_KINDS)
        found.append(_file_question(field, control, filled, tiles, limits) if is_files else control)
    return found


def _file_question(
    field: Field, control: Control, filled: Filled, tiles: Mapping[int, PhotoTile], limits: Limits
) -> FileQuestion:
    return FileQuestion(
        control=control,
        kept=tuple((one, tiles.get(one.id)) for one in filled.kept.get(field.id, ())),
        staged=tuple((one, size_text(one.size)) for one in filled.staged.get(field.id, ())),
        accept="image/*" if isinstance(field, PhotoField | Signature) else _extensions(field),
        several=rules.most_files(field, limits) > 1,
    )


def _extensions(field: Field) -> str:
    allowed = field.allowed_extensions if isinstance(field, FileField) else ()
    return ",".join(f".{one.lstrip('.')}" for one in allowed)


def _brought(field: Field, request: HttpRequest, account: Account) -> tuple[tuple[StagedFile, ...], str]:
    """Files brought before and not taken away, then the new ones; and why one could not be kept."""
    texts = request.POST.getlist(f"staged-{field.id}")
    before = [staging.one(account, int(text)) for text in texts if text.isdigit() and len(text) < 19]
    found = [one for one in before if one is not None]
    for file in request.FILES.getlist(f"files-{field.id}"):
        try:
            found.append(staging.stage(account, file.name or _("file"), file))
        except StagingRefused as error:
            return tuple(found), str(error)
    return tuple(found), ""


def _attached(field: Field, filled: Filled) -> list[Attached]:
    kept = [
        Attached(
            name=one.name, size=one.size, picture=one.type == "image" or one.mime_type.startswith("image/")
        )
        for one in filled.kept.get(field.id, ())
    ]
    staged = [
        Attached(name=one.name, size=one.size, picture=one.is_image)
        for one in filled.staged.get(field.id, ())
    ]
    return kept + staged


def _plain(form: Form) -> dict[str, Value]:
    fields = {field.id: field for field in form.fields}
    return {
        key: to_wire(one, fields[key])
        for key, one in form.values.items()
        if key in fields and not isinstance(fields[key], FILE_KINDS) and not isinstance(one, UnknownAnswer)
    }


def _files(form: Form) -> dict[str, tuple[File, ...]]:
    by_id = {file.id: file for file in form.files}
    found: dict[str, tuple[File, ...]] = {}
    for key, one in form.values.items():
        ids = (
            one.file_ids
            if isinstance(one, FileAnswer)
            else (one.file_id,)
            if isinstance(one, SignatureAnswer)
            else ()
        )
        found[key] = tuple(by_id.get(file_id, File(id=file_id, state="uploaded")) for file_id in ids)
    return found
