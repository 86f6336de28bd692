"""Pictures written anew: smaller, or without the place the camera noted. Knows no Django."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from PIL import ExifTags, Image

from dashboard.photos import render
from dashboard.photos.problems import Problem, Unshowable

EDGES = (4096, 3072, 2560, 2048, 1600, 1200, 800)
QUALITY, BEST = 88, 94
_MARKER, _START_OF_SCAN, _APP1 = 0xFF, 0xDA, 0xE1
_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"


def smaller(stream: BinaryIO, most: int) -> bytes:
    """As JPEG of at most `most` bytes, as large as that allows; what the camera noted stays.

    Raises Unshowable.
    """
    noted = _noted(stream)
    noted.pop(ExifTags.Base.Orientation, None)  # the pixels are upright from here on
    for edge in EDGES:
        image = render.upright(stream, edge)
        with BytesIO() as out:
            image.save(out, "JPEG", quality=QUALITY, exif=noted.tobytes())
            if out.tell() <= most:
                return out.getvalue()
    raise Unshowable(Problem.TOO_MANY_PIXELS)


def without_place(stream: BinaryIO) -> tuple[bytes, str]:
    """The bytes, and a new ending when it had to become another kind of picture. A JPEG keeps its pixels.

    Raises Unshowable.
    """
    kind = render.format_of(stream)
    noted = _noted(stream)
    noted.pop(ExifTags.IFD.GPSInfo, None)
    if kind == "JPEG":
        stream.seek(0)
        return _jpeg_with(stream.read(), noted.tobytes()), ""
    noted.pop(ExifTags.Base.Orientation, None)
    image = render.upright(stream, max(render.opened(stream).size))
    with BytesIO() as out:
        if kind == "PNG":
            image.save(out, "PNG", exif=noted.tobytes())
            return out.getvalue(), ""
        image.save(out, "JPEG", quality=BEST, exif=noted.tobytes())
        return out.getvalue(), ".jpg"


def _noted(stream: BinaryIO) -> Image.Exif:
    """What the camera wrote, with its parts read; empty when it cannot be."""
    with render.opened(stream) as image:
        try:
            noted = image.getexif()
            noted.get_ifd(ExifTags.IFD.Exif)
        except (ArithmeticError, LookupError, OSError, SyntaxError, TypeError, ValueError):
            return Image.Exif()
    noted.get_ifd(ExifTags.IFD.Exif).pop(
        ExifTags.Base.MakerNote, None
    )  # may hold a place, and breaks when moved
    return noted


def _jpeg_with(content: bytes, exif: bytes) -> bytes:
    """The same picture with this Exif block alone: XMP may hold the place as well."""
    out, at = bytearray(content[:2]), 2
    out += _segment(exif)
    while at + 4 <= len(content) and content[at] == _MARKER and content[at + 1] != _START_OF_SCAN:
        length = 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        body = content[at + 4 : at + length]
        if not (content[at + 1] == _APP1 and body.startswith((_EXIF, _XMP[:-1]))):
            out += content[at : at + length]
        at += length
    return bytes(out) + content[at:]


def _segment(exif: bytes) -> bytes:
    block = exif if exif.startswith(_EXIF) else _EXIF + exif
    return bytes([_MARKER, _APP1]) + (len(block) + 2).to_bytes(2, "big") + block
