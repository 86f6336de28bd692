"""What the check-in list's templates get: one value for each region of the page."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from checkins import chips, gallery, heads, panel, rows
from checkins.filters import PER_PAGE, Filters
from checkins.gallery import Gallery
from checkins.heads import SortLevel
from checkins.rows import Showing, Words
from checkins.services import Found
from dashboard.clock import Clock
from dashboard.listing import paging
from dashboard.listing.chips import Chip, Loosening
from dashboard.listing.choices import Option
from dashboard.listing.heads import Head
from dashboard.listing.paging import PageLink, Pager
from dashboard.names import Names
from dashboard.navixy.checkins import Checkin
from dashboard.photos.album import Album
from dashboard.photos.html import row_html


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything inside #results."""

    query: str
    filters_query: str  # what the rows depend on, without how they are shown
    view: str
    total: int
    chips: tuple[Chip, ...]
    reset_query: str
    notes: tuple[str, ...]
    rows: Markup  # of the table
    gallery: Gallery | None
    heads: tuple[Head, ...]
    levels: tuple[SortLevel, ...]
    order: str
    columns: tuple[Option, ...]
    columns_query: str
    sizes: tuple[PageLink, ...]
    pager: Pager
    empty: str
    loosenings: tuple[Loosening, ...]
    hidden: tuple[tuple[str, str], ...]
    table_query: str
    gallery_query: str
    map_query: str
    points_query: str
    newer_query: str


def results(filters: Filters, found: Found, names: Names, clock: Clock, album: Album | None) -> Results:
    shown = filters.replace(page=found.page)
    active = chips.chips(shown, names, clock)
    return Results(
        query=shown.url_query(),
        filters_query=shown.plain().url_query(),
        view=shown.view,
        total=found.total,
        chips=active,
        reset_query=Filters(view=shown.view).url_query(),
        notes=(*found.notes, *_missing_names(names)),
        rows=_rows(shown, found, names, clock, album) if shown.view == "table" else Markup(),
        gallery=gallery.gallery(shown, found, names, clock, album)
        if album and shown.view == "gallery"
        else None,
        heads=heads.heads(shown),
        levels=heads.levels(shown),
        order=heads.summary(shown),
        columns=panel.column_options(shown),
        columns_query=shown.replace(columns=Filters().columns).url_query(),
        sizes=_sizes(shown),
        pager=_pager(shown, found),
        empty=_empty(shown, found),
        loosenings=chips.loosenings(shown) if not found.total else (),
        hidden=tuple(_hidden(shown)),
        table_query=shown.replace(view="table").url_query(),
        gallery_query=shown.replace(view="gallery").url_query(),
        map_query=shown.replace(view="map").url_query(),
        points_query=shown.replace(page=1).url_query(),
        newer_query=_newer_query(shown, found),
    )


def nothing(filters: Filters, names: Names, clock: Clock) -> Results:
    """The page when the search failed: chips and menus, no rows and no count."""
    found = Found(
        checkins=(), total=0, page=filters.page, pages=1, per_page=filters.per_page, parts=0, notes=()
    )
    return replace(results(filters, found, names, clock, None), empty="", loosenings=(), newer_query="")


def _rows(filters: Filters, found: Found, names: Names, clock: Clock, album: Album | None) -> Markup:
    query = filters.replace(page=1).url_query()
    base = reverse("checkins:index")
    showing = Showing(
        words=Words(names=names, clock=clock),
        columns=filters.columns,
        url=lambda checkin_id, place: f"{base}{checkin_id}/?{query}&at={place}",
        photos=_photos(found.checkins, album) if "photos" in filters.columns else {},
    )
    return rows.rows(found.checkins, showing, offset=found.offset)


def _photos(checkins: Iterable[Checkin], album: Album | None) -> dict[int, str]:
    tiles = album.rows(checkins) if album else {}
    return {checkin_id: row_html(shown) for checkin_id, shown in tiles.items()}


def _missing_names(names: Names) -> Iterable[str]:
    labels = {
        "trackers": _("Tracker names could not be loaded."),
        "employees": _("Employee names could not be loaded."),
        "departments": _("Departments could not be loaded."),
        "templates": _("Form templates could not be loaded."),
    }
    for kind, sentence in names.errors.items():
        yield f"{labels[kind]} {sentence}"


def _pager(filters: Filters, found: Found) -> Pager:
    return paging.pager(
        page=found.page,
        pages=found.pages,
        per_page=found.per_page,
        shown=len(found.checkins),
        total=found.total,
        query=lambda page: filters.replace(page=page).url_query(),
    )


def _sizes(filters: Filters) -> tuple[PageLink, ...]:
    return tuple(
        PageLink(
            label=str(size),
            query=filters.replace(per_page=size).url_query(),
            current=size == filters.per_page,
        )
        for size in PER_PAGE
    )


def _empty(filters: Filters, found: Found) -> str:
    """Which of the empty states: nothing yet, nothing in this period, nothing matches."""
    if found.total:
        return ""
    if filters.narrows:
        return "match"
    return "yet" if filters.period == "all" else "period"


def _hidden(filters: Filters) -> Iterable[tuple[str, str]]:
    """What the filter form must carry although it has no control for it."""
    yield from (("sort", str(level)) for level in filters.sort)
    yield "per_page", str(filters.per_page)
    yield "view", filters.view
    yield "group", filters.group


def _newer_query(filters: Filters, found: Found) -> str:
    """Asked again and again while page 1 is shown; empty on other pages."""
    if found.page != 1 or filters.view == "map":
        return ""
    newest = max((checkin.marker_time for checkin in found.checkins), default=None)
    since = f"&newest={newest:%Y-%m-%dT%H:%M:%SZ}" if newest else ""
    return f"{filters.replace(page=1).url_query()}&known={found.total}{since}"
