"""One staged file sent without a journal, as a stop's form does it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client as Browserless

from dashboard.navixy import checkins as api
from dashboard.navixy.errors import StorageRefused
from dashboard.navixy.files import UploadTarget
from dashboard.navixy.multipart import FileChanged
from dashboard.sandbox import Fault, Sandbox
from dashboard.uploads import sending, staging
from dashboard.uploads.models import StagedFile, State
from tests.drafting import Drafting, photo

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Browserless]


@pytest.fixture
def person(sandbox: Sandbox, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> Drafting:
    monkeypatch.setattr("dashboard.uploads.flows.AGAIN_AFTER", 0)
    return Drafting(sandbox, signed_in())


def staged(person: Drafting) -> StagedFile:
    return staging.stage(person.account, "roof.jpg", BytesIO(photo(1)))


def place(person: Drafting, file: StagedFile) -> Callable[[], UploadTarget]:
    return lambda: api.reserve_image(person.client, size=file.size, filename=file.name)


def test_it_is_sent_once_however_often_it_is_asked_for(person: Drafting) -> None:
    file = staged(person)
    ids = {sending.send(person.account, file, reserve=place(person, file)) for _ in range(3)}
    file.refresh_from_db()
    assert ids == {file.file_id}
    assert (file.state, len(person.box.calls_of("storage/upload"))) == (State.UPLOADED, 1)


def test_what_went_wrong_is_in_its_row_and_it_can_be_tried_again(person: Drafting) -> None:
    file = staged(person)
    person.box.faults.add(Fault(action="checkin/image/create", kind="error", code=268))
    with pytest.raises(StorageRefused):
        sending.send(person.account, file, reserve=place(person, file))
    file.refresh_from_db()
    assert (file.state, "storage is full" in file.problem) == (State.FAILED, True)
    sending.send(person.account, file, reserve=place(person, file))
    file.refresh_from_db()
    assert (file.state, file.problem) == (State.UPLOADED, "")


def test_bytes_that_are_no_longer_here_are_told(person: Drafting) -> None:
    file = staged(person)
    staging._store().delete(file.key)
    with pytest.raises(FileChanged):
        sending.send(person.account, file, reserve=place(person, file))
    file.refresh_from_db()
    assert "not whole any more" in file.problem
