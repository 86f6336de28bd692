"""Tasks, routes, checkpoints, forms and history: what is read leniently, what is sent strictly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.navixy import checkpoints, history, routes, stops, task_forms, tasks
from dashboard.navixy.errors import BadReply, NotSendable, StorageRefused, Unavailable, WrongState
from dashboard.navixy.planned import list_planned
from dashboard.navixy.routes import Point, RouteDraft
from dashboard.navixy.stops import Stop, StopDraft
from dashboard.navixy.tasks import TaskQuery
from tests.unit.canned import answering, failing

NINE, TEN, NOON = (datetime(2026, 3, 13, hour, tzinfo=UTC) for hour in (9, 10, 12))
RECORD: dict[str, Any] = {
    "id": 2977,
    "type": "checkpoint",
    "user_id": 5,
    "tracker_id": 222,
    "location": {"lat": 56.8, "lng": 60.6, "address": "Lenina 1", "radius": 150},
    "label": "Deliver parts",
    "description": "Quickly",
    "from": "2026-03-13T10:00:00+01:00",
    "to": "2026-03-13T11:00:00+01:00",
    "external_id": 31,
    "status": "assigned",
    "max_delay": 5,
    "min_stay_duration": 10,
    "min_arrival_duration": 1,
    "arrival_date": None,
    "stay_duration": 0,
    "origin": "manual",
    "tags": [1, 2],
    "fields": {"7": {"type": "text", "value": "kept"}},
    "parent_id": 111,
    "order": 0,
}


def draft(**changes: Any) -> StopDraft:
    return replace(StopDraft(label="Stop", lat=1.5, lng=2.5, start=NINE, end=TEN), **changes)


def test_a_stop_is_read_with_all_its_members() -> None:
    stop = stops.stop_from(RECORD)
    assert (stop.id, stop.type, stop.parent_id, stop.order) == (2977, "checkpoint", 111, 0)
    assert (stop.lat, stop.lng, stop.radius, stop.address) == (56.8, 60.6, 150, "Lenina 1")
    assert (stop.start, stop.end) == (NINE, TEN)
    assert (stop.max_delay, stop.min_stay, stop.min_arrival) == (5, 10, 1)
    assert stop.external_id == "31", "a number in place of text is understood (ref 10.16)"
    assert stop.tag_ids == (1, 2)


def test_a_stop_without_optional_members_is_read() -> None:
    stop = stops.stop_from({"id": 1, "location": {"lat": 1, "lng": 2}})
    assert (stop.type, stop.status, stop.label, stop.form, stop.order) == (
        "task",
        "unassigned",
        "",
        None,
        None,
    )


def test_a_status_nobody_documented_survives() -> None:
    assert stops.stop_from(RECORD | {"status": "paused"}).status == "paused"


@pytest.mark.parametrize(
    "changes",
    [
        {"label": "  "},
        {"label": "x" * 201},
        {"label": "two\nlines"},
        {"description": "x" * 1025},
        {"radius": 0},
        {"radius": 300_001},
        {"lat": 91.0},
        {"max_delay": -1},
        {"min_stay": 512_001},
        {"min_arrival": 512_001},
        {"external_id": ""},
        {"external_id": "x" * 101},
        {"start": NOON},
        {"end": NOON.replace(tzinfo=None)},
        {"order": -1},
    ],
)
def test_no_draft_breaks_a_documented_limit(changes: dict[str, Any]) -> None:
    with pytest.raises(NotSendable) as caught:
        draft(**changes)
    assert caught.value.message.endswith(".")


def test_a_stop_is_written_back_whole_with_its_custom_fields() -> None:
    api = answering({})
    checkpoints.update(api.client, stops.draft_of(stops.stop_from(RECORD), label="New name"))
    sent = api.params["checkpoint"]
    assert api.actions == ["task/checkpoint/update"]
    assert sent["label"] == "New name"
    assert (sent["from"], sent["to"]) == ("2026-03-13T09:00:00Z", "2026-03-13T10:00:00Z")
    same = ("id", "description", "location", "max_delay", "min_stay_duration", "min_arrival_duration", "tags")
    assert {key: sent[key] for key in (*same, "fields", "parent_id", "order")} == {
        key: RECORD[key] for key in (*same, "fields", "parent_id", "order")
    }
    assert sent["external_id"] == "31"
    assert "create_form" not in api.params
    assert not {"tracker_id", "status", "form_template_id"} & set(sent), "what an update ignores is not sent"


def test_a_form_is_replaced_or_removed_only_when_asked() -> None:
    api, stop = answering({}), stops.stop_from(RECORD)
    checkpoints.update(api.client, stops.draft_of(stop, form_template_id=9), form="replace")
    assert api.params["create_form"] is True
    assert api.params["checkpoint"]["form_template_id"] == 9
    tasks.update(api.client, stops.draft_of(stop, form_template_id=9), form="remove")
    assert api.params["create_form"] is True
    assert "form_template_id" not in api.params["task"]
    with pytest.raises(NotSendable):
        tasks.update(api.client, stops.draft_of(stop), form="replace")


def test_a_new_checkpoint_names_its_route_and_place() -> None:
    api = answering({"id": 5, "external_id_counts": [{"external_id": "A", "count": 3}]})
    made = checkpoints.create(api.client, draft(parent_id=111, order=2, external_id="A"))
    assert (made.id, made.shared) == (5, {"A": 3})
    assert api.params["checkpoint"]["order"] == 2
    with pytest.raises(NotSendable):
        checkpoints.create(api.client, draft())


def test_checkpoints_are_read_by_500_and_the_missing_are_absent() -> None:
    api = answering({"list": [RECORD]})
    found = checkpoints.list_checkpoints(api.client, [*range(1, 1001), 1])
    assert api.actions == ["task/checkpoint/list"] * 2
    assert sorted(len(params["checkpoint_ids"]) for _, params, _ in api.transport.sent) == [500, 500]
    assert list(found) == [2977]
    assert checkpoints.list_checkpoints(api.client, []) == {}
    assert len(api.actions) == 2, "an empty list is error 7 there"


def test_a_route_comes_with_its_stops_in_order() -> None:
    first, second = RECORD | {"id": 1}, RECORD | {"id": 2}
    route = {"id": 111, "type": "route", "label": "R", "checkpoint_ids": [2, 1]}
    api = answering({"value": route, "checkpoints": [first, second]})
    whole = routes.read_whole(api.client, 111)
    assert [stop.id for stop in whole.stops] == [2, 1]
    nested = answering({"value": route | {"checkpoints": [first, second]}})
    assert [stop.id for stop in routes.read_whole(nested.client, 111).stops] == [2, 1]


def test_a_stop_read_as_a_route_is_not_taken_for_one() -> None:
    with pytest.raises(BadReply):
        routes.read_whole(answering({"value": RECORD}).client, 2977)


def test_a_route_is_updated_with_every_stop_in_the_new_order() -> None:
    api = answering({"result": {"id": 111, "label": "R"}})
    routes.update(api.client, RouteDraft(id=111, label="R"), [draft(id=2), draft(id=1)])
    assert api.params["route"]["checkpoint_ids"] == [2, 1]
    assert [(one["id"], one["order"]) for one in api.params["checkpoints"]] == [(2, 0), (1, 1)]


def test_a_route_update_takes_no_stop_without_an_id() -> None:
    with pytest.raises(NotSendable):
        routes.update(answering({}).client, RouteDraft(id=111, label="R"), [draft(id=2), draft()])


def test_renaming_a_route_names_no_stops() -> None:
    api = answering({"result": {"id": 111, "label": "New"}})
    route, _ = routes.rename(api.client, RouteDraft(id=111, label="New"))
    assert set(api.params) == {"route"}
    assert "checkpoint_ids" not in api.params["route"]
    assert route.label == "New"


@pytest.mark.parametrize("number", [1, 501])
def test_a_route_has_2_to_500_stops(number: int) -> None:
    with pytest.raises(NotSendable):
        routes.create(answering({}).client, RouteDraft(label="R"), [draft()] * number)


def test_a_stop_due_before_an_earlier_one_begins_is_told_by_name() -> None:
    late = draft(label="Noon", start=NOON, end=NOON + timedelta(hours=1))
    with pytest.raises(NotSendable, match=r"“Stop” must be visited before “Noon” begins"):
        routes.create(answering({}).client, RouteDraft(label="R"), [late, draft()])


def test_nobody_is_a_missing_tracker() -> None:
    api = answering({})
    routes.assign(api.client, 111, None)
    assert api.params == {"route_id": 111}
    tasks.assign(api.client, 5, 222)
    assert api.params == {"task_id": 5, "tracker_id": 222}


def test_the_best_order_names_every_stop_once_or_is_not_used() -> None:
    point = Point(lat=1, lng=2, start=NINE, end=TEN)
    good = answering({"result": [1, 0]})
    assert routes.optimize(good.client, lat=0, lng=0, points=[point] * 2) == (1, 0)
    for result in ([0], [0, 0], [0, 1, 2]):
        with pytest.raises(NotSendable):
            routes.optimize(answering({"result": result}).client, lat=0, lng=0, points=[point] * 2)
    with pytest.raises(NotSendable):
        routes.optimize(good.client, lat=0, lng=0, points=[point] * 50)


def test_task_list_keeps_tasks_only_and_sends_what_is_asked() -> None:
    mine = RECORD | {"id": 9, "type": "task"}
    api = answering({"list": [RECORD, mine], "count": 2})
    page = tasks.search(api.client, TaskQuery(start=NINE, end=TEN, statuses=("done",), external_id="A"))
    assert [stop.id for stop in page.items] == [9]
    assert page.total == 1
    assert api.params["statuses"] == ["done"]
    assert "trackers" not in api.params
    with pytest.raises(NotSendable):
        TaskQuery(statuses=("gone",))


def test_a_write_that_may_have_happened_says_so() -> None:
    with pytest.raises(Unavailable) as caught:
        tasks.create(answering(failing(6, status=500)).client, draft())
    assert caught.value.maybe_applied
    with pytest.raises(WrongState) as refused:
        checkpoints.delete(answering(failing(255)).client, 5)
    assert not refused.value.maybe_applied


def test_a_task_without_a_form_has_none() -> None:
    assert task_forms.read(answering({"value": None}).client, 5) is None
    assert task_forms.read(answering({}).client, 5) is None


def test_a_form_is_read_with_files_not_yet_submitted() -> None:
    form = {"id": 3, "label": "F", "fields": [{"id": "p", "type": "photo", "label": "Photo"}]}
    answer = {"value": form, "files": [{"id": 16, "state": "uploaded", "download_url": "https://x"}]}
    found = task_forms.read(answering(answer).client, 5)
    assert found is not None
    assert [file.id for file in found.files] == [16]


def test_correcting_a_form_reserves_room_first() -> None:
    target = {"file_id": 7, "url": "https://x", "fields": {"token": "t"}}
    api = answering({"value": target}, {})
    assert task_forms.reserve_file(api.client, task_id=5, field_id="p", size=9, filename="a.jpg").file_id == 7
    assert api.params == {"task_id": 5, "field_id": "p", "size": 9, "filename": "a.jpg"}
    task_forms.update_values(api.client, 5, {"p": {"type": "photo", "file_ids": [7]}})
    assert api.params == {"task_id": 5, "values": {"p": {"type": "photo", "file_ids": [7]}}}
    with pytest.raises(StorageRefused):
        task_forms.reserve_file(answering(failing(271)).client, task_id=5, field_id="p", size=9)


def test_history_reads_what_an_event_is_about() -> None:
    entry = {
        "id": 2**40,
        "event": "task_status_change",
        "message": "cut …",
        "time": "2026-03-13T09:00:00Z",
        "location": {"lat": 1, "lng": 2, "address": "Inside"},
        "extra": {"task_id": 5, "parent_task_id": 111, "full_message": "whole"},
    }
    api = answering({"list": [entry], "limit_exceeded": True})
    found = history.user_events(api.client, start=NINE, end=TEN, events=["task_status_change"])
    event = found.items[0]
    assert found.cut
    assert (event.task_id, event.route_id, event.message, event.address) == (5, 111, "whole", "Inside")
    assert api.params["ascending"] is True
    with pytest.raises(NotSendable):
        history.user_events(api.client, start=TEN, end=NINE)


def test_a_task_tells_what_happened_to_it() -> None:
    event = {"id": 1, "event_date": "2026-03-13T09:00:00Z", "operation": "assign", "payload": {"a": 1}}
    found = tasks.history(answering({"list": [event]}).client, 5)
    assert (found[0].operation, found[0].time) == ("assign", NINE)


@pytest.mark.parametrize(
    ("payload", "old", "new"),
    [
        ({"old_status": "assigned", "new_status": "arrived"}, "assigned", "arrived"),
        ({"status": "arrived"}, "", "arrived"),  # the field that was changed, as the documentation has it
        ({"new_status": 5, "old_status": None}, "", "5"),
        ({"status": ["done"]}, "", ""),
        ("done", "", ""),
        (None, "", ""),
    ],
)
def test_a_change_of_status_is_read_leniently(payload: object, old: str, new: str) -> None:
    event = {"id": 1, "operation": "status_change", "payload": payload}
    found = tasks.history(answering({"list": [event]}).client, 5)
    assert (found[0].old_status, found[0].status) == (old, new)


def test_stops_are_editable_only_while_planned() -> None:
    stop: Stop = stops.stop_from(RECORD)
    assert stop.is_editable
    assert not any(replace(stop, status=one).is_editable for one in ("arrived", "done", "delayed", "failed"))


ROUTE: dict[str, Any] = {"id": 111, "type": "route", "label": "Round", "checkpoint_ids": [2977]}
NESTED: dict[str, Any] = {**ROUTE, "checkpoints": [RECORD]}
TASK: dict[str, Any] = {**RECORD, "id": 8, "type": "task", "parent_id": None}
DOCUMENTED = ["task/route/list", "task/checkpoint/list"]


@pytest.mark.parametrize(
    ("answers", "calls", "stops_there"),
    [
        ([[TASK, NESTED]], ["task/list"], [8, 2977]),
        ([[NESTED], [TASK]], ["task/list", "task/list"], [8, 2977]),
        ([[], []], ["task/list", "task/route/list"], []),
        ([[TASK], []], ["task/list", "task/route/list"], [8]),
        ([[TASK], [ROUTE], [RECORD]], ["task/list", *DOCUMENTED], [8, 2977]),
        ([[TASK, ROUTE], [ROUTE], [RECORD]], ["task/list", *DOCUMENTED], [8, 2977]),
    ],
    ids=["all at once", "routes alone", "nothing", "tasks alone", "types ignored", "not nested"],
)
def test_what_is_planned_takes_two_calls_where_types_are_known(
    answers: list[list[dict[str, Any]]], calls: list[str], stops_there: list[int]
) -> None:
    api = answering(*({"list": one} for one in answers))
    found = list_planned(api.client, start=NINE, end=NOON)
    there = [*found.tasks, *(stop for one in found.routes for stop in one.stops)]
    assert [stop.id for stop in there] == stops_there
    assert api.actions == calls


def test_what_is_planned_is_asked_for_as_documented_when_types_are_refused() -> None:
    api = answering(failing(7), {"list": [TASK]}, {"list": [ROUTE]}, {"list": [RECORD]})
    found = list_planned(api.client, start=NINE, end=NOON)
    assert [stop.id for stop in (*found.tasks, *found.routes[0].stops)] == [8, 2977]
    assert api.actions == ["task/list", "task/list", *DOCUMENTED]
