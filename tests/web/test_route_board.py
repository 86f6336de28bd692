"""The board of routes and the list of stops."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client as Browserless

from dashboard.navixy import routes
from dashboard.sandbox import Fault
from tests.web.planning import Connect, at, draft, ids, planned, text_of

if TYPE_CHECKING:
    from dashboard.sandbox import Sandbox
    from tests.conftest import Made

Enter = Callable[..., Browserless]
HTMX = {"HX-Request": "true", "HX-Target": "results"}
WEEK = "period=week"


@pytest.fixture
def desk(signed_in: Enter, sandbox: Sandbox) -> Browserless:
    assert sandbox.world.work.tasks  # laid out before anybody waits for it
    return signed_in("owner")


def route_ids(response: Any) -> list[int]:
    return [int(one) for one in re.findall(r'<tr id="route-(\d+)"', response.content.decode())]


def stop_ids(response: Any) -> list[int]:
    return [int(one) for one in re.findall(r'<tr id="checkpoint-(\d+)"', response.content.decode())]


def total(response: Any) -> int:
    found = re.search(r'data-total="(\d+)"', response.content.decode())
    assert found
    return int(found[1])


def test_the_board_shows_the_routes_of_today(desk: Browserless, navixy: Connect) -> None:
    found = routes.list_routes(navixy(), start=at(-1, day=0), end=at(22.999, day=0))
    page = desk.get("/routes/")
    assert found, "the world has routes today"
    assert sorted(route_ids(page)) == sorted(one.id for one in found)
    assert total(page) == len(found)
    assert all(f"/routes/{one.id}/" in page.content.decode() for one in found)


def test_progress_is_told_in_words_and_drawn(desk: Browserless) -> None:
    page = desk.get(f"/routes/?{WEEK}").content.decode()
    assert re.search(r"\d+ of \d+ done", page)
    assert page.count('class="timeline"') > len(re.findall(r'<tr id="route-', page))


def test_what_is_asked_with_htmx_is_a_fragment(desk: Browserless) -> None:
    answer = desk.get(f"/routes/?{WEEK}", headers=HTMX)
    assert answer.content.decode().lstrip().startswith("<section")
    assert answer.headers["HX-Push-Url"] == f"/routes/?{WEEK}"
    assert "<nav" not in answer.content.decode().split('class="pager"')[0].split("<section")[0]


def test_a_board_costs_a_route_list_and_a_call_for_each_500_stops(
    desk: Browserless, api_calls: Callable[[], AbstractContextManager[Made]]
) -> None:
    desk.get("/routes/")
    with api_calls() as made:
        desk.get(f"/routes/?{WEEK}")
    assert made.count("task/route/list") == 1
    assert set(made.actions) <= {"task/route/list", "task/checkpoint/list"}
    assert len(made.actions) <= 4


def test_routes_are_filtered_by_tracker_status_and_text(desk: Browserless, navixy: Connect) -> None:
    client = navixy()
    tracker = next(one.tracker_id for one in routes.list_routes(client) if one.tracker_id)
    mine = planned(client, label="Unmistakable", tracker_id=tracker)
    assert route_ids(desk.get("/routes/?period=tomorrow&q=unmistakable")) == [mine.route.id]
    assert route_ids(desk.get("/routes/?period=tomorrow&q=stop+3")) == [mine.route.id]
    assert mine.route.id in route_ids(desk.get(f"/routes/?period=tomorrow&tracker={tracker}"))
    assert mine.route.id in route_ids(desk.get("/routes/?period=tomorrow&status=assigned"))
    assert mine.route.id not in route_ids(desk.get("/routes/?period=tomorrow&status=done"))
    assert mine.route.id not in route_ids(desk.get("/routes/?period=yesterday&q=unmistakable"))


def test_every_filter_is_a_chip_that_can_be_taken_away(desk: Browserless) -> None:
    page = desk.get("/routes/?period=week&status=done&status=failed&q=lift").content.decode()
    assert len(re.findall(r'<li class="chip">', page)) == 4
    assert "Remove Status: Done" in page


def test_a_wrong_filter_says_so_and_the_page_answers(desk: Browserless) -> None:
    page = desk.get("/routes/?status=gone&from=12.3.2026&page=x")
    assert page.status_code == 200
    assert {"status", "from", "page"} <= set(re.findall(r'data-complaint="(\w+)"', page.content.decode()))


def test_the_map_has_numbered_stops_of_every_route(desk: Browserless, navixy: Connect) -> None:
    mine = planned(navixy(), label="On the map")
    page = desk.get("/routes/?period=tomorrow&q=on+the+map&view=map").content.decode()
    found = re.search(r'<script id="route-layers" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    (layer,) = json.loads(unescape(found[1]))
    assert [stop["number"] for stop in layer["stops"]] == [1, 2, 3, 4]
    assert [stop["id"] for stop in layer["stops"]] == ids(mine)


def test_a_board_that_cannot_be_loaded_keeps_its_filters(desk: Browserless, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(action="task/route/list", kind="error_500", times=None))
    page = desk.get("/routes/?status=done")
    assert page.status_code == 503
    assert "Navixy has a problem of its own" in text_of(page)
    assert "Try again" in text_of(page)
    assert 'name="status" value="done" checked' in page.content.decode()


def test_stops_are_listed_in_the_order_wanted(desk: Browserless, navixy: Connect) -> None:
    mine = planned(navixy(), label="Listed")
    found = stop_ids(desk.get("/checkpoints/?period=tomorrow&q=,+Madrid&sort=label%3Ddesc"))
    assert [one for one in found if one in ids(mine)] == ids(mine)[::-1]
    page = desk.get("/checkpoints/?period=tomorrow&q=calle+mayor+1").content.decode()
    assert f'href="/routes/{mine.route.id}/"' in page


def test_stops_are_found_by_number_and_the_missing_are_named(desk: Browserless, navixy: Connect) -> None:
    first, second, *_ = ids(planned(navixy()))
    page = desk.get(f"/checkpoints/?id={second},{first},2000000001")
    assert sorted(stop_ids(page)) == sorted([first, second])
    assert "not visible to you: 2000000001" in text_of(page)


def test_stops_are_found_by_external_id(desk: Browserless, navixy: Connect) -> None:
    client = navixy()
    stops = [draft(1, external_id="ORDER-7"), draft(2, external_id="ORDER-77")]
    made, _ = routes.create(client, routes.RouteDraft(label="Orders"), stops)
    page = desk.get("/checkpoints/?period=tomorrow&external=ORDER-7")
    assert stop_ids(page) == [routes.read_whole(client, made.id).stops[0].id]


def test_another_lists_stops_are_not_shown(signed_in: Enter, navixy: Connect) -> None:
    """What a login's scope hides, no number reveals."""
    everything = {one.id for one in routes.list_routes(navixy("owner"))}
    theirs = {one.id for one in routes.list_routes(navixy("viewer"))}
    hidden = sorted(everything - theirs)
    assert hidden
    page = signed_in("viewer").get(f"/routes/{hidden[0]}/")
    assert page.status_code == 404
    assert "This is not there any more" in text_of(page)


@pytest.mark.parametrize("path", ["/routes/", "/checkpoints/", "/routes/new/", "/checkpoints/new/"])
def test_strangers_sign_in_first(db: None, sandbox: Sandbox, client: Browserless, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=")


def test_a_view_of_the_board_can_be_saved(desk: Browserless) -> None:
    desk.post("/routes/views/", {"name": "Failed this week", "query": "period=week&status=failed"})
    assert "Failed this week" in desk.get("/routes/").content.decode()
    assert "Failed this week" not in desk.get("/checkpoints/").content.decode()
