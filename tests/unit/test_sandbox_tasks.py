"""Tasks, routes and checkpoints at the sandbox: shapes, states, order, refusals (ref 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from dashboard.sandbox import FrozenClock, Sandbox
from dashboard.sandbox.work import STATUSES, Route, Task
from tests.unit.sandbox_calls import NOW, Caller, fresh_box

Json = dict[str, Any]
LATER = "2026-03-13T09:00:00Z"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with fresh_box() as box:
        yield box


@pytest.fixture
def owner(box: Sandbox) -> Caller:
    return Caller(box)


def body(**changes: Any) -> Json:
    place = {"lat": 40.4, "lng": -3.7, "radius": 100, "address": "Calle Mayor 1"}
    window = {"from": "2026-03-13T08:00:00Z", "to": LATER}
    return {"location": place, "label": "Meter", "description": "", **window} | changes


def route(box: Sandbox, fits: Callable[[Route], bool] = lambda _: True) -> Route:
    return next(one for one in box.world.work.routes.values() if fits(one))


def planned(box: Sandbox) -> Route:
    """One that may still be changed, of tomorrow."""
    return route(box, lambda one: one.status == "assigned" and len(one.checkpoint_ids) > 3)


def stop_in(box: Sandbox, *statuses: str, filled: bool | None = None) -> Task:
    """A checkpoint in one of these states; `filled`: whether its form is."""
    for one in box.world.work.tasks.values():
        form = box.world.form(one.form_id) if one.form_id else None
        fits = filled is None or (form is not None and (form.submitted is not None) == filled)
        if one.status in statuses and one.kind == "checkpoint" and fits:
            return one
    raise LookupError(statuses)


# --- the world ----------------------------------------------------------------------------------------------


def test_this_week_holds_stops_in_every_state(box: Sandbox) -> None:
    assert {one.status for one in box.world.work.tasks.values()} == set(STATUSES)
    today = [one for one in box.world.work.routes.values() if one.created.date() == NOW.date() - timedelta(1)]
    assert len(today) > 20


def test_time_moves_stops_along(box: Sandbox, owner: Caller) -> None:
    one = next(
        one
        for one in box.world.work.tasks.values()
        if one.status == "assigned" and one.plan and one.plan.leaves
    )
    assert one.plan is not None
    assert one.plan.leaves is not None
    assert isinstance(box.clock, FrozenClock)
    box.clock.set(one.plan.leaves + timedelta(minutes=1))
    read = owner.ask("task/read", task_id=one.id)["value"]
    assert read["status"] == one.plan.ends
    assert read["stay_duration"] > 0
    operations = [line["operation"] for line in owner.ask("task/history/list", task_id=one.id)["list"]]
    assert operations[-2:] == ["status_change", "status_change"]


def test_a_busy_day_has_fifty_routes_of_twenty_stops() -> None:
    work = Sandbox(checkins=30, clock=FrozenClock(NOW), busy=True).world.work
    assert [len(one.checkpoint_ids) for one in work.routes.values()] == [20] * 50


def test_each_sandbox_begins_with_the_same_work(box: Sandbox, owner: Caller) -> None:
    before = len(box.world.work.tasks)
    owner.ask("task/create", task=body())
    assert len(box.world.work.tasks) == before + 1
    box.reset()
    assert len(box.world.work.tasks) == before


# --- reading ------------------------------------------------------------------------------------------------


def test_a_route_is_read_with_its_stops_in_order(box: Sandbox, owner: Caller) -> None:
    one = planned(box)
    answer = owner.ask("task/read", task_id=one.id)
    assert answer["value"]["type"] == "route"
    assert [stop["id"] for stop in answer["checkpoints"]] == one.checkpoint_ids
    assert [stop["order"] for stop in answer["checkpoints"]] == list(range(len(one.checkpoint_ids)))
    assert (answer["value"]["from"], answer["value"]["to"]) == (
        answer["checkpoints"][0]["from"],
        answer["checkpoints"][-1]["to"],
    )


def test_routes_of_a_period_and_their_checkpoints(box: Sandbox, owner: Caller) -> None:
    period = {"from": "2026-03-12T00:00:00Z", "to": "2026-03-12T23:59:59Z"}
    routes = owner.ask("task/route/list", **period)
    assert routes["count"] == len(routes["list"]) > 20
    ids = [stop for one in routes["list"] for stop in one["checkpoint_ids"]]
    stops = owner.ask("task/checkpoint/list", checkpoint_ids=[*ids, 999])["list"]
    assert [one["id"] for one in stops] == ids
    assert all("form" not in one for one in stops)


def test_task_list_holds_stand_alone_tasks_unless_types_says_otherwise(box: Sandbox, owner: Caller) -> None:
    assert {one["type"] for one in owner.ask("task/list")["list"]} == {"task"}
    routes = owner.ask("task/list", types=["route"], limit=5)["list"]
    assert all(len(one["checkpoints"]) == len(one["checkpoint_ids"]) for one in routes)
    box.switches.task_types_understood = False
    assert {one["type"] for one in owner.ask("task/list", types=["route"])["list"]} == {"task"}


@pytest.mark.parametrize(
    "condition",
    [
        {"type": "contains", "field": "status", "value": "done"},
        {"type": "in", "field": "status", "value": ["done"]},
    ],
)
def test_conditions_of_task_list(condition: Json, owner: Caller) -> None:
    found = owner.ask("task/list", types=["checkpoint"], conditions=[condition])["list"]
    assert {one["status"] for one in found} == {"done"}


def test_task_list_sorts_and_pages(owner: Caller) -> None:
    first = owner.ask("task/list", types=["checkpoint"], sort=["label=asc"], limit=10)
    second = owner.ask("task/list", types=["checkpoint"], sort=["label=asc"], limit=10, offset=10)
    labels = [one["label"].casefold() for one in first["list"] + second["list"]]
    assert labels == sorted(labels)
    assert first["count"] == second["count"] > 20


def test_a_sub_user_sees_its_trackers_routes_and_those_of_nobody(box: Sandbox) -> None:
    viewer = Caller(box, "viewer")
    seen = {one.get("tracker_id") for one in viewer.ask("task/route/list")["list"]}
    scope = box.scope_of(box.person("viewer"))
    assert scope is not None
    assert None in seen
    assert seen - {None} <= scope
    hidden = route(box, lambda one: one.tracker_id not in {None, *scope})
    assert viewer.code("task/route/read", route_id=hidden.id) == 201
    assert viewer.code("task/read", task_id=hidden.checkpoint_ids[0]) == 201


# --- writing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"label": "  "}, "task.label"),
        ({"label": "x" * 201}, "task.label"),
        ({"description": None}, "task.description"),
        ({"description": "x" * 1025}, "task.description"),
        ({"to": None}, "task.to"),
        ({"to": "2026-03-11T09:00:00Z"}, "task.to"),
        ({"from": "2026-03-14T09:00:00Z"}, "task.from"),
        ({"max_delay": 512_001}, "task.max_delay"),
        ({"location": {"lat": 40, "lng": -3, "radius": 300_001}}, "task.location.radius"),
        ({"location": {"lat": 91, "lng": -3, "radius": 10}}, "task.location.lat"),
        ({"external_id": ""}, "task.external_id"),
    ],
)
def test_each_broken_rule_is_named(change: Json, parameter: str, owner: Caller) -> None:
    answer = owner.ask("task/create", task=body(**change))
    assert answer["status"]["code"] == 7
    assert answer["errors"][0]["parameter"] == parameter


def test_a_task_is_assigned_when_somebody_is_to_do_it(box: Sandbox, owner: Caller) -> None:
    tracker_id = min(box.listed_trackers(box.person("owner")))
    free = owner.ask("task/create", task=body())["id"]
    taken = owner.ask("task/create", task=body(tracker_id=tracker_id))["id"]
    read = [owner.ask("task/read", task_id=one)["value"]["status"] for one in (free, taken)]
    assert read == ["unassigned", "assigned"]
    assert owner.ask("task/assign", task_id=free, tracker_id=tracker_id)["success"]
    assert owner.ask("task/assign", task_id=taken)["success"]
    read = [owner.ask("task/read", task_id=one)["value"]["status"] for one in (free, taken)]
    assert read == ["assigned", "unassigned"]


def test_what_is_shared_is_counted(owner: Caller) -> None:
    assert "external_id_counts" not in owner.ask("task/create", task=body(external_id="A-1"))
    again = owner.ask("task/create", task=body(external_id="A-1"))
    assert again["external_id_counts"] == [{"external_id": "A-1", "count": 2}]


def test_a_blocked_or_unknown_tracker_is_refused(box: Sandbox, owner: Caller) -> None:
    blocked = next(one.id for one in box.world.trackers.values() if one.blocked)
    assert owner.code("task/create", task=body(tracker_id=blocked)) == 208
    assert owner.code("task/create", task=body(tracker_id=1)) == 201
    box.switches.tasks_in_tariff = False
    assert (
        owner.code("task/create", task=body(tracker_id=min(box.listed_trackers(box.person("owner"))))) == 236
    )


@pytest.mark.parametrize("refused", ["tariff", "template"])
def test_a_refused_route_leaves_nothing_behind(refused: str, box: Sandbox, owner: Caller) -> None:
    work, last = box.world.work, body(form_template_id=999_999)
    before = (len(work.routes), len(work.tasks))
    wanted = {
        "label": "Round",
        "description": "",
        "tracker_id": min(box.listed_trackers(box.person("owner"))),
    }
    box.switches.tasks_in_tariff = refused != "tariff"
    stops, with_form = [body(), last], refused == "template"
    code = owner.code("task/route/create", route=wanted, checkpoints=stops, create_form=with_form)
    assert code == (201 if with_form else 236)
    assert (len(work.routes), len(work.tasks)) == before
    assert owner.ask("task/route/list")["success"]


def test_a_task_with_an_unknown_template_is_not_made(box: Sandbox, owner: Caller) -> None:
    before = len(box.world.work.tasks)
    assert owner.code("task/create", task=body(form_template_id=999_999), create_form=True) == 201
    assert len(box.world.work.tasks) == before


def test_a_route_refused_a_new_stop_stays_as_it_was(box: Sandbox, owner: Caller) -> None:
    found = planned(box)
    before, first = list(found.checkpoint_ids), box.world.work.tasks[found.checkpoint_ids[0]]
    box.switches.tasks_in_tariff = False
    wanted = {"id": found.id, "label": "New", "description": "", "checkpoint_ids": [first.id]}
    stops = [body(id=first.id), body()]
    assert owner.code("task/route/update", route=wanted, checkpoints=stops) == 236
    assert (found.checkpoint_ids, first.label == "Meter") == (before, False)


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("task/create", {"task": body()}),
        ("task/checkpoint/delete", {"checkpoint_id": 1}),
        ("task/route/delete", {"route_id": 1}),
        ("task/form/create", {"task_id": 1, "template_id": 201}),
    ],
)
def test_writing_asks_for_the_right(action: str, params: Json, box: Sandbox) -> None:
    assert Caller(box, "viewer").code(action, **params) == 13


def test_only_planned_stops_may_change(box: Sandbox, owner: Caller) -> None:
    gone = stop_in(box, "done", "failed")
    assert owner.code("task/checkpoint/update", checkpoint=body(id=gone.id)) == 255
    assert owner.code("task/checkpoint/delete", checkpoint_id=gone.id) == 255
    assert owner.code("task/route/assign", route_id=gone.route_id) == 255


def test_a_new_checkpoint_moves_the_later_ones_on(box: Sandbox, owner: Caller) -> None:
    one = planned(box)
    before = list(one.checkpoint_ids)
    made = owner.ask("task/checkpoint/create", checkpoint=body(parent_id=one.id, order=1))["id"]
    assert one.checkpoint_ids == [before[0], made, *before[1:]]
    assert owner.code("task/checkpoint/create", checkpoint=body(parent_id=one.id, order=99)) == 7


def test_a_changed_order_reorders_the_route(box: Sandbox, owner: Caller) -> None:
    one = planned(box)
    before = list(one.checkpoint_ids)
    assert owner.ask("task/checkpoint/update", checkpoint=body(id=before[0], order=2))["success"]
    assert one.checkpoint_ids == [before[1], before[2], before[0], *before[3:]]


def test_the_last_checkpoint_takes_its_route_with_it(box: Sandbox, owner: Caller) -> None:
    one = planned(box)
    for stop in list(one.checkpoint_ids)[1:]:
        assert owner.ask("task/checkpoint/delete", checkpoint_id=stop)["success"]
    last = one.checkpoint_ids[0]
    assert owner.ask("task/checkpoint/transmute", checkpoint_id=last)["success"]
    assert owner.code("task/route/read", route_id=one.id) == 201
    assert owner.ask("task/read", task_id=last)["value"]["type"] == "task"


def test_a_task_becomes_a_checkpoint(box: Sandbox, owner: Caller) -> None:
    one, task = planned(box), owner.ask("task/create", task=body())["id"]
    assert owner.ask("task/transmute", task_id=task, route_id=one.id, order=0)["success"]
    assert one.checkpoint_ids[0] == task
    assert owner.ask("task/read", task_id=task)["value"]["tracker_id"] == one.tracker_id
    running = route(box, lambda one: one.status not in {"assigned", "unassigned"})
    other = owner.ask("task/create", task=body())["id"]
    assert owner.code("task/transmute", task_id=other, route_id=running.id, order=0) == 255


def test_a_route_is_created_with_its_stops_and_may_take_a_task_in(box: Sandbox, owner: Caller) -> None:
    task = owner.ask("task/create", task=body())["id"]
    stops = [body(label="First"), body(id=task, label="Second")]
    made = owner.ask("task/route/create", route={"label": "Tour", "description": ""}, checkpoints=stops)[
        "result"
    ]
    assert made["checkpoint_ids"][1] == task
    assert (
        owner.code("task/route/create", route={"label": "T", "description": ""}, checkpoints=stops[:1]) == 7
    )


def test_windows_of_a_route_must_agree(owner: Caller) -> None:
    late, early = (
        body(**{"from": LATER, "to": "2026-03-13T10:00:00Z"}),
        body(to="2026-03-13T08:30:00Z"),
    )
    early["from"] = "2026-03-13T08:00:00Z"
    answer = owner.ask(
        "task/route/create", route={"label": "T", "description": ""}, checkpoints=[late, early]
    )
    assert answer["errors"][0]["parameter"] == "checkpoints[1].to"


def test_an_update_deletes_what_is_left_out_and_keeps_the_order_told(box: Sandbox, owner: Caller) -> None:
    one = planned(box)
    dropped, *kept = one.checkpoint_ids
    turned = kept[::-1]
    stops = [*(body(id=number) for number in turned), body(label="New")]
    told = {"id": one.id, "label": "Changed", "description": "", "checkpoint_ids": turned}
    result = owner.ask("task/route/update", route=told, checkpoints=stops)["result"]
    assert result["checkpoint_ids"][:-1] == turned
    assert owner.code("task/checkpoint/read", checkpoint_id=dropped) == 201
    assert owner.code("task/route/update", route=told) == 7


def test_a_label_may_change_without_naming_the_stops(box: Sandbox, owner: Caller) -> None:
    one = planned(box)
    before = list(one.checkpoint_ids)
    changed = {"id": one.id, "label": "Changed", "description": ""}
    assert owner.ask("task/route/update", route=changed)["result"]["label"] == "Changed"
    assert one.checkpoint_ids == before


def test_assigning_a_route_assigns_its_stops(box: Sandbox, owner: Caller) -> None:
    one = planned(box)
    assert owner.ask("task/route/assign", route_id=one.id)["success"]
    assert {box.world.work.tasks[stop].status for stop in one.checkpoint_ids} == {"unassigned"}
    assert owner.ask("task/route/read", route_id=one.id)["value"]["status"] == "unassigned"


def test_deleting_a_route_deletes_its_stops(box: Sandbox, owner: Caller) -> None:
    one = planned(box)
    assert owner.ask("task/route/delete", route_id=one.id)["success"]
    assert owner.code("task/read", task_id=one.checkpoint_ids[0]) == 201


def test_a_better_order_is_proposed_and_nothing_changed(box: Sandbox, owner: Caller) -> None:
    points = [
        {"location": {"lat": 40 + at / 10, "lng": -3}, "from": LATER, "to": LATER} for at in (3, 1, 2, 0)
    ]
    asked = {"start_point": {"lat": 39.9, "lng": -3}, "route_points": points}
    assert owner.ask("task/route/points/optimize", **asked)["result"] == [3, 1, 2, 0]
    box.switches.optimize_every = 60
    assert owner.code("task/route/points/optimize", **asked) == 264
    assert isinstance(box.clock, FrozenClock)
    box.clock.set(NOW + timedelta(minutes=2))
    far = [*points[:1], points[0] | {"location": {"lat": -40, "lng": 170}}]
    assert owner.code("task/route/points/optimize", **asked | {"route_points": far}) == 210


# --- forms --------------------------------------------------------------------------------------------------


def test_a_filled_form_comes_with_its_files(box: Sandbox, owner: Caller) -> None:
    answer = owner.ask("task/form/read", task_id=stop_in(box, "done", filled=True).id)
    named = {
        file_id
        for value in answer["value"]["values"].values()
        for file_id in (*value.get("file_ids", ()), value.get("file_id"))
        if file_id
    }
    assert {one["id"] for one in answer["files"]} == named
    assert answer["value"]["task_id"]
    assert "checkin_id" not in answer["value"]


def test_a_form_is_attached_once_and_taken_away(owner: Caller) -> None:
    task = owner.ask("task/create", task=body())["id"]
    assert "value" not in owner.ask("task/form/read", task_id=task)
    assert owner.ask("task/form/create", task_id=task, template_id=201)["success"]
    assert owner.code("task/form/create", task_id=task, template_id=201) == 247
    assert "values" not in owner.ask("task/form/read", task_id=task)["value"]
    assert owner.ask("task/form/delete", task_id=task)["success"]
    assert "value" not in owner.ask("task/form/read", task_id=task)
    assert owner.code("task/form/create", task_id=task, template_id=1) == 201


def test_create_form_makes_one_with_the_task(owner: Caller) -> None:
    task = owner.ask("task/create", task=body(form_template_id=201), create_form=True)["id"]
    assert owner.ask("task/read", task_id=task)["value"]["form"]["template_id"] == 201
    ignored = owner.ask("task/create", task=body(form_template_id=201))["id"]
    assert "form" not in owner.ask("task/read", task_id=ignored)["value"]


def test_the_web_cannot_fill_a_form_first(box: Sandbox, owner: Caller) -> None:
    empty = stop_in(box, "assigned", "arrived", filled=False)
    assert owner.code("task/form/values/update", task_id=empty.id, values={}) == 255
    assert owner.code("task/form/file/create", task_id=empty.id, field_id="photo-9", size=9) == 255


def test_closed_ones_ask_for_a_right_nobody_lists(box: Sandbox) -> None:
    done = stop_in(box, "done", filled=True)
    values = box.world.form(done.form_id or 0)
    assert values is not None
    assert Caller(box).ask("task/form/values/update", task_id=done.id, values=values.values)["success"]
    box.rights["mfa"] = frozenset({"task_update"})
    deputy = Caller(box, "mfa")
    assert deputy.code("task/form/values/update", task_id=done.id, values=values.values) == 255
    box.rights["mfa"] = frozenset({"task_update", "completed_form_update"})
    assert deputy.ask("task/form/values/update", task_id=done.id, values=values.values)["success"]


def test_wrong_answers_are_told_by_field(box: Sandbox, owner: Caller) -> None:
    done = stop_in(box, "done", filled=True)
    answer = owner.ask("task/form/values/update", task_id=done.id, values={"nonsense": {"type": "text"}})
    assert answer["status"]["code"] == 242
    assert {"field_id": "nonsense", "code": 8, "error": "invalid references"} in answer["errors"]


def test_forms_of_tasks_are_listed_with_their_task(box: Sandbox, owner: Caller) -> None:
    done = stop_in(box, "done", filled=True)
    assert done.visit is not None
    asked = {"template_id": done.visit.template_id, "include_unsubmitted": False, "ascending": True}
    listed = owner.ask("task/form/list", **asked, task_ids=[done.id])["list"]
    assert [one["task"]["id"] for one in listed] == [done.id]
    everything = owner.ask("task/form/list", **asked)["list"]
    assert {"task" in one for one in everything} == {True, False}


# --- history ------------------------------------------------------------------------------------------------


def test_history_tells_of_check_ins(owner: Caller) -> None:
    period = {"from": "2026-03-11T00:00:00Z", "to": "2026-03-12T15:00:00Z", "events": ["checkin_creation"]}
    answer = owner.ask("history/user/list", **period, limit=5, ascending=False)
    assert len(answer["list"]) == 5
    assert answer["limit_exceeded"] is True
    assert all(one["extra"]["checkin_id"] for one in answer["list"])
    assert owner.code("history/user/list", **period, limit=1001) == 212
    assert owner.code("history/user/list", **period | {"from": "2025-03-11T00:00:00Z"}) == 211
    assert owner.code("history/tracker/list", **period, trackers=[1]) == 217
