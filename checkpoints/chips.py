"""The chips of the board and the list: one for each value, and ways out of a list that came up empty."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from checkpoints import periods, wording
from checkpoints.filters import Filters
from checkpoints.progress import status_label
from checkpoints.tags import Tags
from dashboard.clock import Clock
from dashboard.listing.chips import Chip, Loosening, of_choice
from dashboard.names import Names


def chips(filters: Filters, names: Names, tags: Tags, clock: Clock) -> tuple[Chip, ...]:
    return tuple(_chips(filters, names, tags, clock))


def _chips(filters: Filters, names: Names, tags: Tags, clock: Clock) -> Iterator[Chip]:
    if filters.period != periods.DEFAULT:
        without = _without(filters, period=periods.DEFAULT, start=None, end=None)
        yield Chip(label=_("Period"), value=wording.period(filters, clock), opens="period", without=without)
    choices: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
        ("trackers", _("Tracker"), names.tracker),
        ("employees", _("Employee"), names.employee),
        ("statuses", _("Status"), status_label),
        ("tags", _("Tag"), tags.name),
        ("ids", _("Number"), str),
    )
    for name, label, word in choices:
        chosen = getattr(filters, name)
        yield from of_choice(
            chosen, label=label, opens=name, word=word, without=partial(_choosing, filters, name)
        )
    texts = (("q", _("Text"), "q"), ("external", _("External id"), "external"))
    for name, label, opens in texts:
        if text := getattr(filters, name):
            yield Chip(label=label, value=text, opens=opens, without=_without(filters, **{name: ""}))
    if filters.kind != "checkpoint":
        value = _("tasks of their own") if filters.kind == "task" else _("with tasks of their own")
        yield Chip(label=_("Stops"), value=value, opens="kind", without=_without(filters, kind="checkpoint"))


def loosenings(filters: Filters) -> tuple[Loosening, ...]:
    """Links that each take one thing away from a list that found nothing."""
    return tuple(_loosenings(filters))


def _loosenings(filters: Filters) -> Iterator[Loosening]:
    names = {
        "trackers": ((), _("Any tracker")),
        "employees": ((), _("Any employee")),
        "statuses": ((), _("Any status")),
        "tags": ((), _("Any tag")),
        "q": ("", _("Any text")),
        "external": ("", _("Any external id")),
        "ids": ((), _("Any number")),
    }
    for name, (empty, label) in names.items():
        if getattr(filters, name):
            yield Loosening(label=label, query=_without(filters, **{name: empty}))
    for period in ("week", "month"):
        if filters.period not in (period, "month"):
            query = _without(filters, period=period, start=None, end=None)
            yield Loosening(label=periods.LABELS[period], query=query)


def _choosing(filters: Filters, name: str, chosen: tuple[Any, ...]) -> str:
    return _without(filters, **{name: chosen})


def _without(filters: Filters, **changes: Any) -> str:
    return filters.replace(**changes).query()
