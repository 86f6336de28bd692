"""Pictures made small: the right way up, without metadata, and within their limits."""

from __future__ import annotations

import struct
import threading
import time
import zlib
from io import BytesIO
from typing import Any

import pillow_heif
import pytest
from PIL import Image, ImageCms

from dashboard.photos import render
from dashboard.photos.budget import Budget
from dashboard.photos.problems import Problem, Unshowable

RED, GREEN, BLUE, YELLOW = (208, 60, 56), (58, 150, 84), (52, 96, 184), (232, 184, 52)
# How a picture has to be stored so that the orientation brings it upright
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def chart(size: tuple[int, int] = (1200, 800), mode: str = "RGB") -> Image.Image:
    """Red, green / yellow, blue."""
    image, (w, h) = Image.new("RGB", size, RED), size
    for colour, at in ((GREEN, (w // 2, 0)), (YELLOW, (0, h // 2)), (BLUE, (w // 2, h // 2))):
        image.paste(colour, (*at, w, h) if at[0] else (*at, w // 2, h))
    return image.convert(mode)


def turned(orientation: int) -> Image.Image:
    turn = STORED[orientation]
    return chart() if turn is None else chart().transpose(turn)


def exif(orientation: int) -> Image.Exif:
    found = Image.Exif()
    found[0x0112], found[0x010F], found[0x0131] = orientation, "SecretCam", "SecretSoft"
    found.get_ifd(0x8825)[1] = "N"
    return found


def stored(image: Image.Image, format: str = "JPEG", **options: Any) -> BytesIO:
    out = BytesIO()
    image.save(out, format, **options)
    return out


def shown(stream: BytesIO, size: render.Size = "thumb", **options: Any) -> Image.Image:
    return Image.open(BytesIO(render.render(stream, size, "webp", **options))).convert("RGB")


def assert_upright(image: Image.Image) -> None:
    assert image.width > image.height
    for colour, (x, y) in {RED: (0.2, 0.2), GREEN: (0.8, 0.2), YELLOW: (0.2, 0.8), BLUE: (0.8, 0.8)}.items():
        found = image.getpixel((int(image.width * x), int(image.height * y)))
        assert isinstance(found, tuple)
        assert max(abs(a - b) for a, b in zip(found, colour, strict=True)) < 24, (colour, found)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", ["thumb", "large"])
def test_the_files_own_orientation_is_applied(orientation: int, size: render.Size) -> None:
    assert_upright(shown(stored(turned(orientation), exif=exif(orientation)), size))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_records_orientation_is_applied_when_the_file_has_none(orientation: int) -> None:
    assert_upright(shown(stored(turned(orientation)), orientation=orientation))


@pytest.mark.parametrize("record", [3, 6, 8])
def test_the_files_own_orientation_wins(record: int) -> None:
    assert_upright(shown(stored(turned(1), exif=exif(1)), orientation=record))
    assert_upright(shown(stored(turned(6), exif=exif(6)), orientation=record))


def test_an_impossible_orientation_counts_as_none() -> None:
    assert_upright(shown(stored(turned(8), exif=exif(99)), orientation=8))


@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_other_formats_carry_an_orientation_too(format: str, orientation: int) -> None:
    assert_upright(shown(stored(turned(orientation), format, exif=exif(orientation))))


@pytest.mark.parametrize("record", [None, 6])
def test_heic_is_turned_once(record: int | None) -> None:
    """The container's own turn counts; EXIF and the record repeat it."""
    pillow_heif.register_heif_opener()
    assert_upright(shown(stored(turned(6), "HEIF", exif=exif(6).tobytes()), orientation=record))


@pytest.mark.parametrize(
    ("format", "mode"),
    [
        *(("JPEG", mode) for mode in ("RGB", "CMYK")),
        *(("PNG", mode) for mode in ("RGB", "RGBA", "P")),
        *((format, "RGB") for format in ("GIF", "BMP", "TIFF", "WEBP", "AVIF", "HEIF")),
        *(("TIFF", "CMYK"), ("MPO", "RGB")),
    ],
)
def test_formats_and_modes_keep_their_colours(format: str, mode: str) -> None:
    assert_upright(shown(stored(chart(mode=mode), format)))


@pytest.mark.parametrize("mode", ["L", "LA", "1", "I;16"])
def test_greys_of_every_depth_keep_light_and_dark(mode: str) -> None:
    grey = Image.linear_gradient("L").resize((900, 600))
    image = (
        grey.convert("I").point(lambda v: v * 257).convert("I;16") if mode == "I;16" else grey.convert(mode)
    )
    small = shown(stored(image, "PNG")).convert("L").resize((1, 3), Image.Resampling.BOX)
    top, middle, bottom = (small.getpixel((0, y)) for y in range(3))
    assert top < 70 < 100 < middle < 155 < 185 < bottom  # type: ignore[operator]  # "L" has one number a pixel


def test_what_is_transparent_becomes_white() -> None:
    ink = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ink.paste((0, 0, 60, 255), (250, 0, 350, 200))
    image = shown(stored(ink, "PNG"))
    assert image.getpixel((10, 10)) == (255, 255, 255)
    assert sum(image.getpixel((image.width // 2, 10))) < 120  # type: ignore[arg-type]  # a tuple in RGB


def test_an_animation_shows_its_first_picture() -> None:
    frames = [Image.new("RGB", (400, 300), colour) for colour in (RED, GREEN, BLUE)]
    moving = stored(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert shown(moving).getpixel((50, 50))[0] > 180  # type: ignore[index]  # a tuple in RGB


@pytest.mark.parametrize(
    ("size", "expected"),
    [((4000, 3000), (240, 180)), ((200, 100), (200, 100)), ((1, 1), (1, 1)), ((9000, 2), (240, 1))],
)
def test_pictures_are_made_smaller_never_larger(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert shown(stored(Image.new("RGB", size, RED))).size == expected


def test_large_fits_its_edge_and_jpeg_is_the_fallback() -> None:
    image = Image.open(BytesIO(render.render(stored(chart((4000, 3000))), "large", "jpeg")))
    assert (image.format, image.size) == ("JPEG", (1600, 1200))


@pytest.mark.parametrize("encoding", ["webp", "jpeg"])
@pytest.mark.parametrize("size", ["thumb", "large"])
def test_no_metadata_is_left(encoding: render.Encoding, size: render.Size) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    source = stored(
        chart(),
        exif=exif(1),
        icc_profile=profile,
        comment="SecretComment",
        xmp=b"<x>SecretXmp</x>",
        dpi=(72, 72),
    )
    made = render.render(source, size, encoding)
    assert b"Secret" not in made
    assert b"Exif" not in made
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(Image.open(BytesIO(made)).info)


def test_colours_are_brought_from_the_pictures_own_space_to_srgb() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    swapped = stored(chart(), icc_profile=lab.tobytes())  # of another mode: left alone
    assert_upright(shown(swapped))
    assert_upright(shown(stored(chart(), icc_profile=b"no profile at all")))


def test_what_is_no_picture_says_so() -> None:
    for content in (
        b"GIF",
        b"just text " * 99,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"%!PS",
    ):
        assert problem_of(BytesIO(content)) is Problem.NOT_A_PICTURE
    assert problem_of(BytesIO()) is Problem.EMPTY


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "HEIF", "AVIF"])
def test_half_a_picture_is_damaged(format: str) -> None:
    noise = Image.effect_noise((900, 700), 80).convert("RGB")
    whole = stored(noise, format).getvalue()
    assert problem_of(BytesIO(whole[: len(whole) // 2])) in (Problem.DAMAGED, Problem.NOT_A_PICTURE)


@pytest.mark.parametrize("side", [16_000, 60_000])
def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(100_000))), (b"IEND", b""))
    chunks = (struct.pack(">I", len(b)) + n + b + struct.pack(">I", zlib.crc32(n + b)) for n, b in parts)
    started = time.perf_counter()
    assert problem_of(BytesIO(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))) is Problem.TOO_MANY_PIXELS
    assert time.perf_counter() - started < 1


def test_a_picture_in_several_scans_counts_in_full() -> None:
    plain, scans = (stored(Image.new("RGB", (9000, 9000)), progressive=p) for p in (False, True))
    assert shown(plain).size == (240, 240)
    assert problem_of(scans) is Problem.TOO_MANY_PIXELS


def test_formats_are_told_by_their_bytes() -> None:
    assert render.format_of(stored(chart(), "PNG")) == "PNG"
    assert render.format_of(BytesIO(b"<html>")) is None
    assert render.format_of(BytesIO()) is None


def test_a_budget_bounds_memory_and_heads() -> None:
    budget, lock = Budget(memory=100, slots=3), threading.Lock()
    now, most = [0, 0], [0, 0]

    def work(cost: int) -> None:
        with budget.hold(cost):
            with lock:
                now[0], now[1] = now[0] + cost, now[1] + 1
                most[0], most[1] = max(most[0], now[0]), max(most[1], now[1])
            time.sleep(0.005)
            with lock:
                now[0], now[1] = now[0] - cost, now[1] - 1

    threads = [threading.Thread(target=work, args=(cost,)) for cost in (10, 60, 100, 5, 45) * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most[0] <= 100
    assert 1 < most[1] <= 3
    assert now == [0, 0]


def problem_of(stream: BytesIO) -> Problem:
    with pytest.raises(Unshowable) as caught:
        render.render(stream, "thumb", "webp")
    return caught.value.problem
