"""Dates as people type them into a list's filter: local, with a time or without. No Django."""

from datetime import date, datetime, time
from typing import TypeAlias

from dashboard.clock import Clock, parse_local

Typed: TypeAlias = date | datetime
FIRST_YEAR, LAST_YEAR = 2000, 2099


def read(text: str) -> Typed:
    """Raises ValueError, also for a year out of reach."""
    value = parse_local(text)
    if not in_reach(value):
        raise ValueError(text)
    return value.replace(microsecond=0) if isinstance(value, datetime) else value


def text(value: Typed) -> str:
    """As the address has it, and as `read` takes it: `2026-03-12`, or `2026-03-12T14:30`."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return value.isoformat(timespec="seconds" if value.second else "minutes")


def in_reach(value: Typed) -> bool:
    return FIRST_YEAR <= value.year <= LAST_YEAR


def first_moment(value: Typed) -> datetime:
    """To compare what was typed: still local."""
    return value if isinstance(value, datetime) else datetime.combine(value, time.min)


def last_moment(value: Typed) -> datetime:
    """Like `first_moment`, for an end: a date means all of that day."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(23, 59, 59))


def day_and_time(value: Typed | None) -> tuple[str, str]:
    """As a pair of inputs wants it."""
    day, _sign, hours = (text(value) if value else "").partition("T")
    return day, hours


def in_words(value: Typed, clock: Clock) -> str:
    """In the account's format."""
    return f"{clock.day(value)} {day_and_time(value)[1]}".strip()


def period_in_words(first: Typed | None, last: Typed | None, clock: Clock) -> str:
    start = in_words(first, clock) if first else ""
    end = in_words(last, clock) if last else ""
    if first == last:
        return start
    return f"{start} – {end}" if start and end else f"From {start}" if start else f"Until {end}"
