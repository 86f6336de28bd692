"""Every filter, condition, order and page of ref 4 and 5.3: what reaches the API, and which rows come back.

The expected rows come from a filter of the test's own over the sandbox's data.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.navixy import checkins
from dashboard.navixy.checkins import ALL_SORT_FIELDS, Circle, Query
from dashboard.navixy.client import Client, Transport
from dashboard.navixy.conditions import And, Condition, Contains, Eq, In, Not, Or, Period
from dashboard.navixy.errors import NotSendable
from dashboard.navixy.paging import iter_pages
from dashboard.sandbox import Sandbox
from dashboard.sandbox.model import Checkin as Record
from tests.conftest import NOW

Connect = Callable[..., Client]
START, END = NOW - timedelta(days=30), NOW - timedelta(days=2)
MADRID = (40.4168, -3.7038)
LIFT_WORDS = "lift"
EMPLOYEES, TEMPLATES, TRACKERS = (7002, 7005), (201, 202), (3002, 3015)


def wire(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def holds(text: str | None, words: str) -> bool:
    return words.casefold() in (text or "").casefold()


def metres(one: Record, lat: float, lng: float) -> float:
    """Spherical law of cosines: another formula than the sandbox's."""
    a, b, over = math.radians(one.lat), math.radians(lat), math.radians(lng - one.lng)
    return 6_371_000 * math.acos(
        min(1.0, math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(over))
    )


def named(box: Sandbox, one: Record) -> str:
    found = box.world.employees.get(one.employee_id or 0)
    return f"{found.last_name} {found.first_name} {found.middle_name}" if found else ""


@dataclass(frozen=True)
class Case:
    """A query, the members it must send besides sort and paging, and who belongs into the answer."""

    query: Query
    sends: dict[str, Any]
    keeps: Callable[[Sandbox, Record], bool]


def condition(found: Condition, sends: dict[str, Any], keeps: Callable[[Sandbox, Record], bool]) -> Case:
    return Case(Query(conditions=(found,)), {"conditions": [sends]}, keeps)


def eq(field: str, value: float) -> dict[str, Any]:
    return {"type": "eq", "field": field, "value": value}


def contains(field: str, value: str) -> dict[str, Any]:
    return {"type": "contains", "field": field, "value": value}


CASES: dict[str, Case] = {
    "nothing": Case(Query(), {}, lambda box, one: True),
    "from": Case(Query(start=START), {"from": wire(START)}, lambda box, one: one.marker_time >= START),
    "to": Case(Query(end=END), {"to": wire(END)}, lambda box, one: one.marker_time <= END),
    "period": Case(
        Query(start=START, end=END),
        {"from": wire(START), "to": wire(END)},
        lambda box, one: START <= one.marker_time <= END,
    ),
    "one tracker": Case(
        Query(trackers=(3002,)), {"trackers": [3002]}, lambda box, one: one.tracker_id == 3002
    ),
    "trackers": Case(
        Query(trackers=TRACKERS), {"trackers": [3002, 3015]}, lambda box, one: one.tracker_id in TRACKERS
    ),
    "circle": Case(
        Query(circle=Circle(lat=MADRID[0], lng=MADRID[1], radius=8_000)),
        {"location": {"lat": 40.4168, "lng": -3.7038, "radius": 8_000}},
        lambda box, one: metres(one, *MADRID) <= 8_000,
    ),
    "employee is": condition(
        Eq("employee", 7002), eq("employee", 7002), lambda box, one: one.employee_id == 7002
    ),
    "employee is one of": condition(
        In("employee", EMPLOYEES),
        {"type": "in", "field": "employee", "value": [7002, 7005]},
        lambda box, one: one.employee_id in EMPLOYEES,
    ),
    "employee's name": condition(
        Contains("employee", "ar"), contains("employee", "ar"), lambda box, one: holds(named(box, one), "ar")
    ),
    "tracker is": condition(
        Eq("tracker_id", 3015), eq("tracker_id", 3015), lambda box, one: one.tracker_id == 3015
    ),
    "tracker is one of": condition(
        In("tracker_id", TRACKERS),
        {"type": "in", "field": "tracker_id", "value": [3002, 3015]},
        lambda box, one: one.tracker_id in TRACKERS,
    ),
    "digits of the tracker": condition(
        Contains("tracker_id", "02"),
        contains("tracker_id", "02"),
        lambda box, one: "02" in str(one.tracker_id),
    ),
    "address contains": condition(
        Contains("location", "valencia"),
        contains("location", "valencia"),
        lambda box, one: holds(one.address, "valencia"),
    ),
    "address contains one of": condition(
        In("location", ("Valencia", "Sevilla")),
        {"type": "in", "field": "location", "value": ["Valencia", "Sevilla"]},
        lambda box, one: holds(one.address, "Valencia") or holds(one.address, "Sevilla"),
    ),
    "comment contains": condition(
        Contains("comment", LIFT_WORDS),
        contains("comment", LIFT_WORDS),
        lambda box, one: holds(one.comment, LIFT_WORDS),
    ),
    "comment with markup": condition(
        Contains("comment", "<"), contains("comment", "<"), lambda box, one: holds(one.comment, "<")
    ),
    "form is": condition(Eq("form", 202), eq("form", 202), lambda box, one: one.template_id == 202),
    "form is one of": condition(
        In("form", TEMPLATES),
        {"type": "in", "field": "form", "value": [201, 202]},
        lambda box, one: one.template_id in TEMPLATES,
    ),
    "form's label": condition(
        Contains("form", "service"),
        contains("form", "service"),
        lambda box, one: holds(one.form_label, "service"),
    ),
    "time within": condition(
        Period("marker_time", START, END),
        {"type": "period", "field": "marker_time", "value": {"from": wire(START), "to": wire(END)}},
        lambda box, one: START <= one.marker_time <= END,
    ),
    "and": condition(
        And((Eq("form", 202), Contains("location", "Valencia"))),
        {"type": "and", "conditions": [eq("form", 202), contains("location", "Valencia")]},
        lambda box, one: one.template_id == 202 and holds(one.address, "Valencia"),
    ),
    "or": condition(
        Or((Eq("form", 202), Contains("location", "Valencia"))),
        {"type": "or", "conditions": [eq("form", 202), contains("location", "Valencia")]},
        lambda box, one: one.template_id == 202 or holds(one.address, "Valencia"),
    ),
    "not": condition(
        Not(Eq("tracker_id", 3015)),
        {"type": "not", "condition": eq("tracker_id", 3015)},
        lambda box, one: one.tracker_id != 3015,
    ),
    "nested": condition(
        And(
            (
                Not(Or((Eq("form", 201), Eq("form", 202)))),
                Or((In("tracker_id", TRACKERS), Eq("employee", 7005))),
            )
        ),
        {
            "type": "and",
            "conditions": [
                {
                    "type": "not",
                    "condition": {"type": "or", "conditions": [eq("form", 201), eq("form", 202)]},
                },
                {
                    "type": "or",
                    "conditions": [
                        {"type": "in", "field": "tracker_id", "value": [3002, 3015]},
                        eq("employee", 7005),
                    ],
                },
            ],
        },
        lambda box, one: (
            one.template_id not in TEMPLATES and (one.tracker_id in TRACKERS or one.employee_id == 7005)
        ),
    ),
    "the top level is an and": Case(
        Query(conditions=(Eq("form", 202), Contains("comment", "a"))),
        {"conditions": [eq("form", 202), contains("comment", "a")]},
        lambda box, one: one.template_id == 202 and holds(one.comment, "a"),
    ),
    "all at once": Case(
        Query(
            start=START,
            end=END,
            trackers=(3001, 3002, 3003),
            circle=Circle(lat=MADRID[0], lng=MADRID[1], radius=60_000),
            conditions=(Contains("location", "Spain"), Not(Eq("form", 201))),
        ),
        {
            "from": wire(START),
            "to": wire(END),
            "trackers": [3001, 3002, 3003],
            "location": {"lat": 40.4168, "lng": -3.7038, "radius": 60_000},
            "conditions": [
                contains("location", "Spain"),
                {"type": "not", "condition": eq("form", 201)},
            ],
        },
        lambda box, one: (
            START <= one.marker_time <= END
            and one.tracker_id in (3001, 3002, 3003)
            and metres(one, *MADRID) <= 60_000
            and holds(one.address, "Spain")
            and one.template_id != 201
        ),
    ),
}


@pytest.fixture(scope="module")
def patient() -> Transport:
    return Transport()


@pytest.fixture
def navixy(navixy: Connect, patient: Transport) -> Connect:
    """Lists of everything take longer than the second the other tests allow."""
    return lambda key="owner": replace(navixy(key), transport=patient)


@pytest.fixture
def unlimited(sandbox: Sandbox) -> Sandbox:
    """No limit of the period, so that queries without one may ask for everything."""
    sandbox.switches.max_time_span = timedelta(days=4000)
    return sandbox


@pytest.mark.parametrize("name", CASES)
def test_a_filter_reaches_the_api_as_documented(name: str, unlimited: Sandbox, navixy: Connect) -> None:
    case, client = CASES[name], navixy()
    unlimited.clear_calls()
    checkins.search(client, case.query, limit=10, offset=20)
    (call,) = unlimited.calls
    assert (call.action, call.method, call.transport, call.credential_in, call.iso) == (
        "checkin/list",
        "POST",
        "json",
        "header",
        True,
    )
    assert call.params == {**case.sends, "sort": ["marker_time=desc"], "limit": 10, "offset": 20}
    assert call.code is None


@pytest.mark.parametrize("name", CASES)
def test_a_filter_gives_the_right_rows(name: str, unlimited: Sandbox, navixy: Connect) -> None:
    case = CASES[name]
    expected = [one.id for one in unlimited.visible_checkins() if case.keeps(unlimited, one)]
    page = checkins.search(navixy(), case.query, limit=5000)
    assert sorted(one.id for one in page.items) == sorted(expected)
    assert page.total == len(expected)
    assert len(expected) > 0
    assert name == "nothing" or len(expected) < len(unlimited.visible_checkins())


SORT_KEYS: dict[str, Callable[[Sandbox, Record], Any]] = {
    "employee": lambda box, one: " ".join(named(box, one).split()).casefold(),
    "tracker_id": lambda box, one: one.tracker_id,
    "marker_time": lambda box, one: one.marker_time,
    "location": lambda box, one: (one.address or "").casefold(),
    "comment": lambda box, one: (one.comment or "").casefold(),
    "form": lambda box, one: (one.form_label or "").casefold(),
}
SORT_KEYS |= {
    "employee_fullname": SORT_KEYS["employee"],
    "address": SORT_KEYS["location"],
    "form_label": SORT_KEYS["form"],
}


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("field", ALL_SORT_FIELDS)
def test_each_sort_field_orders_the_rows(
    field: str, direction: str, unlimited: Sandbox, navixy: Connect
) -> None:
    page = checkins.search(navixy(), Query(sort=(f"{field}={direction}",)), limit=5000)
    assert unlimited.calls[-1].params["sort"] == [f"{field}={direction}"]
    records = {one.id: one for one in unlimited.world.checkins}
    keys = [SORT_KEYS[field](unlimited, records[one.id]) for one in page.items]
    assert keys == sorted(keys, reverse=direction == "desc")
    assert len(set(keys)) > 1


def test_sorting_by_two_fields_is_in_priority_order(unlimited: Sandbox, navixy: Connect) -> None:
    sort = ("tracker_id=desc", "marker_time=asc")
    page = checkins.search(navixy(), Query(sort=sort), limit=5000)
    assert unlimited.calls[-1].params["sort"] == list(sort)
    keys = [(-one.tracker_id, one.marker_time) for one in page.items]
    assert keys == sorted(keys)


@pytest.mark.parametrize(("limit", "offset"), [(1, 0), (25, 0), (25, 25), (100, 1400), (250, 1_000_000)])
def test_a_page_is_a_slice_and_the_total_ignores_it(
    limit: int, offset: int, unlimited: Sandbox, navixy: Connect
) -> None:
    everything = [one.id for one in reversed(unlimited.visible_checkins())]
    page = checkins.search(navixy(), Query(), limit=limit, offset=offset)
    call = unlimited.calls[-1]
    assert (call.params["limit"], call.params["offset"]) == (limit, offset)
    assert [one.id for one in page.items] == everything[offset : offset + limit]
    assert page.total == len(everything)
    assert page.has_more == (offset + limit < len(everything) and bool(page.items))


@pytest.mark.parametrize("at_once", [1, 3])
def test_walking_all_pages_meets_each_row_once(at_once: int, unlimited: Sandbox, navixy: Connect) -> None:
    client = navixy()
    pages = iter_pages(
        lambda limit, offset: checkins.search(client, Query(), limit=limit, offset=offset),
        limit=400,
        key=lambda one: one.id,
        at_once=at_once,
    )
    walked = [one.id for page in pages for one in page]
    assert walked == [one.id for one in reversed(unlimited.visible_checkins())]


@pytest.mark.parametrize("at_once", [1, 3])
def test_check_ins_that_arrive_meanwhile_shift_none_out(
    at_once: int, unlimited: Sandbox, navixy: Connect
) -> None:
    client, expected = navixy(), {one.id for one in unlimited.visible_checkins()}
    walked: list[int] = []
    for page in iter_pages(
        lambda limit, offset: checkins.search(client, Query(), limit=limit, offset=offset),
        limit=500,
        key=lambda one: one.id,
        at_once=at_once,
    ):
        walked += [one.id for one in page]
        unlimited.arrive(3)
    assert len(walked) == len(set(walked))
    assert expected <= set(walked)


@pytest.mark.parametrize("at_once", [1, 3])
def test_check_ins_deleted_meanwhile_hide_none(at_once: int, unlimited: Sandbox, navixy: Connect) -> None:
    client, visible = navixy(), [one.id for one in reversed(unlimited.visible_checkins())]
    gone, walked = visible[:40], []
    for page in iter_pages(
        lambda limit, offset: checkins.search(client, Query(), limit=limit, offset=offset),
        limit=500,
        key=lambda one: one.id,
        at_once=at_once,
    ):
        walked += [one.id for one in page]
        unlimited.world.remove(gone)
        unlimited.touch()
    assert set(visible) - set(gone) <= set(walked)


@pytest.mark.parametrize("key", ["owner", "dispatcher", "viewer"])
def test_each_person_sees_their_own_trackers_only(key: str, unlimited: Sandbox, navixy: Connect) -> None:
    page = checkins.search(navixy(key), Query(), limit=5000)
    assert {one.id for one in page.items} == {one.id for one in unlimited.visible_checkins(key)}
    assert unlimited.calls[-1].login == unlimited.person(key).login


@pytest.mark.parametrize("iso", [True, False])
def test_times_are_the_same_moment_with_and_without_iso(
    iso: bool, unlimited: Sandbox, navixy: Connect
) -> None:
    """A server that ignores the header writes the clock of the person's zone (ref 1.7)."""
    unlimited.switches.iso_datetime_support = iso
    client = replace(navixy("viewer"), zone=ZoneInfo("America/New_York"))
    page = checkins.search(client, Query(), limit=50)
    records = {one.id: one for one in unlimited.world.checkins}
    assert [one.marker_time for one in page.items] == [records[one.id].marker_time for one in page.items]


@pytest.mark.parametrize(
    "query",
    [
        lambda: Query(start=END, end=START),
        lambda: Query(start=START, end=START),
        lambda: Query(start=START.replace(tzinfo=None)),
        lambda: Query(sort=("ssn=asc",)),
        lambda: Query(sort=("marker_time",)),
        lambda: Query(sort=("marker_time=up",)),
        lambda: Query(circle=Circle(lat=91, lng=0, radius=5)),
        lambda: Query(circle=Circle(lat=0, lng=181, radius=5)),
        lambda: Query(circle=Circle(lat=float("nan"), lng=0, radius=5)),
        lambda: Query(circle=Circle(lat=0, lng=0, radius=0)),
        lambda: Query(conditions=(Eq("ssn", 1),)),
        lambda: Query(conditions=tuple(Eq("form", n) for n in range(73))),
    ],
)
def test_what_the_api_would_refuse_is_not_sent(query: Callable[[], Query]) -> None:
    with pytest.raises(NotSendable) as caught:
        query()
    assert caught.value.message.endswith(".")
