"""Progress of routes, why a stop has its status, and the drawing of windows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from checkpoints import timeline
from checkpoints.progress import progress, stand
from checkpoints.why import duration, why
from dashboard.clock import Clock
from dashboard.navixy.forms import Form
from dashboard.navixy.stops import Stop

MADRID = ZoneInfo("Europe/Madrid")
CLOCK = Clock(zone=MADRID)


def at(clock: str, day: int = 12) -> datetime:
    return datetime.fromisoformat(f"2026-03-{day}T{clock}:00").replace(tzinfo=MADRID)


NOW = at("15:30")
PLAN = Stop(
    id=1,
    label="Bakery",
    lat=40.4,
    lng=-3.7,
    start=at("13:00"),
    end=at("14:00"),
    status="assigned",
    tracker_id=9,
)
OPEN_FORM = Form(id=5, label="Delivery")


def stop(**changes: Any) -> Stop:
    return replace(PLAN, **changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"end": at("16:00"), "start": at("15:00")},
            "The window is open until 16:00, 30 min more; nobody has arrived yet.",
        ),
        ({"start": at("16:00"), "end": at("17:00")}, "The window begins at 16:00, in 30 min."),
        ({}, "The window ended at 14:00, 1 h 30 min ago; nobody has arrived."),
        (
            {"start": at("09:00", 13), "end": at("10:00", 13)},
            "The window begins at 2026-03-13 09:00, in 17 h 30 min.",
        ),
        (
            {"status": "unassigned", "start": at("16:00"), "end": at("17:00")},
            "Nobody is assigned. The window begins at 16:00, in 30 min.",
        ),
        (
            {"status": "arrived", "arrived": at("14:12"), "min_stay": 10, "stayed": 200},
            "Arrived 14:12, 12 min after the window; stayed 3 of 10 min; not finished yet.",
        ),
        (
            {"status": "arrived", "arrived": at("13:40"), "form": OPEN_FORM},
            "Arrived 13:40, within the window; not finished yet; the form is not submitted.",
        ),
        (
            {"status": "done", "arrived": at("13:40"), "stayed": 900},
            "Arrived 13:40, within the window; stayed 15 min.",
        ),
        (
            {"status": "done", "arrived": at("12:50"), "form": replace(OPEN_FORM, submitted=at("13:20"))},
            "Arrived 12:50, 10 min before the window; form submitted 13:20.",
        ),
        (
            {"status": "delayed", "max_delay": 45},
            "Nobody arrived by 14:00; 45 min of delay are allowed, until 14:45.",
        ),
        ({"status": "failed"}, "Nobody arrived by 14:00; no delay is allowed."),
        (
            {"status": "failed", "arrived": at("14:05"), "min_stay": 10, "stayed": 180, "max_delay": 15},
            "Arrived 14:05, 5 min after the window; stayed 3 of 10 min;"
            " 15 min of delay are allowed, until 14:15.",
        ),
        (
            {"status": "faulty", "arrived": at("14:05")},
            "Arrived 14:05, 5 min after the window, so it is done with problems.",
        ),
        ({"status": "paused"}, "Navixy calls this “paused” and does not say why."),
    ],
)
def test_a_status_is_explained_with_the_numbers_used(changes: dict[str, Any], words: str) -> None:
    assert why(stop(**changes), CLOCK, NOW) == words


def test_a_visit_in_time_that_is_faulty_has_another_reason() -> None:
    told = why(stop(status="faulty", arrived=at("13:30")), CLOCK, NOW)
    assert told.startswith("Arrived 13:30, within the window; finished all the same with a problem")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(12, "12 s"), (60, "1 min"), (3900, "1 h 5 min"), (-7200, "2 h"), (200_000, "2 d 7 h")],
)
def test_a_span_has_two_figures_at_most(seconds: int, words: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("changes", "how"),
    [
        ({}, "late"),
        ({"end": NOW}, "open"),
        ({"status": "delayed"}, "late"),
        ({"status": "arrived"}, "here"),
        ({"status": "faulty"}, "trouble"),
        ({"status": "failed"}, "failed"),
        ({"status": "paused", "end": None}, "open"),
    ],
)
def test_a_planned_stop_is_late_once_its_window_is_over(changes: dict[str, Any], how: str) -> None:
    assert stand(stop(**changes), NOW) == how


def test_progress_counts_what_a_dispatcher_asks_for() -> None:
    states = ["done", "done", "faulty", "failed", "assigned", "arrived"]
    told = progress([stop(status=status) for status in states], NOW)
    assert told.words == "3 of 6 done (1 with problems), 1 being visited, 1 late, 1 failed"
    assert progress([], NOW).words == "0 of 0 done"


def test_the_axis_spans_windows_and_arrivals_with_round_ticks() -> None:
    axis = timeline.axis([stop(), stop(start=at("08:20"), arrived=at("17:10"))], CLOCK, NOW)
    assert axis.start <= at("08:20")
    assert axis.end >= at("17:10")
    assert len(axis.ticks) <= timeline.MOST_TICKS + 1
    assert all(tick.astimezone(MADRID).minute == 0 for tick in axis.ticks)
    assert axis.shows_now


def test_a_round_of_the_night_before_does_not_stretch_the_days_scale() -> None:
    night = stop(start=at("16:00", 11), end=at("08:30"))
    within = at("00:00"), at("23:59")
    axis = timeline.axis([night, stop()], CLOCK, NOW, within=within)
    assert axis.start == at("00:00")
    assert axis.at(at("16:00", 11)) == 0


def test_an_axis_of_nothing_is_an_axis() -> None:
    axis = timeline.axis([], CLOCK, NOW)
    assert axis.start < axis.end
    assert timeline.bars([], axis, CLOCK)


def test_windows_at_the_same_time_are_drawn_below_each_other() -> None:
    same = [stop(id=number) for number in range(1, 4)]
    drawn = timeline.bars(same, timeline.axis(same, CLOCK, NOW), CLOCK)
    assert {f' y="{y}"' in drawn for y in (2, 13, 24)} == {True}


def test_a_name_cannot_break_out_of_the_drawing() -> None:
    bad = [stop(label='"><script>')]
    assert "<script>" not in timeline.bars(bad, timeline.axis(bad, CLOCK, NOW), CLOCK)
