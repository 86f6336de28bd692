"""Envelope, request encodings and dates of the sandbox (ref 1.2 to 1.7)."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from dashboard.sandbox import Sandbox
from dashboard.sandbox.errors import KNOWN
from dashboard.sandbox.moments import Moments
from tests.unit.sandbox_calls import Caller, fresh_box


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with fresh_box() as box:
        yield box


@pytest.fixture
def owner(box: Sandbox) -> Caller:
    return Caller(box)


def has_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(has_null(one) for one in value.values())
    return value is None or (isinstance(value, list) and any(map(has_null, value)))


def test_null_members_are_left_out(box: Sandbox, owner: Caller) -> None:
    bare = next(one for one in box.visible_checkins() if one.employee_id is None)
    assert "employee_id" not in owner.ask("checkin/read", checkin_id=bare.id)["value"]
    assert not has_null(owner.ask("checkin/list"))


def test_unknown_members_are_strewn_in_by_switch(box: Sandbox, owner: Caller) -> None:
    records = owner.ask("checkin/list")["list"]
    assert 0 < sum("sandbox_revision" in one for one in records) < len(records)
    box.switches.unknown_members = False
    answer = owner.ask("checkin/list")
    assert set(answer) == {"success", "list", "count"}
    assert not any("sandbox_revision" in one for one in answer["list"])


def test_a_failure_says_code_and_text_with_its_http_status(owner: Caller) -> None:
    response = owner.post("checkin/read", {"checkin_id": 5})
    assert response.status_code == 404
    assert response.get_json() == {"success": False, "status": {"code": 204, "description": KNOWN[204].text}}


@pytest.mark.parametrize(
    ("code", "http"),
    [
        (1, 500),
        (2, 403),
        (3, 400),
        (9, 412),
        (13, 403),
        (15, 429),
        (211, 400),
        (217, 400),
        (236, 402),
        (238, 403),
        (271, 413),
    ],
)
def test_http_statuses_follow_the_error_table(code: int, http: int) -> None:
    assert KNOWN[code].http == http


def test_unknown_resource_is_111_and_unknown_method_112(owner: Caller) -> None:
    assert owner.code("nonsense/list") == 111
    assert owner.code("checkin/update") == 112


def test_a_trailing_slash_is_accepted(owner: Caller) -> None:
    assert owner.ask("base/nothing/")["success"]


def test_form_fields_carry_json_in_texts(owner: Caller) -> None:
    data = {
        "limit": "3",
        "sort": '["marker_time=desc"]',
        "conditions": json.dumps([{"type": "contains", "field": "location", "value": "a"}]),
    }
    as_form = owner.web.post("/v2/checkin/list", data=data, headers=owner.headers).get_json()
    as_json = owner.ask(
        "checkin/list", limit=3, sort=["marker_time=desc"], conditions=json.loads(data["conditions"])
    )
    assert as_form == as_json
    assert owner.box.calls[0].transport == "form"


def test_json_numbers_must_not_be_texts(owner: Caller) -> None:
    assert owner.code("checkin/read", checkin_id="5") == 7


def test_get_is_for_the_calls_marked_for_it(owner: Caller) -> None:
    assert owner.web.get("/v2/tracker/list", headers=owner.headers).get_json()["success"]
    for action in ("checkin/list", "dealer/get_ui_config", "file/stats/read"):
        refused = owner.web.get(f"/v2/{action}", headers=owner.headers)
        assert refused.get_json()["status"]["code"] == 5


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"text"', b"\xff", b'{"limit": NaN}', b'{"a":' * 100_000])
def test_a_body_that_is_no_json_object_is_error_5(owner: Caller, body: bytes) -> None:
    answer = owner.web.post(
        "/v2/tracker/list", data=body, content_type="application/json", headers=owner.headers
    )
    assert answer.get_json()["status"]["code"] == 5


def test_other_content_types_are_error_5(owner: Caller) -> None:
    as_xml = owner.web.post("/v2/tracker/list", data=b"<a/>", content_type="text/xml", headers=owner.headers)
    multipart = {"file": (io.BytesIO(b"x"), "x.txt")}
    as_parts = owner.web.post("/v2/tracker/list", data=multipart, headers=owner.headers)
    assert [one.get_json()["status"]["code"] for one in (as_xml, as_parts)] == [5, 5]


def test_dates_are_iso_when_asked_by_header_body_or_query(box: Sandbox) -> None:
    plain = Caller(box, headers={})
    plain_text = plain.ask("checkin/list", limit=1)["list"][0]["marker_time"]
    iso_text = plain.ask("checkin/list", limit=1, iso_datetime=True)["list"][0]["marker_time"]
    query = plain.web.post("/v2/checkin/list?iso_datetime=true&limit=1", headers=plain.headers)
    header = Caller(box).ask("checkin/list", limit=1)
    assert iso_text == f"{plain_text.replace(' ', 'T')}+01:00"
    assert [one["list"][0]["marker_time"] for one in (query.get_json(), header)] == [iso_text] * 2


def test_each_login_reads_its_own_wall_clock(box: Sandbox) -> None:
    seen = next(one.id for one in box.visible_checkins("dispatcher"))
    madrid, canary = (
        Caller(box, key, headers={}).ask("checkin/read", checkin_id=seen)["value"]["marker_time"]
        for key in ("owner", "dispatcher")
    )
    assert int(madrid[11:13]) - int(canary[11:13]) in (1, -23)
    assert madrid[14:] == canary[14:]


def test_dates_sent_are_read_in_the_same_format_and_zone(box: Sandbox) -> None:
    one = box.visible_checkins("dispatcher")[-3]
    dispatcher = Caller(box, "dispatcher", headers={})
    text = dispatcher.ask("checkin/read", checkin_id=one.id)["value"]["marker_time"]
    found = dispatcher.ask("checkin/list", **{"from": text, "sort": ["marker_time=asc"]})
    assert found["list"][0]["id"] == one.id
    assert dispatcher.code("checkin/list", **{"from": "2026-03-01T00:00:00Z"}) == 7
    assert Caller(box).code("checkin/list", **{"from": "2026-03-01 00:00:00"}) == 7


def test_the_hour_that_comes_twice_is_plain_in_iso_alone() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    iso, local = Moments(madrid, iso=True), Moments(madrid, iso=False)
    twice = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    assert [iso.write(one) for one in twice] == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]
    assert [iso.read(iso.write(one)) for one in twice] == twice
    assert [local.write(one) for one in twice] == ["2026-10-25 02:30:00"] * 2
    assert local.read("2026-10-25 02:30:00") == twice[0]


def test_a_date_before_all_dates_is_error_7(owner: Caller) -> None:
    assert owner.code("checkin/list", **{"from": "0001-01-01T00:00:00+14:00"}) == 7


@pytest.mark.parametrize("letter", ["\x07", "\ud800", "\ue000"])
def test_control_surrogate_and_private_characters_are_error_7(owner: Caller, letter: str) -> None:
    tracker_id = owner.box.visible_checkins()[0].tracker_id
    place = {"lat": 40, "lng": -3}
    condition = {"type": "contains", "field": "comment", "value": letter}
    assert owner.code("geocoder/search_address", q=letter) == 7
    assert owner.code("checkin/list", conditions=[condition]) == 7
    assert owner.code("checkin/create", tracker_id=tracker_id, location=place, comment=letter) == 7
    assert owner.code("checkin/create", tracker_id=tracker_id, location=place | {"address": letter}) == 7


def test_error_7_names_the_parameter(owner: Caller) -> None:
    answer = owner.ask("checkin/read")
    assert answer["errors"] == [{"parameter": "checkin_id", "error": "must not be null"}]


@pytest.mark.parametrize(("kind", "start"), [("xlsx", b"PK\x03\x04"), ("pdf", b"%PDF")])
def test_format_turns_the_list_into_a_file(owner: Caller, kind: str, start: bytes) -> None:
    response = owner.post("checkin/list", {"format": kind, "limit": 5})
    assert response.data.startswith(start)
    assert "json" not in (response.content_type or "")


def test_the_workbook_holds_texts_not_formulas(box: Sandbox, owner: Caller) -> None:
    one = box.visible_checkins()[0]
    before, one.comment = one.comment, "=1+1\x0b"
    response = owner.post("checkin/list", {"format": "xlsx", "limit": 1})
    one.comment = before
    rows = list(load_workbook(io.BytesIO(response.data)).worksheets[0].iter_rows())
    assert (rows[1][4].value, rows[1][4].data_type) == ("=1+1", "s")


def test_a_form_downloads_both_ways(box: Sandbox, owner: Caller) -> None:
    form_id = next(one.form_id for one in box.visible_checkins() if one.form_id)
    assert owner.post("form/download", {"id": form_id, "format": "pdf"}).data.startswith(b"%PDF")
    assert owner.code("form/download", id=form_id) == 7
    assert owner.code("form/download", id=999, format="pdf") == 201
