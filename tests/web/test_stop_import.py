"""Stops from a sheet: 500 rows of which 40 are bad, once each, whatever happens to the worker."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from html import unescape
from types import MappingProxyType
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browserless
from openpyxl import Workbook, load_workbook

from dashboard.jobs import files, runner
from dashboard.jobs.models import Job, State
from dashboard.navixy import routes, tasks
from dashboard.navixy.routes import RouteDraft
from dashboard.navixy.stops import StopDraft
from dashboard.sandbox import Fault, Sandbox
from tests.conftest import NOW, Made
from tests.web.planning import Connect, at, draft, text_of
from tests.workers import until, worker

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[..., Browserless]
Calls = Callable[[], AbstractContextManager[Made]]
HEAD = ("Name", "Latitude", "Longitude", "Date", "From", "To", "Order number", "Route", "Tracker")
DAY = (NOW + timedelta(days=2)).strftime("%Y-%m-%d")


def row(number: int, **changed: object) -> list[object]:
    """Twenty stops a route; the last hundred have none."""
    hour = 8 + number % 20 // 4
    usual: dict[str, object] = {
        "Name": f"Stop {number}",
        "Latitude": 40.4 + number / 10_000,
        "Longitude": "-3,7",
        "Date": DAY,
        "From": f"{hour:02}:00",
        "To": f"{hour + 2:02}:30",
        "Order number": f"IMP-{number}",
        "Route": f"Round {number // 20}" if number < 400 else "",
        "Tracker": 3001 + number // 20 % 5 if number < 400 else "",
    }
    return list((usual | changed).values())


def big_sheet() -> bytes:
    """Every row whose number ends in 5 of the first 400 is bad: 40 of 500."""
    wrong: tuple[dict[str, object], ...] = (
        {"Name": ""},
        {"To": "soon"},
        {"Latitude": "north"},
        {"Tracker": "Nobody's van"},
    )
    rows = [
        row(number, **(wrong[number // 10 % 4] if number < 400 and number % 10 == 5 else {}))
        for number in range(500)
    ]
    return workbook(rows)


def workbook(rows: list[list[object]], addresses: Mapping[int, str] = MappingProxyType({})) -> bytes:
    """`addresses`: those of rows, by their place; the others have none."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.create_sheet("Stops", 0)
    sheet.append((*HEAD, "Address"))
    for place, cells in enumerate(rows):
        sheet.append((*cells, addresses.get(place, "")))
    book.save(out)
    return out.getvalue()


def preview(web: Browserless, content: bytes, name: str = "stops.xlsx") -> Any:
    return web.post("/routes/import/", {"sheet": SimpleUploadedFile(name, content)})


def fields(page: str) -> dict[str, str]:
    packed = re.search(r'name="rows" value="([^"]+)"', page)
    assert packed
    chosen = re.findall(r'name="(column_\w+)">.*?</select>', page, re.DOTALL)
    found = {"rows": packed[1]}
    for name in chosen:
        part = page.split(f'name="{name}"')[1].split("</select>")[0]
        selected = re.search(r'value="(\d+)" selected', part)
        found[name] = selected[1] if selected else ""
    return found


def begin(web: Browserless, content: bytes, **more: Any) -> Job:
    page = preview(web, content)
    assert page.status_code == 200
    started = web.post("/routes/import/start/", fields(page.content.decode()) | more)
    assert started.status_code == 302, started.content.decode()
    return Job.objects.latest("pk")


def run_all() -> None:
    while runner.run_next():
        pass


def imported(sandbox: Sandbox) -> Counter[str]:
    tasks = sandbox.world.work.tasks.values()
    found = (one.external_id or "" for one in tasks)
    return Counter(one for one in found if one.startswith("IMP-"))


def returned(job: Job) -> list[tuple[Any, ...]]:
    job.refresh_from_db()
    opened = files.opened(files.stored(job.results[0]))
    assert opened
    with opened as content:
        found = load_workbook(io.BytesIO(content.read())).worksheets[0]
        return list(found.iter_rows(min_row=2, values_only=True))


def test_460_of_500_are_imported_and_40_come_back(sandbox: Sandbox, signed_in: SignedIn) -> None:
    web = signed_in()
    page = preview(web, big_sheet()).content.decode()
    assert "460 stops in 20 routes and 100 tasks of their own." in page
    assert "40 rows cannot be imported and will come back as a sheet." in page
    job = begin(web, big_sheet())
    run_all()
    job.refresh_from_db()
    assert job.state == State.DONE, job.message
    made = imported(sandbox)
    assert len(made) == 460
    assert set(made.values()) == {1}
    back = returned(job)
    assert len(back) == 40
    assert {str(one[1]) for one in back} == {
        "The name is missing.",
        "“soon” has no time of day.",
        "The latitude “north” is no number.",
        "You see no tracker “Nobody's van”.",
    }
    assert [one[0] for one in back] == [number + 2 for number in range(5, 400, 10)]


@pytest.mark.parametrize("call", ["task/route/create", "task/create"])
def test_a_killed_worker_leaves_no_doubles(sandbox: Sandbox, signed_in: SignedIn, call: str) -> None:
    job = begin(signed_in(), big_sheet())
    sandbox.faults.add(Fault(action=call, kind="slow", seconds=3))  # done, and the answer is long in coming
    with worker() as first:
        until(lambda: sandbox.calls_of(call))
        first.kill()
        first.wait(10)
        with worker():
            until(lambda: Job.objects.get(pk=job.pk).state == State.DONE)
    made = imported(sandbox)
    assert len(made) == 460
    assert set(made.values()) == {1}
    assert len(returned(job)) == 40


@pytest.mark.parametrize("kind", ["html_502", "reset", "effect_reset", "bad_json"])
def test_a_lost_answer_is_looked_up_before_anything_is_sent_again(
    sandbox: Sandbox, signed_in: SignedIn, kind: str
) -> None:
    job = begin(signed_in(), workbook([row(number) for number in (0, 1, 2, 400)]))
    for call in ("task/route/create", "task/create"):
        sandbox.faults.add(Fault(action=call, kind=kind))
    run_all()
    job.refresh_from_db()
    assert job.state == State.DONE
    made = imported(sandbox)
    assert set(made) == {"IMP-0", "IMP-1", "IMP-2", "IMP-400"}
    assert set(made.values()) == {1}


@pytest.mark.parametrize("kind", ["reset", "effect_reset"])
@pytest.mark.parametrize(
    "changed",
    [{"From": ""}, {"Date": "2026-10-25", "From": "02:10", "To": "02:40"}],
    ids=["no start", "an hour that comes twice"],
)
def test_a_task_is_recognised_whatever_its_window(
    sandbox: Sandbox, signed_in: SignedIn, changed: dict[str, object], kind: str
) -> None:
    begin(signed_in(), workbook([row(400, **changed)]))
    sandbox.faults.add(Fault(action="task/create", kind=kind))
    run_all()
    assert imported(sandbox) == {"IMP-400": 1}


@pytest.mark.parametrize(
    "other",
    [
        {"radius": 250},
        {"start": at(8.5, day=2)},
        {"tracker_id": 3001},
        {"max_delay": 30},
        {"min_stay": 5},
        {"min_arrival": 5},
        {"tag_ids": (801,)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_somebody_elses_stop_is_not_taken_for_the_one_whose_answer_was_lost(
    sandbox: Sandbox, signed_in: SignedIn, navixy: Connect, other: dict[str, Any]
) -> None:
    """Alike in all but one member, and made meanwhile."""
    begin(signed_in(), workbook([row(400)]))
    like = StopDraft(
        label="Stop 400", lat=40.44, lng=-3.7, start=at(7, day=2), end=at(9.5, day=2), external_id="IMP-400"
    )
    tasks.create(navixy("owner"), replace(like, **other))
    sandbox.faults.add(Fault(action="task/create", kind="reset"))
    run_all()
    assert imported(sandbox) == {"IMP-400": 2}


def test_a_route_for_another_tracker_is_not_taken_for_the_one_whose_answer_was_lost(
    sandbox: Sandbox, signed_in: SignedIn, navixy: Connect
) -> None:
    rows = [row(0, Tracker=3001), row(1, Tracker=3001)]
    begin(signed_in(), workbook(rows))
    stops = [
        StopDraft(
            label=f"Stop {number}",
            lat=40.4 + number / 10_000,
            lng=-3.7,
            start=at(7, day=2),
            end=at(9.5, day=2),
            external_id=f"IMP-{number}",
        )
        for number in (0, 1)
    ]
    routes.create(navixy("owner"), RouteDraft(label="Round 0", tracker_id=3002), stops)
    sandbox.faults.add(Fault(action="task/route/create", kind="reset"))
    run_all()
    assert imported(sandbox) == {"IMP-0": 2, "IMP-1": 2}


def test_what_may_be_there_and_cannot_be_looked_up_is_given_back_as_unclear(
    sandbox: Sandbox, signed_in: SignedIn
) -> None:
    job = begin(signed_in(), workbook([row(number) for number in (400, 401)]))
    sandbox.faults.add(Fault(action="task/create", kind="effect_reset"))
    sandbox.faults.add(Fault(action="task/list", kind="error_500", times=None))
    run_all()
    assert imported(sandbox) == {"IMP-400": 1, "IMP-401": 1}
    [back] = returned(job)
    assert "Navixy did not say whether this was created" in str(back[1])


def test_addresses_are_looked_up_and_unknown_ones_come_back(sandbox: Sandbox, signed_in: SignedIn) -> None:
    text = (
        f"Name;Address;To\nKnown;Calle Mayor 3, Madrid;{DAY} 12:00\nUnknown;Nowhere at all 99;{DAY} 12:00\n"
    )
    job = begin(signed_in(), text.encode())
    run_all()
    assert [one.label for one in sandbox.world.work.tasks.values() if one.label in ("Known", "Unknown")] == [
        "Known"
    ]
    assert [one[1] for one in returned(job)] == ["No place was found for this address."]


@pytest.mark.parametrize(
    ("numbers", "path"),
    [
        ((0, 1), r"/routes/\d+/"),
        ((400,), r"/checkpoints/\d+/"),
        ((0, 1, 20, 21), rf"/routes/\?from={DAY}&to={DAY}"),
        ((400, 401), rf"/checkpoints/\?from={DAY}&to={DAY}&kind=task"),
        ((0, 1, 400), rf"/checkpoints/\?from={DAY}&to={DAY}&kind=all"),
    ],
    ids=["a route", "a task", "routes", "tasks", "a route and a task"],
)
def test_an_import_that_is_done_leads_to_what_it_created(
    sandbox: Sandbox, signed_in: SignedIn, numbers: tuple[int, ...], path: str
) -> None:
    web = signed_in()
    job = begin(web, workbook([row(number) for number in numbers]))
    run_all()
    link = re.search(
        r'<a class="btn" href="([^"]+)">(?:<svg.*?</svg>)?What was created</a>',
        web.get(f"/jobs/{job.pk}/").content.decode(),
        re.DOTALL,
    )
    assert link
    address = unescape(link[1])
    assert re.fullmatch(path, address)
    page = text_of(web.get(address))
    shown = ["Round 0", "Round 1"] if "/routes/?" in address else [f"Stop {number}" for number in numbers]
    assert [one for one in shown if one not in page] == []


def test_an_import_that_created_nothing_leads_nowhere(sandbox: Sandbox, signed_in: SignedIn) -> None:
    web = signed_in()
    job = begin(web, f"Name;Address;To\nUnknown;Nowhere at all 99;{DAY} 12:00\n".encode())
    run_all()
    job.refresh_from_db()
    assert (job.state, job.link) == (State.DONE, "")


FULL = "Name;Latitude;Longitude;To;Route;Tags;Form;Minimum arrival min;Minimum stay min\n"


def full_sheet(*rows: str) -> bytes:
    return (
        FULL + "".join(f"{one};40,4;-3,7;{DAY} 12:00;{rest}\n" for one, rest in map(split, rows))
    ).encode()


def split(text: str) -> tuple[str, str]:
    name, _sign, rest = text.partition(";")
    return name, rest


def test_tags_form_and_minutes_go_with_each_stop(sandbox: Sandbox, signed_in: SignedIn) -> None:
    begin(
        signed_in(),
        full_sheet(
            "Own;;Crane truck, night shift;Safety briefing;5;10",
            "First;Round;Rope access;;;",
            "Second;Round;;Lift maintenance visit;;7",
        ),
    )
    run_all()
    world = sandbox.world
    made = {one.label: one for one in world.work.tasks.values() if one.label in ("Own", "First", "Second")}
    forms = {label: world.form(one.form_id) if one.form_id else None for label, one in made.items()}
    assert {label: form.label if form else "" for label, form in forms.items()} == {
        "Own": "Safety briefing",
        "First": "",
        "Second": "Lift maintenance visit",
    }
    assert {label: one.tag_ids for label, one in made.items()} == {
        "Own": (84, 81),
        "First": (85,),
        "Second": (),
    }
    assert (made["Own"].min_arrival, made["Own"].min_stay) == (5, 10)
    assert made["Second"].min_stay == 7


def test_the_preview_tells_what_goes_with_a_stop_and_which_name_is_not_known(signed_in: SignedIn) -> None:
    sheet = full_sheet(
        "Good;;Crane truck;Safety briefing;5;10", "Tagged;;Nonsense;;;", "Formed;;;Winter readiness (old);;"
    )
    page = text_of(preview(signed_in(), sheet))
    assert "Form: Safety briefing Tags: Crane truck Minimum stay: 10 min Minimum arrival: 5 min" in page
    assert "There is no tag “Nonsense”." in page
    assert "There is no form “Winter readiness (old)”." in page


def test_a_long_row_that_is_wrong_is_cut_with_a_sign(signed_in: SignedIn) -> None:
    page = text_of(preview(signed_in(), workbook([row(0, To="soon", Route="Round " * 30), row(1)])))
    assert re.search(r"Round Round[ Round]*…", page)


def test_only_names_that_are_filled_in_are_asked_for(signed_in: SignedIn, api_calls: Calls) -> None:
    web = signed_in()
    with api_calls() as made:
        preview(web, full_sheet("Own;;;Safety briefing;;"))
    assert made.actions == ["form/template/list"]


@pytest.fixture
def twice(signed_in: SignedIn, navixy: Connect) -> tuple[Browserless, bytes]:
    """Signed in, and a sheet of which a stop of a route and a task are at Navixy already."""
    client = navixy("owner")
    stops = [draft(one, external_id=f"IMP-{one}", start=at(8, day=2), end=at(12, day=2)) for one in (0, 1)]
    routes.create(client, RouteDraft(label="Old round"), stops)
    tasks.create(client, draft(400, external_id="IMP-400", start=at(8, day=2), end=at(12, day=2)))
    return signed_in(), workbook([row(number) for number in (0, 2, 3, 400, 401)])


def test_order_numbers_that_are_there_already_are_left_out(
    sandbox: Sandbox, twice: tuple[Browserless, bytes]
) -> None:
    web, sheet = twice
    page = text_of(preview(web, sheet))
    assert "The order numbers of 2 rows are at Navixy already." in page
    assert re.search(
        r"Already there as stop \d+ “Stop 0” of “Old round”, .+ 09:00 – 13:00, unassigned\.", page
    )
    assert re.search(r"Already there as stop \d+ “Stop 400”, .+ 09:00 – 13:00, unassigned\.", page)
    assert "3 stops in 1 route and 1 task of its own." in page
    job = begin(web, sheet)
    run_all()
    assert imported(sandbox) == dict.fromkeys(("IMP-0", "IMP-1", "IMP-2", "IMP-3", "IMP-400", "IMP-401"), 1)
    assert [(one[0], str(one[1])[:21]) for one in returned(job)] == [
        (2, "Already there as stop"),
        (5, "Already there as stop"),
    ]


@pytest.mark.parametrize(
    ("ticked", "made"),
    [({"again": ["2"]}, {"IMP-0": 2, "IMP-400": 1}), ({"again_all": "1"}, {"IMP-0": 2, "IMP-400": 2})],
)
def test_what_is_ticked_is_imported_all_the_same(
    sandbox: Sandbox, twice: tuple[Browserless, bytes], ticked: dict[str, Any], made: dict[str, int]
) -> None:
    begin(*twice, **ticked)
    run_all()
    found = imported(sandbox)
    assert {key: found[key] for key in made} == made


def test_a_tick_is_told_at_once_in_a_fragment(twice: tuple[Browserless, bytes]) -> None:
    web, sheet = twice
    chosen = fields(preview(web, sheet).content.decode()) | {"check": "1", "again": ["2", "x", "999"]}
    answer = web.post("/routes/import/start/", chosen, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert "HX-Request" in answer.headers["Vary"]
    assert "4 stops in 1 route and 1 task of its own." in text_of(answer)
    assert re.findall(r'name="again" value="(\d+)" (checked)?', page) == [("2", "checked"), ("5", "")]
    assert not Job.objects.exists()


@pytest.mark.parametrize("numbered", [True, False], ids=["order numbers", "none"])
def test_a_route_that_is_planned_already_is_told_with_the_way_to_add_to_it(
    signed_in: SignedIn, navixy: Connect, api_calls: Calls, numbered: bool
) -> None:
    """Of the same name on the same day, with one look at what is planned; not of another day or name."""
    stops = [draft(one, start=at(8, day=2), end=at(12, day=2)) for one in (90, 91)]
    client = navixy("owner")
    there, _ = routes.create(client, RouteDraft(label="round 0"), stops)
    other = [draft(one, start=at(8, day=4), end=at(12, day=4)) for one in (90, 91)]
    routes.create(client, RouteDraft(label="Round 1"), other)
    rows = [row(number, **({} if numbered else {"Order number": ""})) for number in (0, 1, 20, 21)]
    web = signed_in()
    with api_calls() as made:
        answer = preview(web, workbook(rows))
    assert len([one for one in made.actions if one.startswith("task/")]) <= 2
    assert "1 route of the sheet is planned already; the import would make a second one." in text_of(answer)
    page = answer.content.decode()
    [told] = re.findall(r'id="import-twins".*?</ul>', page, re.DOTALL)
    assert re.findall(r'href="([^"]+)"', told) == [
        "#row-2",
        f"/routes/{there.id}/",
        f"/routes/import/?route={there.id}",
    ]
    assert page.count('href="#import-twins"') == 1
    onto = web.post(
        "/routes/import/",
        {"sheet": SimpleUploadedFile("stops.xlsx", workbook(rows)), "route": str(there.id)},
    )
    assert "is planned already" not in text_of(onto)


def test_looking_for_order_numbers_takes_two_calls(signed_in: SignedIn, api_calls: Calls) -> None:
    """However many rows there are, and whether their days are empty or full."""
    web = signed_in()
    for day in (DAY, NOW.strftime("%Y-%m-%d")):
        rows = [row(number, Date=day, From="", To="23:59", Tracker="") for number in range(400, 500)]
        with api_calls() as made:
            preview(web, workbook(rows))
        assert set(made.actions) <= {"task/list", "task/route/list"}
        assert len(made.actions) <= 2


def test_a_sheet_imported_twice_has_nothing_left_to_import(sandbox: Sandbox, signed_in: SignedIn) -> None:
    web, sheet = signed_in(), workbook([row(number) for number in (0, 1, 400)])
    begin(web, sheet)
    run_all()
    page = preview(web, sheet)
    assert "The order numbers of 3 rows are at Navixy already." in text_of(page)
    assert re.search(
        r"<button[^>]*disabled>[^<]*<svg.*?</svg>Import 0 stops", page.content.decode(), re.DOTALL
    )
    assert web.post("/routes/import/start/", fields(page.content.decode())).status_code == 422
    assert set(imported(sandbox).values()) == {1}


def test_nothing_starts_while_order_numbers_cannot_be_looked_up(
    sandbox: Sandbox, signed_in: SignedIn
) -> None:
    web, sheet = signed_in(), workbook([row(400)])
    sandbox.faults.add(Fault(action="task/*", kind="error_500", times=None))
    page = preview(web, sheet)
    assert page.status_code == 200
    assert "could not be looked up." in text_of(page)
    assert web.post("/routes/import/start/", fields(page.content.decode())).status_code == 503
    sandbox.faults.clear()
    assert web.post("/routes/import/start/", fields(page.content.decode())).status_code == 302


def test_the_preview_draws_rows_with_coordinates_by_route(signed_in: SignedIn) -> None:
    """Each with its number in the route, also beside one whose address is only looked up later."""
    rows = [row(0), row(1, Latitude="", Longitude=""), row(2), row(400), row(401), row(402, Name="")]
    page = preview(signed_in(), workbook(rows, {1: "Calle Mayor 3, Madrid"})).content.decode()
    [layers] = re.findall(r'id="import-layers" type="application/json">(.*?)</script>', page)
    drawn = [
        (
            one["label"],
            one.get("loose", False),
            [(stop["number"], stop["url"], stop["words"]) for stop in one["stops"]],
        )
        for one in json.loads(layers)
    ]
    assert drawn == [
        ("Round 0", False, [(1, "#row-2", "route “Round 0”"), (3, "#row-4", "route “Round 0”")]),
        (
            "Tasks of their own",
            True,
            [(1, "#row-5", "a task of its own"), (2, "#row-6", "a task of its own")],
        ),
    ]
    assert 'id="row-3"' in page
    assert re.findall(r'data-key-of="(\d)"></span><bdi class="clip">([^<]+)', page) == [
        ("0", "Round 0"),
        ("1", "Tasks of their own"),
    ]


def test_another_mapping_is_checked_anew(signed_in: SignedIn) -> None:
    web = signed_in()
    text = f"Where;Latitude;Longitude;To\nHere;40,4;-3,7;{DAY} 12:00\n"
    page = preview(web, text.encode(), "stops.csv").content.decode()
    assert "The name is missing." in page
    chosen = fields(page) | {"column_label": "0", "check": "1"}
    again = web.post("/routes/import/start/", chosen).content.decode()
    assert "1 task of its own." in again
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b" ", "The sheet is empty."),
        (b"Name;To\n", "has a head but no rows"),
        (b"PK\x03\x04 broken", "no workbook that can be read"),
        (b"Name\n" + b"x\n" * 2_001, "more than 2,000 rows"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    signed_in: SignedIn, content: bytes, words: str
) -> None:
    answer = preview(signed_in(), content)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_without_the_right_nothing_can_be_imported(signed_in: SignedIn) -> None:
    web = signed_in("viewer")
    assert "task_update" in web.get("/routes/import/").content.decode()
    assert preview(web, big_sheet()).status_code == 403


def test_rows_of_another_login_are_not_taken(signed_in: SignedIn) -> None:
    page = preview(signed_in(), workbook([row(400)])).content.decode()
    answer = signed_in("dispatcher").post("/routes/import/start/", fields(page))
    assert answer.status_code == 422
    assert not Job.objects.exists()


def test_the_template_can_be_read_back(signed_in: SignedIn) -> None:
    web = signed_in()
    content = web.get("/routes/import/template/").content
    page = text_of(preview(web, content))
    assert "2 stops in 1 route." in page
    assert "Minimum stay: 10 min Minimum arrival: 3 min Allowed delay: 15 min" in page
    head = next(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(max_row=1, values_only=True))
    assert {"Tags", "Form", "Minimum arrival min"} < set(head)
