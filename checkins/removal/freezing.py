"""From a selection to ids, once: what the confirmation shows is what is deleted, whatever the list does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.utils.translation import gettext as _

from checkins import services
from checkins.filters import Filters
from checkins.services import Source
from dashboard.clock import Clock
from dashboard.listing.sorting import Sort
from dashboard.names import Names
from dashboard.navixy import checkins as api
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.errors import NotFound

MOST = 20_000
PAGE = 1000
READ_EACH = 40  # chosen ones up to here are read one by one, else found in their list
AT_ONCE = 4
OLDEST_FIRST = (Sort(field="marker_time", descending=False),)  # what comes in meanwhile comes last


class TooManyAtOnce(Exception):
    """More than one removal holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A check-in and the words people know it by."""

    id: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    items: tuple[Named, ...]
    out_of_reach: tuple[int, ...] = ()


def matching(source: Source, filters: Filters, clock: Clock) -> Frozen:
    """All that the filters find at this moment. Raises NavixyError, TooManyAtOnce."""
    return Frozen(items=_named(source, _walk(source, filters), clock))


def chosen(source: Source, filters: Filters, ids: list[int], clock: Clock) -> Frozen:
    """Those ids, as far as this person can reach them. Raises NavixyError."""
    found: dict[int, Checkin] = {}
    if len(ids) > READ_EACH:
        wanted = set(ids)
        found = {one.id: one for one in _walk(source, filters, most=None) if one.id in wanted}
    left = [one for one in ids if one not in found]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        read = pool.map(lambda one: _read(source, one), left)
        found |= {one.id: one for one in read if one}
    there = [found[one] for one in ids if one in found]
    return Frozen(
        items=_named(source, sorted(there, key=lambda one: (one.marker_time, one.id)), clock),
        out_of_reach=tuple(one for one in ids if one not in found),
    )


def label(checkin: Checkin, names: Names, clock: Clock) -> str:
    who = names.employee(checkin.employee_id) or names.tracker(checkin.tracker_id)
    place = checkin.address or _("no address")
    return " · ".join(filter(None, (clock.moment(checkin.marker_time), who, place)))[:300]


def _read(source: Source, checkin_id: int) -> Checkin | None:
    try:
        return api.read(source.client, checkin_id)
    except NotFound:
        return None


def _walk(source: Source, filters: Filters, most: int | None = MOST) -> Iterator[Checkin]:
    """Page by page, some at a time, the oldest first; each once, should the list move meanwhile."""
    filters = filters.replace(sort=OLDEST_FIRST)
    first = services.window(source, filters, offset=0, limit=PAGE)
    if most is not None and first.total > most:
        raise TooManyAtOnce
    seen: set[int] = set()
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        rest = pool.map(
            lambda offset: services.window(source, filters, offset=offset, limit=PAGE).items,
            range(PAGE, first.total, PAGE),
        )
        for items in (first.items, *rest):
            yield from (one for one in items if one.id not in seen)
            seen.update(one.id for one in items)


def _named(source: Source, found: Iterable[Checkin], clock: Clock) -> tuple[Named, ...]:
    items = list(found)
    names = source.lookup.knowing({one.tracker_id for one in items}, {one.employee_id for one in items})
    return tuple(Named(id=one.id, label=label(one, names, clock)) for one in items)
