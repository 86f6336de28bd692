from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from dashboard.navixy.conditions import (
    And,
    Condition,
    ConditionLimit,
    Contains,
    Eq,
    In,
    Not,
    Or,
    Period,
    check_all,
    one_of,
    walk,
    wire_time,
)

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 12, 22, 0, tzinfo=UTC)


def test_the_wire_form_of_each_type() -> None:
    madrid = timezone(timedelta(hours=1))
    assert Eq("employee", 2.5).to_wire() == {"type": "eq", "field": "employee", "value": 2.5}
    assert Contains("comment", "a").to_wire() == {"type": "contains", "field": "comment", "value": "a"}
    assert In("form", (1, "b")).to_wire() == {"type": "in", "field": "form", "value": [1, "b"]}
    assert Period("marker_time", NOON.astimezone(madrid), NIGHT).to_wire() == {
        "type": "period",
        "field": "marker_time",
        "value": {"from": "2026-03-12T12:00:00Z", "to": "2026-03-12T22:00:00Z"},
    }
    one = Eq("form", 1)
    assert Not(one).to_wire() == {"type": "not", "condition": one.to_wire()}
    assert And((one, one)).to_wire() == {"type": "and", "conditions": [one.to_wire(), one.to_wire()]}
    assert Or((one, one)).to_wire() == {"type": "or", "conditions": [one.to_wire(), one.to_wire()]}


def test_periods_drop_what_is_finer_than_a_second() -> None:
    assert Period("marker_time", NOON.replace(microsecond=9), NIGHT) == Period("marker_time", NOON, NIGHT)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Eq("employee", True),
        lambda: Eq("employee", float("nan")),
        lambda: Eq("employee", float("inf")),
        lambda: Eq("employee", 2**63),
        lambda: Eq("employee", 10**400),
        lambda: Eq("employee", -(2**63) - 1),
        lambda: Eq("employee", 0.1234567),
        lambda: Eq("employee", 1e-7),
        lambda: Eq("", 1),
        lambda: Contains("comment", ""),
        lambda: Contains("comment", "x" * 761),
        lambda: Contains("comment", "tab\t"),
        lambda: Contains("comment", "\ue000"),
        lambda: In("employee", ()),
        lambda: In("employee", (1, "")),
        lambda: Period("marker_time", NIGHT, NOON),
        lambda: Period("marker_time", NOON.replace(tzinfo=None), NIGHT),
        lambda: And((Eq("form", 1),)),
        lambda: And(()),
        lambda: Or(tuple(Eq("form", n) for n in range(61))),
    ],
)
def test_what_breaks_a_limit_cannot_exist(make: Any) -> None:
    with pytest.raises(ConditionLimit) as caught:
        make()
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Eq("employee", 2**63 - 1),
        lambda: Eq("employee", -(2**63)),
        lambda: Eq("employee", 0.123456),
        lambda: Contains("comment", "x" * 760),
        lambda: Period("marker_time", NOON, NOON),
        lambda: And(tuple(Eq("form", n) for n in range(60))),
        lambda: Contains("comment", "лифт 🛗"),
    ],
)
def test_what_just_keeps_a_limit_exists(make: Any) -> None:
    check_all([make()])


def test_seventy_two_conditions_in_all_nested_ones_included() -> None:
    group = And(tuple(Eq("form", n) for n in range(35)))  # 36 with the group itself
    check_all([group, group])
    with pytest.raises(ConditionLimit, match="72"):
        check_all([group, group, Eq("form", 1)])


@pytest.mark.parametrize(
    "condition",
    [Eq("ssn", 1), Not(Eq("ssn", 1)), Period("comment", NOON, NIGHT), Eq("marker_time", 1)],
)
def test_only_the_documented_fields_can_be_searched(condition: Condition) -> None:
    with pytest.raises(ConditionLimit):
        check_all([condition])


def test_a_time_of_any_year_has_four_digits_on_the_wire() -> None:
    assert wire_time(datetime(999, 1, 2, 3, tzinfo=UTC)) == "0999-01-02T03:00:00Z"


def test_a_time_before_all_time_is_refused() -> None:
    with pytest.raises(ConditionLimit):
        wire_time(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))))


def test_one_of_takes_the_plainest_type() -> None:
    assert one_of("employee", [3, 3]) == Eq("employee", 3)
    assert one_of("comment", ["a"]) == Contains("comment", "a")
    assert one_of("employee", [3, 4, 3]) == In("employee", (3, 4))


def test_walk_meets_parents_first_and_in_order() -> None:
    a, b, c = Eq("form", 1), Eq("form", 2), Eq("form", 3)
    tree = Or((Not(a), And((b, c))))
    assert list(walk([tree])) == [tree, Not(a), a, And((b, c)), b, c]
