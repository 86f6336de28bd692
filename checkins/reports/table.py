"""The columns of a report and what stands in them: typed values, whatever file they end up in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from checkins.columns import COLUMNS
from checkins.filters import Filters
from checkins.reports.options import Options
from checkins.rows import Words, text
from dashboard.clock import Clock
from dashboard.navixy.checkins import Checkin
from dashboard.reports.cells import Column, Link, Row, Value
from dashboard.reports.looks import THUMB_EDGE, THUMBS_A_ROW

MAP = "https://www.openstreetmap.org/?mlat={lat}&mlon={lng}#map=17/{lat}/{lng}"
ALL = (
    *("number", "time", "utc", "employee", "department", "tracker", "address", "latitude", "longitude"),
    *("precision", "comment", "form", "photo_count", "photos", "map"),
)
_PICTURES_WIDTH = (THUMB_EDGE + 4) * THUMBS_A_ROW / 7 + 2  # characters of about seven pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    column: Column
    value: Callable[[Checkin, Words], Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`pictures`: the column of thumbnails, from 0."""

    fields: tuple[Field, ...]
    pictures: int | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(field.column for field in self.fields)

    def rows(self, checkins: Iterable[Checkin], words: Words) -> Iterable[Row]:
        for checkin in checkins:
            yield [field.value(checkin, words) for field in self.fields]


def table(options: Options, filters: Filters, clock: Clock, url: Callable[[int], str]) -> Table:
    """The columns asked for, and two that lead to the check-in (by `url`) and to a map."""
    keys = ALL if options.columns == "all" else _with_links(filters.columns)
    known = _known(clock, url)
    fields = tuple(known[key] for key in keys)
    if not options.pictures or options.format != "xlsx":
        return Table(fields=fields)
    return _with_pictures(keys, fields)


def identity(clock: Clock, url: Callable[[int], str]) -> tuple[Field, ...]:
    """What leads each row of answers."""
    known = _known(clock, url)
    return tuple(known[key] for key in ("number", "time", "employee", "tracker"))


def _with_links(keys: tuple[str, ...]) -> tuple[str, ...]:
    found = keys if "number" in keys else (*keys, "number")
    return found if "coordinates" in keys else (*found, "map")


def _with_pictures(keys: tuple[str, ...], fields: tuple[Field, ...]) -> Table:
    """In the place of the names of photos; where those are not shown, in front."""
    column = Column(label=_("Pictures"), width=_PICTURES_WIDTH)
    shown = Field(column=column, value=lambda _checkin, _words: None)
    if "photos" not in keys:
        return Table(fields=(shown, *fields), pictures=0)
    at = keys.index("photos")
    return Table(fields=(*fields[:at], shown, *fields[at + 1 :]), pictures=at)


def _known(clock: Clock, url: Callable[[int], str]) -> dict[str, Field]:
    zone, map_word = clock.zone.key, _("Map")
    return (
        _texts()
        | _numbers()
        | {
            "time": Field(
                column=Column(label=_("Time (%s)") % zone, kind="moment", width=24),
                value=lambda one, _words: one.marker_time,
            ),
            "utc": Field(
                column=Column(label=_("Time (UTC)"), width=21),
                value=lambda one, _words: one.marker_time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            ),
            "coordinates": Field(
                column=Column(label=COLUMNS["coordinates"].label, width=22),
                value=lambda one, words: Link(text("coordinates", one, words), _map(one)),
            ),
            "number": Field(
                column=Column(label=COLUMNS["number"].label, kind="number", width=13),
                value=lambda one, _words: Link(one.id, url(one.id)),
            ),
            "map": Field(
                column=Column(label=map_word, width=8),
                value=lambda one, _words: Link(map_word, _map(one)),
            ),
        }
    )


def _texts() -> dict[str, Field]:
    widths = {"employee": 24, "tracker": 26, "address": 40, "comment": 48, "form": 26, "department": 22}

    def field(key: str, width: float) -> Field:
        column = Column(label=COLUMNS[key].label, width=width)
        return Field(column=column, value=lambda one, words: text(key, one, words))

    return {key: field(key, width) for key, width in (widths | {"photos": 26}).items()}


def _numbers() -> dict[str, Field]:
    degrees = Column(label=_("Latitude"), kind="number", width=12, number_format="0.000000")
    whole = Column(label=COLUMNS["photo_count"].label, kind="number", width=9, number_format="0")
    return {
        "latitude": Field(column=degrees, value=lambda one, _words: one.lat),
        "longitude": Field(column=replace(degrees, label=_("Longitude")), value=lambda one, _words: one.lng),
        "photo_count": Field(column=whole, value=lambda one, _words: len(one.files)),
        "precision": Field(
            column=replace(whole, label=_("Precision (m)"), width=11, number_format="#,##0"),
            value=lambda one, _words: one.precision,
        ),
    }


def _map(one: Checkin) -> str:
    return MAP.format(lat=f"{one.lat:.6f}", lng=f"{one.lng:.6f}")
