"""Why a stop has the status it has, in one plain sentence with the numbers used (ref 7.1). No Django."""

from __future__ import annotations

from datetime import datetime, timedelta

from dashboard.clock import Clock
from dashboard.navixy.stops import Stop


def why(stop: Stop, clock: Clock, now: datetime) -> str:
    """Navixy derives a status from movement, time and forms; this retells it with the record's numbers."""
    teller = _TELLERS.get(stop.status)
    return teller(stop, clock, now) if teller else f"Navixy calls this “{stop.status}” and does not say why."


def duration(span: timedelta) -> str:
    """`45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`: two figures at most."""
    seconds = int(abs(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "d"), (hours, "h"), (rest, "min")]
    return " ".join([f"{number} {unit}" for number, unit in parts if number][:2])


def _unassigned(stop: Stop, clock: Clock, now: datetime) -> str:
    return f"Nobody is assigned. {_window(stop, clock, now)}"


def _assigned(stop: Stop, clock: Clock, now: datetime) -> str:
    return _window(stop, clock, now)


def _arrived(stop: Stop, clock: Clock, now: datetime) -> str:
    return f"{_visit(stop, clock, now)}; not finished yet{_missing(stop)}."


def _done(stop: Stop, clock: Clock, now: datetime) -> str:
    return f"{_visit(stop, clock, now)}{_submitted(stop, clock)}."


def _faulty(stop: Stop, clock: Clock, now: datetime) -> str:
    if _lateness(stop) <= timedelta() and _stayed_enough(stop):
        told = _visit(stop, clock, now)
        return f"{told}; finished all the same with a problem, such as a visit out of order."
    return f"{_visit(stop, clock, now)}{_submitted(stop, clock)}, so it is done with problems."


def _delayed(stop: Stop, clock: Clock, now: datetime) -> str:
    told = _visit(stop, clock, now) if stop.arrived else _unvisited(stop, clock)
    return f"{told}{_grace(stop, clock)}{_missing(stop)}."


def _failed(stop: Stop, clock: Clock, now: datetime) -> str:
    if stop.arrived is None:
        return f"{_unvisited(stop, clock)}{_grace(stop, clock)}."
    return f"{_visit(stop, clock, now)}{_grace(stop, clock)}{_missing(stop)}."


_TELLERS = {
    "unassigned": _unassigned,
    "assigned": _assigned,
    "arrived": _arrived,
    "done": _done,
    "faulty": _faulty,
    "delayed": _delayed,
    "failed": _failed,
}


def _window(stop: Stop, clock: Clock, now: datetime) -> str:
    if stop.end is None:
        return "It has no visit window."
    if stop.start and now < stop.start:
        return f"The window begins at {_at(stop.start, clock, now)}, in {duration(stop.start - now)}."
    if now <= stop.end:
        left = duration(stop.end - now)
        return f"The window is open until {_at(stop.end, clock, now)}, {left} more; nobody has arrived yet."
    since = duration(now - stop.end)
    return f"The window ended at {_at(stop.end, clock, now)}, {since} ago; nobody has arrived."


def _visit(stop: Stop, clock: Clock, now: datetime) -> str:
    """`Arrived 14:05, 12 min after the window; stayed 3 of 10 min`"""
    if stop.arrived is None:
        return "Navixy names no arrival"
    told = f"Arrived {_at(stop.arrived, clock, now)}, {_in_window(stop)}"
    return f"{told}; {_stay(stop)}" if stop.stayed or stop.min_stay else told


def _in_window(stop: Stop) -> str:
    if stop.arrived and stop.start and stop.arrived < stop.start:
        return f"{duration(stop.start - stop.arrived)} before the window"
    late = _lateness(stop)
    return f"{duration(late)} after the window" if late > timedelta() else "within the window"


def _lateness(stop: Stop) -> timedelta:
    return stop.arrived - stop.end if stop.arrived and stop.end else timedelta()


def _stay(stop: Stop) -> str:
    if not stop.min_stay:
        return f"stayed {duration(timedelta(seconds=stop.stayed))}"
    minutes = stop.stayed // 60
    return f"stayed {minutes} of {stop.min_stay} min"


def _stayed_enough(stop: Stop) -> bool:
    return stop.stayed >= stop.min_stay * 60


def _unvisited(stop: Stop, clock: Clock) -> str:
    end = f" by {clock.time(stop.end)}" if stop.end else ""
    return f"Nobody arrived{end}"


def _grace(stop: Stop, clock: Clock) -> str:
    if not stop.max_delay or not stop.end:
        return "; no delay is allowed" if not stop.arrived else ""
    until = stop.end + timedelta(minutes=stop.max_delay)
    return f"; {stop.max_delay} min of delay are allowed, until {clock.time(until)}"


def _missing(stop: Stop) -> str:
    """What of the conditions is still open, besides being there."""
    if stop.form is not None and stop.form.submitted is None:
        return "; the form is not submitted"
    return ""


def _submitted(stop: Stop, clock: Clock) -> str:
    if stop.form is None:
        return ""
    return (
        f"; form submitted {clock.time(stop.form.submitted)}"
        if stop.form.submitted
        else "; form not submitted"
    )


def _at(moment: datetime, clock: Clock, now: datetime) -> str:
    """The time alone on the same day."""
    same_day = clock.local(moment).date() == clock.local(now).date()
    return clock.time(moment) if same_day else clock.moment(moment)
