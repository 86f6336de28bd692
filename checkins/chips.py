"""The chips of the check-in list: one for each value, and ways out of a list that came up empty."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from checkins import periods, wording
from checkins import where as tree
from checkins.filters import Filters
from dashboard.clock import Clock
from dashboard.listing.chips import Chip, Loosening, of_choice
from dashboard.names import Names


def chips(filters: Filters, names: Names, clock: Clock) -> tuple[Chip, ...]:
    return tuple(_chips(filters, names, clock))


def _chips(filters: Filters, names: Names, clock: Clock) -> Iterator[Chip]:
    if filters.period != periods.DEFAULT:
        without = _without(filters, period=periods.DEFAULT, start=None, end=None)
        yield Chip(label=_("Period"), value=wording.period(filters, clock), opens="period", without=without)
    for name, label, word in _choices(names):
        chosen = getattr(filters, name)
        yield from of_choice(
            chosen, label=label, opens=name, word=word, without=partial(_choosing, filters, name)
        )
    for name, label in (("address", _("Address contains")), ("comment", _("Comment contains"))):
        if text := getattr(filters, name):
            yield Chip(label=label, value=text, opens=name, without=_without(filters, **{name: ""}))
    if filters.circle:
        without = _without(filters, circle=None)
        yield Chip(label=_("Place"), value=wording.area(filters.circle), opens="place", without=without)
    yield from _of_where(filters, names, clock)


Choice = tuple[str, str, Callable[[int], str]]


def _choices(names: Names) -> tuple[Choice, ...]:
    return (
        ("trackers", _("Tracker"), names.tracker),
        ("employees", _("Employee"), names.employee),
        ("departments", _("Department"), names.department),
        ("forms", _("Form"), names.template),
    )


def _of_where(filters: Filters, names: Names, clock: Clock) -> Iterator[Chip]:
    if filters.where is None:
        return
    for node in tree.top_level(filters.where):
        rest = tree.without(filters.where, node)
        yield Chip(
            label=_("Condition"),
            value=wording.condition(node, names, clock),
            opens="where",
            without=_without(filters, where=rest),
        )


def loosenings(filters: Filters) -> tuple[Loosening, ...]:
    """Links that each take one thing away from a list that found nothing."""
    return tuple(_loosenings(filters))


def _loosenings(filters: Filters) -> Iterator[Loosening]:
    names = {
        "trackers": ((), _("Any tracker")),
        "employees": ((), _("Any employee")),
        "departments": ((), _("Any department")),
        "forms": ((), _("Any form")),
        "address": ("", _("Any address")),
        "comment": ("", _("Any comment")),
        "circle": (None, _("Any place")),
        "where": (None, _("Without the conditions")),
    }
    for name, (empty, label) in names.items():
        if getattr(filters, name):
            yield Loosening(label=label, query=_without(filters, **{name: empty}))
    for period in ("7d", "all"):
        if filters.period not in (period, "all"):
            query = _without(filters, period=period, start=None, end=None)
            yield Loosening(label=periods.LABELS[period], query=query)


def _choosing(filters: Filters, name: str, chosen: tuple[Any, ...]) -> str:
    return _without(filters, **{name: chosen})


def _without(filters: Filters, **changes: Any) -> str:
    return filters.replace(**changes).url_query()
