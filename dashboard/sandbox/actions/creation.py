"""Making a check-in: reserved photos, a form, its files, then the check-in itself (ref 5.4, 5.6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any

from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.answers import Checker
from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import ApiError, invalid
from dashboard.sandbox.model import Checkin, File, Form
from dashboard.sandbox.params import as_integer, check_text, point
from dashboard.sandbox.uploads import reserve, target

FILE_FIELDS = {"file": "file", "photo": "image", "signature": "image"}


@action("checkin/image/create")
def create_image(asked: Asked) -> Answer:
    return {"value": target(asked, reserve(asked, kind="image"))}


@action("checkin/form/create", get=True)
def create_form(asked: Asked) -> Answer:
    tracker_id = asked.params.need_integer("tracker_id")
    template = asked.world.templates.get(asked.params.need_integer("template_id"))
    if template is None or tracker_id not in asked.world.trackers or not asked.sees(tracker_id):
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
        tracker_id=tracker_id,
        submit_in_zone=template.submit_in_zone,
    )
    asked.world.written_forms[form.id] = form
    return {"id": form.id}


@action("checkin/form/file/create")
def create_form_file(asked: Asked) -> Answer:
    return reserve_for_field(asked, _form_named(asked))


@action("checkin/create")
def create_checkin(asked: Asked) -> Answer:
    """The server stamps time and employee; neither is a parameter."""
    if asked.box.switches.enforce_checkin_create_right:
        asked.needs("checkin_update")
    location = asked.params.mapping("location")
    if location is None:
        raise invalid("location", "must not be null")
    (lat, lng), address = point("location", location), _address(location)
    tracker_id, comment = _tracker(asked), asked.params.text("comment")
    with asked.box.lock:
        photos = _photos(asked)
        form = _submitted_form(asked, tracker_id, location)
        checkin = _stamped(asked, tracker_id, form)
        checkin.lat, checkin.lng, checkin.address = lat, lng, address
        checkin.comment, checkin.file_ids = comment, tuple(photos)
        asked.world.add(checkin)
        for file_id in photos:
            asked.box.uploads[file_id].submitted = True
        asked.box.version += 1
    return {"id": checkin.id}


def _stamped(asked: Asked, tracker_id: int, form: Form | None) -> Checkin:
    """What the server knows by itself; the caller's part is filled in afterwards."""
    now = asked.box.clock.now().replace(microsecond=0)
    employees = (one.id for one in asked.world.employees.values() if one.tracker_id == tracker_id)
    checkin_id = asked.world.next_checkin_id()
    if form is not None:
        form.checkin_id = checkin_id
    return Checkin(
        id=checkin_id,
        marker_time=now,
        received=now,
        tracker_id=tracker_id,
        employee_id=next(employees, None),
        lat=0,
        lng=0,
        address=None,
        precision=None,
        comment=None,
        file_ids=(),
        form_id=form.id if form else None,
        form_label=form.label if form else None,
        template_id=form.template_id if form else None,
    )


def _address(location: Mapping[str, Any]) -> str | None:
    address = location.get("address")
    return None if address is None else check_text("location.address", address)


def _tracker(asked: Asked) -> int:
    tracker = asked.world.trackers.get(asked.params.need_integer("tracker_id"))
    if tracker is None or not asked.sees(tracker.id):
        raise ApiError(201)
    if tracker.blocked:
        raise ApiError(208)
    return tracker.id


def _photos(asked: Asked) -> list[int]:
    """ApiError 201 for a file nobody reserved as a photo, 269 for one not uploaded or used already."""
    ids = asked.params.integers("file_ids") or []
    for file_id in ids:
        upload = asked.box.uploads.get(file_id)
        if upload is None or upload.form_id is not None:
            raise ApiError(201)
        if upload.file.state != "uploaded" or upload.submitted:
            raise ApiError(269)
    return ids


def _submitted_form(asked: Asked, tracker_id: int, location: Mapping[str, Any]) -> Form | None:
    submission = asked.params.mapping("form_submission")
    if submission is None:
        return None
    form_id = as_integer("form_submission.form_id", submission.get("form_id"))
    values = submission.get("values")
    if not isinstance(values, dict):
        raise invalid("form_submission.values", "must be an object")
    form = asked.world.written_forms.get(form_id)
    if form is None or form.submitted is not None or form.tracker_id != tracker_id:
        raise ApiError(201)
    errors = checker(asked, form).errors(form.fields, values)
    if errors:
        raise ApiError(242, errors=errors)
    form.values, form.submitted = values, asked.box.clock.now()
    form.submit_location = {name: location.get(name) for name in ("lat", "lng", "address")}
    close_uploads(asked, form)
    return form


def checker(asked: Asked, form: Form, kept: Mapping[str, Collection[int]] | None = None) -> Checker:
    """`kept`: files a field holds already, by field id; they may be named again."""

    def find(field_id: str, file_id: int) -> File | None:
        if file_id in (kept or {}).get(field_id, ()):
            return asked.world.file(file_id)
        upload = asked.box.uploads.get(file_id)
        mine = upload is not None and (upload.form_id, upload.field_id) == (form.id, field_id)
        return upload.file if upload is not None and mine else None

    return Checker(find_file=find, most_files=asked.box.switches.max_files_per_field)


def file_ids(values: Mapping[str, Any]) -> dict[str, list[int]]:
    """The files that answers name, by field id."""
    return {
        field_id: [*value.get("file_ids", ()), *filter(None, (value.get("file_id"),))]
        for field_id, value in values.items()
    }


def close_uploads(asked: Asked, form: Form) -> None:
    """Named files are the form's; those not named by the submission are dropped (ref 8.2)."""
    named = {file_id for ids in file_ids(form.values or {}).values() for file_id in ids}
    for file_id, upload in list(asked.box.uploads.items()):
        if upload.form_id == form.id and file_id not in named:
            del asked.box.uploads[file_id], asked.world.written_files[file_id]
        elif upload.form_id == form.id:
            upload.submitted = True


def reserve_for_field(asked: Asked, form: Form) -> Answer:
    """ApiError 201 without such a field, 231 when it holds no files, 267 with too many unsubmitted."""
    field_id = asked.params.need_text("field_id")
    field = next((one for one in form.fields if one["id"] == field_id), None)
    if field is None:
        raise ApiError(201)
    if field["type"] not in FILE_FIELDS:
        raise ApiError(231)
    kind, here = FILE_FIELDS[field["type"]], (form.id, field_id)
    with asked.box.lock:
        waiting = [one for one in asked.box.uploads.values() if (one.form_id, one.field_id) == here]
        if sum(not one.submitted for one in waiting) >= asked.box.switches.max_files_per_field:
            raise ApiError(267)
        upload = reserve(asked, kind=kind, form_id=form.id, field_id=field_id)
    return {"value": target(asked, upload)}


def _form_named(asked: Asked) -> Form:
    """The form by exactly one of `checkin_id` and `form_id`."""
    checkin_id, form_id = asked.params.integer("checkin_id"), asked.params.integer("form_id")
    if (checkin_id is None) == (form_id is None):
        raise invalid("has_at_least_one_id_field", "exactly one of checkin_id and form_id")
    if checkin_id is not None:
        checkin = asked.world.checkin(checkin_id)
        form_id = checkin.form_id if checkin is not None else None
    form = asked.world.form(form_id) if form_id is not None else None
    if form is None or not asked.sees(form.tracker_id):
        raise ApiError(201)
    return form
