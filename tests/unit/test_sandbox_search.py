"""Search conditions of the sandbox against plain filters over its data (ref 4)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from dashboard.sandbox import Sandbox
from dashboard.sandbox.model import Checkin
from tests.unit.sandbox_calls import NOW, Caller, fresh_box


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with fresh_box() as box:
        yield box


@pytest.fixture
def owner(box: Sandbox) -> Caller:
    return Caller(box)


def eq(field: str, value: Any) -> dict[str, Any]:
    return {"type": "eq", "field": field, "value": value}


def contains(field: str, value: Any) -> dict[str, Any]:
    return {"type": "contains", "field": field, "value": value}


def within(field: str, value: Any) -> dict[str, Any]:
    return {"type": "in", "field": field, "value": value}


def no(condition: Any) -> dict[str, Any]:
    return {"type": "not", "condition": condition}


def joined(kind: str, *conditions: Any) -> dict[str, Any]:
    return {"type": kind, "conditions": list(conditions)}


def those(box: Sandbox, test: Callable[[Checkin], bool]) -> list[int]:
    """By time, as the sandbox orders when nothing is asked."""
    found = [one.id for one in box.visible_checkins() if test(one)]
    assert found, "the comparison would prove nothing"
    return found


def test_text_is_found_whatever_its_case(box: Sandbox, owner: Caller) -> None:
    assert owner.found(contains("location", "CALLE")) == those(
        box, lambda one: "calle" in (one.address or "").lower()
    )


def test_case_counts_when_the_switch_says_so(box: Sandbox, owner: Caller) -> None:
    box.switches.case_sensitive = True
    assert owner.found(contains("location", "CALLE MAYOR")) == []


def test_not_keeps_records_without_the_member(box: Sandbox, owner: Caller) -> None:
    expected = those(box, lambda one: one.comment is None or "ok" not in one.comment.lower())
    assert owner.found(no(contains("comment", "ok"))) == expected


def test_contains_looks_inside_numbers(box: Sandbox, owner: Caller) -> None:
    assert owner.found(contains("tracker_id", "01")) == those(box, lambda one: "01" in str(one.tracker_id))


def test_contains_on_an_employee_searches_the_names(box: Sandbox, owner: Caller) -> None:
    one = next(one for one in box.world.employees.values() if one.tracker_id and one.last_name)
    expected = those(box, lambda record: record.employee_id == one.id)
    assert set(expected) <= set(owner.found(contains("employee", one.last_name.lower())))
    assert owner.found(contains("employee", str(one.id))) == []


def test_eq_on_an_employee_compares_the_id(box: Sandbox, owner: Caller) -> None:
    wanted = next(one.employee_id for one in box.visible_checkins() if one.employee_id)
    assert owner.found(eq("employee", wanted)) == those(box, lambda one: one.employee_id == wanted)


def test_form_compares_the_template_and_searches_its_label(box: Sandbox, owner: Caller) -> None:
    one = next(one for one in box.visible_checkins() if one.template_id and one.form_label)
    assert owner.found(eq("form", one.template_id)) == those(box, lambda r: r.template_id == one.template_id)
    assert one.form_label
    assert one.id in owner.found(contains("form", one.form_label[:8]))


def test_eq_on_a_text_matches_the_same_digits_only(box: Sandbox, owner: Caller) -> None:
    first, second = box.visible_checkins()[:2]
    first.comment, second.comment = "4711", "unit 4711"
    box.touch()
    assert owner.found(eq("comment", 4711)) == [first.id]
    assert owner.found(eq("comment", 4711.0)) == [first.id]
    first.comment = second.comment = None


def test_in_takes_numbers_and_texts(box: Sandbox, owner: Caller) -> None:
    ids = [one.tracker_id for one in box.visible_checkins()[:3]]
    assert owner.found(within("tracker_id", ids)) == those(box, lambda one: one.tracker_id in ids)
    towns = ["madrid", "toledo"]
    expected = those(box, lambda one: any(town in (one.address or "").lower() for town in towns))
    assert owner.found(within("location", towns)) == expected


def test_period_includes_both_ends(box: Sandbox, owner: Caller) -> None:
    records = box.visible_checkins()
    start, end = records[-20].marker_time, records[-5].marker_time
    value = {"from": start.strftime("%Y-%m-%dT%H:%M:%SZ"), "to": end.strftime("%Y-%m-%dT%H:%M:%SZ")}
    found = owner.found({"type": "period", "field": "marker_time", "value": value})
    assert found == those(box, lambda one: start <= one.marker_time <= end)


def test_and_or_not_nest(box: Sandbox, owner: Caller) -> None:
    tree = joined("or", joined("and", contains("location", "madrid"), no(eq("form", 201))), eq("form", 202))
    expected = those(
        box,
        lambda one: (
            ("madrid" in (one.address or "").lower() and one.template_id != 201) or one.template_id == 202
        ),
    )
    assert owner.found(tree) == expected


def test_the_top_level_is_an_and_and_items_may_be_json_text(owner: Caller) -> None:
    both = [contains("location", "madrid"), contains("employee", "a")]
    assert owner.found(*both) == owner.found(*map(json.dumps, both)) == owner.found(joined("and", *both))


@pytest.mark.parametrize(
    "condition",
    [
        {"type": "like", "field": "comment", "value": "a"},
        {"type": "eq", "field": "nothing", "value": 1},
        {"type": "eq", "field": "employee"},
        eq("employee", "12"),
        eq("employee", True),
        eq("employee", 0.1234567),
        eq("employee", 2**63 + 10**6),
        contains("comment", ""),
        contains("comment", "x" * 761),
        contains("comment", 5),
        within("comment", []),
        within("comment", "abc"),
        within("comment", [None]),
        joined("and", eq("employee", 1)),
        joined("or", *[eq("employee", 1)] * 61),
        {"type": "not"},
        {"type": "not", "condition": [eq("employee", 1)]},
        {"type": "period", "field": "marker_time", "value": {"from": "2026-01-01T00:00:00Z"}},
        {
            "type": "period",
            "field": "marker_time",
            "value": {"from": "2026-01-01 00:00:00", "to": "2026-01-02 00:00:00"},
        },
        {
            "type": "period",
            "field": "comment",
            "value": {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"},
        },
        eq("marker_time", 5),
        "not json",
        17,
    ],
    ids=str,
)
def test_a_violation_is_error_7_with_the_place(owner: Caller, condition: Any) -> None:
    answer = owner.ask("checkin/list", conditions=[condition])
    assert answer["status"]["code"] == 7
    assert answer["errors"][0]["parameter"].startswith("conditions")


def test_limits_are_inclusive(owner: Caller) -> None:
    assert owner.code("checkin/list", conditions=[contains("comment", "x" * 760)], limit=1) is None
    assert owner.code("checkin/list", conditions=[joined("or", *[eq("employee", 1)] * 60)], limit=1) is None
    assert owner.code("checkin/list", conditions=[eq("employee", 0.123456)], limit=1) is None


def test_nested_conditions_count_towards_72(owner: Caller) -> None:
    group = joined("and", *[eq("employee", 1)] * 17)  # 18 with itself
    assert owner.code("checkin/list", conditions=[group] * 4, limit=1) is None
    assert owner.code("checkin/list", conditions=[*[group] * 4, eq("employee", 1)], limit=1) == 7


@pytest.mark.parametrize("name", ["employee", "tracker_id", "marker_time", "location", "comment", "form"])
def test_every_documented_sort_field_orders_both_ways(owner: Caller, name: str) -> None:
    up, down = (owner.found(sort=[f"{name}={way}", "marker_time=asc"]) for way in ("asc", "desc"))
    assert sorted(up) == sorted(down)
    assert up != down


def test_the_first_sort_expression_rules(box: Sandbox, owner: Caller) -> None:
    found = owner.found(sort=["tracker_id=desc", "marker_time=asc"])
    expected = sorted(box.visible_checkins(), key=lambda one: (-one.tracker_id, one.marker_time, one.id))
    assert found == [one.id for one in expected]


@pytest.mark.parametrize("sort", [["id=asc"], ["employee"], ["employee=up"], "employee=asc", [3]])
def test_a_wrong_sort_is_error_7(owner: Caller, sort: Any) -> None:
    assert owner.code("checkin/list", sort=sort) == 7


def test_count_ignores_paging(box: Sandbox, owner: Caller) -> None:
    everything = owner.found(sort=["marker_time=desc"])
    page = owner.ask("checkin/list", sort=["marker_time=desc"], limit=10, offset=20)
    assert [one["id"] for one in page["list"]] == everything[20:30]
    assert page["count"] == len(everything)


def test_the_circle_measures_metres_on_the_ground(box: Sandbox, owner: Caller) -> None:
    centre = box.visible_checkins()[-1]
    north = {"lat": centre.lat + 0.009, "lng": centre.lng}  # 1001 m
    assert centre.id not in owner.found(location=north | {"radius": 990})
    assert centre.id in owner.found(location=north | {"radius": 1010})


def test_precision_widens_the_circle_only_by_switch(box: Sandbox, owner: Caller) -> None:
    one = next(one for one in box.visible_checkins() if (one.precision or 0) > 20)
    near = {"lat": one.lat + 0.001, "lng": one.lng, "radius": 100}  # 111 m away
    assert one.id not in owner.found(location=near)
    box.switches.circle_includes_precision = True
    assert one.id in owner.found(location=near)


@pytest.mark.parametrize(
    "params",
    [
        {"location": {"lat": 95, "lng": 0, "radius": 10}},
        {"location": {"lat": 40, "lng": 0}},
        {"location": {"lat": 40, "lng": 0, "radius": 0}},
        {"limit": 0},
        {"limit": "10"},
        {"offset": -1},
        {"trackers": "3001"},
        {"trackers": [True]},
        {"format": "csv"},
        {"conditions": {"type": "eq"}},
        {"from": "2026-03-02T00:00:00Z", "to": "2026-03-02T00:00:00Z"},
        {"from": "2026-03-02"},
    ],
    ids=str,
)
def test_a_wrong_list_parameter_is_error_7(owner: Caller, params: dict[str, Any]) -> None:
    assert owner.code("checkin/list", **params) == 7


def period(days: float) -> dict[str, str]:
    return {"from": f"{NOW - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}", "to": f"{NOW:%Y-%m-%dT%H:%M:%SZ}"}


def test_a_period_longer_than_the_report_span_is_211(box: Sandbox, owner: Caller) -> None:
    assert owner.code("checkin/list", **period(90)) is None
    assert owner.code("checkin/list", **period(90.001)) == 211
    box.switches.max_time_span = timedelta(days=7)
    assert owner.code("checkin/list", **period(8)) == 211
    assert owner.ask("dealer/get_ui_config")["platform"]["report.max_time_span"] == "P7D"


def test_a_missing_or_blocked_tracker_is_217(box: Sandbox, owner: Caller) -> None:
    blocked = next(one.id for one in box.world.trackers.values() if one.blocked)
    seen = next(one.id for one in box.world.trackers.values() if not one.blocked)
    assert owner.code("checkin/list", trackers=[seen]) is None
    assert owner.code("checkin/list", trackers=[seen, blocked]) == 217
    assert owner.code("checkin/list", trackers=[999_999]) == 217


def test_what_a_list_gives_unasked_is_a_switch(box: Sandbox, owner: Caller) -> None:
    box.switches.default_limit, box.switches.default_sort = 7, ("marker_time=desc",)
    answer = owner.ask("checkin/list")
    newest = [one.id for one in reversed(box.visible_checkins())]
    assert [one["id"] for one in answer["list"]] == newest[:7]
    assert answer["count"] == len(newest)


def test_blocked_trackers_may_be_listed_by_switch(box: Sandbox, owner: Caller) -> None:
    blocked = next(one.id for one in box.world.trackers.values() if one.blocked)
    mine = {one.id for one in box.world.checkins if one.tracker_id == blocked}
    assert mine
    assert not mine & set(owner.found())
    box.switches.blocked_are_listed = True
    assert mine <= set(owner.found())
