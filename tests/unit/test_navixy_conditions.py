import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.navixy import conditions
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
    all_of,
    any_of,
    check_all,
    from_json,
    one_of,
    to_json,
    walk,
)

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 12, 22, 0, tzinfo=UTC)

numbers = st.integers(-(2**63), 2**63 - 1) | st.integers(-(10**9), 10**9).map(lambda n: n / 10**6)
texts = st.text(st.characters(exclude_categories=["Cc", "Cs", "Co"]), min_size=1, max_size=20)
fields = st.sampled_from([field for field in conditions.CHECKIN_FIELDS if field != "marker_time"])
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
leaves: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Eq, fields, numbers),
    st.builds(Contains, fields, texts),
    st.builds(In, fields, st.lists(numbers | texts, min_size=1, max_size=4).map(tuple)),
    st.tuples(moments, moments).map(lambda ends: Period("marker_time", min(ends), max(ends))),
)
trees: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=4).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=4).map(tuple)),
    ),
    max_leaves=12,
)


@given(st.lists(trees, max_size=3).map(tuple))
def test_what_is_written_to_a_url_reads_back_the_same(found: tuple[Condition, ...]) -> None:
    parsed = from_json(to_json(found))
    assert parsed.conditions == found
    assert parsed.errors == ()


@given(trees)
def test_conditions_are_values(tree: Condition) -> None:
    assert hash(tree) == hash(from_json(to_json([tree])).conditions[0])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.fixed_dictionaries(
                {},
                optional={
                    "type": st.sampled_from(["and", "or", "not", "eq", "contains", "in", "period", "x"]),
                    "field": st.sampled_from(["employee", "marker_time", "x"]) | inner,
                    "value": inner,
                    "condition": inner,
                    "conditions": inner,
                },
            )
        ),
        max_leaves=8,
    )
)
def test_reading_a_url_never_raises(raw: Any) -> None:
    parsed = from_json(json.dumps(raw))
    assert all(sentence.endswith(".") for sentence in parsed.errors)
    check_all(parsed.conditions)


@pytest.mark.parametrize("text", ["", "{", "nonsense", "[" * 100_000, '"text"', "7"])
def test_text_that_is_no_condition_gives_a_sentence(text: str) -> None:
    parsed = from_json(text)
    assert parsed.conditions == ()
    assert len(parsed.errors) == 1


def test_a_number_beyond_all_bounds_gives_a_sentence() -> None:
    huge = '{"type":"eq","field":"employee","value":1' + "0" * 400 + "}"
    assert from_json(huge).errors == ("The number is too large.",)
    assert from_json(huge.replace("000}", '000"}').replace(":1", ':"1')).errors == (
        "The number is too large.",
    )


def test_a_bad_condition_leaves_the_good_ones() -> None:
    parsed = from_json(
        '[{"type":"eq","field":"employee","value":3},{"type":"like","field":"comment","value":"x"}]'
    )
    assert parsed.conditions == (Eq("employee", 3),)
    assert parsed.errors == ("A condition is of an unknown type.",)


def test_a_number_as_text_is_a_number() -> None:
    parsed = from_json('{"type":"eq","field":"employee","value":"12"}')
    assert parsed.conditions == (Eq("employee", 12),)


def test_periods_are_read_by_the_callers_clock() -> None:
    def read(text: str, is_end: bool) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) + timedelta(days=1 if is_end else 0)

    where = '{"type":"period","field":"marker_time","value":{"from":"2026-03-01","to":"2026-03-02"}}'
    (period,) = from_json(where, read_moment=read).conditions
    assert period == Period("marker_time", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))


def test_a_period_without_zone_needs_a_reader() -> None:
    where = '{"type":"period","field":"marker_time","value":{"from":"2026-03-01","to":"2026-03-02"}}'
    assert from_json(where).errors == ("A period has a time that is not readable.",)


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


def test_too_many_conditions_in_a_url_keep_as_many_as_fit() -> None:
    parsed = from_json(to_json([Eq("form", n) for n in range(80)]))
    assert len(parsed.conditions) == 72
    assert parsed.errors == ("At most 72 conditions can be searched at once.",)


def test_a_deep_url_is_refused_without_recursing() -> None:
    deep = '{"type":"not","condition":' * 100 + '{"type":"eq","field":"form","value":1}' + "}" * 100
    assert from_json(deep).errors == ("At most 72 conditions can be searched at once.",)


@pytest.mark.parametrize(
    "condition",
    [Eq("ssn", 1), Not(Eq("ssn", 1)), Period("comment", NOON, NIGHT), Eq("marker_time", 1)],
)
def test_only_the_documented_fields_can_be_searched(condition: Condition) -> None:
    with pytest.raises(ConditionLimit):
        check_all([condition])


def test_joining_one_condition_is_that_condition() -> None:
    one = Eq("form", 1)
    assert all_of(one) == any_of(one) == one
    assert all_of(one, one) == And((one, one))
    assert any_of(one, one) == Or((one, one))


def test_one_of_takes_the_plainest_type() -> None:
    assert one_of("employee", [3, 3]) == Eq("employee", 3)
    assert one_of("comment", ["a"]) == Contains("comment", "a")
    assert one_of("employee", [3, 4, 3]) == In("employee", (3, 4))


def test_walk_meets_parents_first_and_in_order() -> None:
    a, b, c = Eq("form", 1), Eq("form", 2), Eq("form", 3)
    tree = Or((Not(a), And((b, c))))
    assert list(walk([tree])) == [tree, Not(a), a, And((b, c)), b, c]
