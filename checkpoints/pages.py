"""What the templates of the board and the list get: one value for each region of the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from checkpoints import chips, queries, rows, timeline
from checkpoints.columns import COLUMNS, Column
from checkpoints.filters import ROUTES_A_PAGE, STOPS_A_PAGE, Filters
from checkpoints.map_data import route_layers
from checkpoints.rows import Showing
from checkpoints.services import Board, Found, Source
from dashboard.clock import Clock
from dashboard.listing import paging, sorting
from dashboard.listing.chips import Chip, Loosening
from dashboard.listing.heads import Head
from dashboard.listing.paging import Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything inside #results. `layers` is what the map draws, JSON-ready."""

    query: str
    view: str
    total: int
    chips: tuple[Chip, ...]
    reset_query: str
    notes: tuple[str, ...]
    rows: Markup
    scale: str = ""
    layers: tuple[dict[str, Any], ...] = ()
    heads: tuple[Head, ...] = ()
    pager: Pager
    sizes: tuple[()] = ()
    empty: str
    loosenings: tuple[Loosening, ...]
    hidden: tuple[tuple[str, str], ...]
    board_query: str = ""
    map_query: str = ""


def board(filters: Filters, found: Board, source: Source, clock: Clock) -> Results:
    shown = filters.replace(page=found.page)
    within = queries.moments(filters, zone=source.zone, now=source.now)
    stops = (stop for one in found.routes for stop in one.stops)
    axis = timeline.axis(stops, clock, source.now, within=within)
    words, on_map = showing(source, clock), shown.view == "map"
    return replace(
        _common(shown, found.total, found.notes, source, clock),
        view=shown.view,
        rows=Markup() if on_map else rows.board(found.routes, axis, words),
        scale=timeline.head(axis, clock),
        layers=route_layers(found.routes, words) if on_map else (),
        pager=_pager(shown, found, ROUTES_A_PAGE, len(found.routes)),
        hidden=(("view", shown.view),),
        board_query=shown.replace(view="board", page=shown.page).query(),
        map_query=shown.replace(view="map", page=shown.page).query(),
    )


def stop_list(filters: Filters, found: Found, source: Source, clock: Clock) -> Results:
    shown = filters.replace(page=found.page)
    return replace(
        _common(shown, found.total, found.notes, source, clock),
        rows=rows.stops(found.stops, showing(source, clock)),
        heads=tuple(_head(shown, column) for column in COLUMNS),
        pager=_pager(shown, found, STOPS_A_PAGE, len(found.stops)),
        hidden=tuple(("sort", str(level)) for level in shown.sort),
    )


def nothing(filters: Filters, source: Source, clock: Clock) -> Results:
    """The page when the search failed: chips and menus, no rows and no count."""
    found = replace(_common(filters, 0, (), source, clock), empty="", loosenings=(), view=filters.view)
    return replace(
        found,
        hidden=(("view", filters.view),) if filters.view != "board" else (),
        board_query=filters.replace(view="board").query(),
        map_query=filters.replace(view="map").query(),
    )


def _common(filters: Filters, total: int, notes: Iterable[str], source: Source, clock: Clock) -> Results:
    names = source.lookup.get()
    return Results(
        query=filters.query(),
        view="table",
        total=total,
        chips=chips.chips(filters, names, source.tags, clock),
        reset_query=Filters(view=filters.view).query(),
        notes=(*notes, *_missing_names(source)),
        rows=Markup(),
        pager=paging.pager(page=1, pages=1, per_page=1, shown=0, total=total, query=str),
        empty="" if total else "match" if filters.narrows else "period",
        loosenings=() if total else chips.loosenings(filters),
        hidden=(),
    )


def _missing_names(source: Source) -> Iterator[str]:
    for kind, label in (
        ("trackers", _("Tracker names could not be loaded.")),
        ("employees", _("Employee names could not be loaded.")),
    ):
        if sentence := source.lookup.get().errors.get(kind):
            yield f"{label} {sentence}"
    source.tags.get()
    if source.tags.error:
        yield _("The names of tags could not be loaded.") + f" {source.tags.error}"


def showing(source: Source, clock: Clock) -> Showing:
    """What rows of any page here need: names, tags, addresses."""
    route, stop = reverse("routes:index"), reverse("checkpoints:index")
    return Showing(
        names=source.lookup.get(),
        tags=source.tags.get(),
        clock=clock,
        now=source.now,
        route_url=lambda route_id: f"{route}{route_id}/",
        stop_url=lambda stop_id: f"{stop}{stop_id}/",
    )


def _pager(filters: Filters, found: Board | Found, size: int, shown: int) -> Pager:
    return paging.pager(
        page=found.page,
        pages=found.pages,
        per_page=size,
        shown=shown,
        total=found.total,
        query=lambda page: filters.replace(page=page).query(),
    )


def _head(filters: Filters, column: Column) -> Head:
    if not column.sort:
        return Head(key=column.key, label=column.label, hint="", numeric=column.numeric)
    place = sorting.level_of(filters.sort, column.sort)
    level = filters.sort[place] if place is not None else None
    several = place is not None and len(filters.sort) > 1
    return Head(
        key=column.key,
        label=column.label,
        hint="",
        numeric=column.numeric,
        query=filters.replace(sort=sorting.clicked(filters.sort, column.sort)).query(),
        add_query=filters.replace(sort=sorting.added(filters.sort, column.sort) or filters.sort).query(),
        direction="" if level is None else "descending" if level.descending else "ascending",
        order=str(place + 1) if several and place is not None else "",
    )
