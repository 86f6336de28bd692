"""A drawing surface measured in thousandths of its shorter side, so that a scene fits any size and format."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Point = tuple[float, float]

MAX_SHEETS = 3
SMOOTHED_UP_TO = 2_500_000  # pixels; larger pictures need no smoothing to look sharp


@dataclass(frozen=True, slots=True)
class Canvas:
    """`w` and `h` are in units; one of them is 1000."""

    draw: ImageDraw.ImageDraw
    image: Image.Image
    scale: float
    w: float
    h: float

    def box(self, x: float, y: float, w: float, h: float, fill: Colour, *, round_: float = 0) -> None:
        corners = self._px(x), self._px(y), self._px(x + w) - 1, self._px(y + h) - 1
        if corners[2] < corners[0] or corners[3] < corners[1]:
            return
        if round_:
            self.draw.rounded_rectangle(corners, self._px(round_), fill=fill)
        else:
            self.draw.rectangle(corners, fill=fill)

    def shape(self, points: Sequence[Point], fill: Colour) -> None:
        self.draw.polygon([(self._px(x), self._px(y)) for x, y in points], fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: Colour, *, squash: float = 1.0) -> None:
        tall = radius * squash
        corners = self._px(x - radius), self._px(y - tall), self._px(x + radius), self._px(y + tall)
        self.draw.ellipse(corners, fill=fill)

    def arc(
        self, x: float, y: float, radius: float, start: float, end: float, fill: Colour, width: float
    ) -> None:
        corners = self._px(x - radius), self._px(y - radius), self._px(x + radius), self._px(y + radius)
        self.draw.arc(corners, start, end, fill=fill, width=max(1, self._px(width)))

    def line(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        at = [(self._px(x), self._px(y)) for x, y in points]
        self.draw.line(at, fill=fill, width=max(1, self._px(width)), joint="curve")

    def text(
        self, x: float, y: float, text: str, fill: Colour, size: float, *, anchor: str = "ls", fit: float = 0
    ) -> None:
        """Plain letters only: Pillow's own font, the same on every machine, has no accents."""
        plain = "".join(one for one in unicodedata.normalize("NFKD", text) if ord(one) < 128)
        font = _font(max(6, self._px(size)))
        if fit and font.getlength(plain) > self._px(fit):
            font = _font(max(6, int(font.size * self._px(fit) / font.getlength(plain))))
        self.draw.text((self._px(x), self._px(y)), plain, fill=fill, font=font, anchor=anchor)

    def fade(self, x: float, y: float, w: float, h: float, top: Colour, bottom: Colour) -> None:
        """A vertical gradient."""
        strip = Image.new("RGB", (1, 2))
        strip.putpixel((0, 0), top)
        strip.putpixel((0, 1), bottom)
        left, upper = self._px(x), self._px(y)
        size = self._px(x + w) - left, self._px(y + h) - upper
        if min(size) > 0:
            column = strip.resize((1, size[1]), Image.Resampling.BILINEAR, box=(0, 0.5, 1, 1.5))
            self.image.paste(column.resize(size, Image.Resampling.NEAREST), (left, upper))

    def _px(self, units: float) -> int:
        return round(units * self.scale)


@lru_cache(64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return font


def shade(colour: Colour, by: float) -> Colour:
    """Darker below 1, lighter above."""
    red, green, blue = (max(0, min(255, round(part * by))) for part in colour)
    return red, green, blue


_desk = threading.Lock()
_sheets: dict[tuple[int, int], Image.Image] = {}


def painted(size: tuple[int, int], paint: Callable[[Canvas], None], *, film: bool = True) -> Image.Image:
    """The picture `paint` makes, as a phone sees it unless `film` is off.

    Usual sizes are drawn twice as large and reduced, which smooths edges.

    One sheet per format is kept and drawn over: fresh memory of that size would cost more than the drawing.
    """
    if size[0] * size[1] > SMOOTHED_UP_TO:
        image = Image.new("RGB", size)
        paint(_canvas(image))
        return image
    with _desk:
        double = size[0] * 2, size[1] * 2
        if double not in _sheets:
            if len(_sheets) >= MAX_SHEETS:
                _sheets.clear()
            _sheets[double] = Image.new("RGB", double)
        _sheets[double].paste((0, 0, 0), (0, 0, *double))
        paint(_canvas(_sheets[double]))
        small = _sheets[double].reduce(2)
    return ImageChops.multiply(small, _film(size)) if film else small


def _canvas(image: Image.Image) -> Canvas:
    scale = min(image.size) / 1000
    return Canvas(ImageDraw.Draw(image), image, scale, image.width / scale, image.height / scale)


@lru_cache(4)
def _film(size: tuple[int, int]) -> Image.Image:
    """Darker corners and a little grain, as a phone's camera has them."""
    vignette = Image.radial_gradient("L").point(lambda value: 255 - max(0, int(value) - 110) // 4)
    small = max(1, size[0] // 2), max(1, size[1] // 2)
    grain = Image.effect_noise(small, 14).point(lambda value: min(255, 246 + (int(value) - 128) // 3))
    layers = (layer.resize(size, Image.Resampling.BILINEAR) for layer in (vignette, grain))
    return Image.merge("RGB", [ImageChops.multiply(*layers)] * 3)
