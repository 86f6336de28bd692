"""Rows of a sheet of stops: times as people write them, and what is refused rather than guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from checkpoints.sheet_reading import Line
from checkpoints.sheet_rows import Row, Setting, Wrong, check, read_moment

SETTING = Setting(zone=ZoneInfo("Europe/Madrid"), now=datetime(2030, 1, 1, tzinfo=UTC), trackers=())
MAPPING = {"label": 0, "lat": 1, "lng": 2, "end": 3, "route": 4}


def checked(*routes: str) -> tuple[Row, ...]:
    lines = [
        Line(number=number, cells=("Stop", "40.4", "-3,7", "2030-01-15 10:00", route))
        for number, route in enumerate(routes, 2)
    ]
    return check(lines, MAPPING, SETTING)


@pytest.mark.parametrize(
    "text", ["2030-01-15 08:30", "2030-01-15T08:30:00", "15.01.2030 8.30", "15/1/2030 8:30 am"]
)
def test_a_time_is_read_in_the_zone_of_the_account(text: str) -> None:
    assert read_moment(text, "", SETTING) == datetime(2030, 1, 15, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2030-01-15T08:30:00Z",
        "2030-01-15T08:30:00.000Z",
        "2030-01-15T08:30+05:00",
        "2030-01-15 08:30 UTC",
    ],
)
def test_a_time_of_another_zone_is_refused_rather_than_taken_for_local(text: str) -> None:
    with pytest.raises(Wrong, match="zone of its own"):
        read_moment(text, "", SETTING)


def test_a_route_name_too_long_to_be_kept_is_told() -> None:
    """Cut, it would not be found again after an answer that was lost."""
    assert {row.wrong for row in checked("R" * 201, "R" * 201)} == {
        "The name of the route is longer than 200 characters."
    }
    assert [row.wrong for row in checked("R" * 200, "R" * 200)] == ["", ""]


def test_a_route_of_one_stop_is_told() -> None:
    assert "would have 1" in checked("Round")[0].wrong
