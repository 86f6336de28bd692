"""Tasks, routes and checkpoints as the sandbox reads ref 7: reading and finding them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from dashboard.sandbox import FrozenClock, Sandbox
from dashboard.sandbox.work.states import STATUSES
from tests.unit.sandbox_calls import NOW, Caller, fresh_box

TODAY = {"from": "2026-03-12T00:00:00Z", "to": "2026-03-12T23:59:59Z"}


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with fresh_box() as box:
        yield box


@pytest.fixture
def owner(box: Sandbox) -> Caller:
    return Caller(box)


def todays(caller: Caller, **params: Any) -> list[dict[str, Any]]:
    answer = caller.ask("task/route/list", **TODAY | params)
    assert answer["success"], answer
    return list(answer["list"])


def stops_of(caller: Caller, *routes: dict[str, Any]) -> list[dict[str, Any]]:
    ids = [one for route in routes for one in route["checkpoint_ids"]]
    return list(caller.ask("task/checkpoint/list", checkpoint_ids=ids)["list"])


def test_today_has_a_company_at_work_with_stops_in_every_status(owner: Caller) -> None:
    routes = todays(owner)
    stops = stops_of(owner, *routes)
    assert 25 <= len(routes) <= 45
    assert len(stops) > 200
    assert set(Counter(one["status"] for one in stops)) == set(STATUSES)
    assert all(one["from"] <= one["to"] for one in stops)
    assert all(route["type"] == "route" and "location" not in route for route in routes)


def test_the_same_seed_and_moment_give_the_same_work(box: Sandbox, owner: Caller) -> None:
    first = todays(owner)
    box.reset()
    assert todays(Caller(box)) == first


def test_stops_move_along_with_the_clock(box: Sandbox, owner: Caller) -> None:
    before = {one["id"]: one["status"] for one in stops_of(owner, *todays(owner))}
    assert isinstance(box.clock, FrozenClock)
    box.clock.set(NOW + timedelta(hours=1))
    after = {one["id"]: one["status"] for one in stops_of(owner, *todays(owner))}
    assert before.keys() == after.keys()
    moved = {(before[one], after[one]) for one in before if before[one] != after[one]}
    assert ("arrived", "done") in moved
    assert ("assigned", "arrived") in moved or ("assigned", "done") in moved
    assert not any(was in ("done", "failed", "faulty") for was, _ in moved)


def test_a_route_is_read_with_its_stops_in_order(owner: Caller) -> None:
    route = todays(owner)[0]
    answer = owner.ask("task/read", task_id=route["id"])
    stops = answer["checkpoints"]
    assert [one["id"] for one in stops] == route["checkpoint_ids"]
    assert [one["order"] for one in stops] == list(range(len(stops)))
    assert {one["parent_id"] for one in stops} == {route["id"]}
    assert answer["value"]["from"] == stops[0]["from"]
    assert answer["value"]["to"] == stops[-1]["to"]
    single = owner.ask("task/checkpoint/read", checkpoint_id=stops[0]["id"])["value"]
    single.pop("sandbox_revision", None)
    assert single == stops[0]


def test_each_call_knows_its_own_kind_only(owner: Caller) -> None:
    route = todays(owner)[0]
    assert owner.code("task/route/read", route_id=route["checkpoint_ids"][0]) == 201
    assert owner.code("task/checkpoint/read", checkpoint_id=route["id"]) == 201
    assert owner.code("task/read", task_id=1) == 201
    assert owner.code("task/checkpoint/list", checkpoint_ids=[]) == 7
    listed = owner.ask("task/checkpoint/list", checkpoint_ids=[1, route["id"], route["checkpoint_ids"][0]])
    assert [one["id"] for one in listed["list"]] == [route["checkpoint_ids"][0]]


def test_a_sub_user_sees_the_routes_of_its_trackers_and_nobodys(box: Sandbox) -> None:
    viewer = Caller(box, "viewer")
    scope = box.scope_of(box.person("viewer"))
    assert scope is not None
    trackers = {route.get("tracker_id") for route in todays(viewer)}
    assert trackers <= {None, *scope}
    assert None in trackers
    hidden = next(one for one in todays(Caller(box)) if one.get("tracker_id") not in {None, *scope})
    assert viewer.code("task/route/read", route_id=hidden["id"]) == 201


def test_routes_are_filtered_by_status_tracker_and_text(owner: Caller) -> None:
    routes = todays(owner)
    late = todays(owner, statuses=["delayed"])
    assert [one["id"] for one in late] == [one["id"] for one in routes if one["status"] == "delayed"]
    tracker_id = next(one["tracker_id"] for one in routes if "tracker_id" in one)
    assert {one["tracker_id"] for one in todays(owner, trackers=[tracker_id])} == {tracker_id}
    assert all("on call" in one["label"].lower() for one in todays(owner, filter="ON CALL"))
    wrong: list[dict[str, Any]] = [{"statuses": []}, {"statuses": ["lost"]}, {"trackers": [1, 1]}]
    for params in (*wrong, {"filter": "x" * 101}):
        assert owner.code("task/route/list", **params) == 7


def test_tasks_are_found_by_conditions_and_sorted(owner: Caller) -> None:
    done = {"type": "in", "field": "status", "value": ["done"]}
    found = owner.ask("task/list", conditions=[done], sort=["from=desc"])
    assert found["count"] > 3
    assert {one["status"] for one in found["list"]} == {"done"}
    assert {one["type"] for one in found["list"]} == {"task"}
    starts = [one["from"] for one in found["list"]]
    assert starts == sorted(starts, reverse=True)
    one = found["list"][0]
    circle = {"lat": one["location"]["lat"], "lng": one["location"]["lng"], "radius": 10}
    assert one["id"] in {near["id"] for near in owner.ask("task/list", location=circle)["list"]}
    assert owner.ask("task/count")["count"] == owner.ask("task/list", limit=1)["count"]
    assert owner.code("task/list", conditions=[done] * 61) == 7
    assert owner.code("task/list", sort=["radius=asc"]) == 7


def test_types_nests_the_stops_of_routes_until_the_server_does_not_know_it(
    box: Sandbox, owner: Caller
) -> None:
    listed = owner.ask("task/list", types=["route"], **TODAY)["list"]
    assert [one["id"] for one in listed] == [one["id"] for one in todays(owner)]
    assert [one["id"] for one in listed[0]["checkpoints"]] == listed[0]["checkpoint_ids"]
    box.switches.types_in_task_list = False
    assert {one["type"] for one in owner.ask("task/list", types=["route"])["list"]} == {"task"}


def test_history_tells_what_happened_up_to_now(owner: Caller) -> None:
    stop = next(one for one in stops_of(owner, *todays(owner)) if one["status"] == "done")
    events = owner.ask("task/history/list", task_id=stop["id"])["list"]
    assert events[0]["operation"] == "create"
    assert [one["payload"]["status"] for one in events[1:]][-2:] == ["arrived", "done"]


def test_a_busy_day_has_exactly_what_was_asked_for() -> None:
    box = Sandbox(seed=7, checkins=60, clock=FrozenClock(NOW), busy=(50, 1000))
    caller = Caller(box)
    routes = [one for one in todays(caller) if one["from"] >= TODAY["from"][:10]]
    mine = [one for one in routes if "2026-03-12" in one["from"]]
    ids = [stop for route in mine for stop in route["checkpoint_ids"]]
    assert len(mine) == 50
    assert len(ids) == 1000
