"""Finding check-ins, for one person at one moment. No Django: client, names, store and clock come in."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from checkins import parts
from checkins.filters import Filters
from checkins.parts import Window
from checkins.queries import needs_names, query_for
from dashboard.names import Lookup
from dashboard.navixy.checkins import Checkin, Circle, Query, export, search
from dashboard.navixy.client import Client
from dashboard.navixy.downloads import Download, FileFormat
from dashboard.navixy.errors import NavixyError, NotSendable, SessionEnded, TooBroad
from dashboard.navixy.users import UiConfig, ui_config
from dashboard.near import Store

SPAN_TOO_BIG = 211
_SPAN_KEPT = 24 * 3600.0
_SHORTEST_SPAN = timedelta(days=1)
_AHEAD = timedelta(days=1)  # how far a phone's clock may run ahead of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where check-ins come from. `since`: nothing older is looked for when a period has no start."""

    client: Client
    lookup: Lookup
    store: Store
    cache_key: str
    zone: ZoneInfo
    now: datetime
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of the list. `notes`: sentences about what is not quite as asked."""

    checkins: tuple[Checkin, ...]
    total: int
    page: int
    pages: int
    per_page: int
    parts: int
    notes: tuple[str, ...]

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.per_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The check-ins before and after one in the list; `position` counts from 1, 0 when it is not in there."""

    position: int
    total: int
    previous: int | None = None
    next: int | None = None

    @property
    def complete(self) -> bool:
        """Is nobody missing who stands before or after it?"""
        return (
            self.position > 0
            and (self.previous is not None or self.position == 1)
            and (self.next is not None or self.position == self.total)
        )


NOTHING = Window(items=(), total=0, reach=0)
NOBODY = "The chosen departments have no employees, so no check-in can match."


def find(source: Source, filters: Filters) -> Found:
    """One page of what the filters mean: one `checkin/list`, unless the API wants the period in parts.

    A page beyond the end becomes the last one, and says so. Raises NavixyError.
    """
    size = filters.per_page
    got = window(source, filters, offset=(filters.page - 1) * size, limit=size)
    page, pages = filters.page, max(1, ceil(got.reach / size))
    notes = [*_notes(source, filters, got)]
    if page > pages:
        notes.append(f"There is no page {page:,}; this is the last one.")
        page = pages
        if got.total:
            got = window(source, filters, offset=(page - 1) * size, limit=size)
    return Found(
        checkins=got.items,
        total=got.total,
        page=page,
        pages=pages,
        per_page=size,
        parts=got.parts,
        notes=tuple(notes),
    )


def overview(source: Source, filters: Filters) -> Found:
    """How many there are, for a view that fetches its check-ins itself. Raises NavixyError."""
    got = window(source, filters, offset=0, limit=1)
    notes = _notes(source, filters, got)
    return Found(
        checkins=(),
        total=got.total,
        page=1,
        pages=1,
        per_page=filters.per_page,
        parts=got.parts,
        notes=notes,
    )


def _notes(source: Source, filters: Filters, got: Window) -> tuple[str, ...]:
    notes = []
    if got is NOTHING:
        notes.append(NOBODY)
    if got.parts > 1:
        notes.append(f"Navixy does not give so long a period at once. Loaded in {got.parts} parts.")
        if not filters.start and filters.period in ("", "all"):
            since = source.since.astimezone(source.zone)
            notes.append(f"The list begins on {since.date().isoformat()}.")
    if got.reach < got.total:
        notes.append(
            f"In this order only the first {got.reach:,} of {got.total:,} can be shown."
            " Choose a shorter period, or sort by time."
        )
    return tuple(notes)


def window(source: Source, filters: Filters, *, offset: int, limit: int) -> Window:
    """Rows `offset` to `offset + limit` of the whole filtered list, across parts. Raises NavixyError."""
    query = _query(source, filters)
    if query is None:
        return NOTHING
    span = _refused_span(source, query)
    if span is None:
        try:
            page = search(source.client, _closed(query, source), limit=limit, offset=offset)
            return Window(items=page.items, total=page.total, reach=page.total)
        except TooBroad as error:
            if error.code != SPAN_TOO_BIG:
                raise
            span = _learned_span(source, query)
    return _in_parts(source, filters, query, span, offset=offset, limit=limit)


def _query(source: Source, filters: Filters) -> Query | None:
    names = source.lookup.get() if needs_names(filters) else None
    return query_for(filters, zone=source.zone, names=names, now=source.now)


def _closed(query: Query, source: Source) -> Query:
    """With both ends: what the API makes of only one is not documented (ref 10). Neither is fine."""
    if query.start is None and query.end is None:
        return query
    return _bounded(query, source)


def _bounded(query: Query, source: Source) -> Query:
    end = query.end or max(source.now, query.start or source.now) + _AHEAD
    start = query.start or min(source.since, end - _SHORTEST_SPAN)
    return replace(query, start=start, end=end)


def _in_parts(
    source: Source, filters: Filters, query: Query, span: timedelta, *, offset: int, limit: int
) -> Window:
    whole = _bounded(query, source)
    while True:
        try:
            return _merged(source, filters, parts.split(whole, span), offset=offset, limit=limit)
        except TooBroad as error:
            if error.code != SPAN_TOO_BIG or isinstance(error, parts.TooManyParts) or span <= _SHORTEST_SPAN:
                raise
            span = _remember_span(source, max(_SHORTEST_SPAN, span / 2))


def _merged(
    source: Source, filters: Filters, queries: tuple[Query, ...], *, offset: int, limit: int
) -> Window:
    first = filters.sort[0]
    if first.field == "marker_time":
        ordered = queries[::-1] if first.descending else queries
        return parts.by_time(source.client, ordered, offset=offset, limit=limit)
    key = parts.order_key(filters.sort, source.lookup.get())
    return parts.by_key(source.client, queries, key=key, offset=offset, limit=limit)


def _known_span(source: Source) -> timedelta | None:
    """The longest period this account takes, if it has refused one before."""
    seconds = source.store.get(f"span:{source.cache_key}")
    return timedelta(seconds=seconds) if seconds else None


def _refused_span(source: Source, query: Query) -> timedelta | None:
    """The span to cut this period into, if by what was refused before it will be refused.

    An API that takes no endless period at once may still take one without ends, so that is learned apart.
    """
    span = _known_span(source)
    if query.start is None and query.end is None:
        return span if source.store.get(f"open-refused:{source.cache_key}") else None
    if span and query.start and query.end and query.end - query.start <= span:
        return None
    return span


def _learned_span(source: Source, query: Query) -> timedelta:
    """The limit the installation names (ref 1.6), or its documented default."""
    if query.start is None and query.end is None:
        source.store.set(f"open-refused:{source.cache_key}", True, _SPAN_KEPT)
    try:
        span = ui_config(source.client).max_time_span
    except SessionEnded:
        raise
    except NavixyError:
        span = UiConfig().max_time_span
    whole = _bounded(query, source)
    if whole.start and whole.end and whole.end - whole.start <= span:  # refused although it should fit
        span = (whole.end - whole.start) / 2
    return _remember_span(source, max(_SHORTEST_SPAN, span))


def _remember_span(source: Source, span: timedelta) -> timedelta:
    whole_seconds = timedelta(seconds=int(span.total_seconds()))
    source.store.set(f"span:{source.cache_key}", whole_seconds.total_seconds(), _SPAN_KEPT)
    return whole_seconds


def exported(source: Source, filters: Filters, *, kind: FileFormat) -> Download:
    """The whole list as a file that Navixy makes, in its own columns; in one piece or not at all.

    Raises NavixyError: TooBroad for a period that it gives in parts only.
    """
    query = _query(source, filters)
    if query is None:
        raise NotSendable(NOBODY)
    return export(source.client, _closed(query, source), format=kind)


def newer(source: Source, filters: Filters, *, known: int, newest: datetime | None) -> int:
    """How many check-ins the list has gained since it had `known`, with one `checkin/list` call.

    Late arrivals count. When the period needs parts, only those after `newest` are looked for.
    """
    query = _query(source, filters)
    if query is None:
        return 0
    if span := _refused_span(source, query):
        latest, known = _latest_part(query, span, newest=newest, now=source.now), 0
        if latest is None:
            return 0
        query = latest
    return max(0, search(source.client, _closed(query, source), limit=1).total - known)


def _latest_part(query: Query, span: timedelta, *, newest: datetime | None, now: datetime) -> Query | None:
    """What of a long period comes after `newest`; None when it was over by then."""
    start = max(newest or now - span / 2, now - span / 2) + timedelta(seconds=1)
    end = max(now, start) + timedelta(hours=1)
    start, end = max(start, query.start or start), min(end, query.end or end)
    return replace(query, start=start, end=end) if start < end else None


def neighbours(source: Source, filters: Filters, checkin_id: int, position: int) -> Neighbours:
    """What is before and after a check-in in the filtered list, whatever the page borders.

    `position` is where it was, counted from 1: looked at first, then around it, as the list may have moved.
    """
    around = Neighbours(position=0, total=0)
    for reach in (1, 100):
        start = max(0, position - 1 - reach)
        got = window(source, filters, offset=start, limit=2 * reach + 1)
        around = _around([checkin.id for checkin in got.items], checkin_id, start, got.total)
        if around.complete:
            break
    return around


def _around(ids: list[int], checkin_id: int, start: int, total: int) -> Neighbours:
    if checkin_id not in ids:
        return Neighbours(position=0, total=total)
    index = ids.index(checkin_id)
    return Neighbours(
        position=start + index + 1,
        total=total,
        previous=ids[index - 1] if index else None,
        next=ids[index + 1] if index + 1 < len(ids) else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePlace:
    """Earlier check-ins around a point, newest first; nothing before `since` was looked for."""

    items: tuple[Checkin, ...]
    total: int
    since: datetime


def same_place(source: Source, checkin: Checkin, *, radius: int, limit: int = 50) -> SamePlace:
    """Earlier check-ins around the same point, as far back as the API looks at once: one `checkin/list`."""
    end = checkin.marker_time - timedelta(seconds=1)
    span = _known_span(source) or UiConfig().max_time_span
    area = Circle(lat=checkin.lat, lng=checkin.lng, radius=radius)
    query = Query(start=end - span, end=end, circle=area)
    try:
        page = search(source.client, query, limit=limit)
    except TooBroad as error:
        if error.code != SPAN_TOO_BIG:
            raise
        query = replace(query, start=end - _learned_span(source, query))
        page = search(source.client, query, limit=limit)
    return SamePlace(items=page.items, total=page.total, since=query.start or end)
