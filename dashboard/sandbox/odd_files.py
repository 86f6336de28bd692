"""The bytes of files that are not plain photos: other formats, broken ones, documents."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from random import Random

import pillow_heif
from PIL import Image, ImageDraw

from dashboard.sandbox import encoding
from dashboard.sandbox.canvas import Canvas, Colour, painted
from dashboard.sandbox.model import File
from dashboard.sandbox.scenes import SCENES
from dashboard.sandbox.scenes.setting import WHITE, board

# Colours of the test chart's quarters when it is the right way up: a pixel tells what was turned.
TOP_LEFT: Colour = (208, 60, 56)
TOP_RIGHT: Colour = (58, 150, 84)
BOTTOM_RIGHT: Colour = (52, 96, 184)
BOTTOM_LEFT: Colour = (232, 184, 52)
CHART = (800, 600)
BOMB_SIDE = 60_000
HUNDRED_MEGAPIXELS = (10_000, 10_000)


def make(file: File) -> bytes:
    """The bytes of an odd file, by the kind its drawing names."""
    return MAKERS[file.drawing["kind"]](file)


def chart(file: File) -> bytes:
    """Four coloured quarters and an arrow that points up when the orientation has been applied."""
    turn = file.drawing["orientation"]
    upright = painted(encoding.upright_size(*CHART, turn), lambda c: _quarters(c, str(turn)))
    block = encoding.exif(None, turn) if file.drawing["in_exif"] else b""
    return encoding.jpeg(encoding.stored(upright, turn), file.size, exif=block)


def _quarters(c: Canvas, number: str) -> None:
    half_w, half_h = c.w / 2, c.h / 2
    c.box(0, 0, half_w, half_h, TOP_LEFT)
    c.box(half_w, 0, half_w, half_h, TOP_RIGHT)
    c.box(half_w, half_h, half_w, half_h, BOTTOM_RIGHT)
    c.box(0, half_h, half_w, half_h, BOTTOM_LEFT)
    c.shape([(half_w, half_h - 260), (half_w + 150, half_h - 60), (half_w - 150, half_h - 60)], WHITE)
    c.box(half_w - 60, half_h - 62, 120, 300, WHITE)
    c.text(half_w, half_h + 120, number, (40, 44, 50), 130, anchor="mm")


def _scene(file: File, kind: str, size: tuple[int, int] = (1600, 1200), *, film: bool = True) -> Image.Image:
    dice = Random(file.id)

    def paint(c: Canvas) -> None:
        SCENES[kind](c, dice)
        board(c, file.drawing["board"])

    return painted(size, paint, film=film)


def _cmyk(file: File) -> bytes:
    return encoding.jpeg(_scene(file, "paper", (1200, 1600)).convert("CMYK"), file.size)


def _grey(file: File) -> bytes:
    return encoding.jpeg(_scene(file, "field_panels").convert("L"), file.size)


def _alpha(file: File) -> bytes:
    image = _scene(file, "thermostat", (800, 600), film=False).convert("RGBA")
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).ellipse((100, 0, 700, 560), fill=255)
    image.putalpha(mask)
    return encoding.padded_png(encoding.encoded(image, "PNG"), file.size)


def _deep(file: File) -> bytes:
    shades = _scene(file, "machine_room", (480, 360)).convert("L").convert("I")
    image = shades.point(lambda value: value * 257).convert("I;16")
    return encoding.padded_png(encoding.encoded(image, "PNG"), file.size)


def _tiny(file: File) -> bytes:
    return encoding.padded_png(encoding.encoded(Image.new("RGB", (1, 1), TOP_LEFT), "PNG"), file.size)


def _animated(file: File) -> bytes:
    frames = [_blades(turn) for turn in range(0, 72, 12)]
    more = {"save_all": True, "append_images": frames[1:], "duration": 80, "loop": 0}
    return _filled_up(encoding.encoded(frames[0], "GIF", **more), file.size)


def _blades(turn: int) -> Image.Image:
    image = Image.new("P", (320, 240))
    image.putpalette([230, 232, 228, 70, 74, 78, 150, 156, 160])
    pen = ImageDraw.Draw(image)
    pen.ellipse((50, 10, 270, 230), fill=1)
    for blade in range(5):
        start = turn + blade * 72
        pen.pieslice((62, 22, 258, 218), start, start + 34, fill=2)
    return image


def _heic(file: File) -> bytes:
    buffer = io.BytesIO()
    picture = pillow_heif.from_pillow(_scene(file, "roof_panels", (800, 600)))
    picture.save(buffer, quality=60, enc_params={"preset": "ultrafast"})
    made = buffer.getvalue()
    rest = file.size - len(made)
    return made + struct.pack(">I", rest) + b"free" + bytes(rest - 8)


def _webp(file: File) -> bytes:
    return _filled_up(
        encoding.encoded(_scene(file, "gauges", (800, 600)), "WEBP", quality=70, method=0), file.size
    )


def _tiff(file: File) -> bytes:
    image = _scene(file, "paper", (1200, 1600)).convert("1", dither=Image.Dither.NONE)
    return _filled_up(encoding.encoded(image, "TIFF", compression="group4"), file.size)


def _truncated(file: File) -> bytes:
    """An upload that broke off: the record promises more than there is."""
    whole = encoding.encoded(_scene(file, "building"), "JPEG", quality=80)
    return whole[: len(whole) * 11 // 20]


def _wrong_extension(file: File) -> bytes:
    image = _scene(file, "lift_door", (800, 600), film=False)
    return encoding.padded_png(encoding.encoded(image, "PNG"), file.size)


def _bomb(_: File) -> bytes:
    """A header that promises 3.6 thousand million pixels, with hardly any data behind it."""
    header = struct.pack(">IIBBBBB", BOMB_SIDE, BOMB_SIDE, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(100_000), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, body) for name, body in ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _twelve_megapixels(file: File) -> bytes:
    return encoding.jpeg(_scene(file, "roof_panels", (4000, 3000)), file.size)


def _hundred_megapixels(file: File) -> bytes:
    image = Image.linear_gradient("L").resize(HUNDRED_MEGAPIXELS, Image.Resampling.NEAREST)
    pen = ImageDraw.Draw(image)
    for at in range(500, 10_000, 1000):
        pen.rectangle((at, at // 2, at + 300, at // 2 + 300), fill=255 - at // 40)
    return encoding.jpeg(image, file.size)


def _empty(_: File) -> bytes:
    return b""


def _pdf(file: File) -> bytes:
    return encoding.pdf(("Protocol", "Check-in 106", "Result: passed"), 0, file.created)


def _zip(_: File) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("inverter.log"), "12:00 ok\n" * 40)
    return buffer.getvalue()


def _fixed(content: str) -> Callable[[File], bytes]:
    return lambda _: content.encode()


def _filled_up(made: bytes, size: int) -> bytes:
    """For formats whose readers stop at the end of the picture."""
    if len(made) > size:
        raise ValueError(f"{len(made)} bytes do not fit into {size}")
    return made + bytes(size - len(made))


_PAGE = "<!doctype html><title>x</title><script>alert(document.domain)</script><p>Not a picture</p>\n"
_PLAN = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300" onload="alert(1)">'
    '<rect width="400" height="300" fill="#dfe7ee"/><script>alert(1)</script></svg>\n'
)

MAKERS: Mapping[str, Callable[[File], bytes]] = {
    "chart": chart,
    "cmyk": _cmyk,
    "alpha": _alpha,
    "animated": _animated,
    "heic": _heic,
    "webp": _webp,
    "tiff": _tiff,
    "grey": _grey,
    "deep": _deep,
    "tiny": _tiny,
    "truncated": _truncated,
    "wrong_extension": _wrong_extension,
    "not_a_picture": _fixed("This is a note that somebody named .jpg\n" * 20),
    "page_as_picture": _fixed(_PAGE),
    "bomb": _bomb,
    "empty": _empty,
    "largest": _twelve_megapixels,
    "twelve_megapixels": _twelve_megapixels,
    "hundred_megapixels": _hundred_megapixels,
    "report_pdf": _pdf,
    "note_txt": _fixed("Key is with the neighbour, second floor.\nÑandú, señal, 12 °C\n"),
    "sheet_csv": _fixed('time,value\n10:00,=HYPERLINK("http://evil","x")\n11:00,+1\n'),
    "page_html": _fixed(_PAGE),
    "drawing_svg": _fixed(_PLAN),
    "archive_zip": _zip,
    "unnamed": _fixed("\x00\x01 binary enough\n"),
}
