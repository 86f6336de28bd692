"""Pictures made smaller or freed of their place: what goes, and what must stay."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import ExifTags, Image

from dashboard.photos import exif
from dashboard.photos.problems import Unshowable
from dashboard.uploads import rewriting

XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><exif:GPSLatitude>40,25N</exif:GPSLatitude></x:xmpmeta>"


def picture(kind: str, *, size: tuple[int, int] = (90, 60), **options: Any) -> BytesIO:
    out, noted = BytesIO(), Image.Exif()
    noted[ExifTags.Base.Orientation] = 6
    noted[ExifTags.Base.Model] = "SM-A536B"
    noted.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:03:12 10:00:00"
    gps = noted.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (40.0, 25.0, 0.0)
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "W", (3.0, 42.0, 0.0)
    Image.effect_noise(size, 80).convert("RGB").save(out, kind, exif=noted, **options)
    return out


def pixels(content: bytes) -> bytes:
    with Image.open(BytesIO(content)) as image:
        return image.convert("RGB").tobytes()


def test_a_jpeg_without_its_place_keeps_pixels_time_camera_and_turn() -> None:
    before = picture("JPEG", xmp=XMP.partition(b"\0")[2])
    assert exif.read(before).place
    content, ending = rewriting.without_place(before)
    noted = exif.read(BytesIO(content))
    assert (noted.place, noted.orientation, noted.camera, ending) == (None, 6, "SM-A536B", "")
    assert noted.taken is not None
    assert pixels(content) == pixels(before.getvalue())
    assert b"GPSLatitude" not in content


@pytest.mark.parametrize(("kind", "ending"), [("PNG", ""), ("WEBP", ".jpg")])
def test_other_pictures_lose_their_place_as_well(kind: str, ending: str) -> None:
    content, given = rewriting.without_place(picture(kind))
    noted = exif.read(BytesIO(content))
    assert (noted.place, given) == (None, ending)
    assert (noted.width, noted.height) == (60, 90)  # the right way up


def test_a_picture_is_made_as_small_as_asked_and_keeps_what_the_camera_noted() -> None:
    large = picture("JPEG", size=(1400, 1000), quality=97)
    most = len(large.getvalue()) // 2
    content = rewriting.smaller(large, most)
    noted = exif.read(BytesIO(content))
    assert len(content) <= most
    assert (noted.camera, noted.orientation, noted.place is not None) == ("SM-A536B", None, True)
    assert noted.height > noted.width  # turned for good


def test_what_is_no_picture_is_left_alone() -> None:
    with pytest.raises(Unshowable):
        rewriting.smaller(BytesIO(b"no picture at all"), 100)
