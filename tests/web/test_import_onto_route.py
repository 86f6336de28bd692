"""Rows of a sheet added to a route that is planned already: after its stops, once each, over no change."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browserless

from dashboard.audit.models import Entry
from dashboard.jobs.models import Job, State
from dashboard.navixy import checkpoints, routes, stops
from dashboard.navixy.client import Client
from dashboard.navixy.routes import WholeRoute
from dashboard.sandbox import Fault, Sandbox
from tests.web.planning import Connect, at, draft, ids, planned, text_of
from tests.web.test_stop_import import Calls, SignedIn, fields, full_sheet, returned, row, run_all, workbook

pytestmark = pytest.mark.django_db(transaction=True)
LATE = {"From": "19:00", "To": "20:00", "Route": "", "Tracker": ""}


@pytest.fixture
def client(navixy: Connect) -> Client:
    return navixy("owner")


@pytest.fixture
def route(client: Client) -> WholeRoute:
    """Three stops of tomorrow, for tracker 3001."""
    return planned(client, number=3, tracker_id=3001)


def rows(*numbers: int, **changed: object) -> bytes:
    return workbook([row(number, **(LATE | changed)) for number in numbers])


def preview(web: Browserless, route: WholeRoute, content: bytes) -> Any:
    sheet = SimpleUploadedFile("stops.xlsx", content)
    return web.post("/routes/import/", {"sheet": sheet, "route": route.route.id})


def begin(web: Browserless, route: WholeRoute, content: bytes) -> Job:
    page = preview(web, route, content)
    assert page.status_code == 200
    started = web.post("/routes/import/start/", fields(page.content.decode()))
    assert started.status_code == 302, text_of(started)
    return Job.objects.latest("pk")


def labels(client: Client, route: WholeRoute) -> list[str]:
    return [stop.label for stop in routes.read_whole(client, route.route.id).stops]


def changed_elsewhere(client: Client, route: WholeRoute) -> None:
    stop = routes.read_whole(client, route.route.id).stops[0]
    checkpoints.update(client, replace(stops.draft_of(stop), label="Theirs"))


def added_elsewhere(client: Client, route: WholeRoute) -> None:
    end = len(routes.read_whole(client, route.route.id).stops)
    checkpoints.create(client, draft(77, label="Theirs", parent_id=route.route.id, order=end))


Elsewhere = Callable[[Client, WholeRoute], None]
ELSEWHERE = pytest.mark.parametrize("elsewhere", [changed_elsewhere, added_elsewhere])


def test_rows_come_after_the_stops_of_the_route(
    sandbox: Sandbox, signed_in: SignedIn, client: Client, route: WholeRoute
) -> None:
    web = signed_in()
    page = text_of(preview(web, route, rows(5, 4, Tracker="Nobody's van")))
    assert "2 stops are added to “Test round”." in page
    assert "All rows come after the 3 stops of “Test round”" in page
    job = begin(web, route, rows(5, 4, Tracker="Nobody's van"))
    run_all()
    job.refresh_from_db()
    assert job.message == "2 stops are added to “Test round”."
    after = routes.read_whole(client, route.route.id)
    assert after.stops[:3] == route.stops
    assert [stop.label for stop in after.stops[3:]] == ["Stop 5", "Stop 4"]
    assert {stop.tracker_id for stop in after.stops} == {3001}


def test_form_and_tags_come_along_and_the_others_keep_theirs(
    sandbox: Sandbox, signed_in: SignedIn, client: Client, route: WholeRoute
) -> None:
    begin(signed_in(), route, full_sheet("Formed;;Crane truck;Safety briefing;;", "Bare;;;;;"))
    run_all()
    made = sandbox.world.work.stops(sandbox.world.work.routes[route.route.id])[3:]
    assert [(one.label, one.tag_ids, bool(one.form_id)) for one in made] == [
        ("Formed", (84,), True),
        ("Bare", (), False),
    ]


def test_each_stop_is_in_the_audit(signed_in: SignedIn, client: Client, route: WholeRoute) -> None:
    begin(signed_in(), route, rows(4, 5))
    run_all()
    made = ids(routes.read_whole(client, route.route.id))[3:]
    found = Entry.objects.filter(action="import").order_by("pk")
    assert [(one.kind, one.subject, one.ids, one.result) for one in found] == [
        ("checkpoint", "Stop 4", made[:1], "done"),
        ("checkpoint", "Stop 5", made[1:], "done"),
    ]
    assert [(one.after or {}).get("route") for one in found] == [route.route.id] * 2


@pytest.mark.parametrize("kind", ["html_502", "reset", "effect_reset", "bad_json"])
def test_a_lost_answer_makes_no_double(
    sandbox: Sandbox, signed_in: SignedIn, client: Client, route: WholeRoute, kind: str
) -> None:
    begin(signed_in(), route, rows(4, 5, 6))
    sandbox.faults.add(Fault(action="task/checkpoint/create", kind=kind, after=1))
    run_all()
    assert labels(client, route)[3:] == ["Stop 4", "Stop 5", "Stop 6"]


def test_a_job_taken_up_again_knows_what_it_made(
    signed_in: SignedIn, client: Client, route: WholeRoute
) -> None:
    """As a worker leaves it that is killed between the answer of the second row and writing it down."""
    job = begin(signed_in(), route, rows(4, 5, 6))
    like = {"start": at(18, day=2), "end": at(19, day=2), "radius": 100, "lng": -3.7, "address": ""}
    first, _second = (
        checkpoints.create(
            client,
            draft(
                number,
                lat=40.4 + number / 10_000,
                external_id=f"IMP-{number}",
                parent_id=route.route.id,
                order=number - 1,
                **like,
            ),
        )
        for number in (4, 5)
    )
    job.saved = {"trying": "stop|3", "made": {"stop|2": [first.id]}, "failed": {}, "places": {}}
    job.save()
    run_all()
    assert labels(client, route)[3:] == ["Stop 4", "Stop 5", "Stop 6"]


@ELSEWHERE
def test_a_change_before_the_start_is_told_and_nothing_starts(
    signed_in: SignedIn, client: Client, route: WholeRoute, elsewhere: Elsewhere
) -> None:
    web = signed_in()
    page = preview(web, route, rows(4))
    elsewhere(client, route)
    answer = web.post("/routes/import/start/", fields(page.content.decode()))
    assert answer.status_code == 409
    assert "The route was changed elsewhere since it was shown here. Nothing was started." in text_of(answer)
    assert "“Theirs” was" in text_of(answer)
    assert not Job.objects.exists()
    again = web.post("/routes/import/start/", fields(answer.content.decode()))
    assert again.status_code == 302, "what was told may be agreed to"
    run_all()
    assert labels(client, route)[-1] == "Stop 4"


@ELSEWHERE
def test_a_change_before_the_job_gives_every_row_back(
    signed_in: SignedIn, client: Client, route: WholeRoute, elsewhere: Elsewhere
) -> None:
    job = begin(signed_in(), route, rows(4, 5))
    elsewhere(client, route)
    before = labels(client, route)
    run_all()
    assert labels(client, route) == before
    assert [str(one[1])[:35] for one in returned(job)] == ["The route was changed elsewhere mea"] * 2


def test_a_change_under_way_gives_the_rest_back(
    signed_in: SignedIn, client: Client, route: WholeRoute, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = checkpoints.create

    def then_theirs(*args: Any, **options: Any) -> Any:
        made = real(*args, **options)
        monkeypatch.setattr(checkpoints, "create", real)
        added_elsewhere(client, route)
        return made

    job = begin(signed_in(), route, rows(4, 5, 6))
    monkeypatch.setattr(checkpoints, "create", then_theirs)
    run_all()
    assert labels(client, route)[3:] == ["Stop 4", "Theirs"]
    assert [one[0] for one in returned(job)] == [3, 4]
    job.refresh_from_db()
    assert (job.state, job.message) == (
        State.DONE,
        "1 stop is added to “Test round”. 2 rows cannot be imported; the sheet says why.",
    )


def test_a_route_deleted_meanwhile_gives_every_row_back(
    signed_in: SignedIn, client: Client, route: WholeRoute
) -> None:
    job = begin(signed_in(), route, rows(4))
    routes.delete(client, route.route.id)
    run_all()
    assert [str(one[1]) for one in returned(job)] == [
        "This route is not there any more, or you may not see it."
    ]


def test_windows_are_held_against_the_stops_there_are(signed_in: SignedIn, route: WholeRoute) -> None:
    """They begin at 10 tomorrow."""
    early = rows(4, Date=at(0).strftime("%Y-%m-%d"), From="08:00", To="09:00")
    page = text_of(preview(signed_in(), route, early))
    assert "Its window ends before that of an earlier stop of the route begins." in page


def test_a_row_that_names_another_route_says_so(signed_in: SignedIn, route: WholeRoute) -> None:
    page = text_of(preview(signed_in(), route, rows(4, Route="Other round")))
    assert "The sheet says “Other round”." in page
    assert "1 stop is added to “Test round”." in page


def test_only_routes_that_may_be_changed_are_offered(
    sandbox: Sandbox, signed_in: SignedIn, route: WholeRoute, api_calls: Calls
) -> None:
    web = signed_in()
    with api_calls() as made:
        page = web.get(f"/routes/import/?route={route.route.id}").content.decode()
    assert made.actions == ["task/route/list"]
    offered = [int(one) for one in re.findall(r'<option value="(\d+)"', page)]
    assert route.route.id in offered
    assert f'<option value="{route.route.id}" selected>' in page
    known = sandbox.world.work.routes
    assert {known[one].status for one in offered} <= {"unassigned", "assigned"}


def test_a_route_under_way_is_refused_with_its_state(
    sandbox: Sandbox, signed_in: SignedIn, client: Client
) -> None:
    web = signed_in()
    over = next(one for one in sandbox.world.work.routes.values() if one.status == "done")
    whole = routes.read_whole(client, over.id)
    told = "This route is already done; Navixy only lets planned ones be changed."
    assert told in text_of(web.get(f"/routes/import/?route={over.id}"))
    page = preview(web, whole, rows(4))
    assert told in text_of(page)
    assert re.search(
        r"<button[^>]*disabled>(?:(?!</button>).)*Import 1 stop", page.content.decode(), re.DOTALL
    )
    answer = web.post("/routes/import/start/", fields(page.content.decode()))
    assert answer.status_code == 409
    assert not Job.objects.exists()


def test_a_route_that_is_gone_is_told(signed_in: SignedIn, client: Client, route: WholeRoute) -> None:
    web = signed_in()
    page = preview(web, route, rows(4))
    routes.delete(client, route.route.id)
    for answer in (
        preview(web, route, rows(4)),
        web.post("/routes/import/start/", fields(page.content.decode())),
    ):
        assert answer.status_code == 404
        assert "This route is not there any more" in text_of(answer)
    assert "This route is not there any more" in text_of(web.get(f"/routes/import/?route={route.route.id}"))


def test_the_page_of_a_route_leads_to_its_import(
    sandbox: Sandbox, signed_in: SignedIn, route: WholeRoute
) -> None:
    web = signed_in()
    assert (
        f'href="/routes/import/?route={route.route.id}"'
        in web.get(f"/routes/{route.route.id}/").content.decode()
    )
    over = next(one for one in sandbox.world.work.routes.values() if one.status == "done")
    assert "/routes/import/?route" not in web.get(f"/routes/{over.id}/").content.decode()


def test_the_map_shows_what_the_route_has_already(signed_in: SignedIn, route: WholeRoute) -> None:
    page = preview(signed_in(), route, rows(4)).content.decode()
    assert re.findall(r'"url": "([^"]+)"', page) == [f"/checkpoints/{one}/" for one in ids(route)] + [
        "#row-2"
    ]
    assert re.findall(r'"number": (\d)', page) == ["1", "2", "3", "4"]
