"""Fixed check-ins with everything that tries a reader's patience: odd files, odd texts, missing members.

They happened yesterday and this morning and keep their ids (101 onwards) in every world. `describe()` finds
each file by its kind; `odd_files.py` makes the bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any

from dashboard.sandbox import evidence, odd_files
from dashboard.sandbox.company import PENINSULA, Crew
from dashboard.sandbox.evidence import FILES_PER_CHECKIN, Source
from dashboard.sandbox.model import Checkin, File
from dashboard.sandbox.templates import HAND_OVER, LIFT_VISIT, SOLAR_VISIT
from dashboard.sandbox.texts import AWKWARD

FIRST_ID = 101
TRACKERS = (3001, 3002, 3003)  # crews that every demo person sees
ROTATIONS, TURNED_BY_METADATA, FORMATS, BROKEN, HEAVY, DOCUMENTS, NAMES, LINKS, STATES = range(101, 110)
FIRST_TEXT = 110
_AFTER_TEXTS = FIRST_TEXT + len(AWKWARD)
BARE, BLANK, STRANGER, NULL_ISLAND, EVERYTHING, UNKNOWN_FIELD = range(_AFTER_TEXTS, _AFTER_TEXTS + 6)
LAST_ID = UNKNOWN_FIELD
COMPLETE = frozenset({EVERYTHING, UNKNOWN_FIELD})
DELETED_EMPLOYEE = 6999
LARGEST = 16_777_216  # ref 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """A file that is odd in the way `kind` says. Without `size` it is as long as its bytes are."""

    kind: str
    name: str
    mime_type: str = "image/jpeg"
    type: str = "image"
    size: int | None = None
    state: str = "uploaded"
    metadata: dict[str, Any] | None = None
    drawing: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a test finds a kind of file."""

    kind: str
    checkin_id: int
    file_id: int
    name: str


def describe() -> dict[str, Found]:
    """Every odd file by its kind."""
    return {
        odd.kind: Found(kind=odd.kind, checkin_id=number, file_id=_file_id(number, slot), name=odd.name)
        for number, files in _files().items()
        for slot, odd in enumerate(files)
    }


def checkins(crews: Mapping[int, Crew], now: datetime) -> list[Checkin]:
    """The odd check-ins: half of them yesterday, half this morning as far as it has passed."""
    return [_checkin(number, crews, now) for number in range(FIRST_ID, LAST_ID + 1)]


def file(source: Source, slot: int) -> File | None:
    """The odd file in this slot; None for check-ins whose photos are like everybody's."""
    files = _files().get(source.checkin.id, ())
    return _file(source, slot, files[slot]) if slot < len(files) else None


def _checkin(number: int, crews: Mapping[int, Crew], now: datetime) -> Checkin:
    crew = crews[TRACKERS[number % len(TRACKERS)]]
    site = crew.towns[0][number % len(crew.towns[0])]
    moment = _moment(number - FIRST_ID, now)
    template_id, label = _FORMS.get(number, (None, None))
    members: dict[str, Any] = {
        "employee_id": crew.employee_id,
        "lat": site.lat,
        "lng": site.lng,
        "address": site.address,
        "precision": 12,
        "comment": _comment(number),
        "file_ids": _photo_ids(number),
    }
    return Checkin(
        id=number,
        marker_time=moment,
        received=moment,
        tracker_id=crew.tracker_id,
        form_id=number + evidence.FORM_OFFSET if template_id else None,
        form_label=label,
        template_id=template_id,
        **members | _MISSING.get(number, {}),
    )


_FORMS: Mapping[int, tuple[int, str]] = {
    FIRST_TEXT: (HAND_OVER, 'Hand-over "100 % satisfied?"'),
    EVERYTHING: (LIFT_VISIT, "Lift maintenance visit"),
    UNKNOWN_FIELD: (SOLAR_VISIT, "Solar plant inspection"),
}
_MISSING: Mapping[int, dict[str, Any]] = {
    BARE: {"employee_id": None, "address": None, "comment": None, "precision": None, "file_ids": ()},
    BLANK: {"address": "", "comment": "   ", "file_ids": ()},
    STRANGER: {"employee_id": DELETED_EMPLOYEE},
    NULL_ISLAND: {"lat": 0.0, "lng": 0.0, "address": None, "precision": 100_000},
}


def _moment(at: int, now: datetime) -> datetime:
    today = now.astimezone(PENINSULA).date()
    if at % 2:
        morning = datetime.combine(today, time(8), PENINSULA) + timedelta(minutes=3 * at)
        if morning <= now:
            return morning.astimezone(UTC)
    yesterday = datetime.combine(today - timedelta(days=1), time(9), PENINSULA)
    return (yesterday + timedelta(minutes=13 * at)).astimezone(UTC)


_WORDS: Mapping[int, str] = {
    ROTATIONS: "Photos with all eight EXIF rotations",
    TURNED_BY_METADATA: "Photos without EXIF, turned by the platform's metadata alone",
    FORMATS: "Pictures in every format a phone or scanner makes",
    BROKEN: "Files that are not what they claim to be",
    HEAVY: "Very large pictures",
    DOCUMENTS: "Documents instead of photos",
    NAMES: "Photos with difficult file names",
    LINKS: "Photos whose links lead nowhere",
    STATES: "Photos that have not arrived or are gone",
    STRANGER: "Made by somebody who has left the company",
    NULL_ISLAND: "The phone had no position at all",
    EVERYTHING: "A form with every field type filled",
    UNKNOWN_FIELD: "A form with a field type nobody knows yet",
}


def _comment(number: int) -> str | None:
    if FIRST_TEXT <= number < FIRST_TEXT + len(AWKWARD):
        return AWKWARD[number - FIRST_TEXT]
    return _WORDS.get(number)


def _photo_ids(number: int) -> tuple[int, ...]:
    return evidence.photo_ids(number, len(_files().get(number, ())) or 1)


def _file_id(number: int, slot: int) -> int:
    return number * FILES_PER_CHECKIN + slot


def _file(source: Source, slot: int, odd: Odd) -> File:
    file_id = _file_id(source.checkin.id, slot)
    arrived = odd.state in {"uploaded", "deleted"}
    made = File(
        id=file_id,
        type=odd.type,
        name=odd.name,
        size=odd.size or 0,
        mime_type=odd.mime_type,
        created=source.checkin.received,
        uploaded=source.checkin.received + timedelta(seconds=20) if arrived else None,
        state=odd.state,
        key=evidence.digest("key", source.seed, file_id).hex(),
        metadata=odd.metadata,
        drawing=_drawing(source, odd),
    )
    if odd.size is None:
        made.size = len(odd_files.make(made))
    return made


def _drawing(source: Source, odd: Odd) -> dict[str, Any]:
    """Kinds that nobody makes specially are ordinary photos."""
    moment = source.local_time.strftime("%d.%m.%Y  %H:%M")
    usual = {
        "kind": odd.kind if odd.kind in odd_files.MAKERS else "doorway",
        "variant": source.checkin.id,
        "width": 1600,
        "height": 1200,
        "orientation": 1,
        "board": (moment, source.checkin.address or "GPS only"),
        "exif": None,
    }
    return usual | odd.drawing


@cache
def _files() -> dict[int, tuple[Odd, ...]]:
    return {
        ROTATIONS: tuple(_rotations()),
        TURNED_BY_METADATA: tuple(_turned_by_metadata()),
        FORMATS: _FORMATS,
        BROKEN: _BROKEN,
        HEAVY: _HEAVY,
        DOCUMENTS: _DOCUMENTS,
        NAMES: tuple(Odd(kind=f"name_{kind}", name=name, size=300_000) for kind, name in _NAMES),
        LINKS: tuple(_links()),
        STATES: tuple(Odd(kind=state, name=f"{state}.jpg", size=300_000, state=state) for state in _STATES),
    }


def _rotations() -> Iterator[Odd]:
    for turn in range(1, 9):
        drawing = {"kind": "chart", "orientation": turn, "in_exif": True}
        yield Odd(kind=f"rotation_{turn}", name=f"rotation_{turn}.jpg", size=60_000, drawing=drawing)


def _turned_by_metadata() -> Iterator[Odd]:
    for turn in range(1, 9):
        yield Odd(
            kind=f"metadata_rotation_{turn}",
            name=f"metadata_rotation_{turn}.jpg",
            size=60_000,
            metadata={"orientation": turn},
            drawing={"kind": "chart", "orientation": turn, "in_exif": False},
        )


_FORMATS = (
    Odd(kind="cmyk", name="scan_cmyk.jpg", size=400_000),
    Odd(kind="alpha", name="cut_out.png", mime_type="image/png", size=300_000),
    Odd(kind="animated", name="fan_turning.gif", mime_type="image/gif", size=120_000),
    Odd(kind="heic", name="IMG_0412.HEIC", mime_type="image/heic", size=250_000),
    Odd(kind="webp", name="screenshot.webp", mime_type="image/webp", size=250_000),
    Odd(kind="tiff", name="fax.tif", mime_type="image/tiff", size=250_000),
    Odd(kind="grey", name="thermal.jpg", size=250_000),
    Odd(kind="deep", name="sixteen_bits.png", mime_type="image/png", size=600_000),
    Odd(kind="tiny", name="one_pixel.png", mime_type="image/png", size=400),
)
_BROKEN = (
    Odd(kind="truncated", name="truncated.jpg", size=180_000),
    Odd(kind="wrong_extension", name="really_a_png.jpg", size=300_000),
    Odd(kind="not_a_picture", name="really_a_text.jpg"),
    Odd(kind="page_as_picture", name="really_a_page.jpg"),
    Odd(kind="bomb", name="bomb.png", mime_type="image/png"),
    Odd(kind="empty", name="empty.jpg", size=0),
)
_HEAVY = (
    Odd(kind="largest", name="sixteen_megabytes.jpg", size=LARGEST),
    Odd(kind="twelve_megapixels", name="twelve_megapixels.jpg", size=4_000_000),
    Odd(kind="hundred_megapixels", name="hundred_megapixels.jpg", size=9_000_000),
)
_DOCUMENTS = (
    Odd(kind="report_pdf", name="protocol.pdf", mime_type="application/pdf", type="file"),
    Odd(kind="note_txt", name="note.txt", mime_type="text/plain", type="file"),
    Odd(kind="sheet_csv", name="=readings.csv", mime_type="text/csv", type="file"),
    Odd(kind="page_html", name="page.html", mime_type="text/html", type="file"),
    Odd(kind="drawing_svg", name="plan.svg", mime_type="image/svg+xml", type="image"),
    Odd(kind="archive_zip", name="logs.zip", mime_type="application/zip", type="file"),
    Odd(kind="unnamed", name="attachment", mime_type="application/octet-stream", type="file"),
)
_NAMES = (
    ("parent", "../../etc/passwd.jpg"),
    ("backslash", "..\\..\\windows\\win.jpg"),
    ("quotes", "a \"quoted\" 'name'.jpg"),
    ("device", "CON.jpg"),
    ("emoji", "☀️ roof 屋根.jpg"),
    ("right_to_left", "\u202egpj.exe.jpg"),
    ("markup", "<img src=x onerror=alert(1)>.jpg"),
    ("percent", "100%25 #1?x=1&y=2;z.jpg"),
    ("long", "very_long_name_" + "0123456789" * 22 + ".jpg"),
)
_STATES = ("created", "in_progress", "deleted", "uploaded")
_LINKS: tuple[tuple[str, int, str | None], ...] = (
    ("redirect_loopback", 302, "http://127.0.0.1:1/"),
    ("redirect_metadata", 302, "http://169.254.169.254/latest/meta-data/"),
    ("redirect_private", 307, "http://10.0.0.1/photo.jpg"),
    ("redirect_ipv6", 301, "http://[::1]:1/"),
    ("redirect_file", 302, "file:///etc/passwd"),
    ("gone", 410, None),
    ("lost", 404, None),
    ("forbidden", 403, None),
)


def _links() -> Iterator[Odd]:
    for kind, status, location in _LINKS:
        link: dict[str, Any] = {"status": status} | ({"location": location} if location else {})
        yield Odd(kind=kind, name=f"{kind}.jpg", size=300_000, drawing={"link": link})
