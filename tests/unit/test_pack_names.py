"""What files are called in a zip pack."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.photos.packs.names import extension, file_name, plain

WHEN = datetime(2026, 11, 21, 9, 14)  # noqa: DTZ001  local time of the account


def named(
    who: str = "García Ana", original: str = "IMG_1.JPG", mime: str = "image/jpeg", number: int = 1
) -> str:
    return file_name(local=WHEN, who=who, checkin_id=8123, number=number, original=original, mime=mime)


def test_a_name_tells_when_who_and_which() -> None:
    assert named() == "2026-11-21_0914_Garcia-Ana_checkin-8123_1.jpg"


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("Núñez Íñigo", "Nunez-Inigo"),
        ("Иванов Пётр", "Ivanov-Petr"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "CON"),
        ("a" * 300, "a" * 40),
        ("☂", "umbrella2"),
        ("", "unnamed"),
        ("...", "unnamed"),
    ],
)
def test_people_are_written_in_ascii(who: str, shown: str) -> None:
    name = named(who).removeprefix("2026-11-21_0914_").removesuffix("_checkin-8123_1.jpg")
    assert name.lower() == shown.lower()


@pytest.mark.parametrize(
    ("original", "mime", "ending"),
    [
        ("plan.PDF", "application/pdf", ".pdf"),
        ("attachment", "application/pdf", ".pdf"),
        ("attachment", "application/octet-stream", ".bin"),
        ("attachment", "", ""),
        ("..\\..\\win.ini\\photo.heic", "image/heic", ".heic"),
        ("report.pdf.exe", "application/pdf", ".exe.txt"),
        ("page.html", "text/html", ".html.txt"),
        ("page", "text/html", ".html.txt"),
        ("trailing. . .", "image/png", ".png"),
        ("odd.<b>", "image/png", ".png"),
        ("x." + "y" * 400, "image/png", ".png"),
        ("\u202egpj.exe", "image/jpeg", ".exe.txt"),
    ],
)
def test_endings_stay_and_what_would_run_becomes_text(original: str, mime: str, ending: str) -> None:
    assert extension(original, mime) == ending


@given(who=st.text(), original=st.text(), mime=st.text(), number=st.integers(1, 999))
def test_no_name_is_unsafe_anywhere(who: str, original: str, mime: str, number: int) -> None:
    name = named(who, original, mime, number)
    assert re.fullmatch(r"2026-11-21_0914_[A-Za-z0-9-]+_checkin-8123_\d+(\.[a-z0-9-]{1,10})?(\.txt)?", name)
    assert len(name) < 100


@given(st.text())
def test_plain_text_is_letters_digits_and_hyphens(text: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9-]*", plain(text))
