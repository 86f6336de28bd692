"""Pictures and documents as bytes of a size known beforehand.

An answer of the API names a file's size long before anybody draws it, so every encoder here fills up to the
size it is given with parts that readers skip.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from fpdf import FPDF
from PIL import ExifTags, Image, TiffImagePlugin

_QUALITIES = (84, 72, 58, 42, 28, 15)
_LONGEST_COMMENT = 65_533
_STORED: Mapping[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def stored(upright: Image.Image, orientation: int) -> Image.Image:
    """The pixels as a camera stores them, so that applying the EXIF orientation gives the upright picture."""
    return upright.transpose(_STORED[orientation]) if orientation in _STORED else upright


def upright_size(width: int, height: int, orientation: int) -> tuple[int, int]:
    return (height, width) if orientation >= 5 else (width, height)


def jpeg(image: Image.Image, size: int, *, exif: bytes = b"") -> bytes:
    """A JPEG of exactly `size` bytes; quality gives way when the picture would not fit."""
    for quality in _QUALITIES:
        made = encoded(image, "JPEG", quality=quality, exif=exif)
        if len(made) <= size:
            return padded_jpeg(made, size)
    raise ValueError(f"a picture of {image.size} does not fit into {size} bytes")


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def padded_jpeg(made: bytes, size: int) -> bytes:
    """Comment segments and fill bytes before the first table, where every decoder skips them."""
    at = _after_headers(made)
    return made[:at] + _comments(size - len(made)) + made[at:]


def _after_headers(made: bytes) -> int:
    """Past SOI and the APPn segments: EXIF readers expect those first."""
    at = 2
    while made[at] == 0xFF and 0xE0 <= made[at + 1] <= 0xEF:
        at += 2 + int(struct.unpack(">H", made[at + 2 : at + 4])[0])
    return at


def _comments(missing: int) -> bytes:
    parts = []
    while missing >= 4:
        payload = min(missing - 4, _LONGEST_COMMENT)
        parts.append(b"\xff\xfe" + struct.pack(">H", payload + 2) + bytes(payload))
        missing -= payload + 4
    return b"".join(parts) + b"\xff" * missing


def padded_png(made: bytes, size: int) -> bytes:
    """A private ancillary chunk before the end."""
    missing = size - len(made) - 12
    if missing < 0:
        raise ValueError(f"a drawing of {len(made)} bytes does not fit into {size}")
    body = b"tfSk" + bytes(missing)
    chunk = struct.pack(">I", missing) + body + struct.pack(">I", zlib.crc32(body))
    return made[:-12] + chunk + made[-12:]


def exif(facts: Mapping[str, Any] | None, orientation: int | None) -> bytes:
    """The EXIF block of a phone: when, where, which camera, which way up."""
    block = Image.Exif()
    if orientation is not None:
        block[ExifTags.Base.Orientation] = orientation
    if facts:
        block[ExifTags.Base.Make] = facts["make"]
        block[ExifTags.Base.Model] = facts["model"]
        block.get_ifd(ExifTags.IFD.Exif).update(_when(facts["taken"]))
        if facts["place"]:
            block.get_ifd(ExifTags.IFD.GPSInfo).update(_where(*facts["place"]))
    return block.tobytes()


def _when(taken: datetime) -> dict[int, str]:
    zone = taken.strftime("%z")
    return {
        ExifTags.Base.DateTimeOriginal: taken.strftime("%Y:%m:%d %H:%M:%S"),
        ExifTags.Base.OffsetTimeOriginal: f"{zone[:3]}:{zone[3:]}",
    }


def _where(lat: float, lng: float) -> dict[int, Any]:
    return {
        ExifTags.GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
        ExifTags.GPS.GPSLatitude: _degrees(abs(lat)),
        ExifTags.GPS.GPSLongitudeRef: "E" if lng >= 0 else "W",
        ExifTags.GPS.GPSLongitude: _degrees(abs(lng)),
    }


def _degrees(value: float) -> tuple[TiffImagePlugin.IFDRational, ...]:
    minutes, seconds = divmod(round(value * 360_000), 6_000)
    parts = Fraction(minutes // 60), Fraction(minutes % 60), Fraction(seconds, 100)
    return tuple(TiffImagePlugin.IFDRational(part.numerator, part.denominator) for part in parts)


def text(lines: Sequence[str], size: int) -> bytes:
    made = ("\n".join(lines) + "\n").encode()
    return made + b"\n" * (size - len(made))


@lru_cache(64)
def pdf(lines: tuple[str, ...], size: int, made_at: datetime) -> bytes:
    """One page; what is missing to `size` is a comment after the end."""
    document = FPDF(format="A4")
    document.set_creation_date(made_at)
    document.add_page()
    document.set_font("helvetica", size=14)
    for line in lines:
        document.cell(
            0, 10, line.encode("latin-1", "replace").decode("latin-1"), new_x="LMARGIN", new_y="NEXT"
        )
    made = bytes(document.output())
    return made + b"%" * (size - len(made))
