"""What a camera noted, read from the header, and said beside the check-in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import ExifTags, Image

from dashboard.clock import Clock
from dashboard.photos import exif, facts
from dashboard.photos.exif import Noted
from dashboard.photos.facts import Facts, Record

CLOCK = Clock(zone=ZoneInfo("Europe/Madrid"))
THEN = datetime(2026, 3, 12, 14, 30, tzinfo=UTC)  # 15:30 in Madrid
HERE = (41.0, 2.0)


def jpeg(
    *, main: dict[int, Any] | None = None, exif_: dict[int, Any] | None = None, gps: Any = None
) -> BytesIO:
    block = Image.Exif()
    block.update(main or {})
    block.get_ifd(ExifTags.IFD.Exif).update(exif_ or {})
    block.get_ifd(ExifTags.IFD.GPSInfo).update(gps or {})
    out = BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=block.tobytes())
    return out


def degrees(lat: tuple[float, ...], south: str, lng: tuple[float, ...], west: str) -> dict[int, Any]:
    gps = ExifTags.GPS
    return {
        gps.GPSLatitude: lat,
        gps.GPSLatitudeRef: south,
        gps.GPSLongitude: lng,
        gps.GPSLongitudeRef: west,
    }


def taken(text: str, **more: str) -> dict[int, str]:
    return {
        ExifTags.Base.DateTimeOriginal: text,
        **{getattr(ExifTags.Base, name): value for name, value in more.items()},
    }


def test_a_time_with_an_offset_is_a_moment() -> None:
    found = exif.read(jpeg(exif_=taken("2026:03:12 15:28:00", OffsetTimeOriginal="+01:00")))
    assert found.taken == THEN - timedelta(minutes=2)


def test_without_an_offset_the_satellites_clock_counts() -> None:
    gps = {ExifTags.GPS.GPSDateStamp: "2026:03:12", ExifTags.GPS.GPSTimeStamp: (14.0, 29.0, 30.0)}
    found = exif.read(jpeg(exif_=taken("2026:03:12 09:00:00"), gps=gps))
    assert found.taken == THEN - timedelta(seconds=30)


def test_without_either_it_stays_local() -> None:
    assert exif.read(jpeg(exif_=taken("2026:03:12 15:28:00"))).taken == datetime(2026, 3, 12, 15, 28)  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "yesterday",
        "",
        "0001:01:01 00:00:00",
        "9999:12:31 23:59:59",
    ],
)
def test_a_camera_that_did_not_know_the_time_noted_none(text: str) -> None:
    assert exif.read(jpeg(exif_=taken(text))).taken is None


def test_south_and_west_are_negative() -> None:
    found = exif.read(jpeg(gps=degrees((33.0, 30.0, 0.0), "S", (70.0, 39.0, 36.0), "W")))
    assert found.place == pytest.approx((-33.5, -70.66))


@pytest.mark.parametrize(
    "gps",
    [
        degrees((0.0, 0.0, 0.0), "N", (0.0, 0.0, 0.0), "E"),
        degrees((91.0, 0.0, 0.0), "N", (2.0, 0.0, 0.0), "E"),
        {ExifTags.GPS.GPSLatitude: (1.0, 2.0, 3.0)},
    ],
)
def test_a_place_nobody_can_stand_at_is_none(gps: dict[int, Any]) -> None:
    assert exif.read(jpeg(gps=gps)).place is None


@pytest.mark.parametrize(
    ("make", "model", "name"),
    [("samsung", "SM-A536B", "samsung SM-A536B"), ("Canon", "Canon EOS R6", "Canon EOS R6"), ("", "", "")],
)
def test_the_maker_is_said_once(make: str, model: str, name: str) -> None:
    found = exif.read(jpeg(main={ExifTags.Base.Make: make, ExifTags.Base.Model: model}))
    assert found.camera == name


def test_width_and_height_are_upright() -> None:
    found = exif.read(jpeg(main={ExifTags.Base.Orientation: 6}))
    assert (found.width, found.height, found.orientation) == (30, 40, 6)


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff"]
)
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_what_is_no_picture_notes_nothing(content: bytes) -> None:
    assert exif.read(BytesIO(content)) == Noted()


# --- beside the check-in ------------------------------------------------------------------------------------


def lines(noted: Noted, *, when: datetime | None = THEN, place: Any = HERE) -> dict[str, facts.Line]:
    found = Facts(noted=noted, name="a.jpg", size=1_234_567, turn=1)
    return {line.label: line for line in facts.lines(found, Record(when=when, place=place), CLOCK)}


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (THEN, "within a minute of the check-in"),
        (THEN - timedelta(minutes=2), "2 min before the check-in"),
        (THEN + timedelta(minutes=119), "119 min after the check-in"),
        (THEN - timedelta(hours=5, minutes=7), "5 h 7 min before the check-in"),
        (THEN - timedelta(days=30), "30 days before the check-in"),
    ],
)
def test_the_gap_in_time_is_a_number(moment: datetime, words: str) -> None:
    line = lines(Noted(taken=moment.astimezone(timezone(timedelta(hours=-5)))))["Taken"]
    assert line.apart == words
    assert line.beside == "Check-in: 2026-03-12 15:30"


def test_a_time_without_zone_says_what_is_assumed() -> None:
    line = lines(Noted(taken=datetime(2026, 3, 12, 15, 20)))["Taken"]  # noqa: DTZ001
    assert (line.value, line.apart) == ("2026-03-12 15:20", "10 min before the check-in")
    assert line.note


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ((41.0, 2.0), "0 m from the check-in"),
        ((41.0003, 2.0), "33 m from the check-in"),
        ((41.02, 2.0), "2.2 km from the check-in"),
        ((-41.0, -178.0), "20,015 km from the check-in"),
    ],
)
def test_the_gap_in_space_is_a_number(place: tuple[float, float], words: str) -> None:
    assert lines(Noted(place=place))["Where"].apart == words


def test_nothing_noted_says_so_and_compares_nothing() -> None:
    found = lines(Noted())
    assert {found[label].value for label in ("Taken", "Where", "Camera")} == {"Not noted"}
    assert not any(line.apart for line in found.values())


def test_a_page_that_names_no_check_in_compares_nothing() -> None:
    found = lines(Noted(taken=THEN, place=HERE), when=None, place=None)
    assert not any(line.apart or line.beside for line in found.values())


@pytest.mark.parametrize(
    "when", ["", "soon", "2026-03-12T14:30:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
)
@pytest.mark.parametrize("point", ["", "north", "1,2,3", "nan,2", "91,0"])
def test_nonsense_about_the_check_in_counts_as_nothing(when: str, point: str) -> None:
    assert facts.record_of(when, point) == Record(when=None, place=None)
