"""Changing a route: nothing that changed elsewhere is overwritten or dropped, and every refusal says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client as Browserless

from dashboard.navixy import checkpoints, routes, stops
from dashboard.navixy.client import Client
from dashboard.navixy.routes import WholeRoute
from dashboard.sandbox import Fault
from tests.web.planning import Connect, at, draft, ids, order_in, planned, seen_in, text_of

if TYPE_CHECKING:
    from dashboard.sandbox import Sandbox

Enter = Callable[..., Browserless]


@pytest.fixture
def other(navixy: Connect, sandbox: Sandbox) -> Client:
    """A second user, at work at the same time."""
    assert sandbox.world.work.tasks  # laid out before anybody waits for it
    return navixy("owner")


@pytest.fixture
def route(other: Client) -> WholeRoute:
    return planned(other)


@pytest.fixture
def desk(signed_in: Enter, route: WholeRoute) -> Browserless:
    return signed_in("owner")


def save(desk: Browserless, route: WholeRoute, order: list[int], seen: list[str]) -> Any:
    return desk.post(f"/routes/{route.route.id}/order/", {"stop": order, "seen": seen})


def loaded(desk: Browserless, route: WholeRoute) -> list[str]:
    return seen_in(desk.get(f"/routes/{route.route.id}/"))


def now(client: Client, route: WholeRoute) -> WholeRoute:
    return routes.read_whole(client, route.route.id)


def test_a_new_order_is_saved_with_one_update(
    desk: Browserless, route: WholeRoute, other: Client, api_calls: Any
) -> None:
    seen, wanted = loaded(desk, route), ids(route)[::-1]
    with api_calls() as made:
        answer = save(desk, route, wanted, seen)
    assert answer.status_code == 302
    assert made.count("task/route/update") == 1
    assert ids(now(other, route)) == wanted


def test_a_proposed_order_changes_nothing_by_itself(
    desk: Browserless, route: WholeRoute, other: Client
) -> None:
    wanted = ids(route)[::-1]
    page = desk.get(f"/routes/{route.route.id}/?order={','.join(map(str, wanted))}")
    assert order_in(page) == wanted
    assert "not saved yet" in text_of(page)
    assert seen_in(page) == loaded(desk, route), "what was loaded stays in its order"
    assert ids(now(other, route)) == ids(route)


def _renamed(client: Client, route: WholeRoute) -> None:
    checkpoints.update(client, stops.draft_of(route.stops[1], label="Renamed elsewhere", order=1))


def _later(client: Client, route: WholeRoute) -> None:
    stop = route.stops[0]
    checkpoints.update(client, stops.draft_of(stop, radius=500, order=0))


def _added(client: Client, route: WholeRoute) -> None:
    checkpoints.create(client, draft(9, label="Added elsewhere", parent_id=route.route.id, order=2))


def _removed(client: Client, route: WholeRoute) -> None:
    checkpoints.delete(client, route.stops[2].id)


def _turned(client: Client, route: WholeRoute) -> None:
    present = routes.read_whole(client, route.route.id).stops
    order = [present[1], present[0], *present[2:]]
    routes.update(
        client,
        routes.RouteDraft(id=route.route.id, label=route.route.label),
        [stops.draft_of(stop) for stop in order],
    )


def _made_a_task(client: Client, route: WholeRoute) -> None:
    checkpoints.transmute(client, route.stops[3].id)


ELSEWHERE: dict[Callable[[Client, WholeRoute], None], str] = {
    _renamed: "“Renamed elsewhere” was changed.",
    _later: "“Stop 1” was changed.",
    _added: "“Added elsewhere” was added.",
    _removed: "was taken out.",
    _turned: "stands in another place.",
    _made_a_task: "was taken out.",
}


@pytest.mark.parametrize("edit", ELSEWHERE)
def test_what_changed_elsewhere_is_shown_and_nothing_is_sent(
    desk: Browserless,
    route: WholeRoute,
    other: Client,
    api_calls: Any,
    edit: Callable[[Client, WholeRoute], None],
) -> None:
    seen, wanted = loaded(desk, route), ids(route)[::-1]
    edit(other, route)
    before = now(other, route)
    with api_calls() as made:
        answer = save(desk, route, wanted, seen)
    assert answer.status_code == 409
    assert "changed elsewhere" in text_of(answer)
    assert ELSEWHERE[edit] in text_of(answer)
    assert made.count("task/route/update") == 0
    assert now(other, route) == before


@pytest.mark.parametrize("edit", ELSEWHERE)
def test_a_conflict_saved_again_keeps_what_the_other_did(
    desk: Browserless, route: WholeRoute, other: Client, edit: Callable[[Client, WholeRoute], None]
) -> None:
    answer_to = loaded(desk, route)
    edit(other, route)
    before = {stop.id: stop for stop in now(other, route).stops}
    shown = save(desk, route, ids(route)[::-1], answer_to)
    again = save(desk, route, order_in(shown), seen_in(shown))
    assert again.status_code == 302
    after = now(other, route)
    assert set(ids(after)) == set(before)
    assert ids(after) == order_in(shown)
    for stop in after.stops:
        assert (stop.label, stop.radius) == (before[stop.id].label, before[stop.id].radius)


def test_edits_between_every_two_saves_never_cost_a_stop(
    desk: Browserless, route: WholeRoute, other: Client
) -> None:
    """Two people at one route: whoever saves without having seen the other's work is told."""
    for number in range(3):
        seen, wanted = loaded(desk, route), ids(now(other, route))[::-1]
        made = checkpoints.create(
            other, draft(20 + number, label=f"Extra {number}", parent_id=route.route.id, order=number)
        )
        shown = save(desk, route, wanted, seen)
        assert shown.status_code == 409
        assert made.id in order_in(shown)
        assert save(desk, route, order_in(shown), seen_in(shown)).status_code == 302
    labels = [stop.label for stop in now(other, route).stops]
    assert sorted(labels) == ["Extra 0", "Extra 1", "Extra 2", "Stop 1", "Stop 2", "Stop 3", "Stop 4"]


@pytest.mark.parametrize("order", [[], [1], [2, 2]])
def test_an_order_that_does_not_name_every_stop_is_not_sent(
    desk: Browserless, route: WholeRoute, other: Client, order: list[int]
) -> None:
    names = [ids(route)[place] for place in order]
    answer = save(desk, route, names, loaded(desk, route))
    assert answer.status_code == 422
    assert "does not name every stop" in text_of(answer)
    assert ids(now(other, route)) == ids(route)


def test_an_order_that_windows_forbid_says_which(desk: Browserless, other: Client) -> None:
    early, late = draft(1, start=at(8), end=at(9)), draft(2, start=at(12), end=at(13))
    made, _ = routes.create(other, routes.RouteDraft(label="Strict"), [early, late])
    whole = routes.read_whole(other, made.id)
    page = desk.get(f"/routes/{made.id}/?order={','.join(map(str, ids(whole)[::-1]))}")
    assert "“Stop 1” must be visited before “Stop 2” begins" in text_of(page)
    answer = save(desk, whole, ids(whole)[::-1], seen_in(page))
    assert answer.status_code == 422
    assert "“Stop 1” must be visited before “Stop 2” begins" in text_of(answer)


def test_a_route_that_is_under_way_meanwhile_says_so(
    desk: Browserless, route: WholeRoute, sandbox: Sandbox
) -> None:
    seen = loaded(desk, route)
    sandbox.faults.add(Fault(action="task/route/update", kind="error", code=255))
    answer = save(desk, route, ids(route)[::-1], seen)
    assert answer.status_code == 409
    assert "no longer in a state that can be changed" in text_of(answer)
    assert order_in(answer) == ids(route)[::-1], "the order wanted is kept"


@pytest.mark.parametrize("kind", ["effect_timeout", "effect_reset", "truncated", "bad_json"])
def test_an_order_whose_answer_got_lost_is_looked_for(
    desk: Browserless, route: WholeRoute, other: Client, sandbox: Sandbox, kind: str
) -> None:
    seen, wanted = loaded(desk, route), ids(route)[::-1]
    sandbox.faults.add(Fault(action="task/route/update", kind=kind, seconds=1.5))
    answer = save(desk, route, wanted, seen)
    assert answer.status_code == 302
    assert ids(now(other, route)) == wanted


def test_times_are_moved_after_a_look_at_them(desk: Browserless, route: WholeRoute, other: Client) -> None:
    chosen, sent = ids(route)[:2], {"seen": loaded(desk, route), "minutes": "45", "direction": "later"}
    page = desk.post(f"/routes/{route.route.id}/shift/", {**sent, "chosen": chosen})
    assert "Move 2 windows 45 min later?" in text_of(page)
    assert [stop.end for stop in now(other, route).stops] == [stop.end for stop in route.stops]
    desk.post(f"/routes/{route.route.id}/shift/", {**sent, "chosen": chosen, "confirmed": "1"})
    moved = [
        (after.end - before.end).total_seconds()
        for before, after in zip(route.stops, now(other, route).stops, strict=True)
        if after.end and before.end
    ]
    assert moved == [2700, 2700, 0, 0]


def test_times_of_a_route_changed_elsewhere_are_not_moved(
    desk: Browserless, route: WholeRoute, other: Client
) -> None:
    seen = loaded(desk, route)
    _renamed(other, route)
    sent = {"seen": seen, "chosen": ids(route)[:1], "minutes": "5", "direction": "earlier", "confirmed": "1"}
    answer = desk.post(f"/routes/{route.route.id}/shift/", sent)
    assert answer.status_code == 409
    assert "“Renamed elsewhere” was changed." in text_of(answer)
    assert now(other, route).stops[0].end == route.stops[0].end


def test_nothing_ticked_moves_nothing(desk: Browserless, route: WholeRoute) -> None:
    answer = desk.post(f"/routes/{route.route.id}/shift/", {"minutes": "5"}, follow=True)
    assert "Tick the stops" in text_of(answer)


def test_an_order_can_be_undone_until_something_else_changes(
    desk: Browserless, route: WholeRoute, other: Client
) -> None:
    save(desk, route, ids(route)[::-1], loaded(desk, route))
    assert "Undo" in text_of(desk.get(f"/routes/{route.route.id}/"))
    desk.post(f"/routes/{route.route.id}/undo/")
    assert ids(now(other, route)) == ids(route)
    save(desk, route, ids(route)[::-1], loaded(desk, route))
    _renamed(other, now(other, route))
    answer = desk.post(f"/routes/{route.route.id}/undo/")
    assert answer.status_code == 409
    assert ids(now(other, route)) == ids(route)[::-1]


def test_a_route_is_assigned_and_taken_back(desk: Browserless, route: WholeRoute, other: Client) -> None:
    tracker = next(one.tracker_id for one in routes.list_routes(other) if one.tracker_id)
    desk.post(f"/routes/{route.route.id}/assign/", {"tracker": tracker})
    assert now(other, route).route.tracker_id == tracker
    desk.post(f"/routes/{route.route.id}/assign/", {"tracker": ""})
    assert now(other, route).route.tracker_id is None


def test_the_best_order_is_proposed_and_not_saved(
    desk: Browserless, route: WholeRoute, other: Client
) -> None:
    page = desk.get(f"/routes/{route.route.id}/optimise/", follow=True)
    assert page.status_code == 200
    assert "Best order, not saved yet" in text_of(page) or "best order already" in text_of(page)
    assert ids(now(other, route)) == ids(route)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [(210, "longer than the 5,000 km"), (264, "only a moment ago"), (236, "tariff of this tracker")],
)
def test_a_best_order_that_cannot_be_had_says_why(
    desk: Browserless, route: WholeRoute, sandbox: Sandbox, code: int, sentence: str
) -> None:
    sandbox.faults.add(Fault(action="task/route/points/optimize", kind="error", code=code))
    page = desk.get(f"/routes/{route.route.id}/optimise/", follow=True)
    assert sentence in text_of(page)


@pytest.mark.parametrize(
    ("code", "status", "sentence"),
    [
        (201, 404, "not there any more"),
        (204, 404, "not there any more"),
        (208, 409, "This tracker is blocked"),
        (236, 403, "tariff of this tracker"),
        (13, 403, "do not have the right"),
    ],
)
def test_an_assignment_that_is_refused_says_why(
    desk: Browserless, route: WholeRoute, sandbox: Sandbox, code: int, status: int, sentence: str
) -> None:
    sandbox.faults.add(Fault(action="task/route/assign", kind="error", code=code))
    answer = desk.post(f"/routes/{route.route.id}/assign/", {"tracker": "5"})
    assert answer.status_code == status
    assert sentence in text_of(answer)


def test_a_route_gets_another_name_and_keeps_its_stops(
    desk: Browserless, route: WholeRoute, other: Client
) -> None:
    page = desk.get(f"/routes/{route.route.id}/edit/")
    sent = {"label": "Renamed round", "description": "x", "external_id": "", "seen": seen_in(page)[0]}
    assert desk.post(f"/routes/{route.route.id}/edit/", sent).status_code == 302
    after = now(other, route)
    assert after.route.label == "Renamed round"
    assert ids(after) == ids(route)


def test_a_route_renamed_elsewhere_is_a_conflict(desk: Browserless, route: WholeRoute, other: Client) -> None:
    seen = seen_in(desk.get(f"/routes/{route.route.id}/edit/"))[0]
    routes.rename(other, routes.RouteDraft(id=route.route.id, label="Theirs"))
    answer = desk.post(f"/routes/{route.route.id}/edit/", {"label": "Mine", "seen": seen})
    assert answer.status_code == 409
    assert "changed elsewhere" in text_of(answer)
    assert now(other, route).route.label == "Theirs"


def new_route(**changes: str) -> dict[str, str]:
    row = {"label": "A", "lat": "40.4", "lng": "-3.7", "day": "2026-03-13", "start": "09:00", "end": "12:00"}
    first = {f"stop-0-{name}": value for name, value in row.items()}
    second = {f"stop-1-{name}": value for name, value in {**row, "label": "B", "lat": "40.5"}.items()}
    return {"label": "Planned here", "rows": "3", **first, **second, **changes}


def test_a_route_is_planned_with_its_stops(desk: Browserless, other: Client) -> None:
    answer = desk.post("/routes/new/", new_route())
    assert answer.status_code == 302
    made = routes.read_whole(other, int(answer.headers["Location"].split("/")[2]))
    assert [(stop.label, stop.lat) for stop in made.stops] == [("A", 40.4), ("B", 40.5)]
    assert all(stop.address for stop in made.stops), "the geocoder names the places"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"label": " "}, "This field is required."),
        ({"stop-1-label": "", "stop-1-lat": "", "stop-1-address": ""}, "A route has at least two stops."),
        ({"stop-1-end": "08:00"}, "The window ends before it starts."),
        ({"stop-1-lat": "", "stop-1-lng": ""}, "Give an address, or a point on the map."),
        ({"stop-0-start": "15:00", "stop-0-end": "16:00"}, "“B” must be visited before “A” begins"),
        ({"stop-1-lat": "95"}, "less than or equal to 90"),
    ],
)
def test_what_is_wrong_with_a_new_route_stands_beside_it(
    desk: Browserless, changes: dict[str, str], sentence: str
) -> None:
    answer = desk.post("/routes/new/", new_route(**changes))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Plan the route" in text_of(answer)


def test_an_address_is_looked_up_and_its_failure_told_at_its_row(desk: Browserless, other: Client) -> None:
    found = {"stop-1-lat": "", "stop-1-lng": "", "stop-1-address": "Madrid"}
    assert desk.post("/routes/new/", new_route(**found)).status_code == 302
    nowhere = {**found, "stop-1-address": "Xqzzk 77, Nowhereville"}
    answer = desk.post("/routes/new/", new_route(**nowhere))
    assert answer.status_code == 422
    assert "No place matches this address" in text_of(answer)


def test_one_more_row_keeps_what_was_typed(desk: Browserless) -> None:
    page = desk.post("/routes/new/", {**new_route(), "more": "1"})
    assert page.status_code == 200
    assert 'name="stop-3-label"' in page.content.decode()
    assert 'value="Planned here"' in page.content.decode()


def test_a_route_whose_answer_got_lost_is_made_once(
    desk: Browserless, other: Client, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault(action="task/route/create", kind="effect_reset"))
    answer = desk.post("/routes/new/", new_route(label="Only once"))
    assert answer.status_code == 302
    assert [one.label for one in routes.list_routes(other)].count("Only once") == 1


def test_who_may_not_change_routes_is_told_which_right_is_missing(signed_in: Enter, navixy: Connect) -> None:
    visible = routes.list_routes(navixy("viewer"))
    assert visible
    page = signed_in("viewer").get(f"/routes/{visible[0].id}/")
    assert "task_update" in text_of(page)
    assert "Save the order" not in text_of(page) or "data-route-order" not in page.content.decode()
    assert [one for one in ("edit", "delete", "assign") if f"/{one}/" in page.content.decode()] == []


def test_a_stops_number_leads_to_the_stop_and_a_routes_to_the_route(
    desk: Browserless, route: WholeRoute
) -> None:
    stop = route.stops[0].id
    assert desk.get(f"/routes/{stop}/").headers["Location"] == f"/checkpoints/{stop}/"
    assert desk.get(f"/checkpoints/{route.route.id}/").headers["Location"] == f"/routes/{route.route.id}/"
    assert desk.get("/routes/1999999999/").status_code == 404
