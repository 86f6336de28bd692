"""Every record the client reads, compared with the sandbox's own data; every write, with what it did."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from dashboard.navixy import answers, checkins, files, forms, people, places, users
from dashboard.navixy.checkins import FormSubmission, Query
from dashboard.navixy.client import Client
from dashboard.navixy.errors import (
    FieldError,
    InvalidAnswers,
    InvalidRequest,
    NavixyError,
    NotFound,
    NotSendable,
    StorageRefused,
    WrongState,
)
from dashboard.navixy.fields import Field
from dashboard.sandbox import Sandbox, awkward
from tests.conftest import NOW

Connect = Callable[..., Client]
LIFT_VISIT, CLIMATE_VISIT = 201, 202
FIELD_TYPES = {
    "text": forms.TextField,
    "checkbox_group": forms.CheckboxGroup,
    "dropdown": forms.Dropdown,
    "radio_group": forms.RadioGroup,
    "date": forms.DateField,
    "rating": forms.Rating,
    "file": forms.FileField,
    "photo": forms.PhotoField,
    "signature": forms.Signature,
    "separator": forms.Separator,
}


# who is signed in -------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["owner", "dispatcher", "viewer"])
def test_user_info_is_the_persons_own(key: str, navixy: Connect, sandbox: Sandbox) -> None:
    info, person = users.get_info(navixy(key)), sandbox.person(key)
    assert (info.login, info.zone, info.date_format, info.hour_mode) == (
        person.login,
        person.zone,
        person.date_format,
        person.hour_mode,
    )
    assert (info.id, info.account_id) == (person.user_id, sandbox.world.account_id)
    assert info.is_owner == person.is_owner
    assert info.rights == person.rights


def test_the_owner_holds_every_right_and_a_viewer_none(navixy: Connect) -> None:
    assert users.get_info(navixy()).has("anything_at_all")
    assert not users.get_info(navixy("viewer")).has("task_update")
    assert users.get_info(navixy("dispatcher")).has("employee_update")


def test_an_owner_whose_rights_are_listed_is_still_the_owner(navixy: Connect, sandbox: Sandbox) -> None:
    sandbox.switches.owner_privileges = True
    info = users.get_info(navixy())
    assert info.rights is not None
    assert info.is_owner
    assert info.has("task_update")


def test_the_live_limits_need_no_credential(navixy: Connect, sandbox: Sandbox) -> None:
    sandbox.switches.max_time_span = timedelta(days=31)
    config = users.ui_config(navixy().acting_as(None), domain="desk.example.com")
    assert config.max_time_span == timedelta(days=31)
    assert config.iso_datetime_support
    assert config.max_file_size == 16_777_216
    assert sandbox.calls[-1].credential_in is None


# lookups ----------------------------------------------------------------------------------------------


def test_trackers(navixy: Connect, sandbox: Sandbox) -> None:
    found = {one.id: one for one in people.list_trackers(navixy())}
    assert found.keys() == sandbox.world.trackers.keys()
    for one in sandbox.world.trackers.values():
        mine = found[one.id]
        assert (mine.label, mine.group_id, mine.blocked, mine.model, mine.device_id, mine.tag_ids) == (
            one.label,
            one.group_id,
            one.blocked,
            one.model,
            one.device_id,
            one.tag_ids,
        )


def test_a_sub_user_gets_fewer_trackers(navixy: Connect, sandbox: Sandbox) -> None:
    expected = {one.id for one in sandbox.trackers_of(sandbox.person("dispatcher"))}
    assert {one.id for one in people.list_trackers(navixy("dispatcher"))} == expected
    assert 0 < len(expected) < len(sandbox.world.trackers)


def test_employees_come_through_all_pages(
    navixy: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "EMPLOYEES_A_PAGE", 20)
    found = {one.id: one for one in people.list_employees(navixy())}
    assert found.keys() == sandbox.world.employees.keys()
    assert len(sandbox.calls_of("employee/list")) == 3
    for one in sandbox.world.employees.values():
        mine = found[one.id]
        assert (mine.tracker_id, mine.department_id, mine.email, mine.phone) == (
            one.tracker_id,
            one.department_id,
            one.email,
            one.phone,
        )
        assert mine.name.split() == f"{one.last_name} {one.first_name} {one.middle_name}".split()


def test_no_record_of_an_employee_holds_social_security_or_licence_data() -> None:
    names = {one.name for one in fields(people.Employee)}
    assert not [name for name in names if "ssn" in name or "licen" in name]


def test_departments_tags_and_templates(navixy: Connect, sandbox: Sandbox) -> None:
    client, world = navixy(), sandbox.world
    assert {one.id: one.label for one in people.list_departments(client)} == {
        one.id: one.label for one in world.departments.values()
    }
    assert {one.id: (one.name, one.color) for one in people.list_tags(client)} == {
        one.id: (one.name, one.color) for one in world.tags.values()
    }
    assert [one.id for one in forms.list_templates(client)] == list(world.templates)


def test_states_leave_out_blocked_and_unknown_trackers(navixy: Connect, sandbox: Sandbox) -> None:
    blocked = next(one.id for one in sandbox.world.trackers.values() if one.blocked)
    states = people.tracker_states(navixy(), [3001, 3002, blocked, 999])
    assert states.keys() == {3001, 3002}
    assert states[3001].lat is not None
    assert states[3001].connection
    updated = states[3001].updated
    assert updated is not None
    assert updated <= NOW


def test_states_are_asked_for_in_parts(
    navixy: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "STATES_A_CALL", 15)
    everybody = [one.id for one in sandbox.world.trackers.values() if not one.blocked]
    assert people.tracker_states(navixy(), everybody).keys() == set(everybody)
    assert len(sandbox.calls_of("tracker/get_states")) == 3
    assert people.tracker_states(navixy(), []) == {}


def test_an_address_is_found_and_a_point_has_one(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    bounds = places.Bounds(north=40, west=-1, south=39, east=0)
    found = places.search_address(client, "Valencia", bounds=bounds, lang="en")
    assert "Valencia" in found[0].address
    assert sandbox.calls[-1].params == {
        "q": "Valencia",
        "bounds": {"nw": {"lat": 40, "lng": -1}, "se": {"lat": 39, "lng": 0}},
        "lang": "en",
    }
    assert "Valencia" in places.search_location(client, lat=found[0].lat, lng=found[0].lng)
    assert sandbox.calls[-1].params == {"location": {"lat": found[0].lat, "lng": found[0].lng}}


def test_the_storage_says_how_full_it_is(navixy: Connect, sandbox: Sandbox) -> None:
    stats = files.storage_stats(navixy())
    assert stats.quota == sandbox.switches.quota
    assert stats.file_count > 1000
    assert stats.total_size > stats.file_count


# check-ins and forms ----------------------------------------------------------------------------------


def test_every_member_of_every_recent_check_in(navixy: Connect, sandbox: Sandbox) -> None:
    page = checkins.search(navixy(), Query(start=NOW - timedelta(days=2)), limit=300)
    assert {*range(awkward.FIRST_ID, awkward.LAST_ID + 1)} <= {one.id for one in page.items}
    for mine in page.items:
        one = sandbox.world.checkin(mine.id)
        assert one is not None
        assert (mine.marker_time, mine.tracker_id, mine.employee_id, mine.lat, mine.lng) == (
            one.marker_time,
            one.tracker_id,
            one.employee_id,
            one.lat,
            one.lng,
        )
        assert (mine.address, mine.comment, mine.precision) == (
            one.address or "",
            one.comment or "",
            one.precision,
        )
        assert (mine.form_id, mine.form_label) == (one.form_id, one.form_label)
        assert mine.user_id == sandbox.world.account_id
        assert [one.id for one in mine.files] == [one.id for one in sandbox.world.files_of(one)]


def test_every_member_of_a_file(navixy: Connect, sandbox: Sandbox) -> None:
    for number in (awkward.ROTATIONS, awkward.STATES, awkward.NAMES, awkward.FORMATS):
        for mine in checkins.read(navixy(), number).files:
            one = sandbox.world.file(mine.id)
            assert one is not None
            assert (mine.name, mine.size, mine.mime_type, mine.type, mine.state) == (
                one.name,
                one.size,
                one.mime_type,
                one.type,
                one.state,
            )
            assert (mine.created, mine.uploaded) == (one.created, one.uploaded)
            assert mine.is_ready == (one.state == "uploaded")
            assert mine.download_url is None or mine.download_url not in repr(mine)


def test_reading_one_gives_what_the_list_gave(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    (listed, *_) = checkins.search(client, Query(start=NOW - timedelta(days=1)), limit=1).items
    assert checkins.read(client, listed.id) == listed
    assert sandbox.calls[-1].params == {"checkin_id": listed.id}


def test_a_template_has_all_field_types(navixy: Connect, sandbox: Sandbox) -> None:
    template = forms.read_template(navixy(), LIFT_VISIT)
    raw = sandbox.world.templates[LIFT_VISIT].fields
    assert [type(one) for one in template.fields] == [FIELD_TYPES[one["type"]] for one in raw]
    assert [(one.id, one.label, one.required) for one in template.fields] == [
        (one["id"], one["label"], one["required"]) for one in raw
    ]
    assert {one["type"] for one in raw} == FIELD_TYPES.keys()


def test_a_form_joins_answers_of_every_type_with_their_files(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    checkin = checkins.read(client, awkward.EVERYTHING)
    form = forms.read_form(client, checkin.form_id or 0)
    raw = sandbox.world.form(form.id)
    assert raw is not None
    assert raw.values is not None
    assert (form.checkin_id, form.template_id, form.submitted) == (checkin.id, raw.template_id, raw.submitted)
    assert form.values.keys() == raw.values.keys()
    assert not [one for one in form.values.values() if isinstance(one, forms.UnknownAnswer)]
    named = {one.id for one in form.files}
    for one in form.values.values():
        if isinstance(one, forms.FileAnswer):
            assert set(one.file_ids) <= named
        if isinstance(one, forms.SignatureAnswer):
            assert one.file_id in named


def test_answers_go_back_the_way_they_came(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    form = forms.read_form(client, checkins.read(client, awkward.EVERYTHING).form_id or 0)
    raw = sandbox.world.form(form.id)
    assert raw is not None
    by_id: dict[str, Field] = {one.id: one for one in form.fields}
    assert {key: answers.to_wire(one, by_id[key]) for key, one in form.values.items()} == raw.values


def test_a_field_of_a_type_nobody_knows_is_kept_as_it_is(navixy: Connect) -> None:
    client = navixy()
    form = forms.read_form(client, checkins.read(client, awkward.UNKNOWN_FIELD).form_id or 0)
    (strange,) = [one for one in form.fields if isinstance(one, forms.UnknownField)]
    assert strange.raw["type"] == strange.type
    assert isinstance(form.values[strange.id], forms.UnknownAnswer)


def test_a_form_comes_as_a_pdf_too(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    form_id = checkins.read(client, awkward.EVERYTHING).form_id or 0
    with forms.download_form(client, form_id, format="pdf") as file:
        content = b"".join(file.iter_bytes())
    assert content.startswith(b"%PDF")
    assert file.content_type == "application/pdf"
    assert sandbox.calls[-1].params == {"id": form_id, "format": "pdf"}


def test_an_export_takes_the_same_filter(navixy: Connect, sandbox: Sandbox) -> None:
    query = Query(start=NOW - timedelta(days=3), trackers=(3002,))
    with checkins.export(navixy(), query, format="xlsx") as file:
        content = b"".join(file.iter_bytes())
    assert file.filename.endswith(".xlsx")
    assert zipfile.is_zipfile(io.BytesIO(content))
    assert sandbox.calls[-1].params == {**query.to_wire(), "format": "xlsx"}


# writing ----------------------------------------------------------------------------------------------


def test_deleting_takes_them_all(navixy: Connect, sandbox: Sandbox) -> None:
    checkins.delete(navixy(), [101, 102])
    assert sandbox.calls[-1].params == {"checkin_ids": [101, 102]}
    assert sandbox.world.checkin(101) is None
    assert sandbox.world.checkin(102) is None


def test_a_new_check_in_sends_only_what_it_has(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    new = checkins.create(client, tracker_id=3001, lat=40.4, lng=-3.7)
    assert sandbox.calls[-1].params == {"tracker_id": 3001, "location": {"lat": 40.4, "lng": -3.7}}
    made = checkins.read(client, new)
    assert (made.marker_time, made.tracker_id, made.lat, made.lng) == (NOW, 3001, 40.4, -3.7)


def test_a_new_check_in_with_a_form(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    form_id = checkins.create_form(client, tracker_id=3001, template_id=CLIMATE_VISIT)
    photo = next(
        one for one in forms.read_template(client, CLIMATE_VISIT).fields if isinstance(one, forms.PhotoField)
    )
    target = checkins.reserve_form_file(
        client, form_id=form_id, field_id=photo.id, size=5, filename="a.jpg", orientation=6
    )
    assert sandbox.calls[-1].params == {
        "form_id": form_id,
        "field_id": photo.id,
        "size": 5,
        "filename": "a.jpg",
        "metadata": {"orientation": 6},
    }
    assert target.url.startswith("http")
    assert target.expires is not None
    assert target.expires > NOW
    assert target.url not in repr(target)
    submission = FormSubmission(
        form_id=form_id, values={photo.id: {"type": "photo", "file_ids": [target.file_id]}}
    )
    with pytest.raises(InvalidAnswers) as caught:
        checkins.create(
            client, tracker_id=3001, lat=40.4, lng=-3.7, address="Here", comment="Done", form=submission
        )
    assert FieldError(photo.id, 10, "") in [replace(one, error="") for one in caught.value.fields]
    assert sandbox.calls[-1].params == {
        "tracker_id": 3001,
        "location": {"lat": 40.4, "lng": -3.7, "address": "Here"},
        "comment": "Done",
        "form_submission": submission.to_wire(),
    }


def test_a_photo_is_reserved(navixy: Connect, sandbox: Sandbox) -> None:
    target = checkins.reserve_image(navixy(), size=1234)
    assert sandbox.calls[-1].params == {"size": 1234}
    assert target.file_field_name == sandbox.switches.file_field_name
    assert "token" in target.fields


@pytest.mark.parametrize(
    ("call", "kind", "code"),
    [
        (lambda c: checkins.create(c, tracker_id=1, lat=0, lng=0), NotFound, 201),
        (lambda c: checkins.create(c, tracker_id=3001, lat=0, lng=0, file_ids=[1]), NotFound, 201),
        (lambda c: checkins.create_form(c, tracker_id=3001, template_id=1), NotFound, 201),
        (lambda c: checkins.reserve_image(c, size=20_000_000), StorageRefused, 271),
        (lambda c: checkins.reserve_form_file(c, form_id=1, field_id="x", size=5), NotFound, 201),
        (lambda c: _reserve(c, "text"), InvalidRequest, 231),
        (lambda c: checkins.create(c, tracker_id=3001, lat=91, lng=0), NotSendable, None),
        (lambda c: checkins.create(c, tracker_id=3001, lat=1, lng=0, comment="\x00"), NotSendable, None),
        (lambda c: checkins.reserve_image(c, size=0), NotSendable, None),
    ],
)
def test_what_creation_may_refuse(
    call: Callable[[Client], object], kind: type[NavixyError], code: int | None, navixy: Connect
) -> None:
    with pytest.raises(kind) as caught:
        call(navixy())
    assert caught.value.code == code


def test_a_field_takes_six_files(navixy: Connect) -> None:
    client = navixy()
    form_id = checkins.create_form(client, tracker_id=3001, template_id=CLIMATE_VISIT)
    field = _field(client, "photo")
    for _ in range(6):
        checkins.reserve_form_file(client, form_id=form_id, field_id=field, size=5)
    with pytest.raises(StorageRefused) as caught:
        checkins.reserve_form_file(client, form_id=form_id, field_id=field, size=5)
    assert caught.value.code == 267


def test_a_full_storage_refuses(navixy: Connect, sandbox: Sandbox) -> None:
    sandbox.switches.quota = 1
    with pytest.raises(StorageRefused) as caught:
        checkins.reserve_image(navixy(), size=100)
    assert caught.value.code == 268


def test_a_photo_that_was_not_uploaded_cannot_be_used(navixy: Connect) -> None:
    client = navixy()
    target = checkins.reserve_image(client, size=100)
    with pytest.raises(WrongState) as caught:
        checkins.create(client, tracker_id=3001, lat=1, lng=1, file_ids=[target.file_id])
    assert caught.value.code == 269


def test_a_blocked_tracker_takes_no_check_in(navixy: Connect, sandbox: Sandbox) -> None:
    blocked = next(one.id for one in sandbox.world.trackers.values() if one.blocked)
    with pytest.raises(WrongState) as caught:
        checkins.create(navixy(), tracker_id=blocked, lat=1, lng=1)
    assert caught.value.code == 208


def _field(client: Client, kind: str) -> str:
    template = forms.read_template(client, CLIMATE_VISIT)
    return next(one.id for one in template.fields if one.type == kind)


def _reserve(client: Client, kind: str) -> object:
    form_id = checkins.create_form(client, tracker_id=3001, template_id=CLIMATE_VISIT)
    return checkins.reserve_form_file(client, form_id=form_id, field_id=_field(client, kind), size=5)
