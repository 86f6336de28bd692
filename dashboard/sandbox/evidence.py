"""What hangs on a check-in: its photos, its form, the form's files. Made on demand from seed and ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from random import Random
from typing import Any

from dashboard.sandbox import templates
from dashboard.sandbox.company import Crew
from dashboard.sandbox.gazetteer import moved
from dashboard.sandbox.model import Checkin, File, Form, FormTemplate
from dashboard.sandbox.texts import CLIMATE, LIFTS, SOLAR

FORM_OFFSET = 700_000_000
FILES_PER_CHECKIN = 128
PHOTO_SLOTS = 16  # slots 0..15 of a check-in are its photos, later ones the files of its form's fields

SCENES: Mapping[str, tuple[str, ...]] = {
    LIFTS: ("lift_door", "machine_room", "control_cabinet", "lift_door", "doorway", "building", "paper"),
    CLIMATE: ("boiler", "gauges", "outdoor_unit", "thermostat", "gauges", "building", "paper"),
    SOLAR: ("roof_panels", "inverter", "breakers", "roof_panels", "field_panels", "doorway", "van"),
}
_CAMERAS = (
    ("Samsung", "SM-A546B"),
    ("Samsung", "SM-G556B"),
    ("Apple", "iPhone 13"),
    ("Xiaomi", "2201117TG"),
    ("CAT", "S62 Pro"),
    ("motorola", "moto g54"),
)
_ORIENTATIONS = (1, 1, 1, 1, 1, 6, 6, 6, 8, 3, 1, 6, 1, 6, 2, 4, 5, 7)
_UPRIGHT_WEIGHTS = (11, 11, 11, 11, 11, 8, 8, 8, 4, 4, 4, 2, 2, 2, 0.8, 0.8, 0.8, 0.6)


@dataclass(frozen=True, kw_only=True)
class Source:
    """Everything the evidence of one check-in is derived from."""

    seed: int
    checkin: Checkin
    crew: Crew
    template: FormTemplate | None
    archived: bool = False
    complete: bool = False  # every field of the form is filled

    def dice(self, *parts: object) -> Random:
        return Random(digest(self.seed, self.checkin.id, *parts))

    @cached_property
    def local_time(self) -> datetime:
        return self.checkin.marker_time.astimezone(self.crew.zone)


def digest(*parts: object) -> bytes:
    return blake2b("|".join(map(str, parts)).encode(), digest_size=16).digest()


def photo_ids(checkin_id: int, count: int) -> tuple[int, ...]:
    first = checkin_id * FILES_PER_CHECKIN
    return tuple(range(first, first + count))


def field_file_ids(checkin_id: int, index: int, count: int) -> list[int]:
    first = checkin_id * FILES_PER_CHECKIN + PHOTO_SLOTS + index * templates.PER_FIELD
    return list(range(first, first + count))


def form(source: Source) -> Form | None:
    """The filled form of the check-in; its row is made after the submission (ref 5.7)."""
    checkin, template = source.checkin, source.template
    if checkin.form_id is None or template is None:
        return None
    return Form(
        id=checkin.form_id,
        label=template.label,
        description=template.description,
        fields=template.fields,
        values=_values(source, template),
        created=checkin.received + timedelta(seconds=3),
        submitted=checkin.marker_time,
        template_id=None if source.archived else template.id,
        template_version=template.version,
        tracker_id=checkin.tracker_id,
        checkin_id=checkin.id,
        submit_location={"lat": checkin.lat, "lng": checkin.lng, "address": checkin.address or ""},
    )


def _values(source: Source, template: FormTemplate) -> dict[str, Any]:
    def ids(index: int, count: int) -> list[int]:
        return field_file_ids(source.checkin.id, index, count)

    dice = source.dice("form")
    return templates.answers(dice, template, source.local_time, ids, complete=source.complete)


def file(source: Source, slot: int) -> File | None:
    """The file in a slot of the check-in, or None when nothing was put there."""
    file_id = source.checkin.id * FILES_PER_CHECKIN + slot
    if slot < PHOTO_SLOTS:
        return photo(source, file_id, slot) if file_id in source.checkin.file_ids else None
    filled = form(source)
    if filled is None or filled.values is None:
        return None
    return _field_file(source, filled, file_id, slot)


def _field_file(source: Source, filled: Form, file_id: int, slot: int) -> File | None:
    index = (slot - PHOTO_SLOTS) // templates.PER_FIELD
    if index >= len(filled.fields) or filled.values is None:
        return None
    definition = filled.fields[index]
    answer = filled.values.get(definition["id"], {})
    if file_id not in (answer.get("file_ids") or [answer.get("file_id")]):
        return None
    return _FIELD_FILES[definition["type"]](source, file_id, slot)


def photo(source: Source, file_id: int, slot: int) -> File:
    """A picture taken on site, mostly a few minutes before the check-in."""
    dice = source.dice("file", slot)
    taken = source.local_time - timedelta(seconds=dice.randint(5, 420))
    big = dice.random() < 0.06
    orientation = dice.choices(_ORIENTATIONS, weights=_UPRIGHT_WEIGHTS)[0]
    drawing = {
        "kind": dice.choice(SCENES[source.crew.line]),
        "variant": dice.randrange(1_000_000),
        "width": 4000 if big else 1600,
        "height": 3000 if big else 1200,
        "orientation": orientation,
        "board": (taken.strftime("%d.%m.%Y  %H:%M"), source.checkin.address or "GPS only"),
        **_exif(dice, source, taken),
    }
    size = dice.randint(1_700_000, 2_900_000) if big else dice.randint(210_000, 480_000)
    known = drawing["exif"] is None or dice.random() < 0.7
    return File(
        id=file_id,
        type="image",
        name=taken.strftime("IMG_%Y%m%d_%H%M%S") + f"_{slot}.jpg",
        size=size,
        mime_type="image/jpeg",
        metadata={"orientation": orientation} if known else None,
        drawing=drawing,
        **_storage(source, dice, file_id),
    )


def _exif(dice: Random, source: Source, taken: datetime) -> dict[str, Any]:
    """What the camera wrote: sometimes nothing, sometimes another place, sometimes the wrong hour."""
    if dice.random() < 0.14:
        return {"exif": None}
    chance = dice.random()
    hours_off = dice.choice((-9, -2, -1, 3, 26)) if chance < 0.04 else 0
    metres_off = dice.choice((900, 4_000, 60_000)) if chance > 0.96 else dice.uniform(0, 40)
    spot = moved(source.checkin.lat, source.checkin.lng, bearing=dice.uniform(0, 360), metres=metres_off)
    make, model = dice.choice(_CAMERAS)
    place = spot if dice.random() < 0.9 else None
    moment = taken + timedelta(hours=hours_off)
    return {"exif": {"taken": moment, "place": place, "make": make, "model": model}}


def _storage(source: Source, dice: Random, file_id: int) -> dict[str, Any]:
    """State, times and key of a stored file; a few never arrived, a few are gone (ref 8.4)."""
    chance = dice.random()
    created = source.checkin.received - timedelta(seconds=dice.randint(4, 40))
    uploaded = source.checkin.received + timedelta(seconds=dice.randint(2, 90))
    state = "created" if chance < 0.006 else "in_progress" if chance < 0.012 else "uploaded"
    if chance > 0.99:
        state = "deleted"
    return {
        "created": created,
        "uploaded": uploaded if state in {"uploaded", "deleted"} else None,
        "state": state,
        "key": digest("key", source.seed, file_id).hex(),
    }


def signature(source: Source, file_id: int, slot: int) -> File:
    dice = source.dice("file", slot)
    return File(
        id=file_id,
        type="image",
        name=f"signature_{source.checkin.id}.png",
        size=dice.randint(13_000, 19_000),
        mime_type="image/png",
        drawing={"kind": "signature", "variant": dice.randrange(1_000_000), "width": 600, "height": 240},
        **_storage(source, dice, file_id) | {"state": "uploaded", "uploaded": source.checkin.received},
    )


def document(source: Source, file_id: int, slot: int) -> File:
    """A protocol: PDF or plain text."""
    dice = source.dice("file", slot)
    kind, mime_type = dice.choice((("pdf", "application/pdf"), ("txt", "text/plain")))
    return File(
        id=file_id,
        type="file",
        name=f"protocol_{source.checkin.id}.{kind}",
        size=dice.randint(2_000, 9_000),
        mime_type=mime_type,
        drawing={"kind": kind, "lines": _protocol(source)},
        **_storage(source, dice, file_id),
    )


def _protocol(source: Source) -> tuple[str, ...]:
    checkin = source.checkin
    moment = source.local_time.strftime("%d.%m.%Y %H:%M")
    return (
        "Test protocol",
        f"Check-in {checkin.id}",
        moment,
        checkin.address or "no address",
        "Result: passed",
    )


_FIELD_FILES = {"photo": photo, "signature": signature, "file": document}
