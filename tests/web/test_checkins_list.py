"""The check-in list against an independent reading of the sandbox's world."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client as Browserless

from tests.web.desk import HTMX, Test, between, day_in, expected, holds, ids_in, total_in, within, words_in

if TYPE_CHECKING:
    from dashboard.sandbox import Sandbox
    from dashboard.sandbox.model import Checkin
    from tests.conftest import Made

Enter = Callable[..., Browserless]
MADRID = "Europe/Madrid"
MARCH: Test = day_in(MADRID, "2026-03-01", "2026-03-31")
JANUARY_ON = "from=2026-01-01&to=2026-03-12"
SINCE_JANUARY: Test = day_in(MADRID, "2026-01-01", "2026-03-12")


@pytest.fixture
def desk(signed_in: Enter) -> Browserless:
    return signed_in("owner")


def chosen(box: Sandbox, member: str, at: int = 0) -> int:
    """A value that really occurs, so that no test passes on an empty list."""
    counts: dict[int, int] = {}
    for checkin in box.world.checkins:
        if (value := getattr(checkin, member)) and SINCE_JANUARY(checkin):
            counts[value] = counts.get(value, 0) + 1
    return sorted(counts, key=lambda value: (-counts[value], value))[at]


def same(member: str, *values: int) -> Test:
    return lambda checkin: getattr(checkin, member) in values


@pytest.mark.parametrize(
    ("query", "test"),
    [
        ("", day_in(MADRID, "2026-03-12")),
        ("period=today", day_in(MADRID, "2026-03-12")),
        ("period=yesterday", day_in(MADRID, "2026-03-11")),
        ("period=7d", day_in(MADRID, "2026-03-06", "2026-03-12")),
        ("period=week", day_in(MADRID, "2026-03-09", "2026-03-15")),
        ("period=last-week", day_in(MADRID, "2026-03-02", "2026-03-08")),
        ("period=month", MARCH),
        ("period=last-month", day_in(MADRID, "2026-02-01", "2026-02-28")),
        ("period=all", lambda checkin: True),
        ("from=2026-03-02&to=2026-03-05", day_in(MADRID, "2026-03-02", "2026-03-05")),
        ("from=2026-03-10", day_in(MADRID, "2026-03-10", "2026-03-20")),
        ("to=2026-01-10", day_in(MADRID, "2020-01-01", "2026-01-10")),
        (
            "from=2026-03-11T09:00&to=2026-03-11T17:30",
            between("2026-03-11T09:00:00+01:00", "2026-03-11T17:30:00+01:00"),
        ),
        (
            "period=custom&from=2026-03-11&from_time=09:00&to=2026-03-11&to_time=17:30",
            between("2026-03-11T09:00:00+01:00", "2026-03-11T17:30:00+01:00"),
        ),
    ],
)
def test_periods(desk: Browserless, sandbox: Sandbox, query: str, test: Test) -> None:
    wanted = expected(sandbox, test)
    response = desk.get(f"/checkins/?{query}&per_page=250")
    assert total_in(response) == len(wanted) > 0
    assert set(ids_in(response)) <= wanted
    assert len(ids_in(response)) == min(250, len(wanted))


def check(desk: Browserless, box: Sandbox, query: str, *tests: Test) -> None:
    wanted = expected(box, SINCE_JANUARY, *tests)
    response = desk.get(f"/checkins/?{JANUARY_ON}&per_page=250&{query}")
    assert wanted, "the test would show nothing"
    assert total_in(response) == len(wanted)
    assert set(ids_in(response)) <= wanted
    assert len(ids_in(response)) == min(250, len(wanted))


def test_by_trackers(desk: Browserless, sandbox: Sandbox) -> None:
    one, two = chosen(sandbox, "tracker_id", 0), chosen(sandbox, "tracker_id", 5)
    check(desk, sandbox, f"tracker={one}", same("tracker_id", one))
    check(desk, sandbox, f"tracker={one}&tracker={two}", same("tracker_id", one, two))


def test_by_a_blocked_tracker(desk: Browserless, sandbox: Sandbox) -> None:
    blocked = next(one.id for one in sandbox.world.trackers.values() if one.blocked)
    response = desk.get(f"/checkins/?{JANUARY_ON}&tracker={blocked}")
    assert response.status_code == 200
    assert not sandbox.calls_of("checkin/list")[-1].params.get("trackers")


def test_by_employees(desk: Browserless, sandbox: Sandbox) -> None:
    one, two = chosen(sandbox, "employee_id", 0), chosen(sandbox, "employee_id", 3)
    check(desk, sandbox, f"employee={one}&employee={two}", same("employee_id", one, two))


def test_a_filter_may_name_everybody_of_a_large_account(desk: Browserless, sandbox: Sandbox) -> None:
    everybody = "&".join(f"employee={one}" for one in [*sandbox.world.employees, *range(900_000, 901_500)])
    named = desk.get(f"/checkins/?period=7d&{everybody}")
    assert named.status_code == 200
    assert total_in(named) == len(
        expected(
            sandbox,
            day_in("Europe/Madrid", "2026-03-06", "2026-03-12"),
            lambda one: one.employee_id in sandbox.world.employees,
        )
    )


def test_by_departments(desk: Browserless, sandbox: Sandbox) -> None:
    people = sandbox.world.employees.values()
    department = next(iter(sandbox.world.departments))
    members = [one.id for one in people if one.department_id == department]
    check(desk, sandbox, f"department={department}", same("employee_id", *members))


def test_a_department_without_people_says_so(desk: Browserless, sandbox: Sandbox) -> None:
    response = desk.get("/checkins/?period=month&department=987654")
    assert total_in(response) == 0
    assert "have no employees" in words_in(response)


def test_by_form_templates(desk: Browserless, sandbox: Sandbox) -> None:
    one, two = chosen(sandbox, "template_id", 0), chosen(sandbox, "template_id", 1)
    check(desk, sandbox, f"form={one}&form={two}", same("template_id", one, two))


def test_by_text(desk: Browserless, sandbox: Sandbox) -> None:
    check(desk, sandbox, "address=MADRID", holds("address", "madrid"))
    check(desk, sandbox, "comment=boiler", holds("comment", "boiler"))
    check(desk, sandbox, "address=calle&comment=door", holds("address", "calle"), holds("comment", "door"))


def test_by_place(desk: Browserless, sandbox: Sandbox) -> None:
    check(desk, sandbox, "lat=40.4168&lng=-3.7038&radius=20000", within(40.4168, -3.7038, 20_000))


def leaf(kind: str, field: str, value: object) -> dict[str, object]:
    return {"type": kind, "field": field, "value": value}


def conditions(box: Sandbox) -> dict[str, tuple[object, Test]]:
    person, tracker, form = (chosen(box, name) for name in ("employee_id", "tracker_id", "template_id"))
    surname = box.world.employees[person].last_name
    named = {one.id for one in box.world.employees.values() if surname in f"{one.last_name} {one.first_name}"}
    in_madrid = holds("address", "Madrid")
    said = " ".join(one.comment or "" for one in box.world.checkins if in_madrid(one) and SINCE_JANUARY(one))
    word = max(said.split(), key=said.split().count)
    madrid, noted, of_word = (
        leaf("contains", "location", "Madrid"),
        leaf("contains", "comment", word),
        holds("comment", word),
    )
    march = leaf("period", "marker_time", {"from": "2026-03-01", "to": "2026-03-05T12:00"})
    in_march = between("2026-03-01T00:00:00+01:00", "2026-03-05T12:00:00+01:00")
    return {
        "eq employee": (leaf("eq", "employee", person), same("employee_id", person)),
        "eq tracker": (leaf("eq", "tracker_id", tracker), same("tracker_id", tracker)),
        "eq form": (leaf("eq", "form", form), same("template_id", form)),
        "in trackers": (
            leaf("in", "tracker_id", [tracker, tracker + 1]),
            same("tracker_id", tracker, tracker + 1),
        ),
        "contains name": (leaf("contains", "employee", surname), same("employee_id", *named)),
        "in texts": (
            leaf("in", "comment", [word, "boiler"]),
            lambda checkin: of_word(checkin) or holds("comment", "boiler")(checkin),
        ),
        "period": (march, in_march),
        "and": ({"type": "and", "conditions": [madrid, noted]}, lambda one: in_madrid(one) and of_word(one)),
        "or": ({"type": "or", "conditions": [madrid, noted]}, lambda one: in_madrid(one) or of_word(one)),
        "not": ({"type": "not", "condition": madrid}, lambda one: not in_madrid(one)),
        "list": ([madrid, noted], lambda one: in_madrid(one) and of_word(one)),
        "nested": (
            {"type": "or", "conditions": [
                {"type": "and", "conditions": [madrid, {"type": "not", "condition": noted}]},
                march,
            ]},
            lambda one: (in_madrid(one) and not of_word(one)) or in_march(one),
        ),
    }  # fmt: skip


CONDITIONS = [
    "eq employee", "eq tracker", "eq form", "in trackers", "contains name", "in texts",
    "period", "and", "or", "not", "list", "nested",
]  # fmt: skip


@pytest.mark.parametrize("name", CONDITIONS)
def test_conditions(desk: Browserless, sandbox: Sandbox, name: str) -> None:
    where, test = conditions(sandbox)[name]
    check(desk, sandbox, urlencode({"where": json.dumps(where)}), test)


def key_of(box: Sandbox, field: str) -> Callable[[Checkin], Any]:
    people = box.world.employees

    def full_name(checkin: Checkin) -> str:
        one = people.get(checkin.employee_id or 0)
        parts = (one.last_name, one.first_name, one.middle_name) if one else ()
        return " ".join(filter(None, parts)).casefold()

    keys: dict[str, Callable[[Checkin], Any]] = {
        "employee": full_name,
        "tracker_id": lambda one: one.tracker_id,
        "marker_time": lambda one: one.marker_time,
        "location": lambda one: (one.address or "").casefold(),
        "comment": lambda one: (one.comment or "").casefold(),
        "form": lambda one: (one.form_label or "").casefold(),
    }
    return keys[field]


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("field", ["employee", "tracker_id", "marker_time", "location", "comment", "form"])
def test_every_order(desk: Browserless, sandbox: Sandbox, field: str, direction: str) -> None:
    response = desk.get(f"/checkins/?period=7d&per_page=250&sort={field}={direction}")
    by_id = {one.id: one for one in sandbox.world.checkins}
    keys = [key_of(sandbox, field)(by_id[one]) for one in ids_in(response)]
    assert len(set(keys)) > 1
    assert keys == sorted(keys, reverse=direction == "desc")


def test_an_order_of_two_levels(desk: Browserless, sandbox: Sandbox) -> None:
    response = desk.get("/checkins/?period=7d&per_page=250&sort=employee=asc&sort=marker_time=desc")
    by_id = {one.id: one for one in sandbox.world.checkins}
    name = key_of(sandbox, "employee")
    keys = [(name(by_id[one]), -by_id[one].marker_time.timestamp()) for one in ids_in(response)]
    assert keys == sorted(keys)
    assert sandbox.calls_of("checkin/list")[-1].params["sort"] == ["employee=asc", "marker_time=desc"]


def test_pages_hold_every_row_once(desk: Browserless, sandbox: Sandbox) -> None:
    seen: list[int] = []
    for page in (1, 2, 3, 4):
        seen += ids_in(desk.get(f"/checkins/?period=month&per_page=50&page={page}"))
    wanted = expected(sandbox, MARCH)
    assert len(seen) == len(set(seen)) == min(200, len(wanted))


def test_the_count_is_honest(desk: Browserless, sandbox: Sandbox) -> None:
    total = len(expected(sandbox, MARCH))
    response = desk.get("/checkins/?period=month&per_page=25&page=2")
    assert f"26–50 of {total:,} check-ins" in words_in(response)


def test_a_page_beyond_the_end_becomes_the_last_one(desk: Browserless, sandbox: Sandbox) -> None:
    total = len(expected(sandbox, day_in(MADRID, "2026-03-06", "2026-03-12")))
    response = desk.get("/checkins/?period=7d&per_page=25&page=9999")
    assert "There is no page 9,999; this is the last one." in words_in(response)
    assert len(ids_in(response)) == (total % 25 or 25)


def test_a_warm_page_makes_one_call(
    desk: Browserless, api_calls: Callable[[], AbstractContextManager[Made]]
) -> None:
    desk.get("/checkins/")
    for size in (25, 250):
        with api_calls() as made:
            desk.get(f"/checkins/?period=month&per_page={size}&tracker=1&sort=comment=asc")
        assert made.actions == ["checkin/list"]


def test_a_cold_page_adds_the_lookups(
    desk: Browserless, api_calls: Callable[[], AbstractContextManager[Made]]
) -> None:
    with api_calls() as made:
        desk.get("/checkins/")
    assert sorted(made.actions) == [
        "checkin/list",
        "department/list",
        "employee/list",
        "form/template/list",
        "tracker/list",
    ]


def test_lookups_run_beside_the_list(desk: Browserless, sandbox: Sandbox) -> None:
    sandbox.latency_ms = 300
    started = monotonic()
    desk.get("/checkins/")
    assert len(sandbox.calls) == 5  # one after the other they would take 1.5 s
    assert monotonic() - started < 1.2


def test_htmx_gets_the_results_alone(desk: Browserless) -> None:
    page = desk.get("/checkins/?period=7d")
    part = desk.get("/checkins/?period=7d", headers=HTMX | {"HX-Trigger": "filters"})
    assert "<html" in page.content.decode()
    assert part.content.decode().lstrip().startswith("<section")
    assert 'id="filters"' not in part.content.decode()
    assert ids_in(part) == ids_in(page)


def test_a_chip_brings_the_panel_along(desk: Browserless) -> None:
    part = desk.get("/checkins/?period=7d", headers=HTMX).content.decode()
    assert re.search(r'id="filters"[^>]*hx-swap-oob="true"', part)


def test_history_and_boosted_links_get_the_page(desk: Browserless) -> None:
    for header in ("HX-History-Restore-Request", "HX-Boosted"):
        assert b"<html" in desk.get("/checkins/?period=7d", headers=HTMX | {header: "true"}).content


def test_the_pushed_address_is_tidy_and_loads_as_a_page(desk: Browserless) -> None:
    part = desk.get("/checkins/?period=7d&address=&comment=lift&page=&lat=&where=", headers=HTMX)
    assert part["HX-Push-Url"] == "/checkins/?period=7d&comment=lift"
    page = desk.get(part["HX-Push-Url"])
    assert b"<html" in page.content
    assert ids_in(page) == ids_in(part)


def test_a_word_being_typed_is_one_step_back(desk: Browserless) -> None:
    typing = HTMX | {"HX-Current-URL": "http://testserver/checkins/?period=7d&comment=li"}
    answer = desk.get("/checkins/?period=7d&comment=lift", headers=typing)
    assert answer["HX-Replace-Url"] == "/checkins/?period=7d&comment=lift"
    assert "HX-Push-Url" not in answer


def test_caches_are_told_what_the_answer_depends_on(desk: Browserless) -> None:
    vary = desk.get("/checkins/")["Vary"]
    assert "HX-Request" in vary
    assert "Cookie" in vary


@pytest.mark.parametrize(
    "query",
    [
        "from=nonsense",
        "tracker=x",
        "where={",
        "where=" + quote('{"type":"and","conditions":[]}'),
        "where=" + quote('{"type":"eq","field":[],"value":1}'),
        "where=" + quote('{"type":{},"field":{},"value":1}'),
        "where=" + quote('{"type":"eq","field":"comment","value":1' + "0" * 400 + "}"),
        "where=" + "%5B" * 10_000,
        "sort=x",
        "page=-1",
        "per_page=7",
        "columns=nope",
        "lat=900&lng=1&radius=5",
        "view=cube",
        "address=%F0%9F%92%A9",
        "comment=%00",
        "radius=x",
        "from=2026-03-10&to=2026-03-01",
    ],
)
def test_bad_input_is_told_and_answered(desk: Browserless, query: str) -> None:
    response = desk.get(f"/checkins/?{query}")
    assert response.status_code == 200
    parameter = query.split("=")[0]
    if parameter != "address":
        assert re.search(r'data-complaint="\w+">.*</code>: \w.+</span>', response.content.decode())
    assert total_in(response) >= 0


def test_names_instead_of_ids(desk: Browserless, sandbox: Sandbox) -> None:
    response = desk.get("/checkins/?period=7d&per_page=250")
    shown = [one for one in sandbox.world.checkins if one.id in set(ids_in(response))]
    words = words_in(response)
    for checkin in shown[:20]:
        assert sandbox.world.trackers[checkin.tracker_id].label in words
        assert f" {checkin.tracker_id} " not in words


def test_markup_in_texts_stays_text(desk: Browserless, sandbox: Sandbox) -> None:
    marked = [one for one in sandbox.world.checkins if "<script" in (one.comment or "")]
    assert marked, "the sandbox has markup in a comment on purpose"
    response = desk.get("/checkins/?period=all&comment=%3Cscript&per_page=250")
    assert {one.id for one in marked} <= set(ids_in(response))
    body = response.content.decode().split('id="results"')[1]
    assert "<script" not in body.split("</section>")[0]


def test_columns_are_shown_in_the_order_asked_for(desk: Browserless) -> None:
    page = desk.get("/checkins/?period=7d&columns=comment,time,number").content.decode()
    assert re.findall(r'<th scope="col"\s+class="c-(\w+)', page) == ["comment", "time", "number"]


def test_each_chip_leads_to_the_list_without_it(desk: Browserless) -> None:
    page = desk.get("/checkins/?period=7d&comment=lift&tracker=7&tracker=8").content.decode()
    without = re.findall(r'chip-remove"\s+href="\?([^"]*)"', page)
    assert without == [
        "tracker=7&amp;tracker=8&amp;comment=lift",
        "period=7d&amp;tracker=8&amp;comment=lift",
        "period=7d&amp;tracker=7&amp;comment=lift",
        "period=7d&amp;tracker=7&amp;tracker=8",
    ]


def test_shift_click_adds_a_level(desk: Browserless) -> None:
    page = desk.get("/checkins/?period=7d&sort=employee=asc").content.decode()
    head = re.search(r'id="sort-comment"\s+href="\?([^"]*)"[^>]*data-add-href="\?([^"]*)"', page)
    assert head
    assert head[1] == "period=7d&amp;sort=comment%3Dasc"
    assert head[2] == "period=7d&amp;sort=employee%3Dasc&amp;sort=comment%3Dasc"


def test_rows_lead_to_the_detail_with_their_place(desk: Browserless) -> None:
    page = desk.get("/checkins/?period=7d&per_page=25&page=2")
    first = ids_in(page)[0]
    assert f'href="/checkins/{first}/?period=7d&amp;per_page=25&amp;at=26"' in page.content.decode()
