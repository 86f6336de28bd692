"""Trackers, people, forms, places and stored files of the sandbox (ref 3, 6, 8.4)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from dashboard.sandbox import Sandbox, awkward
from dashboard.sandbox.listing import full_name
from dashboard.sandbox.moments import Moments
from dashboard.sandbox.shapes import Shapes
from tests.unit.sandbox_calls import Caller, fresh_box

UTC_ZONE = ZoneInfo("UTC")


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with fresh_box() as box:
        yield box


@pytest.fixture
def owner(box: Sandbox) -> Caller:
    return Caller(box)


def test_tracker_labels_filter_by_containing(box: Sandbox, owner: Caller) -> None:
    label = next(iter(box.world.trackers.values())).label
    found = owner.ask("tracker/list", labels=[label[:6]])["list"]
    expected = [one.id for one in box.world.trackers.values() if label[:6] in one.label]
    assert [one["id"] for one in found] == expected


@pytest.mark.parametrize("labels", [[], ["a", "a"], [""], ["x" * 61], "a", [1]])
def test_wrong_tracker_labels_are_error_7(owner: Caller, labels: Any) -> None:
    assert owner.code("tracker/list", labels=labels) == 7


def test_tag_bindings_come_with_the_list_only(owner: Caller) -> None:
    one = owner.ask("tracker/list")["list"][0]
    assert "tag_bindings" in one
    assert "tag_bindings" not in owner.ask("tracker/read", tracker_id=one["id"])["value"]


def test_states_of_blocked_and_missing_trackers_need_leave(box: Sandbox, owner: Caller) -> None:
    blocked = next(one.id for one in box.world.trackers.values() if one.blocked)
    working = next(one.id for one in box.world.trackers.values() if not one.blocked)
    assert owner.code("tracker/get_states", trackers=[working, blocked]) == 208
    assert owner.code("tracker/get_states", trackers=[working, 999]) == 217
    answer = owner.ask(
        "tracker/get_states", trackers=[working, blocked, 999], list_blocked=True, allow_not_exist=True
    )
    assert (list(answer["states"]), answer["blocked"], answer["not_exist"]) == (
        [str(working)],
        [blocked],
        [999],
    )
    assert answer["states"][str(working)]["gps"]["updated"].endswith("+01:00")


def test_employees_page_sort_and_filter(box: Sandbox, owner: Caller) -> None:
    everyone = owner.ask("employee/list", sort=["first_name=desc", "id=asc"])
    names = [one["first_name"].casefold() for one in everyone["list"]]
    assert names == sorted(names, reverse=True)
    page = owner.ask("employee/list", sort=["first_name=desc", "id=asc"], limit=5, offset=5)
    assert [one["id"] for one in page["list"]] == [one["id"] for one in everyone["list"][5:10]]
    assert page["count"] == everyone["count"] == len(box.world.employees)
    wanted = page["list"][0]["first_name"]
    assert page["list"][0]["id"] in [
        one["id"] for one in owner.ask("employee/list", filter=wanted.upper())["list"]
    ]


@pytest.mark.parametrize(
    "params",
    [{"sort": ["id=asc"] * 3}, {"sort": ["title=asc"]}, {"filter": "x" * 101}, {"limit": 0}],
    ids=str,
)
def test_wrong_employee_parameters_are_error_7(owner: Caller, params: dict[str, Any]) -> None:
    assert owner.code("employee/list", **params) == 7


@pytest.mark.parametrize("action", ["tracker/read", "employee/read", "form/template/read", "form/read"])
def test_reading_what_is_not_there_is_201(owner: Caller, action: str) -> None:
    name = {"form/read": "id", "form/template/read": "template_id"}.get(action, f"{action.split('/')[0]}_id")
    assert owner.code(action, **{name: 999_999}) == 201
    assert owner.code(action) == 7


def test_templates_hold_every_field_type(owner: Caller) -> None:
    templates = owner.ask("form/template/list")["list"]
    types = {field["type"] for one in templates for field in one["fields"]}
    documented = "text checkbox_group dropdown radio_group date rating file photo signature separator"
    assert types >= set(documented.split())
    stats = owner.ask("form/template/stats/read", template_id=templates[0]["id"])
    assert len(stats["tasks"]) == 7


def test_a_form_comes_with_the_files_its_answers_name(box: Sandbox, owner: Caller) -> None:
    ids = [one.form_id for one in box.visible_checkins() if one.form_id]
    answers = [owner.ask("form/read", id=form_id) for form_id in ids[:60]]
    with_files = next(one for one in answers if "files" in one)
    named = {
        number
        for value in with_files["value"]["values"].values()
        for number in [*value.get("file_ids", []), *([value["file_id"]] if "file_id" in value else [])]
    }
    assert {one["id"] for one in with_files["files"]} == named
    assert with_files["value"]["checkin_id"]


def test_geocoding_finds_an_address_and_the_way_back(owner: Caller) -> None:
    best = owner.ask("geocoder/search_address", q="Toledo", with_details=True)["locations"][0]
    assert "Toledo" in best["address"]
    assert best["details"]["country"] == "Spain"
    back = owner.ask("geocoder/search_location", location={"lat": best["lat"], "lng": best["lng"]})
    assert "Toledo" in back["value"]
    pair = owner.ask("geocoder/search_address", q=f"{best['lat']}, {best['lng']}")
    assert pair["locations"][0]["address"] == back["value"]


def test_geocoding_without_a_match_is_210(owner: Caller) -> None:
    assert owner.code("geocoder/search_address", q="qqqzzz") == 210
    assert owner.code("geocoder/search_location", lat=-50.5, lng=-140.5) == 210
    assert owner.code("geocoder/search_location") == 7


def uploaded_photo(box: Sandbox, owner: Caller) -> dict[str, Any]:
    return next(
        file
        for one in owner.ask("checkin/list", sort=["marker_time=desc"])["list"]
        for file in one["files"]
        if file["state"] == "uploaded" and file.get("previews") and file["mime_type"] == "image/jpeg"
    )


def test_a_download_needs_no_credential_and_gives_the_declared_bytes(box: Sandbox, owner: Caller) -> None:
    photo = uploaded_photo(box, owner)
    response = owner.web.get(photo["download_url"])
    assert (response.status_code, len(response.data)) == (200, photo["size"])
    assert response.content_type == "image/jpeg"
    Image.open(io.BytesIO(response.data)).verify()


def test_previews_are_small_pictures(box: Sandbox, owner: Caller) -> None:
    photo = uploaded_photo(box, owner)
    response = owner.web.get(photo["previews"][0]["download_url"])
    with Image.open(io.BytesIO(response.data)) as picture:
        assert max(picture.size) <= 160


def test_a_guessed_or_deleted_file_is_404(box: Sandbox, owner: Caller) -> None:
    photo = uploaded_photo(box, owner)
    head, _, name = photo["download_url"].rpartition("/")
    assert owner.web.get(f"{head[:-1]}x/{name}").status_code == 404
    assert owner.web.get("/storage/zzz/a.jpg").status_code == 404
    holder = next(one for one in box.world.checkins if photo["id"] in one.file_ids)
    owner.ask("checkin/delete", checkin_ids=[holder.id])
    assert owner.web.get(photo["download_url"]).status_code == 404


def test_only_a_file_that_was_uploaded_has_a_link(owner: Caller) -> None:
    files = [file for one in owner.ask("checkin/list")["list"] for file in one["files"]]
    assert {file["state"] for file in files} > {"uploaded"}
    assert all(("download_url" in file) == ("uploaded" in file) for file in files)


def test_storage_use_is_told(box: Sandbox, owner: Caller) -> None:
    value = owner.ask("file/stats/read")["value"]
    assert 0 < value["file_count"] * 10_000 < value["total_size"] < value["quota"] * 10


def test_everyone_reads_the_names_in_the_same_order(box: Sandbox, owner: Caller) -> None:
    found = owner.ask("checkin/list", sort=["employee=asc"])["list"]
    names = {one.id: full_name(one).casefold() for one in box.world.employees.values()}
    told = [names.get(one.get("employee_id", 0), "") for one in found]
    assert told == sorted(told)


HEAVY = {"hundred_megapixels", "twelve_megapixels", "largest"}  # seconds to draw, nothing new to show


def test_every_odd_file_is_served_without_a_failure(box: Sandbox, owner: Caller) -> None:
    shapes, answered = Shapes(1, Moments(UTC_ZONE, True), ""), {}
    for kind, odd in awkward.describe().items():
        file = box.world.file(odd.file_id)
        assert file is not None
        if kind not in HEAVY:
            answered[kind] = owner.web.get(shapes.link(file)).status_code
            assert owner.web.get(shapes.link(file, preview=True)).status_code < 500, kind
    assert (answered["deleted"], answered["created"], answered["gone"]) == (404, 404, 410)
    assert (answered["rotation_6"], answered["report_pdf"]) == (200, 200)
