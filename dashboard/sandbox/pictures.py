"""The bytes of every stored file, drawn when somebody asks for them.

`File.drawing` says what to draw: `kind` is a scene, "signature", "pdf", "txt" or a kind of `odd_files`;
`width` and `height` are those of the stored pixels, before the orientation is applied.
"""

from __future__ import annotations

import math
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

from dashboard.sandbox import encoding, odd_files
from dashboard.sandbox.canvas import Canvas, painted
from dashboard.sandbox.model import File
from dashboard.sandbox.scenes import SCENES
from dashboard.sandbox.scenes.setting import board


def file_bytes(file: File) -> bytes:
    """Exactly `file.size` bytes, unless the file is awkward in just that."""
    if file.stored is not None:
        return Path(file.stored).read_bytes()
    kind = file.drawing["kind"]
    if kind in SCENES:
        return _photo(file)
    if kind == "signature":
        return _signature(file)
    if kind == "pdf":
        return encoding.pdf(tuple(file.drawing["lines"]), file.size, file.created)
    if kind == "txt":
        return encoding.text(file.drawing["lines"], file.size)
    return odd_files.make(file)


def _photo(file: File) -> bytes:
    drawing = file.drawing
    orientation = drawing["orientation"]
    size = encoding.upright_size(drawing["width"], drawing["height"], orientation)
    upright = scene(drawing["kind"], size, drawing["variant"], drawing["board"])
    written = orientation if drawing["exif"] else None
    block = encoding.exif(drawing["exif"], written) if drawing["exif"] else b""
    return encoding.jpeg(encoding.stored(upright, orientation), file.size, exif=block)


def scene(kind: str, size: tuple[int, int], variant: int, lines: tuple[str, str]) -> Image.Image:
    """A scene the right way up, with the board below."""
    dice = Random(variant)

    def paint(canvas: Canvas) -> None:
        SCENES[kind](canvas, dice)
        board(canvas, lines)

    return painted(size, paint)


def _signature(file: File) -> bytes:
    """Pen strokes on transparent ground."""
    dice = Random(file.drawing["variant"])
    wide, tall = file.drawing["width"], file.drawing["height"]
    image = Image.new("RGBA", (wide * 2, tall * 2), (20, 32, 96, 0))
    pen = ImageDraw.Draw(image)
    for stroke in range(dice.randint(2, 4)):
        pen.line(_stroke(dice, wide * 2, tall * 2, stroke), fill=(20, 32, 96, 255), width=9, joint="curve")
    return encoding.padded_png(encoding.encoded(image.reduce(2), "PNG"), file.size)


def _stroke(dice: Random, wide: int, tall: int, number: int) -> list[tuple[float, float]]:
    start, length = wide * (0.1 + 0.2 * number * dice.random()), wide * dice.uniform(0.35, 0.6)
    loops, height, phase = dice.uniform(2, 7), tall * dice.uniform(0.12, 0.3), dice.uniform(0, 6)
    points = []
    for at in range(90):
        share = at / 89
        fading = height * (1 - 0.6 * share)
        x = start + length * share + fading * 0.5 * math.cos(phase + share * loops * math.tau)
        points.append((x, tall * 0.55 + fading * math.sin(phase + share * loops * math.tau * 1.02)))
    return points
