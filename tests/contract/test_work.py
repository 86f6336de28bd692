"""Tasks, routes, checkpoints and their forms: what the client reads, what its writes do (ref 7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboard.navixy import checkpoints, history, routes, task_forms, tasks
from dashboard.navixy.answers import TextAnswer
from dashboard.navixy.client import Client
from dashboard.navixy.errors import (
    InvalidAnswers,
    NotFound,
    NotSendable,
    TooBroad,
)
from dashboard.navixy.routes import RouteDraft
from dashboard.navixy.stops import StopDraft
from dashboard.navixy.tasks import TaskQuery
from dashboard.sandbox import Sandbox
from dashboard.sandbox.work import Route, Task
from tests.conftest import NOW

Connect = Callable[..., Client]
TOMORROW = NOW + timedelta(days=1)
LIFT_VISIT = 201


def draft(**changes: Any) -> StopDraft:
    made = StopDraft(
        label="Meter",
        lat=40.4,
        lng=-3.7,
        address="Calle Mayor 1",
        start=TOMORROW,
        end=TOMORROW + timedelta(hours=1),
    )
    return replace(made, **changes)


def planned(box: Sandbox) -> Route:
    """A route that may still be changed."""
    found = (one for one in box.world.work.routes.values() if one.status == "assigned")
    return next(one for one in found if len(one.checkpoint_ids) > 3)


def over(box: Sandbox) -> Task:
    """A stop that is done, its form filled."""
    found = (one for one in box.world.work.tasks.values() if one.status == "done" and one.form_id)
    return next(one for one in found if one.kind == "checkpoint")


def free_tracker(box: Sandbox) -> int:
    return next(one.id for one in box.world.trackers.values() if not one.blocked)


# reading ----------------------------------------------------------------------------------------------


def test_a_stop_is_read_whole(navixy: Connect, sandbox: Sandbox) -> None:
    raw = over(sandbox)
    stop = checkpoints.read(navixy(), raw.id)
    assert (stop.id, stop.type, stop.tracker_id, stop.parent_id) == (
        raw.id,
        "checkpoint",
        raw.tracker_id,
        raw.route_id,
    )
    assert (stop.lat, stop.lng, stop.radius, stop.address) == (
        raw.lat,
        raw.lng,
        raw.radius,
        raw.address or "",
    )
    assert (stop.start, stop.end, stop.arrived, stop.stayed) == (raw.start, raw.end, raw.arrived, raw.stay)
    assert (stop.max_delay, stop.min_stay, stop.min_arrival) == (raw.max_delay, raw.min_stay, raw.min_arrival)
    assert (stop.status, stop.external_id, stop.tag_ids) == ("done", raw.external_id, raw.tag_ids)
    assert stop.order == sandbox.world.work.order(raw)
    assert stop.form is not None
    assert stop.form.task_id == raw.id


def test_a_day_of_work_takes_two_calls(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    sandbox.clear_calls()
    found = routes.list_routes(client, start=NOW - timedelta(hours=12), end=NOW + timedelta(hours=6))
    stops = checkpoints.list_checkpoints(client, [one for route in found for one in route.checkpoint_ids])
    assert [call.action for call in sandbox.calls] == ["task/route/list", "task/checkpoint/list"]
    assert len(found) > 20
    assert len(stops) == sum(len(route.checkpoint_ids) for route in found)


def test_tasks_are_searched_by_text_and_status(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    made = tasks.create(client, draft(label="Rare words here", external_id="X-1"))
    assert [one.id for one in tasks.search(client, TaskQuery(text="rare words")).items] == [made.id]
    assert [one.id for one in tasks.search(client, TaskQuery(external_id="X-1")).items] == [made.id]
    assert tasks.count(client) == tasks.search(client, TaskQuery()).total


def test_history_of_a_stop_and_of_the_field(navixy: Connect, sandbox: Sandbox) -> None:
    client, raw = navixy(), over(sandbox)
    assert [one.operation for one in tasks.history(client, raw.id)] == ["status_change", "status_change"]
    events = history.user_events(
        client, start=NOW - timedelta(days=2), end=NOW, events=["checkin_creation"], limit=3
    )
    assert events.cut
    assert all(one.extra["checkin_id"] for one in events.items)
    assert "checkin_creation" in history.event_types(client)
    with pytest.raises(TooBroad):
        history.user_events(client, start=NOW - timedelta(days=200), end=NOW)


# writing ----------------------------------------------------------------------------------------------


def test_a_task_is_made_changed_given_and_deleted(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    made = tasks.create(client, draft())
    assert made.id
    tasks.update(client, draft(id=made.id, label="Changed", min_stay=5, tag_ids=(81,)))
    tasks.assign(client, made.id, free_tracker(sandbox))
    stop = tasks.read(client, made.id)
    assert (stop.label, stop.min_stay, stop.tag_ids, stop.status) == ("Changed", 5, (81,), "assigned")
    tasks.assign(client, made.id, None)
    assert tasks.read(client, made.id).status == "unassigned"
    tasks.delete(client, made.id)
    with pytest.raises(NotFound):
        tasks.read(client, made.id)


def test_a_route_is_made_reordered_renamed_and_deleted(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    made, _ = routes.create(client, RouteDraft(label="Tour"), [draft(label="One"), draft(label="Two")])
    one, two = made.checkpoint_ids
    turned = [draft(id=two, label="Two"), draft(id=one, label="One")]
    changed, _ = routes.update(client, RouteDraft(id=made.id, label="Tour"), turned)
    assert changed.checkpoint_ids == (two, one)
    assert routes.rename(client, RouteDraft(id=made.id, label="Round"))[0].checkpoint_ids == (two, one)
    routes.assign(client, made.id, free_tracker(sandbox))
    assert routes.read(client, made.id).status == "assigned"
    routes.delete(client, made.id)
    with pytest.raises(NotFound):
        routes.read(client, made.id)


# forms ------------------------------------------------------------------------------------------------


def test_answers_are_corrected_once_the_crew_has_filled_them(navixy: Connect, sandbox: Sandbox) -> None:
    client, raw = navixy(), over(sandbox)
    form = sandbox.world.form(raw.form_id or 0)
    assert form is not None
    text = next(one["id"] for one in form.fields if one["type"] == "text")
    values = {**(form.values or {}), text: {"type": "text", "value": "Corrected"}}
    task_forms.update_values(client, raw.id, values)
    read = task_forms.read(client, raw.id)
    assert read is not None
    assert read.values[text] == TextAnswer(value="Corrected")
    with pytest.raises(InvalidAnswers) as refused:
        task_forms.update_values(client, raw.id, {"nonsense": {"type": "text", "value": ""}})
    assert {one.field_id for one in refused.value.fields} >= {"nonsense"}


def test_a_form_is_downloaded(navixy: Connect, sandbox: Sandbox) -> None:
    with task_forms.download(navixy(), over(sandbox).id, format="pdf") as found:
        assert b"".join(found.iter_bytes()).startswith(b"%PDF")


# limits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"label": " "},
        {"label": "x" * 201},
        {"description": "x" * 1025},
        {"radius": 300_001},
        {"max_delay": 512_001},
        {"external_id": "x" * 101},
        {"start": TOMORROW + timedelta(days=2)},
        {"lat": 91.0},
    ],
)
def test_a_broken_limit_is_not_sent(change: dict[str, Any]) -> None:
    with pytest.raises(NotSendable):
        draft(**change)


def test_windows_that_cannot_follow_each_other_are_not_sent(navixy: Connect) -> None:
    def at(hour: int) -> datetime:
        return TOMORROW.replace(hour=hour)

    late, early = draft(start=at(15), end=at(16)), draft(start=at(8), end=at(9))
    with pytest.raises(NotSendable):
        routes.create(navixy(), RouteDraft(label="Tour"), [late, early])
