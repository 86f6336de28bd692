"""Relative periods: a saved view of "Today" means the day it is opened."""

from collections.abc import Callable
from datetime import date, timedelta

DEFAULT = "today"
Days = tuple[date | None, date | None]


def _week(today: date) -> Days:
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=6)


def _month(today: date) -> Days:
    next_month = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return today.replace(day=1), next_month - timedelta(days=1)


_PRESETS: dict[str, tuple[str, Callable[[date], Days]]] = {
    "today": ("Today", lambda today: (today, today)),
    "yesterday": ("Yesterday", lambda today: (today - timedelta(days=1),) * 2),
    "7d": ("Last 7 days", lambda today: (today - timedelta(days=6), today)),
    "week": ("This week", _week),
    "last-week": ("Last week", lambda today: _week(today - timedelta(days=7))),
    "month": ("This month", _month),
    "last-month": ("Last month", lambda today: _month(today.replace(day=1) - timedelta(days=1))),
    "all": ("All time", lambda _: (None, None)),
}
LABELS: dict[str, str] = {name: label for name, (label, _) in _PRESETS.items()}


def days(preset: str, today: date) -> Days:
    """First and last day of a preset, both included; `None` is an open end."""
    return _PRESETS[preset][1](today)
