"""`/photos/<token>/facts/`: what the camera noted, beside what the page says of the check-in."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client as Browserless

from dashboard.sandbox import Fault
from tests.web.desk import words_in
from tests.web.test_photos import tile_of

if TYPE_CHECKING:
    from dashboard.sandbox import Sandbox
    from dashboard.sandbox.model import Checkin, File
    from tests.conftest import Made

Enter = Callable[..., Browserless]
Calls = Callable[[], AbstractContextManager["Made"]]


@pytest.fixture
def desk(signed_in: Enter) -> Browserless:
    return signed_in("owner")


def noted(box: Sandbox) -> tuple[Checkin, File]:
    """A photo whose camera wrote time and place."""
    return next(
        (checkin, file)
        for checkin in box.visible_checkins("owner")
        for file in map(box.world.file, checkin.file_ids)
        if file and file.state == "uploaded" and (file.drawing.get("exif") or {}).get("place")
    )


def facts_url(desk: Browserless, checkin: Checkin, file: File) -> str:
    page = desk.get(f"/checkins/{checkin.id}/").content.decode()
    found = re.search(rf'href="(/photos/[^"]*/)large/"\s+data-photo="{file.id}"', page)
    assert found
    return f"{found[1]}facts/"


def beside(checkin: Checkin) -> dict[str, str]:
    return {"when": checkin.marker_time.isoformat(), "point": f"{checkin.lat},{checkin.lng}"}


def test_time_place_and_camera_stand_beside_the_check_ins_own(
    desk: Browserless, sandbox: Sandbox, api_calls: Calls
) -> None:
    checkin, file = noted(sandbox)
    written = file.drawing["exif"]
    url = facts_url(desk, checkin, file)
    with api_calls() as made:
        words = words_in(desk.get(url, beside(checkin)))
    assert made.actions == ["storage/download"]
    assert f"{written['make']} {written['model']}" in words or written["model"] in words
    assert f"{written['place'][0]:.2f}" in words
    assert re.search(r"before the check-in|after the check-in|within a minute", words)
    assert re.search(r"[\d.,]+ k?m from the check-in", words)


def test_what_was_read_is_kept(desk: Browserless, sandbox: Sandbox, api_calls: Calls) -> None:
    url = facts_url(desk, *noted(sandbox))
    desk.get(url)
    with api_calls() as made:
        again = desk.get(url)
    assert again.status_code == 200
    assert made.actions == []


@pytest.mark.parametrize("kind", ["not_a_picture", "empty", "bomb", "truncated", "animated", "heic", "cmyk"])
def test_odd_files_have_a_size_and_no_camera(desk: Browserless, kind: str) -> None:
    url = tile_of(desk, kind).large_url.replace("/large/", "/facts/")
    words = words_in(desk.get(url))
    assert "Not noted" in words
    assert re.search(r"\d (B|kB|MB)", words)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_file_without_orientation_is_turned_as_the_record_says(desk: Browserless, orientation: int) -> None:
    by_record = tile_of(desk, f"metadata_rotation_{orientation}").large_url.replace("/large/", "/facts/")
    by_file = tile_of(desk, f"rotation_{orientation}").large_url.replace("/large/", "/facts/")
    assert f'data-orientation="{orientation}"' in desk.get(by_record).content.decode()
    assert 'data-orientation="1"' in desk.get(by_file).content.decode()
    size = re.compile(r"\d+ × \d+")
    assert size.findall(words_in(desk.get(by_record))) == size.findall(words_in(desk.get(by_file)))


def test_a_file_that_is_gone_is_said_in_the_panel(desk: Browserless) -> None:
    response = desk.get(tile_of(desk, "gone").large_url.replace("/large/", "/facts/"))
    assert response.status_code == 200
    assert "What the camera noted" in words_in(response)
    assert "Taken" not in words_in(response)


def test_a_storage_that_fails_is_asked_again(desk: Browserless, sandbox: Sandbox) -> None:
    url = facts_url(desk, *noted(sandbox))
    sandbox.faults.add(Fault(action="storage/download", kind="error_500", times=1))
    assert "Taken" not in words_in(desk.get(url))
    assert "Taken" in words_in(desk.get(url))


def test_a_forged_token_has_no_facts(desk: Browserless, signed_in: Enter) -> None:
    assert desk.get("/photos/AAAA/facts/").status_code == 404
    theirs: Any = tile_of(signed_in("dispatcher"), "heic").large_url.replace("/large/", "/facts/")
    assert desk.get(theirs).status_code == 404
