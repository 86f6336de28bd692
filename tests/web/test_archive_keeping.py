"""What is kept of a record before it is removed, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.conf import settings

from dashboard.archive import keeping
from dashboard.archive.keeping import FileMissing, Original
from dashboard.archive.models import Archived, State
from dashboard.clock import frozen
from dashboard.jobs import housekeeping
from tests.accounts import account
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now_is_now() -> Iterator[None]:
    with frozen(NOW):
        yield


def original(content: bytes | Exception = b"bytes", **facts: Any) -> Original:
    def write(into: BinaryIO) -> None:
        if isinstance(content, Exception):
            raise content
        into.write(content)

    known: dict[str, Any] = {"upstream_id": 9, "name": "a.jpg", "mime_type": "image/jpeg"}
    return Original(**known | facts, write=write)


def kept(**facts: Any) -> Archived:
    known: dict[str, Any] = {
        "kind": "checkin",
        "upstream_id": 7,
        "title": "Check-in 7",
        "record": {"id": 7, "files": [{"id": 9, "download_url": "https://x/secret", "name": "a.jpg"}]},
        "names": {"Tracker": "Van 1", "Employee": "Ann"},
    }
    return keeping.keep(account(), **known | facts)


def stored() -> list[Path]:
    folder = Path(settings.VAR_DIR) / "archive"
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    yield
    for archived in Archived.objects.all():
        keeping.discard(archived)


def test_files_are_kept_byte_for_byte_with_their_hash() -> None:
    archived = kept(files=[original(b"photo"), original(b"scan", form_id=3, field_id="f1", name="b.pdf")])

    first, second = archived.files.all()

    assert (first.size, first.sha256) == (5, sha256(b"photo").hexdigest())
    assert (second.form_id, second.field_id, second.name) == (3, "f1", "b.pdf")
    with keeping.opened(second) as content:
        assert content.read() == b"scan"
    assert (archived.state, archived.missing) == (State.KEPT, 0)


def test_a_file_that_cannot_be_had_is_named_with_its_reason() -> None:
    archived = kept(files=[original(), original(FileMissing("The storage no longer has it"), name="b.jpg")])

    assert archived.missing == 1
    assert archived.files.get(key="").problem == "The storage no longer has it"


def test_when_fetching_fails_nothing_is_left(django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    before = stored()
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ConnectionError):
        kept(files=[original(), original(ConnectionError())])

    assert not Archived.objects.exists()
    assert stored() == before


def test_the_record_stays_as_received_but_for_addresses_of_files() -> None:
    form = {"id": 3, "files": [{"id": 4, "previews": [{"download_url": "https://x"}], "size": 2}]}

    archived = kept(forms=[form])
    archived.refresh_from_db()

    assert archived.record == {"id": 7, "files": [{"id": 9, "name": "a.jpg"}]}
    assert archived.forms == [{"id": 3, "files": [{"id": 4, "size": 2}]}]
    assert archived.names == [["Tracker", "Van 1"], ["Employee", "Ann"]]


def test_a_second_attempt_replaces_what_the_first_left() -> None:
    first = kept(files=[original()])
    second = kept(files=[original()])

    assert [one.pk for one in Archived.objects.all()] == [second.pk]
    assert first.pk != second.pk


def test_what_was_removed_once_is_not_replaced() -> None:
    keeping.confirm(kept())
    kept()

    assert Archived.objects.count() == 2


def test_it_is_kept_for_its_days_and_then_gone_with_its_files(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    before = stored()
    keeping.confirm(kept(files=[original()]))
    end = NOW + timedelta(days=settings.ARCHIVE_DAYS)

    with frozen(end - timedelta(seconds=1)):
        housekeeping.tidy()
    assert Archived.objects.get().expires == end

    with frozen(end + timedelta(seconds=1)), django_capture_on_commit_callbacks(execute=True):
        housekeeping.tidy()
    assert not Archived.objects.exists()
    assert stored() == before


def test_answers_and_names_can_be_searched_whatever_their_case() -> None:
    archived = kept(forms=[{"values": {"f1": {"type": "text", "value": "Übergabe PUMPE"}}}])

    assert "übergabe pumpe" in archived.words
    assert "van 1" in archived.words


def test_awkward_texts_are_kept_as_far_as_a_database_can() -> None:
    archived = kept(title="nul\0 \ud800", record={"comment": "\ud800\0"})
    archived.refresh_from_db()

    assert archived.title == "nul ?"
    assert archived.record == {"comment": "?"}
