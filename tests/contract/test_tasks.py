"""Tasks, routes, checkpoints and their forms: the client's reading next to the sandbox's own data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from dashboard.navixy import checkpoints, forms, history, routes, stops, task_forms, tasks
from dashboard.navixy.client import Client
from dashboard.navixy.errors import (
    BadReply,
    InvalidRequest,
    NavixyError,
    NotAllowed,
    NotFound,
    WrongState,
)
from dashboard.navixy.planned import list_planned
from dashboard.navixy.routes import Point, WholeRoute
from dashboard.navixy.tasks import TaskQuery
from dashboard.sandbox import Sandbox
from tests.conftest import NOW
from tests.web.planning import at, draft, ids, planned

Connect = Callable[..., Client]


@pytest.fixture
def client(navixy: Connect, sandbox: Sandbox) -> Client:
    assert sandbox.world.work.tasks  # laid out before anybody waits for it
    return navixy("owner")


@pytest.fixture
def route(client: Client) -> WholeRoute:
    return planned(client)


def test_every_route_of_a_day_is_read_with_its_stops_in_order(client: Client, sandbox: Sandbox) -> None:
    found = routes.list_routes(client, start=at(0, day=0), end=at(23, day=0))
    known = sandbox.world.work.routes
    assert found
    for one in found:
        assert one.checkpoint_ids == tuple(known[one.id].checkpoint_ids)
    by_id = checkpoints.list_checkpoints(client, [stop for one in found for stop in one.checkpoint_ids])
    for stop_id, stop in by_id.items():
        own = sandbox.world.work.tasks[stop_id]
        assert (stop.label, stop.start, stop.end) == (own.label, own.start, own.end)
        assert (stop.lat, stop.radius) == (own.lat, own.radius)
        assert (stop.max_delay, stop.min_stay, stop.external_id) == (
            own.max_delay,
            own.min_stay,
            own.external_id,
        )


@pytest.mark.parametrize("understood", [True, False])
def test_all_that_is_planned_is_the_same_by_either_way(
    client: Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, understood: bool
) -> None:
    monkeypatch.setattr(sandbox.switches, "task_types_understood", understood)
    start, end = at(0, day=0), at(23, day=0)
    found = list_planned(client, start=start, end=end)
    assert found.tasks == tasks.search(client, TaskQuery(start=start, end=end)).items
    assert [one.route for one in found.routes] == list(routes.list_routes(client, start=start, end=end))
    assert [stop.id for one in found.routes for stop in one.stops] == [
        stop_id for one in found.routes for stop_id in one.route.checkpoint_ids
    ]
    assert all(stop.type == "checkpoint" for one in found.routes for stop in one.stops)


def test_the_world_has_stops_in_every_status(client: Client) -> None:
    found = routes.list_routes(client, start=at(0, day=-3), end=at(0, day=4))
    by_id = checkpoints.list_checkpoints(client, [stop for one in found for stop in one.checkpoint_ids])
    assert {stop.status for stop in by_id.values()} >= set(stops.STATUSES) - {"faulty"}


def test_a_whole_route_is_one_call(client: Client, route: WholeRoute) -> None:
    assert [stop.order for stop in route.stops] == [0, 1, 2, 3]
    assert routes.read(client, route.route.id) == route.route
    assert checkpoints.read(client, route.stops[0].id).parent_id == route.route.id


def test_a_route_is_no_stop_and_a_stop_no_route(client: Client, route: WholeRoute) -> None:
    assert tasks.kind_of(client, route.route.id) == "route"
    assert tasks.kind_of(client, route.stops[0].id) == "checkpoint"
    with pytest.raises(BadReply):
        routes.read_whole(client, route.stops[0].id)


def test_inserting_moving_and_deleting_shift_the_others(client: Client, route: WholeRoute) -> None:
    first, second, third, fourth = ids(route)
    made = checkpoints.create(client, draft(9, parent_id=route.route.id, order=1)).id
    assert ids(routes.read_whole(client, route.route.id)) == [first, made, second, third, fourth]
    checkpoints.update(client, stops.draft_of(checkpoints.read(client, first), order=2))
    assert ids(routes.read_whole(client, route.route.id)) == [made, second, first, third, fourth]
    checkpoints.delete(client, second)
    assert ids(routes.read_whole(client, route.route.id)) == [made, first, third, fourth]


def test_a_stop_left_out_of_an_update_is_deleted(client: Client, route: WholeRoute) -> None:
    kept = route.stops[1:]
    own = routes.RouteDraft(id=route.route.id, label="Shorter")
    routes.update(client, own, [stops.draft_of(stop) for stop in kept])
    assert ids(routes.read_whole(client, route.route.id)) == [stop.id for stop in kept]
    with pytest.raises(NotFound):
        checkpoints.read(client, route.stops[0].id)


def test_the_last_stop_takes_its_route_with_it(client: Client) -> None:
    route = planned(client, number=2)
    checkpoints.transmute(client, route.stops[0].id)
    checkpoints.transmute(client, route.stops[1].id)
    with pytest.raises(NotFound):
        routes.read(client, route.route.id)
    assert tasks.read(client, route.stops[0].id).type == "task"


def test_a_task_joins_a_route(client: Client, route: WholeRoute) -> None:
    task_id = tasks.create(client, draft(7)).id
    assert task_id
    assert task_id in [
        stop.id for stop in tasks.search(client, tasks.TaskQuery(start=at(9), end=at(19))).items
    ]
    tasks.transmute(client, task_id, route_id=route.route.id, order=1)
    assert ids(routes.read_whole(client, route.route.id))[1] == task_id


def test_shared_external_ids_are_counted(client: Client, route: WholeRoute) -> None:
    first, second, *_ = route.stops
    assert checkpoints.update(client, stops.draft_of(first, external_id="ONE")).shared == {}
    assert checkpoints.update(client, stops.draft_of(second, external_id="ONE")).shared == {"ONE": 2}


def test_the_best_order_changes_nothing(client: Client, route: WholeRoute) -> None:
    points = [Point(lat=one.lat, lng=one.lng, start=at(10), end=at(18)) for one in route.stops]
    found = routes.optimize(client, lat=points[0].lat, lng=points[0].lng, points=points)
    assert sorted(found) == [0, 1, 2, 3]
    assert ids(routes.read_whole(client, route.route.id)) == ids(route)


def test_a_form_is_attached_read_and_detached(client: Client, route: WholeRoute) -> None:
    stop_id, template = route.stops[0].id, forms.list_templates(client)[0]
    assert task_forms.read(client, stop_id) is None
    task_forms.attach(client, stop_id, template_id=template.id)
    form = task_forms.read(client, stop_id)
    assert form is not None
    assert (form.task_id, form.template_id, form.submitted) == (stop_id, template.id, None)
    with pytest.raises(WrongState) as twice:
        task_forms.attach(client, stop_id, template_id=template.id)
    assert twice.value.code == 247
    with pytest.raises(WrongState) as unfilled:
        task_forms.update_values(client, stop_id, {})
    assert unfilled.value.code == 255
    task_forms.detach(client, stop_id)
    assert task_forms.read(client, stop_id) is None


def test_history_names_what_happened(client: Client, route: WholeRoute) -> None:
    checkpoints.update(client, stops.draft_of(route.stops[0], label="Renamed"))
    operations = [one.operation for one in tasks.history(client, route.stops[0].id)]
    assert operations[0] == "create"
    assert "update" in operations
    events = history.user_events(client, start=NOW - timedelta(days=2), end=NOW)
    assert all(one.id and one.time for one in events.items)
    assert history.event_types(client)


@pytest.mark.parametrize(
    ("kind", "code", "call"),
    [
        (NotFound, 201, lambda api: tasks.read(api, 1_999_999_999)),
        (NotFound, 201, lambda api: routes.read(api, 1_999_999_999)),
        (NotFound, 201, lambda api: checkpoints.read(api, 1_999_999_999)),
        (NotFound, 201, lambda api: checkpoints.delete(api, 1_999_999_999)),
        (NotFound, 201, lambda api: routes.delete(api, 1_999_999_999)),
        (NotFound, 201, lambda api: tasks.delete(api, 1_999_999_999)),
        (NotFound, 201, lambda api: task_forms.read(api, 1_999_999_999)),
        (NotFound, 201, lambda api: tasks.create(api, draft(1, tracker_id=1_999_999))),
        (InvalidRequest, 7, lambda api: tasks.create(api, draft(1, start=None, end=NOW - timedelta(days=1)))),
    ],
)
def test_documented_errors_come_as_their_class(
    client: Client, kind: type[NavixyError], code: int, call: Callable[[Client], object]
) -> None:
    with pytest.raises(kind) as caught:
        call(client)
    assert caught.value.code == code
    assert not caught.value.maybe_applied


def test_a_stop_under_way_cannot_be_changed(client: Client) -> None:
    found = routes.list_routes(client, start=at(0, day=-2), end=at(0, day=1))
    by_id = checkpoints.list_checkpoints(client, [stop for one in found for stop in one.checkpoint_ids])
    done = next(stop for stop in by_id.values() if stop.status == "done")
    with pytest.raises(WrongState) as caught:
        checkpoints.delete(client, done.id)
    assert caught.value.code == 255


def test_without_the_right_nothing_is_written(navixy: Connect, route: WholeRoute) -> None:
    with pytest.raises(NotAllowed) as caught:
        tasks.create(navixy("viewer"), draft(1))
    assert caught.value.code == 13
