"""Records out of JSON that lacks, doubles or misspells things (ref 1.4)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.navixy import answers, checkins, fields, files, forms, people, places, users, values
from dashboard.navixy.errors import BadReply, NotSendable
from tests.unit.canned import HASH, answering, failing

CHECKIN = {"id": 7, "marker_time": "2026-03-12T10:00:00Z", "tracker_id": 3, "location": {"lat": 1, "lng": 2}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)
KEYS = st.sampled_from(
    [
        *("id", "label", "type", "name", "size", "state", "created", "uploaded", "metadata", "previews"),
        *("location", "marker_time", "tracker_id", "files", "fields", "values", "group", "options", "source"),
        *("tag_bindings", "gps", "user_info", "privileges", "rights", "master", "tags", "download_url"),
    ]
)
READERS: list[Callable[[values.Record], object]] = [
    checkins.checkin_from,
    files.file_from,
    files.upload_target_from,
    forms.form_from,
    forms.template_from,
    fields.field_from,
    people.tracker_from,
    people.employee_from,
    people.department_from,
    people.tag_from,
    lambda record: people.tracker_state_from(1, record),
    lambda record: users.user_info_from(record, record),
    lambda record: users.ui_config_from(record, record),
    lambda record: answers.answers_from(record, ()),
]


@given(st.dictionaries(KEYS, JSON, max_size=8))
def test_no_record_fails_but_for_lack_of_identity(record: dict[str, Any]) -> None:
    for read in READERS:
        try:
            read(record)
        except values.Unreadable:
            continue


def test_a_check_in_of_the_least_members() -> None:
    found = checkins.checkin_from(CHECKIN)
    assert found.marker_time == datetime(2026, 3, 12, 10, 0, tzinfo=UTC)
    assert (found.employee_id, found.address, found.comment, found.precision) == (None, "", "", None)
    assert (found.files, found.form_id, found.form_label) == ((), None, None)


@pytest.mark.parametrize("missing", ["id", "marker_time", "location"])
def test_a_check_in_without_identity_time_or_place_is_left_out(missing: str) -> None:
    broken = {key: value for key, value in CHECKIN.items() if key != missing}
    page = checkins.search(
        answering({"list": [CHECKIN, broken], "count": 2}).client, checkins.Query(), limit=10
    )
    assert [one.id for one in page.items] == [7]
    assert page.total == 2


def test_one_check_in_that_makes_no_sense_is_a_bad_reply() -> None:
    with pytest.raises(BadReply, match="checkin/read"):
        checkins.read(answering({"value": {"id": 7}}).client, 7)


def test_a_total_below_what_came_is_not_believed() -> None:
    page = checkins.search(answering({"list": [CHECKIN], "count": 0}).client, checkins.Query(), limit=10)
    assert page.total == 1


def test_a_file_that_waits_for_its_upload() -> None:
    found = files.file_from({"id": 1, "state": "created", "size": "12"})
    assert (found.size, found.uploaded, found.download_url, found.is_ready) == (12, None, None, False)


@pytest.mark.parametrize(("value", "expected"), [(6, 6), ("8", 8), (0, None), (9, None), (None, None)])
def test_orientations_are_one_to_eight(value: Any, expected: int | None) -> None:
    assert files.file_from({"id": 1, "metadata": {"orientation": value}}).orientation == expected


def test_files_do_not_show_their_links() -> None:
    record = {"id": 1, "download_url": "https://s/secret", "previews": [{"download_url": "https://s/small"}]}
    found = files.file_from(record)
    assert found.preview_urls == ("https://s/small",)
    assert "https" not in repr(found)


def test_an_upload_target_keeps_its_form_parts_as_text() -> None:
    target = files.upload_target_from({"file_id": 5, "url": "https://u", "fields": {"token": 1, "x": None}})
    assert target.fields == {"token": "1"}
    assert target.file_field_name == "file"
    assert "https" not in repr(target)


def test_a_device_id_is_text() -> None:
    assert people.tracker_from({"id": 1, "source": {"device_id": 123}}).device_id == "123"


def test_an_employees_name_skips_blanks() -> None:
    record = {"id": 1, "first_name": "Ana", "middle_name": " ", "last_name": "García "}
    assert people.employee_from(record).name == "García Ana"


def test_employees_without_a_count_come_through_all_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "EMPLOYEES_A_PAGE", 2)
    canned = answering(
        {"list": [{"id": 1}, {"id": 2}]}, {"list": [{"id": 2}, {"id": 3}]}, {"list": [{"id": 3}]}
    )
    assert [one.id for one in people.list_employees(canned.client)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("body", "rights", "owner"),
    [
        ({}, None, True),
        ({"privileges": None}, None, True),
        ({"privileges": {}}, frozenset(), False),
        ({"privileges": {"rights": ["task_update"]}, "master": {"id": 9}}, frozenset({"task_update"}), False),
        ({"privileges": {"rights": ["admin"]}}, frozenset({"admin"}), True),
    ],
)
def test_rights_are_read_as_the_reference_says(
    body: dict[str, Any], rights: frozenset[str] | None, owner: bool
) -> None:
    info = users.user_info_from({"id": 4, "login": "a"}, body)
    assert (info.rights, info.is_owner) == (rights, owner)
    assert info.account_id == (9 if "master" in body else 4)


def test_a_user_without_settings_gets_plain_ones() -> None:
    info = users.user_info_from({"id": 4}, {})
    assert (info.zone, info.locale, info.measurement_system, info.demo) == ("UTC", "en_US", "metric", False)


def test_limits_nobody_states_are_the_documented_ones() -> None:
    assert users.ui_config_from({}, {}) == users.UiConfig()


def test_a_sign_in_without_a_hash_is_a_bad_reply() -> None:
    with pytest.raises(BadReply):
        users.sign_in(answering({"type": "authenticated"}).client, "a", "b")


def test_hashes_do_not_show() -> None:
    assert HASH not in repr(users.SignedIn(HASH))
    assert HASH not in repr(users.SecondFactor(HASH, "email"))


def test_a_search_without_result_is_empty_whatever_it_is() -> None:
    assert places.search_address(answering(failing(210)).client, "x") == ()
    assert places.search_location(answering(failing(210)).client, lat=1, lng=2) == ""


def test_a_place_without_an_address_shows_its_degrees() -> None:
    (found,) = places.search_address(answering({"locations": [{"lat": 1, "lng": 2}, {"lat": 1}]}).client, "x")
    assert found.address == "1.00000, 2.00000"


def field(kind: str, **more: Any) -> fields.Field:
    return fields.field_from({"id": "f", "type": kind, **more})


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        ("text", {"value": ""}, answers.TextAnswer("")),
        ("text", {"value": 7}, answers.TextAnswer("7")),
        ("checkbox_group", {"values": [True, None, "true"]}, answers.CheckboxAnswer((True, False, True))),
        ("dropdown", {"value_index": "2"}, answers.ChoiceAnswer(2)),
        ("radio_group", {"value_index": 0}, answers.ChoiceAnswer(0)),
        ("rating", {"value": 4}, answers.RatingAnswer(4)),
        ("file", {"file_ids": [1, "2", None]}, answers.FileAnswer((1, 2))),
        ("photo", {"file_ids": []}, answers.FileAnswer(())),
        ("photo", {"file_id": 3}, answers.FileAnswer((3,))),
        ("signature", {"type": "file", "file_id": 3}, answers.SignatureAnswer(3)),
        ("signature", {"type": "signature", "file_ids": [3]}, answers.SignatureAnswer(3)),
    ],
)
def test_answers_are_read_by_the_fields_type(
    kind: str, raw: dict[str, Any], expected: answers.Answer
) -> None:
    assert answers.answer_from(raw, field(kind)) == expected


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("text", {}),
        ("checkbox_group", {"values": "x"}),
        ("dropdown", {"value_index": None}),
        ("date", {"value": "soon"}),
        ("rating", {"value": "many"}),
        ("file", {}),
        ("signature", {}),
        ("separator", {"value": 1}),
        ("barcode", {"value": "4711"}),
    ],
)
def test_what_does_not_fit_its_field_is_kept_raw(kind: str, raw: dict[str, Any]) -> None:
    assert answers.answer_from(raw, field(kind)) == answers.UnknownAnswer(raw)


def test_an_answer_to_a_field_that_is_gone_is_kept_raw() -> None:
    assert answers.answers_from({"old": {"value": 1}, "null": None}, ()) == {
        "old": answers.UnknownAnswer({"value": 1})
    }


def test_a_field_of_an_unknown_type_keeps_its_definition() -> None:
    raw = {"id": "f", "type": "barcode", "label": "Code", "symbology": "EAN"}
    found = fields.field_from(raw)
    assert isinstance(found, fields.UnknownField)
    assert (found.label, found.raw["symbology"]) == ("Code", "EAN")


def test_times_without_offset_are_in_the_clients_zone() -> None:
    client = replace(
        answering({"list": [CHECKIN | {"marker_time": "2026-07-01 12:00:00"}]}).client,
        zone=ZoneInfo("Europe/Madrid"),
    )
    (found,) = checkins.search(client, checkins.Query(), limit=1).items
    assert found.marker_time == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("texts", [{"comment": "bell\x07"}, {"address": "Plaza \ue000 1"}])
def test_text_the_api_refuses_never_leaves(texts: dict[str, Any]) -> None:
    canned = answering({"id": 1})
    with pytest.raises(NotSendable, match="character"):
        checkins.create(canned.client, tracker_id=1, lat=40, lng=-3, **texts)
    assert canned.actions == []
