"""The gallery: the list's own rows as pictures, at the price of the list."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from math import ceil
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client as Browserless

from dashboard.sandbox import Fault, awkward
from dashboard.sandbox.evidence import FORM_OFFSET
from tests.web.desk import HTMX, day_in, ids_in, words_in

if TYPE_CHECKING:
    from dashboard.sandbox import Sandbox
    from dashboard.sandbox.model import Checkin
    from tests.conftest import Made

Enter = Callable[..., Browserless]
Calls = Callable[[], AbstractContextManager["Made"]]
ALL = "/checkins/?period=all&view=gallery"
PART = "/checkins/gallery/?period=all&view=gallery"
COUNT = "/checkins/gallery/count/"
NAMES = ["tracker/list", "employee/list", "department/list", "form/template/list"]


@pytest.fixture
def desk(signed_in: Enter) -> Browserless:
    web = signed_in("owner")
    web.get("/checkins/")  # names are known from here on
    return web


def newest(box: Sandbox) -> list[Checkin]:
    return list(reversed(box.visible_checkins("owner")))


def pictures_of(box: Sandbox, checkin: Checkin) -> int:
    files = [box.world.file(one) for one in checkin.file_ids]
    return sum(file is not None and file.type == "image" and file.state == "uploaded" for file in files)


def photos(response: Any) -> list[int]:
    return [int(one) for one in re.findall(r'data-photo="(\d+)"', response.content.decode())]


def sheets(response: Any) -> list[int]:
    return [int(one) for one in re.findall(r'data-sheet="(\d+)"', response.content.decode())]


def next_page(response: Any) -> str:
    found = re.search(r'rel="next"\s+href="\?([^"]*)"', response.content.decode())
    return unescape(found[1]) if found else ""


def test_a_page_of_pictures_costs_one_call(desk: Browserless, api_calls: Calls) -> None:
    with api_calls() as made:
        response = desk.get(ALL)
    assert len(photos(response)) > 100
    assert made.actions == ["checkin/list"]


@pytest.mark.parametrize("group", ["checkin", "day", "none"])
def test_every_file_of_the_page_is_there_in_order(desk: Browserless, sandbox: Sandbox, group: str) -> None:
    response = desk.get(f"{ALL}&per_page=25&group={group}")
    with_files = [one for one in newest(sandbox)[:25] if one.file_ids]
    expected = [one.id for one in with_files for _ in one.file_ids]
    tiles = re.findall(r'data-checkin-id="(\d+)" data-kind', response.content.decode())
    assert [int(one) for one in tiles] == expected


def test_the_next_page_goes_on_where_this_one_ends(
    desk: Browserless, sandbox: Sandbox, api_calls: Calls
) -> None:
    first = desk.get(f"{ALL}&per_page=25")
    with api_calls() as made:
        second = desk.get(f"/checkins/gallery/?{next_page(first)}", headers=HTMX)
    rows = [one for one in newest(sandbox)[25:50] if one.file_ids or one.form_id]
    assert sheets(second) == [one.id for one in rows]
    assert made.actions == ["checkin/list"]
    assert b"<html" not in second.content


def test_the_link_on_works_without_scripts(desk: Browserless) -> None:
    first = desk.get(f"{ALL}&per_page=25")
    second = desk.get(f"/checkins/?{next_page(first)}")
    assert b"<html" in second.content
    assert not set(sheets(first)) & set(sheets(second))
    assert "Earlier in the list" in words_in(second)


def test_the_last_page_has_no_link_on(desk: Browserless) -> None:
    assert next_page(desk.get("/checkins/?period=yesterday&view=gallery&per_page=250")) == ""


def test_a_heading_for_each_day(desk: Browserless) -> None:
    response = desk.get("/checkins/?from=2026-03-10&to=2026-03-11&view=gallery&group=day&per_page=250")
    days = re.findall(r'data-day="([^"]*)"', response.content.decode())
    assert days == ["Wednesday 11 March 2026", "Tuesday 10 March 2026"]


def test_the_caption_says_who_when_and_where_in_the_persons_time(signed_in: Enter) -> None:
    words = words_in(signed_in("owner").get("/checkins/?period=yesterday&view=gallery&per_page=250"))
    assert "Photos with all eight EXIF rotations" in words
    page = signed_in("viewer").get("/checkins/?period=7d&view=gallery&per_page=250").content.decode()
    assert 'data-zone="America/New_York (UTC−4)"' in page


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("report_pdf", "Download"),
        ("created", "Not uploaded yet"),
        ("in_progress", "Not uploaded yet"),
        ("deleted", "Deleted from storage"),
    ],
)
def test_what_is_no_picture_has_a_tile_with_words(desk: Browserless, kind: str, shown: str) -> None:
    found = awkward.describe()[kind]
    page = desk.get(f"{ALL}&per_page=250&from=2026-03-11&period=").content.decode()
    tiles = re.findall(
        rf'<figure class="shot"\s+data-checkin-id="{found.checkin_id}".*?</figure>', page, re.DOTALL
    )
    own = [one for one in tiles if unescape(found.name) in unescape(one)]
    assert own, "no tile of that name"
    assert shown in unescape(own[0])
    assert "<img" not in own[0]


def test_a_form_is_read_once_and_its_files_come_in_its_order(
    desk: Browserless, sandbox: Sandbox, api_calls: Calls
) -> None:
    form_id = awkward.EVERYTHING + FORM_OFFSET
    with api_calls() as made:
        response = desk.get(f"/checkins/gallery/forms/{form_id}/")
    assert made.actions == ["form/read"]
    assert set(ids_in(response)) == {awkward.EVERYTHING}
    assert len(photos(response)) >= 2


def test_a_form_without_files_is_not_asked_for_again(desk: Browserless, sandbox: Sandbox) -> None:
    page = desk.get(f"{ALL}&per_page=250").content.decode()
    forms = [int(one) for one in re.findall(r"/gallery/forms/(\d+)/", page)]
    empty = next(one for one in forms if not photos(desk.get(f"/checkins/gallery/forms/{one}/")))
    again = desk.get(f"{ALL}&per_page=250").content.decode()
    assert f"/gallery/forms/{empty}/" not in again


def test_a_form_of_nobody_is_not_found(desk: Browserless) -> None:
    assert desk.get("/checkins/gallery/forms/424242/").status_code == 404


def test_the_count_is_that_of_the_whole_list(desk: Browserless, sandbox: Sandbox, api_calls: Calls) -> None:
    with api_calls() as made:
        counted = desk.get(f"{COUNT}?period=last-month&per_page=25&page=2").json()
    in_february = day_in("Europe/Madrid", "2026-02-01", "2026-02-28")
    files = [pictures_of(sandbox, one) for one in newest(sandbox) if in_february(one)]
    assert set(made.actions) == {"checkin/list"}
    assert len(made.actions) == ceil(len(files) / 250)
    assert counted["complete"]
    assert counted["pictures"] == sum(files)
    assert counted["before"][1] == sum(files[:25])


def test_a_list_too_long_to_count_says_so(desk: Browserless, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checkins.gallery._AT_ONCE", 50)
    monkeypatch.setattr("checkins.gallery._MOST_COUNTED", 100)
    assert desk.get(f"{COUNT}?period=all").json()["complete"] is False


def test_a_count_that_fails_half_way_says_so(desk: Browserless, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(action="checkin/list", kind="html_502", times=None, after=1))
    counted = desk.get(f"{COUNT}?period=all").json()
    assert counted["pictures"] > 0
    assert (counted["complete"], counted["again"]) == (False, True)


def test_pages_of_the_gallery_need_the_session(client: Browserless) -> None:
    for url in (PART, COUNT, "/checkins/gallery/forms/1/"):
        assert client.get(url).status_code == 302


def test_a_failure_leaves_the_gallery_in_place(desk: Browserless, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(action="checkin/list", kind="html_502", times=None))
    response = desk.get(f"{PART}&page=2", headers=HTMX)
    assert response.status_code >= 500
    assert response["HX-Retarget"] == "#problem"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("comment=nothing+has+this", "No check-in matches these filters"),
        ("from=2001-01-01&to=2001-01-02", "No check-ins in this period"),
    ],
)
def test_nothing_found_says_the_same_as_the_table(desk: Browserless, query: str, words: str) -> None:
    assert words in words_in(desk.get(f"/checkins/?view=gallery&{query}"))


def test_chosen_check_ins_become_a_pack(desk: Browserless, sandbox: Sandbox) -> None:
    page = desk.get(f"{ALL}&per_page=25").content.decode()
    ids = list(dict.fromkeys(re.findall(r'name="ids"[^>]*value="(\d+)" form="chosen"', page)))[:2]
    action = re.search(r'id="chosen"\s+method="post"\s+action="([^"]*)"', page)
    assert action
    assert len(ids) == 2
    response = desk.post(unescape(action[1]), {"ids": ids})
    assert response.status_code == 302
    assert "Photos of 2 check-ins" in words_in(desk.get(response["Location"]))
