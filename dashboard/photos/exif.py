"""What a camera wrote beside the pixels: when, where, with what. Reads the header alone; knows no Django."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, BinaryIO

from PIL import ExifTags, Image

from dashboard.photos.problems import Unshowable
from dashboard.photos.render import opened

_SIDEWAYS = (5, 6, 7, 8)
_LONGEST = 80  # characters of a camera's name
YEARS = range(1900, 2200)  # others are a clock that was never set, and end in no time zone
_Place = tuple[float, float]
# Of a damaged block; a warning is one where warnings are errors
_BROKEN = (ArithmeticError, LookupError, OSError, SyntaxError, TypeError, UserWarning, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """`taken` without a zone is the camera's local time. `width` and `height` are upright pixels.

    `orientation`: 1..8 when the file says it, else None.
    """

    taken: datetime | None = None
    place: _Place | None = None
    camera: str = ""
    width: int = 0
    height: int = 0
    format: str = ""
    orientation: int | None = None


def read(stream: BinaryIO) -> Noted:
    """Nothing noted, for what is no picture."""
    try:
        with opened(stream) as image:
            return _of(image)
    except Unshowable:
        return Noted()


def _of(image: Image.Image) -> Noted:
    block = _block(image)
    main, details, gps = block, _part(block, ExifTags.IFD.Exif), _part(block, ExifTags.IFD.GPSInfo)
    found = main.get(ExifTags.Base.Orientation)
    own = found if isinstance(found, int) and 1 <= found <= 8 else None
    turned = own in _SIDEWAYS and image.format not in ("HEIF", "TIFF")  # those are turned while decoding
    width, height = image.size
    return Noted(
        taken=_taken(details, gps),
        place=_place(gps),
        camera=_camera(main),
        width=height if turned else width,
        height=width if turned else height,
        format=image.format or "",
        orientation=own,
    )


def _block(image: Image.Image) -> Image.Exif:
    try:
        return image.getexif()
    except _BROKEN:
        return Image.Exif()


def _part(block: Image.Exif, part: int) -> Mapping[int, Any]:
    try:
        return block.get_ifd(part)
    except _BROKEN:
        return {}


def _taken(details: Mapping[int, Any], gps: Mapping[int, Any]) -> datetime | None:
    """With the offset the camera wrote; else by the satellites' clock, which is UTC; else as it stands."""
    local = _moment(details.get(ExifTags.Base.DateTimeOriginal))
    offset = _offset(details.get(ExifTags.Base.OffsetTimeOriginal) or details.get(ExifTags.Base.OffsetTime))
    if local and offset is None and (by_satellite := _by_satellite(gps)):
        return by_satellite
    return local.replace(tzinfo=offset) if local else None


def _moment(text: object) -> datetime | None:
    """`2026:03:12 14:30:05`; what cameras write when they do not know (zeros, blanks) is nothing."""
    with suppress(ValueError):
        found = datetime.strptime(_text(text), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  a zone may follow, or none
        return found if found.year in YEARS else None
    return None


def _offset(text: object) -> timezone | None:
    with suppress(ValueError):
        found = datetime.strptime(_text(text), "%z").utcoffset()
        return timezone(found) if found is not None and abs(found) <= timedelta(hours=14) else None
    return None


def _by_satellite(gps: Mapping[int, Any]) -> datetime | None:
    try:
        day = datetime.strptime(_text(gps.get(ExifTags.GPS.GPSDateStamp)), "%Y:%m:%d").replace(tzinfo=UTC)
        hours, minutes, seconds = (float(one) for one in gps[ExifTags.GPS.GPSTimeStamp])
        found = day + timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return found if found.year in YEARS else None
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return None


def _place(gps: Mapping[int, Any]) -> _Place | None:
    """Degrees, south and west negative. Zero and zero is what cameras without a fix write."""
    try:
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
        lng = _degrees(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return None
    on_earth = math.isfinite(lat) and math.isfinite(lng) and abs(lat) <= 90 and abs(lng) <= 180
    return (lat, lng) if on_earth and (lat, lng) != (0, 0) else None


def _degrees(parts: Any, side: object, negative: str) -> float:
    degrees, minutes, seconds = (float(one) for one in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if _text(side).upper().startswith(negative) else value


def _camera(main: Mapping[int, Any]) -> str:
    """`samsung SM-A536B`; a model that begins with the maker's name says it once."""
    make, model = _text(main.get(ExifTags.Base.Make)), _text(main.get(ExifTags.Base.Model))
    name = model if model.lower().startswith(make.lower()) else f"{make} {model}"
    return "".join(letter for letter in name if letter.isprintable()).strip()[:_LONGEST]


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    return value.strip("\0 ") if isinstance(value, str) else ""
