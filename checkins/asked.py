"""Which check-ins somebody asks something of: chosen ids, or a list's filters as they mean them now."""

from __future__ import annotations

from checkins import chips, periods
from checkins.filters import Filters
from checkins.services import Source
from dashboard.clock import Clock
from dashboard.listing.fields import LARGEST_ID

MOST_CHOSEN = 2000


def chosen_ids(values: list[str]) -> list[int] | None:
    """A value holds one id, or several with commas: a form takes 1,000 fields. None: no ids, or too many."""
    texts = [text for value in values for text in value.split(",")]
    good = all(text.isascii() and text.isdigit() and 0 < int(text[:20]) <= LARGEST_ID for text in texts)
    ids = list(dict.fromkeys(map(int, texts))) if good else []
    return ids if good and len(ids) <= MOST_CHOSEN else None


def frozen(filters: Filters, source: Source) -> Filters:
    """With the days that "today" or "last week" mean now; in a table, from its first page."""
    start = end = None
    if filters.period:
        start, end = periods.days(filters.period, source.now.astimezone(source.zone).date())
    filters = filters.replace(view="table")
    return filters.replace(period="", start=start, end=end) if start and end else filters


def in_words(filters: Filters, source: Source, clock: Clock) -> str:
    shown = chips.chips(filters, source.lookup.get(), clock)
    return " · ".join(f"{chip.label}: {chip.value}" for chip in shown)
