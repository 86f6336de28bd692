"""Files brought to this site: kept a piece at a time, bounded, looked at, cleared away."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image
from pytest_django import Settings

from dashboard.clock import frozen, now
from dashboard.navixy.transport import MEGABYTE
from dashboard.uploads import staging
from dashboard.uploads.models import StagedFile
from dashboard.uploads.staging import StagingRefused
from tests.accounts import account

pytestmark = pytest.mark.django_db


def picture(orientation: int | None = None, size: tuple[int, int] = (40, 30)) -> bytes:
    out, block = BytesIO(), Image.Exif()
    if orientation:
        block[0x0112] = orientation
    Image.new("RGB", size, "teal").save(out, "JPEG", exif=block)
    return out.getvalue()


def stage(content: bytes, name: str = "roof.jpg") -> StagedFile:
    return staging.stage(account(), name, BytesIO(content))


def content_of(staged: StagedFile) -> bytes:
    with staging.opened(staged) as file:
        return bytes(file.read())


def test_a_picture_is_kept_as_it_is_and_known() -> None:
    staged = stage(picture(orientation=6))
    assert content_of(staged) == picture(orientation=6)
    assert staged.sha256 == sha256(picture(orientation=6)).hexdigest()
    assert (staged.mime_type, staged.orientation) == ("image/jpeg", 6)
    assert (staged.width, staged.height) == (30, 40)  # upright


@pytest.mark.parametrize("content", [b"plain words", b"\x89PNG\r\n\x1a\nbroken"], ids=["text", "damaged"])
def test_what_is_no_picture_is_a_plain_file(content: bytes) -> None:
    staged = stage(content, "notes.txt")
    assert (staged.is_image, staged.mime_type, staged.size) == (False, "text/plain", len(content))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\photos\\a.jpg", "a.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb.jpg", "ab.jpg"),
        ("...", "file"),
    ],
)
def test_a_name_is_a_plain_name(given: str, kept: str) -> None:
    assert staging.clean_name(given) == kept


def test_a_long_name_keeps_its_ending() -> None:
    assert staging.clean_name("x" * 300 + ".jpeg").endswith("x.jpeg")
    assert len(staging.clean_name("x" * 300 + ".jpeg")) == 120


class Endless:
    """A body whose end nobody sees."""

    given = 0

    def read(self, size: int, /) -> bytes:
        self.given += size
        return bytes(size)


def test_a_file_too_large_is_not_read_to_its_end() -> None:
    body = Endless()
    with pytest.raises(StagingRefused, match="larger than 2 MB"):
        staging.stage(account(), "film", body, at_most=2 * MEGABYTE)
    assert body.given < 3 * MEGABYTE
    assert not StagedFile.objects.exists()


def test_nothing_is_no_file() -> None:
    with pytest.raises(StagingRefused, match="empty"):
        stage(b"")


def test_a_person_has_so_much_room_and_no_more(settings: Settings) -> None:
    settings.UPLOAD_SPACE_MB = 1
    staging.stage(account(), "first", BytesIO(bytes(MEGABYTE - 10)))
    with pytest.raises(StagingRefused, match="no room"):
        stage(picture())
    staging.stage(account(user_id=2), "another's", BytesIO(picture()))


def test_nobody_sees_anothers_file() -> None:
    staged = stage(picture())
    assert staging.one(account(), staged.pk) == staged
    assert staging.one(account(user_id=2), staged.pk) is None
    assert staging.one(account(api_url="https://elsewhere.example/v2"), staged.pk) is None


@pytest.mark.django_db(transaction=True)
def test_files_put_nowhere_go_after_a_day() -> None:
    old = stage(picture())
    with frozen(now() + timedelta(hours=23)):
        young = stage(picture())
        staging.tidy()
    assert StagedFile.objects.count() == 2
    with frozen(now() + timedelta(hours=25)):
        staging.tidy()
    assert [one.pk for one in StagedFile.objects.all()] == [young.pk]
    with pytest.raises(FileNotFoundError):
        content_of(old)
