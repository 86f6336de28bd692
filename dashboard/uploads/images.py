"""Pictures before they are sent: what they are, without the place, smaller. Knows no Django."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

from dashboard.photos import exif, render
from dashboard.photos.problems import Problem, Unshowable


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`width` and `height` are upright pixels; `orientation` is None when the file names none."""

    mime_type: str
    width: int
    height: int
    orientation: int | None
    has_place: bool


def inspect(stream: BinaryIO) -> Facts | None:
    """None for what is no picture. Raises Unshowable for a damaged one, or one of too many pixels."""
    kind = _format(stream)
    if kind is None:
        return None
    noted = exif.read(stream)
    return Facts(
        mime_type=Image.MIME.get(kind, f"image/{kind.lower()}"),
        width=noted.width,
        height=noted.height,
        orientation=noted.orientation,
        has_place=noted.place is not None,
    )


def _format(stream: BinaryIO) -> str | None:
    try:
        return render.opened(stream).format
    except Unshowable as error:
        if error.problem in (Problem.NOT_A_PICTURE, Problem.EMPTY):
            return None
        raise
