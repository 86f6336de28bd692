from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.navixy import values

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
READERS: list[Callable[[values.Record, str], object]] = [
    values.text,
    values.number,
    values.integer,
    values.boolean,
    values.child,
    values.children,
    values.integers,
    values.texts,
    values.moment,
    values.day,
    values.duration,
]


@given(ANY_JSON)
def test_no_reader_ever_raises(value: Any) -> None:
    for read in READERS:
        read({"it": value}, "it")


@pytest.mark.parametrize("read", [values.text, values.number, values.integer, values.boolean, values.moment])
def test_missing_and_null_are_none(read: Any) -> None:
    assert read({}, "it") is None
    assert read({"it": None}, "it") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, 7),
        ("7", 7),
        (" -7 ", -7),
        (7.0, 7),
        ("7.0", 7),
        (7.5, None),
        ("x", None),
        (True, None),
        ([], None),
    ],
)
def test_integer(value: Any, expected: int | None) -> None:
    assert values.integer({"it": value}, "it") == expected


@pytest.mark.parametrize("value", ["nan", "inf", float("nan"), float("inf"), "1e999", 10**400, "9" * 5000])
def test_a_number_is_finite(value: Any) -> None:
    assert values.number({"it": value}, "it") is None


def test_an_integer_beyond_floats_is_exact() -> None:
    assert values.integer({"it": 2**63 - 1}, "it") == 2**63 - 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), ("true", True), (1, True), ("false", False), (0, False), ("x", None)],
)
def test_boolean(value: Any, expected: bool | None) -> None:
    assert values.boolean({"it": value}, "it") is expected


def test_text_takes_a_number_but_no_boolean() -> None:
    assert values.text({"it": 355}, "it") == "355"
    assert values.text({"it": True}, "it") is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-12T07:50:58+05:00",
        "2026-03-12T02:50:58Z",
        "2026-03-12T07:50:58+0500",
        "2026-03-12T02:50:58.000Z",
    ],
)
def test_iso_moments_become_utc(text: str) -> None:
    found = values.moment({"it": text}, "it")
    assert found == datetime(2026, 3, 12, 2, 50, 58, tzinfo=UTC)
    assert found is not None
    assert found.tzinfo is UTC


def test_a_moment_without_offset_is_in_the_accounts_zone() -> None:
    found = values.moment({"it": "2026-07-01 14:30:00"}, "it", ZoneInfo("Europe/Madrid"))
    assert found == datetime(2026, 7, 1, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "utc_hour"),
    [
        ("2026-10-25 02:30:00", 0),  # comes twice: the earlier one
        ("2026-10-25T02:30:00+02:00", 0),
        ("2026-10-25T02:30:00+01:00", 1),
        ("2026-03-29 02:30:00", 1),  # never comes: as if the clock had not been changed
    ],
)
def test_moments_when_the_clocks_change(text: str, utc_hour: int) -> None:
    found = values.moment({"it": text}, "it", ZoneInfo("Europe/Madrid"))
    assert found is not None
    assert (found.hour, found.minute, found.tzinfo) == (utc_hour, 30, UTC)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01 00:00:00", "0001-01-01T00:00:00+14:00", "12:30:00"]
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert values.moment({"it": text}, "it") is None


def test_day_ignores_a_time() -> None:
    assert values.day({"it": "2026-03-12 10:00:00"}, "it") == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P90D", timedelta(days=90)),
        ("PT22M21S", timedelta(minutes=22, seconds=21)),
        ("P1Y2M1W", timedelta(days=365 + 60 + 7)),
        ("P", None),
        ("PT", None),
        ("90 days", None),
        ("P999999999999999D", None),
    ],
)
def test_durations(text: str, expected: timedelta | None) -> None:
    assert values.duration({"it": text}, "it") == expected


@pytest.mark.parametrize("value", [None, 0, -1, "x", True, 1.5])
def test_an_identity_is_a_positive_integer(value: Any) -> None:
    with pytest.raises(values.Unreadable):
        values.identity({"id": value})


def test_one_bad_record_sinks_no_list_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    records: list[values.Record] = [{"id": 1}, {"name": "no id"}, {"id": "3"}]
    assert values.read_all(records, values.identity, what="things") == (1, 3)
    assert "things: 1 unreadable record(s) left out" in caplog.text
