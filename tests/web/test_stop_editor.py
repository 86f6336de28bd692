"""One stop: its page, its editor with every limit, undo, becoming the other kind, deletion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client as Browserless

from dashboard.archive.models import Archived, State
from dashboard.audit.models import Entry
from dashboard.navixy import checkpoints, routes, stops, tasks
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NotFound
from dashboard.navixy.routes import WholeRoute
from dashboard.navixy.stops import Stop
from dashboard.sandbox import Fault
from tests.accounts import account_of
from tests.conftest import NOW
from tests.web.planning import Connect, draft, editor_values, ids, planned, seen_in, text_of

if TYPE_CHECKING:
    from dashboard.sandbox import Sandbox

Enter = Callable[..., Browserless]


@pytest.fixture
def other(navixy: Connect, sandbox: Sandbox) -> Client:
    assert sandbox.world.work.tasks  # laid out before anybody waits for it
    return navixy("owner")


@pytest.fixture
def route(other: Client) -> WholeRoute:
    return planned(other)


@pytest.fixture
def desk(signed_in: Enter, route: WholeRoute) -> Browserless:
    return signed_in("owner")


def values(desk: Browserless, stop_id: int) -> dict[str, Any]:
    return editor_values(desk.get(f"/checkpoints/{stop_id}/edit/"))


def save(desk: Browserless, stop_id: int, sent: dict[str, Any]) -> Any:
    return desk.post(f"/checkpoints/{stop_id}/edit/", sent)


def present(client: Client, stop_id: int) -> Stop:
    return checkpoints.read(client, stop_id)


def test_the_page_says_what_the_stop_is(desk: Browserless, route: WholeRoute) -> None:
    stop = route.stops[0]
    page = text_of(desk.get(f"/checkpoints/{stop.id}/"))
    assert stop.label in page
    assert stop.address in page
    assert "Nobody is assigned. The window begins at" in page


def test_its_history_says_from_which_status_to_which_and_who_was_assigned(
    desk: Browserless, sandbox: Sandbox, other: Client
) -> None:
    made = tasks.create(other, draft(9))
    assert made.id
    tracker = next(one for one in sandbox.world.trackers.values() if not one.blocked)
    tasks.assign(other, made.id, tracker.id)
    tasks.assign(other, made.id, None)
    work = sandbox.world.work
    work.note(made.id, "status_change", moment=NOW, user_id=1, old_status="assigned", new_status="faulty")
    work.note(made.id, "status_change", moment=NOW, user_id=1, status="done")
    work.note(made.id, "status_change", moment=NOW, user_id=1)
    page = text_of(desk.get(f"/checkpoints/{made.id}/"))
    lines = page[page.index("History") :]
    assert "Status changed from Assigned to Done with problems" in lines
    assert "Status changed to Done" in lines
    assert f"Assigned to {tracker.label}" in lines
    assert "Assigned to nobody" in lines
    assert "Created" in lines


def test_the_editor_saved_untouched_changes_nothing(
    desk: Browserless, route: WholeRoute, other: Client
) -> None:
    before = present(other, route.stops[1].id)
    assert save(desk, before.id, values(desk, before.id)).status_code == 302
    after = present(other, before.id)
    assert stops.draft_of(after) == stops.draft_of(before)
    assert ids(routes.read_whole(other, route.route.id)) == ids(route)


def test_every_member_is_written(desk: Browserless, route: WholeRoute, other: Client) -> None:
    stop_id = route.stops[0].id
    tag = values(desk, stop_id)
    page = desk.get(f"/checkpoints/{stop_id}/edit/").content.decode()
    first_tag = page.split('name="tags" value="')[1].split('"')[0]
    changed = {
        **tag,
        "label": "New name",
        "description": "Two\nlines",
        "lat": "41.5",
        "lng": "-4.25",
        "radius": "300",
        "address": "Plaza Nueva 1",
        "from_day": "2026-03-14",
        "from_time": "08:00",
        "to_day": "2026-03-14",
        "to_time": "09:30",
        "max_delay": "15",
        "min_stay": "10",
        "min_arrival": "2",
        "external_id": "ORDER-1",
        "tags": [first_tag],
        "place": "1",
    }
    answer = save(desk, stop_id, changed)
    assert answer.status_code == 302, text_of(answer)
    after = present(other, stop_id)
    assert (after.label, after.description.replace("\r", ""), after.address) == (
        "New name",
        "Two\nlines",
        "Plaza Nueva 1",
    )
    assert (after.lat, after.lng, after.radius) == (41.5, -4.25, 300)
    assert (after.max_delay, after.min_stay, after.min_arrival) == (15, 10, 2)
    assert (after.external_id, after.tag_ids) == ("ORDER-1", (int(first_tag),))
    assert after.start
    assert after.end
    assert after.start.isoformat() == "2026-03-14T07:00:00+00:00", "typed in Madrid, an hour ahead"
    assert after.end - after.start == timedelta(minutes=90)


def test_another_place_in_the_route_moves_the_stop(
    desk: Browserless, route: WholeRoute, other: Client
) -> None:
    first, *rest = ids(route)
    assert save(desk, first, {**values(desk, first), "place": "3"}).status_code == 302
    assert ids(routes.read_whole(other, route.route.id)) == [rest[0], rest[1], first, rest[2]]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"label": "  "}, "This field is required."),
        ({"label": "x" * 201}, "at most 200 characters"),
        ({"description": "x" * 1025}, "at most 1024 characters"),
        ({"radius": "0"}, "greater than or equal to 1"),
        ({"radius": "300001"}, "less than or equal to 300000"),
        ({"lat": "91"}, "less than or equal to 90"),
        ({"max_delay": "-1"}, "greater than or equal to 0"),
        ({"min_stay": "512001"}, "less than or equal to 512000"),
        ({"min_arrival": "x"}, "Enter a whole number"),
        ({"external_id": "x" * 101}, "at most 100 characters"),
        ({"to_day": ""}, "This field is required."),
        ({"from_day": "2026-03-20"}, "The window ends before it starts."),
        ({"to_day": "2026-03-01", "from_day": "2026-03-01"}, "must not end in the past"),
        ({"label": "bad\x07bell"}, "a character in it that Navixy does not take"),
        ({"tags": ["987654"]}, "Select a valid choice"),
        ({"template": "987654"}, "Select a valid choice"),
    ],
)
def test_a_limit_is_told_at_its_field_and_nothing_is_sent(
    desk: Browserless, route: WholeRoute, api_calls: Any, changes: dict[str, Any], sentence: str
) -> None:
    stop_id = route.stops[0].id
    sent = {**values(desk, stop_id), **changes}
    with api_calls() as made:
        answer = save(desk, stop_id, sent)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert made.count("task/checkpoint/update") == 0


def test_a_stop_changed_elsewhere_is_a_conflict_and_what_was_typed_stays(
    desk: Browserless, route: WholeRoute, other: Client
) -> None:
    stop = route.stops[0]
    typed = {**values(desk, stop.id), "label": "Mine"}
    checkpoints.update(other, stops.draft_of(stop, label="Theirs", order=0))
    answer = save(desk, stop.id, typed)
    assert answer.status_code == 409
    assert "changed elsewhere" in text_of(answer)
    assert "Name: now “Theirs”." in text_of(answer)
    assert text_of(answer).count(": now “") == 1  # days and hours are as they were
    assert 'value="Mine"' in answer.content.decode()
    assert present(other, stop.id).label == "Theirs"
    again = {**typed, "seen": seen_in(answer)[0]}
    assert save(desk, stop.id, again).status_code == 302
    assert present(other, stop.id).label == "Mine"


def test_a_conflict_tells_days_as_the_account_writes_them(
    desk: Browserless, route: WholeRoute, other: Client
) -> None:
    stop, clock = route.stops[0], account_of(desk).clock
    assert stop.start
    assert stop.end
    typed = {**values(desk, stop.id), "label": "Mine"}
    start, end = (one + timedelta(days=1, minutes=1) for one in (stop.start, stop.end))
    other_day = stops.draft_of(route.stops[-1], start=start + timedelta(days=1), end=end + timedelta(days=1))
    checkpoints.update(other, other_day)
    checkpoints.update(other, stops.draft_of(stop, start=start, end=end, order=0))
    answer = save(desk, stop.id, typed)
    assert answer.status_code == 409
    assert f"From: now “{clock.date(start)}”." in text_of(answer)
    assert f"To, time: now “{clock.time(end)}”." in text_of(answer)
    assert f"{clock.local(start):%Y-%m-%d}”" not in text_of(answer)


@pytest.mark.parametrize(
    ("code", "status", "sentence"),
    [
        (7, 422, "Navixy did not accept these values"),
        (201, 404, "not there any more"),
        (255, 409, "no longer in a state that can be changed"),
        (279, 422, "The visit window is not valid"),
        (15, 503, "Navixy is limiting requests"),
    ],
)
def test_what_navixy_refuses_is_told_and_kept(
    desk: Browserless, route: WholeRoute, sandbox: Sandbox, code: int, status: int, sentence: str
) -> None:
    stop_id = route.stops[0].id
    typed = {**values(desk, stop_id), "label": "Typed here"}
    sandbox.faults.add(Fault(action="task/checkpoint/update", kind="error", code=code))
    answer = save(desk, stop_id, typed)
    assert answer.status_code == status
    assert sentence in text_of(answer)
    assert 'value="Typed here"' in answer.content.decode()


@pytest.mark.parametrize("kind", ["effect_reset", "truncated"])
def test_a_save_whose_answer_got_lost_is_looked_for(
    desk: Browserless, route: WholeRoute, other: Client, sandbox: Sandbox, kind: str
) -> None:
    stop_id = route.stops[0].id
    typed = {**values(desk, stop_id), "label": "Arrived all the same"}
    sandbox.faults.add(Fault(action="task/checkpoint/update", kind=kind))
    assert save(desk, stop_id, typed).status_code == 302
    assert present(other, stop_id).label == "Arrived all the same"


def test_a_change_can_be_undone_until_the_next_one(
    desk: Browserless, route: WholeRoute, other: Client
) -> None:
    stop = route.stops[0]
    save(desk, stop.id, {**values(desk, stop.id), "label": "Changed"})
    assert "Undo" in text_of(desk.get(f"/checkpoints/{stop.id}/"))
    desk.post(f"/checkpoints/{stop.id}/undo/")
    assert present(other, stop.id).label == stop.label
    save(desk, stop.id, {**values(desk, stop.id), "label": "Changed"})
    checkpoints.update(other, stops.draft_of(present(other, stop.id), label="Theirs"))
    answer = desk.post(f"/checkpoints/{stop.id}/undo/", follow=True)
    assert "cannot be undone" in text_of(answer)
    assert present(other, stop.id).label == "Theirs"


def test_a_stop_is_added_where_it_was_asked_for(desk: Browserless, route: WholeRoute, other: Client) -> None:
    path = f"/checkpoints/new/?route={route.route.id}&at=2"
    sent = {**editor_values(desk.get(path)), "label": "Between", "lat": "40.45", "lng": "-3.7"}
    assert desk.post(path, sent).status_code == 302
    labels = [stop.label for stop in routes.read_whole(other, route.route.id).stops]
    assert labels == ["Stop 1", "Between", "Stop 2", "Stop 3", "Stop 4"]


def test_a_duplicate_has_all_but_the_external_id(desk: Browserless, route: WholeRoute, other: Client) -> None:
    first = route.stops[0]
    checkpoints.update(other, stops.draft_of(first, external_id="ORDER-9", order=0))
    path = f"/checkpoints/new/?route={route.route.id}&at=2&copy={first.id}"
    assert desk.post(path, editor_values(desk.get(path))).status_code == 302
    copied = routes.read_whole(other, route.route.id).stops[1]
    assert (copied.label, copied.lat, copied.end, copied.external_id) == (
        first.label,
        first.lat,
        first.end,
        None,
    )


def test_a_stop_whose_answer_got_lost_is_made_once(
    desk: Browserless, route: WholeRoute, other: Client, sandbox: Sandbox
) -> None:
    path = f"/checkpoints/new/?route={route.route.id}"
    sent = {**editor_values(desk.get(path)), "label": "Only once", "lat": "40.45", "lng": "-3.7"}
    sandbox.faults.add(Fault(action="task/checkpoint/create", kind="effect_reset"))
    assert desk.post(path, sent).status_code == 302
    labels = [stop.label for stop in routes.read_whole(other, route.route.id).stops]
    assert labels.count("Only once") == 1


def test_who_shares_an_external_id_is_told(desk: Browserless, route: WholeRoute, other: Client) -> None:
    first, second, *_ = route.stops
    checkpoints.update(other, stops.draft_of(first, external_id="SHARED", order=0))
    sent = {**values(desk, second.id), "external_id": "SHARED"}
    answer = desk.post(f"/checkpoints/{second.id}/edit/", sent, follow=True)
    assert "The external id “SHARED” is also used by" in text_of(answer)


def test_a_checkpoint_becomes_a_task_and_a_checkpoint_again(
    desk: Browserless, route: WholeRoute, other: Client
) -> None:
    stop = route.stops[1]
    page = text_of(desk.get(f"/checkpoints/{stop.id}/transmute/"))
    assert "It leaves the route “Test round”" in page
    assert "The other 3 stops of the route close the gap." in page
    assert desk.post(f"/checkpoints/{stop.id}/transmute/").status_code == 302
    assert tasks.read(other, stop.id).type == "task"
    assert stop.id not in ids(routes.read_whole(other, route.route.id))
    desk.post(f"/checkpoints/{stop.id}/transmute/", {"route": route.route.id, "place": "1"})
    assert ids(routes.read_whole(other, route.route.id))[0] == stop.id


def test_a_transmutation_that_the_route_forbids_says_so(
    desk: Browserless, route: WholeRoute, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault(action="task/checkpoint/transmute", kind="error", code=255))
    answer = desk.post(f"/checkpoints/{route.stops[0].id}/transmute/")
    assert answer.status_code == 409
    assert "only while every stop of the route is planned" in text_of(answer)


def test_a_stop_is_archived_before_it_is_deleted(desk: Browserless, route: WholeRoute, other: Client) -> None:
    stop = route.stops[1]
    assert "this site's archive keeps it" in text_of(desk.get(f"/checkpoints/{stop.id}/delete/"))
    assert ids(routes.read_whole(other, route.route.id)) == ids(route), "asking deletes nothing"
    desk.post(f"/checkpoints/{stop.id}/delete/")
    assert stop.id not in ids(routes.read_whole(other, route.route.id))
    kept = Archived.objects.get(kind="checkpoint", upstream_id=stop.id)
    assert kept.state == State.REMOVED
    assert kept.record["label"] == stop.label


def test_a_refused_deletion_leaves_nothing_in_the_archive(
    desk: Browserless, route: WholeRoute, sandbox: Sandbox
) -> None:
    stop = route.stops[1]
    sandbox.faults.add(Fault(action="task/checkpoint/delete", kind="error", code=255))
    answer = desk.post(f"/checkpoints/{stop.id}/delete/")
    assert answer.status_code == 409
    assert "no longer in a state" in text_of(answer)
    assert not Archived.objects.exists()
    assert Entry.objects.filter(action="delete", result="failed").count() == 1


def test_a_route_is_archived_with_its_stops(desk: Browserless, route: WholeRoute, other: Client) -> None:
    answer = desk.post(f"/routes/{route.route.id}/delete/")
    assert answer.status_code == 302
    with pytest.raises(NotFound):
        routes.read_whole(other, route.route.id)
    kept = Archived.objects.get(kind="route", upstream_id=route.route.id)
    assert [one["label"] for one in kept.record["checkpoints"]] == [stop.label for stop in route.stops]


def test_ticked_stops_are_deleted_after_a_look(desk: Browserless, route: WholeRoute, other: Client) -> None:
    chosen = ids(route)[:2]
    sent = {"seen": seen_in(desk.get(f"/routes/{route.route.id}/")), "chosen": chosen}
    page = desk.post(f"/routes/{route.route.id}/remove/", sent)
    assert "Delete 2 stops?" in text_of(page)
    assert ids(routes.read_whole(other, route.route.id)) == ids(route)
    desk.post(f"/routes/{route.route.id}/remove/", {**sent, "confirmed": "1"})
    assert ids(routes.read_whole(other, route.route.id)) == ids(route)[2:]
    assert Archived.objects.filter(kind="checkpoint", state=State.REMOVED).count() == 2


def test_a_stop_changed_elsewhere_is_not_deleted_with_others(
    desk: Browserless, route: WholeRoute, other: Client
) -> None:
    sent = {
        "seen": seen_in(desk.get(f"/routes/{route.route.id}/")),
        "chosen": ids(route)[:2],
        "confirmed": "1",
    }
    checkpoints.update(other, stops.draft_of(route.stops[0], label="Urgent now", order=0))
    answer = desk.post(f"/routes/{route.route.id}/remove/", sent)
    assert answer.status_code == 409
    assert len(ids(routes.read_whole(other, route.route.id))) == 4


def test_old_and_new_values_are_in_the_audit(desk: Browserless, route: WholeRoute) -> None:
    stop = route.stops[0]
    save(desk, stop.id, {**values(desk, stop.id), "label": "After"})
    entry = Entry.objects.get(action="update", kind="checkpoint")
    assert ((entry.before or {})["label"], (entry.after or {})["label"]) == (stop.label, "After")
    assert (entry.ids, entry.result) == ([stop.id], "done")


def test_who_may_not_change_a_stop_is_told(signed_in: Enter, navixy: Connect) -> None:
    seen = routes.list_routes(navixy("viewer"))
    assert seen
    stop_id = seen[0].checkpoint_ids[0]
    web = signed_in("viewer")
    assert "task_update" in text_of(web.get(f"/checkpoints/{stop_id}/"))
    assert web.get(f"/checkpoints/{stop_id}/edit/").status_code == 302


def test_custom_fields_and_files_of_a_stop_are_kept_untouched() -> None:
    stop = stops.stop_from(
        {
            "id": 1,
            "location": {"lat": 1, "lng": 2, "radius": 5},
            "label": "A",
            "to": "2026-03-13T10:00:00Z",
            "fields": {"7": {"type": "text", "value": "mine"}},
        }
    )
    assert stops.draft_of(stop).to_wire()["fields"] == {"7": {"type": "text", "value": "mine"}}


def test_a_task_of_its_own_is_made_and_assigned(desk: Browserless, other: Client) -> None:
    sent = {**editor_values(desk.get("/checkpoints/new/")), "label": "Alone", "lat": "40.4", "lng": "-3.7"}
    answer = desk.post("/checkpoints/new/", sent)
    assert answer.status_code == 302
    task_id = int(answer.headers["Location"].split("/")[2])
    assert tasks.read(other, task_id).type == "task"
    tracker = next(one.tracker_id for one in routes.list_routes(other) if one.tracker_id)
    desk.post(f"/checkpoints/{task_id}/assign/", {"tracker": tracker})
    assert tasks.read(other, task_id).status == "assigned"
