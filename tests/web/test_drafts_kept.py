"""Drafts as rows: whose they are, and that nobody overwrites what another tab saved."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from pytest_django import Settings

from checkins import drafts, upstream
from checkins.drafts import Stale
from checkins.models import Draft, DraftFile, DraftState
from dashboard.clock import frozen, now
from dashboard.uploads import staging
from dashboard.uploads.models import StagedFile
from dashboard.uploads.staging import StagingRefused
from tests.accounts import account

pytestmark = pytest.mark.django_db

TEMPLATE = {
    "id": 5,
    "label": "Visit",
    "fields": [
        {"id": "a", "type": "text", "label": "A"},
        {"id": "b", "type": "rating", "label": "B"},
        {"id": "p", "type": "photo", "label": "P"},
    ],
}


def staged(name: str = "a.jpg") -> StagedFile:
    return staging.stage(account(), name, BytesIO(b"bytes"))


def test_each_change_is_a_version_and_an_old_one_cannot_overwrite() -> None:
    draft = drafts.begin(account(), tracker_id=7)
    other_tab = draft.version
    draft = drafts.change(draft, version=draft.version, comment="first")
    assert draft.version == other_tab + 1
    with pytest.raises(Stale):
        drafts.change(draft, version=other_tab, comment="second")
    assert Draft.objects.get().comment == "first"


def test_a_draft_on_its_way_is_not_changed() -> None:
    draft = drafts.begin(account())
    Draft.objects.update(state=DraftState.RUNNING)
    with pytest.raises(Stale):
        drafts.change(draft, version=0, comment="late")
    with pytest.raises(Stale):
        drafts.attach(draft, staged())
    with pytest.raises(Stale):
        drafts.remove(draft)


def test_another_persons_draft_is_not_there() -> None:
    draft = drafts.begin(account())
    assert drafts.one(account(), draft.pk) == draft
    assert drafts.one(account(user_id=2), draft.pk) is None


def test_another_template_keeps_what_still_fits() -> None:
    draft = drafts.begin(account())
    draft = drafts.choose_template(draft, version=0, record=TEMPLATE)
    answers = {"a": {"type": "text", "value": "x"}, "b": {"type": "rating", "value": 3}}
    draft = drafts.change(draft, version=1, answers=answers)
    drafts.attach(draft, staged(), field_id="p")
    newer = {**TEMPLATE, "fields": [{"id": "a", "type": "text", "label": "A"}]}
    draft = drafts.choose_template(draft, version=2, record=newer)
    assert draft.answers == {"a": {"type": "text", "value": "x"}}
    assert not draft.files.exists()
    assert draft.form
    assert [field.id for field in draft.form.fields] == ["a"]


def test_files_stand_in_the_order_they_are_put() -> None:
    draft = drafts.begin(account())
    one, two = drafts.attach(draft, staged("1.jpg")), drafts.attach(draft, staged("2.jpg"))
    drafts.arrange(draft, [two.pk, one.pk])
    assert [file.staged.name for file in draft.files.all()] == ["2.jpg", "1.jpg"]


def test_a_removed_draft_is_out_of_sight_and_comes_back_with_its_files() -> None:
    draft = drafts.begin(account(), comment="Mine")
    file = drafts.attach(draft, staged())
    drafts.remove(draft)
    assert drafts.one(account(), draft.pk) is None
    assert drafts.count(account()) == 0
    assert not drafts.unfinished(account()).exists()
    assert not drafts.bring_back(account(user_id=2), draft.pk)
    assert drafts.bring_back(account(), draft.pk)
    assert drafts.one(account(), draft.pk) == draft
    assert list(draft.files.all()) == [file]
    with staging.opened(file.staged) as content:
        assert content.read() == b"bytes"
    assert not drafts.bring_back(account(), draft.pk), "it is there already"


@pytest.mark.django_db(transaction=True)
def test_once_undo_is_over_a_removed_draft_goes_with_its_files() -> None:
    gone, left = drafts.begin(account()), drafts.begin(account())
    for draft in (gone, left):
        drafts.attach(draft, staged())
    drafts.remove(gone)
    with frozen(now() + timedelta(minutes=59)):
        drafts.tidy()
    assert Draft.objects.count() == StagedFile.objects.count() == 2
    with frozen(now() + timedelta(minutes=61)):
        assert not drafts.bring_back(account(), gone.pk), "also before the housekeeping came"
        drafts.tidy()
    assert [draft.pk for draft in Draft.objects.all()] == [left.pk]
    assert StagedFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_draft_nobody_put_anything_into_goes_after_a_day() -> None:
    for _ in range(2):
        drafts.begin(account())
    changed, with_file = Draft.objects.all()
    drafts.change(changed, version=0, comment="x")
    drafts.attach(with_file, staged())
    drafts.begin(account())
    with frozen(now() + timedelta(hours=23)):
        drafts.tidy()
        assert Draft.objects.count() == 3
    with frozen(now() + timedelta(hours=25)):
        drafts.tidy()
    assert {one.pk for one in Draft.objects.all()} == {changed.pk, with_file.pk}


def test_a_page_begins_one_draft_however_often_it_is_sent() -> None:
    key = uuid4()
    first = drafts.begin_on(account(), key)
    assert drafts.begin_on(account(), key) == drafts.begun_on(account(), key) == first
    assert drafts.begin_on(account(user_id=2), key) != first


def test_who_runs_short_of_room_gives_up_removed_drafts(settings: Settings) -> None:
    settings.UPLOAD_SPACE_MB = 1
    draft = drafts.begin(account())
    drafts.attach(draft, staging.stage(account(), "large", BytesIO(bytes(1_000_000))))
    with pytest.raises(StagingRefused, match="Send or remove drafts"):
        staging.stage(account(), "next", BytesIO(bytes(100_000)))
    drafts.remove(draft)
    staging.stage(account(user_id=2), "another's", BytesIO(bytes(1_000_000)))
    assert Draft.objects.exists(), "another's need takes nothing"
    staging.stage(account(), "next", BytesIO(bytes(100_000)))
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_a_made_checkin_the_files_go_then_the_draft() -> None:
    made, open_one = drafts.begin(account()), drafts.begin(account())
    for draft in (made, open_one):
        drafts.attach(draft, staged())
    Draft.objects.filter(pk=made.pk).update(**upstream.finished(7))
    with frozen(now() + timedelta(days=2)):
        drafts.tidy()
    assert [file.draft_id for file in DraftFile.objects.all()] == [open_one.pk]
    assert StagedFile.objects.count() == 1
    with frozen(now() + timedelta(days=31)):
        drafts.tidy()
    assert [draft.pk for draft in Draft.objects.all()] == [open_one.pk]
