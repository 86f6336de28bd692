"""Times as one account reads them, and back from what it typed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.clock import Clock, end_of, frozen, now, parse_local, start_of

MADRID, NEW_YORK, CANARY = (
    ZoneInfo("Europe/Madrid"),
    ZoneInfo("America/New_York"),
    ZoneInfo("Atlantic/Canary"),
)
MOMENT = datetime(2026, 3, 12, 14, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date_format", "shown"),
    [
        ("ddMMyyyy_dots", "12.03.2026"),
        ("ddMMyyyy_slashes", "12/03/2026"),
        ("MMddyyyy_hyphens", "03-12-2026"),
        ("yyyyMMdd_hyphens", "2026-03-12"),
        ("dMMMy", "12 Mar 2026"),
        ("dMMMMy", "12 March 2026"),
        ("one nobody documented", "2026-03-12"),
    ],
)
def test_dates_follow_the_account(date_format: str, shown: str) -> None:
    assert Clock(zone=MADRID, date_format=date_format).date(MOMENT) == shown


def test_the_date_is_that_of_the_zone() -> None:
    late = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
    assert Clock(zone=MADRID).date(late) == "2026-03-13"
    assert Clock(zone=NEW_YORK).date(late) == "2026-03-12"


@pytest.mark.parametrize(
    ("hour", "shown"), [(0, "12:05 AM"), (11, "11:05 AM"), (12, "12:05 PM"), (23, "11:05 PM")]
)
def test_twelve_hours(hour: int, shown: str) -> None:
    clock = Clock(zone=ZoneInfo("UTC"), hour_mode="TWELVE_HOURS")
    assert clock.time(datetime(2026, 3, 12, hour, 5, tzinfo=UTC)) == shown


def test_a_moment_in_short_and_in_long() -> None:
    clock = Clock(zone=MADRID, date_format="ddMMyyyy_slashes")
    assert clock.moment(MOMENT) == "12/03/2026 15:30"
    assert clock.long(MOMENT) == "Thursday 12 March 2026, 15:30:05"


@pytest.mark.parametrize(
    ("zone", "month", "label"),
    [
        ("Europe/Madrid", 1, "Europe/Madrid (UTC+1)"),
        ("Europe/Madrid", 7, "Europe/Madrid (UTC+2)"),
        ("America/New_York", 1, "America/New_York (UTC−5)"),
        ("Asia/Kolkata", 1, "Asia/Kolkata (UTC+5:30)"),
        ("America/St_Johns", 1, "America/St_Johns (UTC−3:30)"),
        ("UTC", 1, "UTC (UTC)"),
    ],
)
def test_a_zone_is_named_with_the_offset_in_force(zone: str, month: int, label: str) -> None:
    moment = datetime(2026, month, 15, tzinfo=UTC)
    assert Clock(zone=ZoneInfo(zone)).zone_label_at(moment) == label


def test_the_clock_can_be_stopped() -> None:
    with frozen(MOMENT):
        assert now() == MOMENT
        assert Clock(zone=CANARY).zone_label == "Atlantic/Canary (UTC)"
    assert now() != MOMENT


def test_what_people_type() -> None:
    assert parse_local("2026-03-12") == date(2026, 3, 12)
    assert parse_local(" 2026-03-12T14:30 ") == datetime(2026, 3, 12, 14, 30)  # noqa: DTZ001  a local time
    assert parse_local("2026-03-12 14:30:05") == datetime(2026, 3, 12, 14, 30, 5)  # noqa: DTZ001


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-02-30", "2026-03-12T14", "2026-03-12T14:30Z", "20260312T1430"]
)
def test_what_is_no_local_time(text: str) -> None:
    with pytest.raises(ValueError):
        parse_local(text)


def test_a_day_is_all_of_that_day() -> None:
    day = date(2026, 3, 12)
    assert start_of(day, MADRID) == datetime(2026, 3, 11, 23, 0, tzinfo=UTC)
    assert end_of(day, MADRID) == datetime(2026, 3, 12, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_days_of_the_clock_change_are_shorter_and_longer(day: date, hours: int) -> None:
    assert end_of(day, MADRID) - start_of(day, MADRID) == timedelta(hours=hours, seconds=-1)


def test_the_hour_that_comes_twice_is_covered_whole() -> None:
    twice = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001
    assert start_of(twice, MADRID) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert end_of(twice, MADRID) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_hour_that_is_skipped_is_the_moment_of_the_jump() -> None:
    skipped = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001
    jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert start_of(skipped, MADRID) == end_of(skipped, MADRID) == jump


def test_a_day_whose_midnight_is_skipped_starts_at_its_first_moment() -> None:
    havana = ZoneInfo("America/Havana")
    start = start_of(date(2026, 3, 8), havana)
    assert start.astimezone(havana).date() == date(2026, 3, 8)
    assert (start - timedelta(seconds=1)).astimezone(havana).date() == date(2026, 3, 7)


@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2037, 1, 1)),  # noqa: DTZ001
    st.sampled_from([MADRID, NEW_YORK, CANARY, ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_every_moment_lies_inside_its_own_day(naive: datetime, zone: ZoneInfo) -> None:
    moment = naive.replace(tzinfo=UTC, microsecond=0)
    day = moment.astimezone(zone).date()
    assert start_of(day, zone) <= moment <= end_of(day, zone)
