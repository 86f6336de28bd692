"""Filters in words, for chips and buttons."""

from checkpoints import periods
from checkpoints.filters import Filters, Typed, typed_text
from dashboard.clock import Clock


def period(filters: Filters, clock: Clock) -> str:
    if filters.period:
        return periods.LABELS[filters.period]
    start = typed(filters.start, clock) if filters.start else ""
    end = typed(filters.end, clock) if filters.end else ""
    if filters.start == filters.end:
        return start
    return f"{start} – {end}" if start and end else f"From {start}" if start else f"Until {end}"


def typed(value: Typed, clock: Clock) -> str:
    """A local date or date-time in the account's format."""
    hours = typed_text(value).partition("T")[2]
    return f"{clock.day(value)} {hours}".strip()
