"""Check-ins as sheets of pictures for the gallery: every text ready for the template. No Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checkins.rows import Words
from dashboard.answers import AnswerRow
from dashboard.navixy.checkins import Checkin

if TYPE_CHECKING:
    from dashboard.photos.album import PhotoTile


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One file in the gallery. `question`: what it answers, of a form. `whole`: never cropped."""

    tile: PhotoTile
    question: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The files of one check-in. `form_id` is empty when there is no form, or none with files."""

    id: str  # text already, as every number here
    at: str  # its place in the whole list, from 1
    url: str
    iso: str
    time: str
    date: str
    day: str
    zone: str
    who: str
    where: str
    comment: str
    point: str
    shots: tuple[Shot, ...]
    form_id: str
    form_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What sheets are made of. `url` gives a check-in's address from its id and its place in the list."""

    words: Words
    tiles: Mapping[int, tuple[PhotoTile, ...]]  # by check-in id
    without_files: frozenset[int]  # forms known to hold none
    url: Callable[[int, int], str]


def sheets(checkins: Iterable[Checkin], stock: Stock, *, offset: int) -> tuple[Sheet, ...]:
    """Only check-ins that have files, or a form that may. `offset`: rows of the list before these."""
    found = (_sheet(checkin, stock, place) for place, checkin in enumerate(checkins, offset + 1))
    return tuple(sheet for sheet in found if sheet.shots or sheet.form_id)


def answer_shots(rows: Iterable[AnswerRow[PhotoTile]]) -> tuple[Shot, ...]:
    """The files among a form's answers, in the form's order."""
    return tuple(
        Shot(tile=tile, question=row.label, whole=row.kind == "signature")
        for row in rows
        for tile in row.files
    )


def _sheet(checkin: Checkin, stock: Stock, place: int) -> Sheet:
    names, clock, when = stock.words.names, stock.words.clock, checkin.marker_time
    local = clock.local(when)
    may_have_more = checkin.form_id and checkin.form_id not in stock.without_files
    return Sheet(
        id=str(checkin.id),
        at=str(place),
        url=stock.url(checkin.id, place),
        iso=local.isoformat(timespec="seconds"),
        time=clock.time(when),
        date=clock.date(when),
        day=clock.long_day(local),
        zone=clock.zone_label_at(when),
        who=names.employee(checkin.employee_id) or names.tracker(checkin.tracker_id),
        where=checkin.address,
        comment=checkin.comment.strip(),
        point=f"{checkin.lat:.6f},{checkin.lng:.6f}",
        shots=tuple(Shot(tile=tile) for tile in stock.tiles.get(checkin.id, ())),
        form_id=str(checkin.form_id) if may_have_more else "",
        form_label=checkin.form_label or "",
    )
