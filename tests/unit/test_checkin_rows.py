"""Rows, columns, heads and words of the check-in list."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from checkins import chips, columns, heads, rows, where, wording
from checkins.filters import Area, Filters
from checkins.rows import Showing, Words
from dashboard.clock import Clock
from dashboard.listing.sorting import Sort
from dashboard.names import NOT_LOADED, Names
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.people import Department, Employee, Tracker

CLOCK = Clock(zone=ZoneInfo("Europe/Madrid"), date_format="ddMMyyyy_slashes")
NAMES = Names(
    trackers={1: Tracker(id=1, label="Van 01")},
    employees={7: Employee(id=7, first_name="Ana", last_name="García", department_id=3)},
    departments={3: Department(id=3, label="Lifts")},
    fetched_at=datetime(2026, 3, 12, tzinfo=UTC),
)
WORDS = Words(names=NAMES, clock=CLOCK)


def checkin(**changes: Any) -> Checkin:
    usual: dict[str, Any] = {
        "id": 42,
        "marker_time": datetime(2026, 3, 12, 13, 5, tzinfo=UTC),
        "tracker_id": 1,
        "employee_id": 7,
        "lat": 40.4168,
        "lng": -3.7038,
        "address": "Calle Mayor 1",
        "precision": 12,
    }
    return Checkin(**usual | changes)


def html(one: Checkin, *shown: str, names: Names = NAMES) -> str:
    showing = Showing(
        words=Words(names=names, clock=CLOCK),
        columns=shown or columns.DEFAULT,
        url=lambda number, place: f"/checkins/{number}/?a=1&at={place}",
        photos={42: "<img>"},
    )
    return rows.rows([one], showing, offset=100)


def test_times_are_in_the_accounts_zone_and_format() -> None:
    assert "<b>14:05</b> <span>12/03/2026</span>" in html(checkin(), "time")
    assert 'datetime="2026-03-12T14:05:00+01:00"' in html(checkin(), "time")


def test_the_link_carries_the_place_in_the_list() -> None:
    assert '<a href="/checkins/42/?a=1&amp;at=101" data-row-link>' in html(checkin())


@pytest.mark.parametrize("shown", [("comment",), ("photos",), ("number", "time"), ("photos", "address")])
def test_each_row_has_one_link_to_its_check_in(shown: tuple[str, ...]) -> None:
    assert html(checkin(comment=""), *shown).count("data-row-link") == 1


@pytest.mark.parametrize("member", ["address", "comment", "form_label"])
def test_texts_are_escaped(member: str) -> None:
    found = html(checkin(form_id=1, **{member: '<script>"x"</script>'}))
    assert "<script" not in found
    assert "&lt;script&gt;&#34;x&#34;" in found


def test_names_are_escaped() -> None:
    names = Names(trackers={1: Tracker(id=1, label="<b>Van</b>")}, fetched_at=NAMES.fetched_at)
    assert "&lt;b&gt;Van" in html(checkin(), "time", "tracker", names=names)


def test_nobody_assigned_is_said() -> None:
    assert "Nobody assigned" in html(checkin(employee_id=None))


def test_what_is_no_longer_there_has_words_instead_of_an_id() -> None:
    found = html(checkin(tracker_id=99, employee_id=98), "time", "tracker", "employee")
    assert "Tracker no longer visible" in found
    assert "Employee no longer listed" in found


def test_a_failed_lookup_is_not_called_gone() -> None:
    names = Names(errors={"trackers": "Navixy has a problem."}, fetched_at=NAMES.fetched_at)
    assert NOT_LOADED in html(checkin(), "time", "tracker", names=names)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("time", "12/03/2026 14:05"),
        ("employee", "García Ana"),
        ("tracker", "Van 01"),
        ("department", "Lifts"),
        ("coordinates", "40.41680, -3.70380"),
        ("precision", "12"),
        ("photo_count", ""),
        ("number", "42"),
    ],
)
def test_values_as_text(key: str, text: str) -> None:
    assert rows.text(key, checkin(), WORDS) == text


def test_every_column_has_a_text_and_a_cell() -> None:
    for key in columns.COLUMNS:
        assert isinstance(rows.text(key, checkin(), WORDS), str)
        assert f"c-{key}" in html(checkin(), key)


def test_the_usual_columns() -> None:
    usual = "photos time employee tracker address comment form photo_count precision"
    assert " ".join(columns.DEFAULT) == usual


def test_heads_number_the_levels() -> None:
    order = (Sort(field="employee"), Sort(field="marker_time", descending=True))
    found = {head.key: head for head in heads.heads(Filters(sort=order))}
    assert (found["employee"].order, found["employee"].direction) == ("1", "ascending")
    assert (found["time"].order, found["time"].direction) == ("2", "descending")
    assert found["photos"].query == ""


def test_a_single_level_needs_no_number() -> None:
    assert [head.order for head in heads.heads(Filters())] == [""] * len(columns.DEFAULT)


def test_active_levels_come_first_in_the_menu() -> None:
    found = heads.levels(Filters(sort=(Sort(field="form"), Sort(field="comment"))))
    assert [level.field for level in found][:2] == ["form", "comment"]
    assert [bool(level.clear) for level in found] == [True, True, False, False, False, False]


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (Filters(), "Today"),
        (Filters(period="week"), "This week"),
        (Filters(period="last-week"), "Last week"),
        (Filters(period="", start=date(2026, 3, 1), end=date(2026, 3, 5)), "01/03/2026 – 05/03/2026"),
        (Filters(period="", start=date(2026, 3, 1)), "From 01/03/2026"),
        (Filters(period="", end=datetime.fromisoformat("2026-03-05T14:30")), "Until 05/03/2026 14:30"),
        (Filters(period="", start=date(2026, 3, 1), end=date(2026, 3, 1)), "01/03/2026"),
    ],
)
def test_periods_in_words(filters: Filters, words: str) -> None:
    assert wording.period(filters, CLOCK) == words


def test_conditions_in_words() -> None:
    tree = where.from_json(
        '{"type":"or","conditions":[{"type":"eq","field":"employee","value":7},{"type":"not","condition":'
        '{"type":"and","conditions":[{"type":"contains","field":"comment","value":"leak"},'
        '{"type":"in","field":"tracker_id","value":[1,99]}]}}]}'
    )
    assert tree is not None
    assert wording.condition(tree, NAMES, CLOCK) == (
        "Employee is García Ana or not (Comment contains “leak” and Tracker is one of Van 01,"
        " Tracker no longer visible)"
    )


def test_one_chip_for_each_value() -> None:
    filters = Filters(trackers=(1, 2), comment="leak", circle=Area(lat=40.0, lng=-3.0, radius=1500))
    found = [(chip.label, chip.value) for chip in chips.chips(filters, NAMES, CLOCK)]
    assert found == [
        ("Tracker", "Van 01"),
        ("Tracker", "Tracker no longer visible"),
        ("Comment contains", "leak"),
        ("Place", "1.5 km around 40.0000, -3.0000"),
    ]


def test_very_many_values_are_one_chip() -> None:
    many = tuple(range(1, 1500))
    (found,) = chips.chips(Filters(employees=many, trackers=()), NAMES, CLOCK)
    assert (found.label, found.value, found.opens) == ("Employee", "1,499 chosen", "employees")
    assert "employee" not in found.without


def test_each_top_level_condition_is_a_chip() -> None:
    tree = where.from_json(
        '[{"type":"contains","field":"comment","value":"a"},{"type":"contains","field":"comment","value":"b"}]'
    )
    found = chips.chips(Filters(where=tree), NAMES, CLOCK)
    assert [chip.value for chip in found] == ["Comment contains “a”", "Comment contains “b”"]
    assert "%22a%22" not in found[0].without
    assert "%22b%22" in found[0].without


def test_loosening_takes_one_thing_away() -> None:
    found = {one.label: one.query for one in chips.loosenings(Filters(trackers=(1,), comment="leak"))}
    assert found["Any tracker"] == "comment=leak"
    assert found["Any comment"] == "tracker=1"
    assert found["All time"] == "period=all&tracker=1&comment=leak"
