"""A period the API refuses as too long (211), cut into parts and merged again in the order asked for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cmp_to_key
from heapq import merge
from itertools import islice
from typing import Any

from dashboard.listing.sorting import Sort
from dashboard.names import Names
from dashboard.navixy.checkins import Checkin, Query, search
from dashboard.navixy.client import Client
from dashboard.navixy.errors import TooBroad
from dashboard.navixy.paging import Page

MOST_PARTS = 80
MOST_ROWS = 20_000  # read to merge orders other than by time
AT_ONCE = 1000
_SECOND = timedelta(seconds=1)
_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="parts")


class TooManyParts(TooBroad):
    """Even in parts it would be too much."""

    @property
    def message(self) -> str:
        return "This period is too long, even in parts. The filter is kept; choose a shorter period."


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Some rows out of all. `reach`: how many of `total` can be paged to in this order."""

    items: tuple[Checkin, ...]
    total: int
    parts: int = 1
    reach: int


def split(query: Query, span: timedelta) -> tuple[Query, ...]:
    """The same search in periods of at most `span`, oldest first; no second belongs to two of them."""
    if query.start is None or query.end is None:
        raise ValueError("only a closed period can be split")
    if (query.end - query.start) / span > MOST_PARTS:
        raise TooManyParts(code=211)
    return tuple(
        replace(query, start=start, end=end) for start, end in _periods(query.start, query.end, span)
    )


def _periods(start: datetime, end: datetime, span: timedelta) -> Iterator[tuple[datetime, datetime]]:
    while start < end:
        last = min(end, start + span)
        if timedelta() < end - last <= _SECOND:  # what is left must be a period too
            last -= 2 * _SECOND
        yield start, last
        start = last + _SECOND


def by_time(client: Client, parts: Sequence[Query], *, offset: int, limit: int) -> Window:
    """For orders that begin with the time: parts follow each other. `parts` come in the order wanted."""
    pages = _all(lambda item: _first_look(client, item, offset=offset, limit=limit), enumerate(parts))
    totals = [page.total for page in pages]
    wanted = [
        (part, page, skip, count)
        for part, page, (skip, count) in zip(parts, pages, _shares(totals, offset, limit), strict=True)
        if count
    ]
    rows = _all(lambda item: _rows(client, *item), wanted)
    total = sum(totals)
    return Window(
        items=tuple(row for part in rows for row in part), total=total, parts=len(parts), reach=total
    )


def _first_look(client: Client, item: tuple[int, Query], *, offset: int, limit: int) -> Page[Checkin]:
    """The first part is read where the page begins; of the others the number of rows is enough."""
    number, part = item
    return search(client, part, limit=1 if number else limit, offset=0 if number else offset)


def _shares(totals: Iterable[int], offset: int, limit: int) -> Iterator[tuple[int, int]]:
    """For each part how many rows to skip and to take."""
    for total in totals:
        taken = max(0, min(limit, total - offset))
        yield offset, taken
        offset = max(0, offset - total)
        limit -= taken


def _rows(client: Client, part: Query, seen: Page[Checkin], skip: int, count: int) -> Sequence[Checkin]:
    if seen.offset == skip and len(seen.items) >= count:
        return seen.items[:count]
    return search(client, part, limit=count, offset=skip).items


def by_key(
    client: Client, parts: Sequence[Query], *, key: Callable[[Checkin], Any], offset: int, limit: int
) -> Window:
    """For any other order: the API sorts each part; each is read from its start to where the page ends."""
    depth = min(offset + limit, MOST_ROWS // len(parts))
    columns = _all(lambda part: _head(client, part, depth), parts)
    total = sum(page_total for _, page_total in columns)
    merged = merge(*(rows for rows, _ in columns), key=key)
    items = tuple(islice(merged, offset, depth)) if offset < depth else ()
    return Window(items=items, total=total, parts=len(parts), reach=min(total, MOST_ROWS // len(parts)))


def _head(client: Client, part: Query, depth: int) -> tuple[list[Checkin], int]:
    rows: list[Checkin] = []
    while True:
        page = search(client, part, limit=min(AT_ONCE, depth - len(rows)), offset=len(rows))
        rows += page.items
        if len(rows) >= depth or not page.has_more:
            return rows, page.total


def order_key(sort: Sequence[Sort], names: Names) -> Callable[[Checkin], Any]:
    """Compares check-ins of different parts as the API sorts within one: text without regard to case."""
    levels = [(_value_of(level.field, names), -1 if level.descending else 1) for level in sort]

    def compare(left: Checkin, right: Checkin) -> int:
        for value, sign in levels:
            mine, other = value(left), value(right)
            if mine != other:
                return sign if mine > other else -sign
        return left.id - right.id

    return cmp_to_key(compare)


def _value_of(field: str, names: Names) -> Callable[[Checkin], Any]:
    readers: dict[str, Callable[[Checkin], Any]] = {
        "marker_time": lambda checkin: checkin.marker_time,
        "employee": lambda checkin: _full_name(checkin, names),
        "tracker_id": lambda checkin: checkin.tracker_id,
        "location": lambda checkin: checkin.address.casefold(),
        "comment": lambda checkin: checkin.comment.casefold(),
        "form": lambda checkin: (checkin.form_label or "").casefold(),
    }
    return readers[field]


def _full_name(checkin: Checkin, names: Names) -> str:
    """Empty for nobody and for somebody no longer listed."""
    person = names.employees.get(checkin.employee_id) if checkin.employee_id else None
    return person.name.casefold() if person else ""


def _all(work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    """In parallel, in order; the first error is the one that counts."""
    return list(_pool.map(work, items))
