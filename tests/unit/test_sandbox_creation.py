"""Making a check-in at the sandbox: uploads, forms, refusals (ref 5.4, 5.6, 6.6, 8)."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from dashboard.sandbox import FrozenClock, Sandbox
from dashboard.sandbox.answers import Checker
from tests.unit.sandbox_calls import NOW, Caller, fresh_box

MADRID = {"lat": 40.4168, "lng": -3.7038, "address": "Plaza Mayor 1, Madrid"}


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with fresh_box() as box:
        yield box


@pytest.fixture
def owner(box: Sandbox) -> Caller:
    return Caller(box)


@pytest.fixture
def tracker_id(box: Sandbox) -> int:
    return next(one.id for one in box.world.trackers.values() if not one.blocked)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


def upload(caller: Caller, target: dict[str, Any], content: bytes, **changes: Any) -> TestResponse:
    """A browser's form: the fields, then the file."""
    fields = target["fields"] | changes.pop("fields", {})
    file = (io.BytesIO(content), "photo.jpg", changes.pop("content_type", "image/jpeg"))
    parts = [*fields.items(), (target["file_field_name"], file)]
    if changes.pop("file_first", False):
        parts.reverse()
    return caller.web.post(
        target["url"], data=encoded(parts), content_type="multipart/form-data; boundary=xyz"
    )


def encoded(parts: list[tuple[str, Any]]) -> bytes:
    out = b""
    for name, value in parts:
        head, content = f'Content-Disposition: form-data; name="{name}"', value
        if isinstance(value, tuple):
            head += f'; filename="{value[1]}"\r\nContent-Type: {value[2]}'
            content = value[0].read()
        body = content if isinstance(content, bytes) else content.encode()
        out += b"--xyz\r\n" + head.encode() + b"\r\n\r\n" + body + b"\r\n"
    return out + b"--xyz--\r\n"


def reserve(caller: Caller, content: bytes) -> dict[str, Any]:
    target = caller.ask("checkin/image/create", size=len(content), filename="roof.jpg")["value"]
    assert isinstance(target, dict)
    return target


@pytest.mark.parametrize("mode", ["internal", "s3"])
def test_a_checkin_with_a_photo_is_made_and_read_back(
    box: Sandbox, owner: Caller, tracker_id: int, mode: str
) -> None:
    box.switches.storage_mode = mode
    target = reserve(owner, picture())
    assert upload(owner, target, picture()).status_code == 200
    made = owner.ask(
        "checkin/create",
        tracker_id=tracker_id,
        location=MADRID,
        comment="By hand",
        file_ids=[target["file_id"]],
    )
    one = owner.ask("checkin/read", checkin_id=made["id"])["value"]
    assert (one["comment"], one["location"]["address"]) == ("By hand", MADRID["address"])
    assert one["marker_time"] == "2026-03-12T15:30:00+01:00"
    assert one["files"][0]["name"] == "roof.jpg"
    assert owner.web.get(one["files"][0]["download_url"]).data == picture()
    assert owner.found(sort=["marker_time=desc"])[0] == made["id"]


@pytest.mark.parametrize("mode", ["internal", "s3"])
@pytest.mark.parametrize(
    "change",
    [
        {"fields": {"extra": "1"}},
        {"fields": {"token": "wrong", "policy": "wrong"}},
        {"file_first": True},
    ],
    ids=str,
)
def test_an_upload_must_carry_the_fields_verbatim_and_first(
    box: Sandbox, owner: Caller, mode: str, change: dict[str, Any]
) -> None:
    box.switches.storage_mode = mode
    assert upload(owner, reserve(owner, picture()), picture(), **change).status_code in (400, 403)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"x-amz-signature": "0" * 64}, 403),
        ({"policy": "e30="}, 403),
        ({"policy": None}, 403),
        ({"x-amz-credential": "STRANGER/20260312/eu-central-1/s3/aws4_request"}, 403),
        ({"key": "elsewhere/${filename}"}, 403),
        ({"key": None}, 400),
        ({"success_action_status": "201"}, 403),
        ({"content-type": "image/png"}, 403),
        ({"x-amz-server-side-encryption": None}, 403),
        ({"acl": "public-read"}, 403),
        ({"x-ignore-me": "1"}, 200),
    ],
    ids=str,
)
def test_s3_judges_a_form_by_its_policy(
    box: Sandbox, owner: Caller, change: dict[str, str | None], status: int
) -> None:
    box.switches.storage_mode = "s3"
    target = reserve(owner, picture())
    fields = {name: text for name, text in (target["fields"] | change).items() if text is not None}
    assert upload(owner, target | {"fields": fields}, picture()).status_code == status


def test_s3_bounds_the_size_and_the_time_by_its_policy(box: Sandbox, owner: Caller) -> None:
    box.switches.storage_mode = "s3"
    target = reserve(owner, picture())
    too_large = upload(owner, target, picture() + b"x")
    assert (too_large.status_code, b"EntityTooLarge" in too_large.data) == (400, True)
    assert upload(owner, target, b"").status_code == 400
    assert isinstance(box.clock, FrozenClock)
    box.clock.set(NOW + timedelta(hours=1))
    assert upload(owner, target, picture()).status_code == 403


@pytest.mark.parametrize("mode", ["internal", "s3"])
@pytest.mark.parametrize("late", ["key", "policy", "x-amz-signature", "token"])
def test_a_field_after_the_file_is_refused(box: Sandbox, owner: Caller, mode: str, late: str) -> None:
    box.switches.storage_mode = mode
    target = reserve(owner, picture())
    fields = dict(target["fields"])
    behind = [(late, fields.pop(late, "x"))]
    file = (io.BytesIO(picture()), "photo.jpg", "image/jpeg")
    data = encoded([*fields.items(), (target["file_field_name"], file), *behind])
    answer = owner.web.post(target["url"], data=data, content_type="multipart/form-data; boundary=xyz")
    assert answer.status_code == 400


def test_a_credential_has_no_place_at_the_storage(owner: Caller) -> None:
    target = reserve(owner, picture())
    parts = [*target["fields"].items(), ("file", (io.BytesIO(picture()), "a.jpg", "image/jpeg"))]
    answer = owner.web.post(
        target["url"],
        data=encoded(parts),
        content_type="multipart/form-data; boundary=xyz",
        headers={"Authorization": "NVX 0"},
    )
    assert answer.status_code == 400


def test_an_upload_is_taken_once(owner: Caller) -> None:
    target = reserve(owner, picture())
    assert [upload(owner, target, picture()).status_code for _ in range(2)] == [200, 400]


def test_many_may_reserve_and_upload_at_once(box: Sandbox, owner: Caller) -> None:
    other = reserve(owner, picture())["file_id"]
    box.uploads |= dict.fromkeys(range(-5000, 0), box.uploads[other])  # a long search for the right one

    def one() -> set[int]:
        return {upload(owner, reserve(owner, picture()), picture()).status_code for _ in range(6)}

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(6) as pool:
            answers = [job.result() for job in [pool.submit(one) for _ in range(6)]]
    finally:
        sys.setswitchinterval(usual)
    assert answers == [{200}] * 6


def test_a_refused_checkin_leaves_its_form_unsent(owner: Caller, tracker_id: int) -> None:
    template_id = min(owner.box.world.templates)
    form_id = owner.ask("checkin/form/create", tracker_id=tracker_id, template_id=template_id)["id"]
    for field in owner.box.world.written_forms[form_id].fields:
        field["required"] = False
    submission = {"form_id": form_id, "values": {}}
    wrong = {"tracker_id": tracker_id, "location": MADRID | {"address": 5}, "form_submission": submission}
    assert owner.code("checkin/create", **wrong) == 7
    assert "submitted" not in owner.ask("form/read", id=form_id)["value"]


def test_a_file_larger_than_reserved_or_late_is_refused(box: Sandbox, owner: Caller) -> None:
    target = reserve(owner, picture())
    assert upload(owner, target, picture() + b"x").status_code == 400
    assert isinstance(box.clock, FrozenClock)
    box.clock.set(NOW + timedelta(hours=1))
    assert upload(owner, target, picture()).status_code == 403


def test_the_part_is_named_as_the_answer_says(box: Sandbox, owner: Caller) -> None:
    box.switches.file_field_name = "example.png"
    target = reserve(owner, picture())
    assert target["file_field_name"] == "example.png"
    assert upload(owner, target | {"file_field_name": "file"}, picture()).status_code == 400
    assert upload(owner, target, picture()).status_code == 200


def test_s3_wants_the_content_type_of_its_policy(box: Sandbox, owner: Caller) -> None:
    box.switches.storage_mode = "s3"
    target = reserve(owner, picture())
    assert target["fields"]["content-type"] == "image/jpeg"
    assert upload(owner, target, picture(), content_type="image/png").status_code == 400


def test_reservations_know_their_limits(box: Sandbox, owner: Caller) -> None:
    assert owner.code("checkin/image/create", size=box.switches.max_file_size + 1) == 271
    assert owner.code("checkin/image/create") == 7
    box.switches.quota = 1000
    assert owner.code("checkin/image/create", size=1) == 268


def test_a_photo_not_uploaded_is_269_and_an_unknown_one_201(owner: Caller, tracker_id: int) -> None:
    pending = reserve(owner, picture())["file_id"]
    base = {"tracker_id": tracker_id, "location": MADRID}
    assert owner.code("checkin/create", **base, file_ids=[pending]) == 269
    assert owner.code("checkin/create", **base, file_ids=[5]) == 201


def test_an_upload_may_be_noticed_late(box: Sandbox, owner: Caller, tracker_id: int) -> None:
    box.switches.upload_noticed_after = 2
    target = reserve(owner, picture())
    upload(owner, target, picture())
    params = {"tracker_id": tracker_id, "location": MADRID, "file_ids": [target["file_id"]]}
    assert owner.code("checkin/create", **params) == 269
    assert isinstance(box.clock, FrozenClock)
    box.clock.advance(timedelta(seconds=2))
    assert owner.code("checkin/create", **params) is None


def test_trackers_that_cannot_take_a_checkin(box: Sandbox, owner: Caller) -> None:
    blocked = next(one.id for one in box.world.trackers.values() if one.blocked)
    assert owner.code("checkin/create", tracker_id=blocked, location=MADRID) == 208
    assert owner.code("checkin/create", tracker_id=999, location=MADRID) == 201
    assert owner.code("checkin/create", tracker_id=999) == 7


def test_creating_asks_for_a_right_only_by_switch(box: Sandbox, tracker_id: int) -> None:
    box.switches.enforce_checkin_create_right = True
    box.switches.checkin_update_by_group = True
    assert Caller(box, "dispatcher").code("checkin/create", tracker_id=tracker_id, location=MADRID) == 13
    assert Caller(box).code("checkin/create", tracker_id=tracker_id, location=MADRID) is None


def new_form(box: Sandbox, owner: Caller, tracker_id: int) -> tuple[int, dict[str, Any]]:
    """A form of the template with all ten field types: (id, fields by type)."""
    template = next(one for one in box.world.templates.values() if len({f["type"] for f in one.fields}) >= 10)
    form_id = owner.ask("checkin/form/create", tracker_id=tracker_id, template_id=template.id)["id"]
    return form_id, {field["type"]: field for field in template.fields}


def test_a_form_field_takes_files_up_to_six(box: Sandbox, owner: Caller, tracker_id: int) -> None:
    form_id, fields = new_form(box, owner, tracker_id)
    ask = {"form_id": form_id, "field_id": fields["photo"]["id"], "size": 10}
    assert [owner.code("checkin/form/file/create", **ask) for _ in range(7)] == [None] * 6 + [267]
    assert owner.code("checkin/form/file/create", **ask | {"field_id": fields["text"]["id"]}) == 231
    assert owner.code("checkin/form/file/create", **ask | {"field_id": "nothing"}) == 201
    neither = owner.ask("checkin/form/file/create", field_id="a", size=1)
    assert neither["errors"][0]["parameter"] == "has_at_least_one_id_field"


def test_bad_answers_are_told_per_field_and_nothing_is_made(
    box: Sandbox, owner: Caller, tracker_id: int
) -> None:
    form_id, fields = new_form(box, owner, tracker_id)
    before = len(box.world.checkins)
    values = {
        "nothing": {"type": "text", "value": "x"},
        fields["rating"]["id"]: {"type": "rating", "value": 99},
    }
    answer = owner.ask(
        "checkin/create",
        tracker_id=tracker_id,
        location=MADRID,
        form_submission={"form_id": form_id, "values": values},
    )
    assert answer["status"]["code"] == 242
    told = {one["field_id"]: one["code"] for one in answer["errors"]}
    assert (told["nothing"], told[fields["rating"]["id"]]) == (8, 7)
    assert len(box.world.checkins) == before


CHECKER = Checker(find_file=lambda _, number: None, most_files=6)
TEXT = {"id": "a", "type": "text", "required": True, "min_length": 2, "max_length": 3}
BOXES = {
    "id": "a",
    "type": "checkbox_group",
    "group": [{"label": "x"}] * 3,
    "min_checked": 2,
    "max_checked": 2,
}
CHOICE = {"id": "a", "type": "dropdown", "options": [{"label": "x"}] * 2}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (TEXT, {"type": "text", "value": "abc"}, None),
        (TEXT, {"type": "text", "value": ""}, 1),
        (TEXT, {"type": "rating", "value": 1}, 2),
        (TEXT, None, 3),
        (TEXT, {"type": "text"}, 3),
        (TEXT, {"type": "text", "value": "abcd"}, 5),
        (TEXT | {"required": False}, {"type": "text", "value": ""}, None),
        (BOXES, {"type": "checkbox_group", "values": [True, True, False]}, None),
        (BOXES, {"type": "checkbox_group", "values": [True, True]}, 5),
        (BOXES, {"type": "checkbox_group", "values": [True, False, False]}, 6),
        (BOXES, {"type": "checkbox_group", "values": [True, True, True]}, 7),
        (BOXES, {"type": "checkbox_group", "values": [False] * 3}, None),
        (CHOICE, {"type": "dropdown", "value_index": 1}, None),
        (CHOICE, {"type": "dropdown", "value_index": 2}, 4),
        (CHOICE, {"type": "dropdown", "value_index": True}, 2),
        ({"id": "a", "type": "date"}, {"type": "date", "value": "2026-02-28"}, None),
        ({"id": "a", "type": "date"}, {"type": "date", "value": "2026-02-30"}, 2),
        ({"id": "a", "type": "rating", "max_stars": 5}, {"type": "rating", "value": 0}, 6),
        ({"id": "a", "type": "photo", "max_files": 1}, {"type": "photo", "file_ids": [1, 2]}, 5),
        ({"id": "a", "type": "photo", "max_files": 1}, {"type": "photo", "file_ids": [1]}, 8),
        ({"id": "a", "type": "signature"}, {"type": "file", "file_id": 1}, 8),
        ({"id": "a", "type": "separator"}, {"type": "separator"}, 2),
    ],
    ids=str,
)
def test_each_answer_has_its_code(field: dict[str, Any], value: Any, code: int | None) -> None:
    errors = CHECKER.errors([field], {"a": value})
    assert [one["code"] for one in errors] == ([] if code is None else [code])


def test_a_form_with_a_signature_is_submitted_once(box: Sandbox, owner: Caller, tracker_id: int) -> None:
    template = next(
        one for one in box.world.templates.values() if any(f["type"] == "signature" for f in one.fields)
    )
    field = next(one for one in template.fields if one["type"] == "signature")
    form_id = owner.ask("checkin/form/create", tracker_id=tracker_id, template_id=template.id)["id"]
    for one in box.world.written_forms[form_id].fields:
        one["required"] = False
    target = owner.ask(
        "checkin/form/file/create", form_id=form_id, field_id=field["id"], size=len(picture())
    )["value"]
    upload(owner, target, picture())
    values = {field["id"]: {"type": "file", "file_id": target["file_id"]}}
    params = {
        "tracker_id": tracker_id,
        "location": MADRID,
        "form_submission": {"form_id": form_id, "values": values},
    }
    made = owner.ask("checkin/create", **params)
    form = owner.ask("form/read", id=form_id)
    assert form["value"]["checkin_id"] == made["id"]
    assert form["files"][0]["bindings"]["form_field"] == {
        "form_id": form_id,
        "field_id": field["id"],
        "submitted": True,
    }
    assert owner.code("checkin/create", **params) == 201
    assert owner.code("checkin/delete", checkin_ids=[made["id"]]) is None
    assert owner.code("form/read", id=form_id) == 201


def test_s3_may_leave_the_content_type_out_of_its_fields(box: Sandbox, owner: Caller) -> None:
    box.switches.storage_mode, box.switches.content_type_in_fields = "s3", False
    target = reserve(owner, picture())
    assert "content-type" not in target["fields"]
    assert upload(owner, target, picture(), content_type="image/png").status_code == 200
