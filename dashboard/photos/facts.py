"""What a picture's file says of itself, beside what its check-in says: times and places, and how far apart.

Nobody is judged here: a difference is a number, whichever way it points.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.clock import Clock
from dashboard.photos import exif, pictures, sources
from dashboard.photos.album import size_text
from dashboard.photos.exif import Noted
from dashboard.photos.pictures import Desk
from dashboard.photos.problems import DAY
from dashboard.photos.tokens import Ref

_KEPT = 30 * DAY
_KEPT_OF_NOTHING = 60  # no picture, or none that came whole: the next try may find one
_EARTH = 6_371_000  # metres
_Place = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`noted` by the file itself. `turn`: how the record alone says it must be turned, 1 for not at all."""

    noted: Noted
    name: str
    size: int
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The check-in's own time and place, as far as the page names them."""

    when: datetime | None
    place: _Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fact: what the picture says, what the check-in says, what lies between."""

    label: str
    value: str
    beside: str = ""
    apart: str = ""
    note: str = ""


def of(desk: Desk, ref: Ref) -> Facts:
    """Fetches the file once; its facts stay known. Raises NavixyError."""
    key = f"photo-facts:{desk.account_key}:{ref.file_id}"
    known: Facts | None = cache.get(key)
    if known is None:
        known = _read(desk, ref)
        cache.set(key, known, _KEPT if known.noted.format else _KEPT_OF_NOTHING)
    return known


def _read(desk: Desk, ref: Ref) -> Facts:
    found = pictures.original(desk, ref)
    with found.file as file:
        size = file.seek(0, 2)
        noted = exif.read(file)
    source = sources.recall(desk.account_key, ref.file_id)
    turn = (source.orientation if source else None) or 1
    return Facts(
        noted=_upright(noted, turn), name=found.name, size=size, turn=1 if noted.orientation else turn
    )


def _upright(noted: Noted, turn: int) -> Noted:
    if noted.orientation or turn < 5:
        return noted
    return replace(noted, width=noted.height, height=noted.width)


def lines(facts: Facts, record: Record, clock: Clock) -> tuple[Line, ...]:
    noted = facts.noted
    return (
        _taken(noted.taken, record.when, clock),
        _place(noted.place, record.place),
        Line(label=_("Camera"), value=noted.camera or _("Not noted")),
        Line(label=_("Size"), value=_size(facts)),
        Line(label=_("File"), value=facts.name or _("Without a name")),
    )


def _taken(taken: datetime | None, when: datetime | None, clock: Clock) -> Line:
    label = _("Taken")
    if taken is None:
        return Line(label=label, value=_("Not noted"), beside=_at(when, clock))
    note = ""
    if taken.tzinfo is None:
        taken = taken.replace(tzinfo=clock.zone)
        note = _("The camera named no time zone; yours is assumed.")
    return Line(
        label=label,
        value=clock.moment(taken),
        beside=_at(when, clock),
        apart=_between(taken, when) if when else "",
        note=note,
    )


def _at(when: datetime | None, clock: Clock) -> str:
    return _("Check-in: %s") % clock.moment(when) if when else ""


def _between(taken: datetime, when: datetime) -> str:
    gap = abs(taken - when)
    if gap < timedelta(minutes=1):
        return _("within a minute of the check-in")
    words = _("%s before the check-in") if taken < when else _("%s after the check-in")
    return words % _span(round(gap.total_seconds() / 60))


def _span(minutes: int) -> str:
    if minutes < 120:
        return _("%d min") % minutes
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    days = round(hours / 24)
    return ngettext("%d day", "%d days", days) % days


def _place(place: _Place | None, record: _Place | None) -> Line:
    return Line(
        label=_("Where"),
        value=_written(place) if place else _("Not noted"),
        beside=_("Check-in: %s") % _written(record) if record else "",
        apart=_("%s from the check-in") % distance(metres(place, record)) if place and record else "",
    )


def _written(place: _Place) -> str:
    return f"{place[0]:.5f}, {place[1]:.5f}"


def _size(facts: Facts) -> str:
    noted, size = facts.noted, size_text(facts.size)
    if not noted.width:
        return size
    megapixels = f"{noted.width * noted.height / 1e6:.1f}"
    return f"{noted.width} × {noted.height} ({megapixels} MP), {noted.format}, {size}"


def metres(one: _Place, other: _Place) -> float:
    """Along the surface of a round Earth."""
    (lat, lng), (lat2, lng2) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    chord = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lng2 - lng) / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(min(1.0, chord)))


def distance(value: float) -> str:
    """`34 m`, `1.2 km`, `112 km`."""
    if round(value) < 1000:
        return f"{value:.0f} m"
    return f"{value / 1000:.1f} km" if value < 10_000 else f"{value / 1000:,.0f} km"


def record_of(when: str, point: str) -> Record:
    """What a page says of its check-in; nonsense counts as nothing."""
    return Record(when=_aware(when), place=_point(point))


def _aware(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and found.year in exif.YEARS else None


def _point(text: str) -> _Place | None:
    try:
        lat, lng = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (lat, lng) if abs(lat) <= 90 and abs(lng) <= 180 else None
