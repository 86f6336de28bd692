"""Filters in words, for chips and buttons."""

from checkpoints import periods
from checkpoints.filters import Filters
from dashboard.clock import Clock
from dashboard.listing import typed


def period(filters: Filters, clock: Clock) -> str:
    if filters.period:
        return periods.LABELS[filters.period]
    return typed.period_in_words(filters.start, filters.end, clock)
