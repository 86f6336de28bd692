"""The bytes behind the sandbox's files: the promised size, the right way up, odd where they should be."""

from __future__ import annotations

import io
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from dashboard.sandbox import awkward, encoding
from dashboard.sandbox.canvas import Colour
from dashboard.sandbox.model import File
from dashboard.sandbox.odd_files import BOTTOM_LEFT, BOTTOM_RIGHT, TOP_LEFT, TOP_RIGHT
from dashboard.sandbox.pictures import file_bytes, scene
from dashboard.sandbox.scenes import SCENES
from dashboard.sandbox.scenes.setting import BRAND, DARK
from dashboard.sandbox.world import World, build_world

NOW = datetime(2026, 3, 12, 14, 30, tzinfo=UTC)
TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # the EXIF standard's way to apply each orientation


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(seed=7, checkins=600, now=NOW)


def odd(world: World, kind: str) -> File:
    file = world.file(awkward.describe()[kind].file_id)
    assert file is not None
    return file


def opened(file: File) -> Image.Image:
    return Image.open(io.BytesIO(file_bytes(file)))


def photos(world: World, **drawing: Any) -> list[File]:
    files = [file for one in world.checkins if one.id > 1000 for file in world.files_of(one)]
    return [file for file in files if drawing.items() <= file.drawing.items()]


def alike(one: Any, other: Colour) -> bool:
    return all(abs(a - b) < 60 for a, b in zip(one, other, strict=True))


def corners(picture: Image.Image) -> list[Any]:
    right, bottom = picture.width - 1, picture.height - 1
    points = [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)]
    return [picture.getpixel((round(x * right), round(y * bottom))) for x, y in points]


@pytest.mark.parametrize("turn", range(1, 9))
def test_exif_turns_the_chart_upright(world: World, turn: int) -> None:
    found = corners(ImageOps.exif_transpose(opened(odd(world, f"rotation_{turn}"))))
    expected = [TOP_LEFT, TOP_RIGHT, BOTTOM_RIGHT, BOTTOM_LEFT]
    assert all(alike(one, other) for one, other in zip(found, expected, strict=True))


@pytest.mark.parametrize("turn", range(2, 9))
def test_metadata_alone_turns_the_chart_upright(world: World, turn: int) -> None:
    file = odd(world, f"metadata_rotation_{turn}")
    stored = opened(file)
    assert ExifTags.Base.Orientation not in stored.getexif()
    assert file.metadata == {"orientation": turn}
    found = corners(stored.transpose(TURNED[turn]))
    expected = [TOP_LEFT, TOP_RIGHT, BOTTOM_RIGHT, BOTTOM_LEFT]
    assert all(alike(one, other) for one, other in zip(found, expected, strict=True))


@pytest.mark.parametrize("turn", [1, 3, 6, 8])
def test_photos_stand_on_their_board(world: World, turn: int) -> None:
    file = next(file for file in photos(world, orientation=turn) if file.drawing["exif"])
    upright = ImageOps.exif_transpose(opened(file))
    foot = upright.height - round(min(upright.size) * 0.005) - 3
    assert alike(upright.getpixel((round(min(upright.size) * 0.01), foot)), BRAND)
    assert alike(upright.getpixel((upright.width // 2, foot)), DARK)


@pytest.mark.parametrize("kind", sorted(SCENES))
def test_a_scene_is_always_drawn_alike_whatever_was_drawn_before(kind: str) -> None:
    lines = ("12.03.2026  15:04", "Plaza Mayor 1")
    first = scene(kind, (800, 600), 11, lines)
    scene("breakers", (800, 600), 5, lines)
    assert scene(kind, (800, 600), 11, lines).tobytes() == first.tobytes()


def test_scenes_differ_by_variant() -> None:
    lines = ("12.03.2026  15:04", "Plaza Mayor 1")
    pictures = {scene("lift_door", (400, 300), variant, lines).tobytes() for variant in range(12)}
    assert len(pictures) == 12


def test_files_have_the_size_the_record_names(world: World) -> None:
    for file in photos(world)[:25]:
        assert len(file_bytes(file)) == file.size


def test_answers_files_have_the_size_the_record_names(world: World) -> None:
    form = world.form(next(one.form_id for one in world.checkins if one.id == awkward.EVERYTHING) or 0)
    assert form is not None
    ids = [file_id for value in (form.values or {}).values() for file_id in value.get("file_ids", [])]
    ids += [value["file_id"] for value in (form.values or {}).values() if "file_id" in value]
    for file in map(world.file, ids):
        assert file is not None
        assert len(file_bytes(file)) == file.size


def test_exif_tells_when_where_and_which_camera(world: World) -> None:
    file = next(file for file in photos(world) if file.drawing["exif"] and file.drawing["exif"]["place"])
    facts = file.drawing["exif"]
    block = opened(file).getexif()
    assert block[ExifTags.Base.Model] == facts["model"]
    taken = block.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal]
    assert taken == facts["taken"].strftime("%Y:%m:%d %H:%M:%S")
    degrees, minutes, seconds = block.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude]
    assert float(degrees) + float(minutes) / 60 + float(seconds) / 3600 == pytest.approx(
        abs(facts["place"][0]), abs=1e-5
    )


def test_some_photos_have_no_exif(world: World) -> None:
    assert not opened(photos(world, exif=None)[0]).getexif()


def test_a_signature_is_ink_on_nothing(world: World) -> None:
    form = world.form(next(one.form_id for one in world.checkins if one.id == awkward.EVERYTHING) or 0)
    assert form is not None
    value = next(value for value in (form.values or {}).values() if "file_id" in value)
    file = world.file(value["file_id"])
    assert file is not None
    alpha = opened(file).getchannel("A").histogram()
    assert alpha[0] > 0.8 * sum(alpha)
    assert alpha[255] > 500


@pytest.mark.parametrize(
    ("kind", "form", "mode"),
    [
        ("cmyk", "JPEG", "CMYK"),
        ("alpha", "PNG", "RGBA"),
        ("animated", "GIF", "P"),
        ("webp", "WEBP", "RGB"),
        ("tiff", "TIFF", "1"),
        ("grey", "JPEG", "L"),
        ("deep", "PNG", "I;16"),
        ("wrong_extension", "PNG", "RGB"),
        ("tiny", "PNG", "RGB"),
    ],
)
def test_odd_formats_are_what_they_say(world: World, kind: str, form: str, mode: str) -> None:
    file = odd(world, kind)
    picture = opened(file)
    picture.load()
    assert (picture.format, picture.mode) == (form, mode)
    assert len(file_bytes(file)) == file.size


def test_the_fan_turns(world: World) -> None:
    assert getattr(opened(odd(world, "animated")), "n_frames", 1) == 6


def test_heic_opens_with_its_library(world: World) -> None:
    file = odd(world, "heic")
    picture = pillow_heif.open_heif(io.BytesIO(file_bytes(file)))
    assert picture.size == (800, 600)
    assert len(file_bytes(file)) == file.size


def test_the_truncated_one_breaks_off(world: World) -> None:
    file = odd(world, "truncated")
    assert len(file_bytes(file)) < file.size
    with pytest.raises(OSError, match="truncated"):
        opened(file).load()


def test_the_bomb_is_refused_by_its_header(world: World) -> None:
    with pytest.raises(Image.DecompressionBombError):
        opened(odd(world, "bomb"))


@pytest.mark.parametrize("kind", ["not_a_picture", "page_as_picture", "empty", "report_pdf", "drawing_svg"])
def test_some_files_are_no_pictures_at_all(world: World, kind: str) -> None:
    with pytest.raises(UnidentifiedImageError):
        opened(odd(world, kind))


def test_the_heavy_ones_weigh_what_they_should(world: World) -> None:
    assert len(file_bytes(odd(world, "largest"))) == 16_777_216
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        assert opened(odd(world, "hundred_megapixels")).size == (10_000, 10_000)


def test_dead_links_are_marked_for_the_storage(world: World) -> None:
    assert odd(world, "redirect_loopback").drawing["link"] == {
        "status": 302,
        "location": "http://127.0.0.1:1/",
    }
    assert odd(world, "gone").drawing["link"] == {"status": 410}


@pytest.mark.parametrize("missing", [0, 1, 2, 3, 4, 5, 700, 65_537, 65_538, 200_000])
def test_a_jpeg_is_padded_to_the_byte(missing: int) -> None:
    made = encoding.encoded(Image.new("RGB", (64, 48), TOP_LEFT), "JPEG")
    padded = encoding.padded_jpeg(made, len(made) + missing)
    assert len(padded) == len(made) + missing
    assert Image.open(io.BytesIO(padded)).tobytes() == Image.open(io.BytesIO(made)).tobytes()


def test_an_upload_is_given_back_as_it_came(world: World, tmp_path: Path) -> None:
    file = photos(world)[0]
    (tmp_path / "x").write_bytes(b"abc")
    upload = File(
        id=1,
        type="image",
        name="x.jpg",
        size=3,
        mime_type="image/jpeg",
        created=file.created,
        uploaded=file.created,
        state="uploaded",
        key="k",
        stored=str(tmp_path / "x"),
    )
    assert file_bytes(upload) == b"abc"
