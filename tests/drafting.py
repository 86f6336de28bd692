"""Drafts of check-ins for tests: whole ones with every kind of answer, sent by a worker in this process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING, Any

from PIL import Image

from checkins import creation, drafts
from checkins.models import Draft, DraftState
from dashboard import accounts, sessions
from dashboard.accounts import Account
from dashboard.clock import frozen, now
from dashboard.jobs import runner
from dashboard.jobs.models import Job
from dashboard.navixy import forms
from dashboard.navixy.client import Client
from dashboard.uploads import staging

if TYPE_CHECKING:
    from django.test import Client as Browserless

    from dashboard.sandbox import Sandbox

LIFT_VISIT, HAND_OVER = 201, 206  # the first uses all ten field types
PLACE = {"lat": 40.41683, "lng": -3.70379, "address": "Plaza Mayor 1, Madrid"}
ANSWERS: dict[str, Any] = {
    "text-2": {"type": "text", "value": "L-42 · «Süd» 🛗"},
    "dropdown-3": {"type": "dropdown", "value_index": 2},
    "checkbox-group-4": {"type": "checkbox_group", "values": [True, False, True, False, True]},
    "radio-group-5": {"type": "radio_group", "value_index": 1},
    "date-7": {"type": "date", "value": "2026-06-30"},
    "rating-8": {"type": "rating", "value": 4},
    "text-11": {"type": "text", "value": "Line one\nline two"},
}


def photo(seed: int, *, size: int = 0, orientation: int | None = None) -> bytes:
    """A small JPEG of its own; `size` pads it with a comment's worth of noise."""
    out, block = BytesIO(), Image.Exif()
    if orientation:
        block[0x0112] = orientation
    Image.new("RGB", (32 + seed, 24), (seed * 7 % 256, 80, 90)).save(out, "JPEG", exif=block)
    content = out.getvalue()
    return content + Random(seed).randbytes(max(0, size - len(content)))


@dataclass
class Drafting:
    """What one signed-in person does, without pages."""

    box: Sandbox
    web: Browserless

    @cached_property
    def account(self) -> Account:
        """Also while the session is over."""
        return self._signed_in[0]

    @property
    def client(self) -> Client:
        return self._signed_in[1]

    @property
    def session_hash(self) -> str:
        return sessions.hash_of(self.web.session)

    @property
    def _signed_in(self) -> tuple[Account, Client]:
        found = accounts.recall(self.web.session)
        assert found
        return found

    def plain(self, **known: Any) -> Draft:
        tracker = next(one for one in self.box.trackers_of(self.box.person("owner")) if not one.blocked)
        return drafts.begin(
            self.account, **{"tracker_id": tracker.id, "comment": "By hand", **PLACE, **known}
        )

    def with_photos(self, count: int, **known: Any) -> Draft:
        draft = self.plain(**known)
        for seed in range(count):
            self.attach(draft, photo(seed, orientation=6 if seed == 1 else None), f"photo {seed}.jpg")
        return draft

    def whole(self, *, photos: int = 6, evidence: int = 2) -> Draft:
        """Six photos and a form with an answer of every kind."""
        draft = self.with_photos(photos)
        record = forms.template_record(self.client, LIFT_VISIT)
        draft = drafts.choose_template(draft, version=draft.version, record=record)
        draft = drafts.change(draft, version=draft.version, answers=ANSWERS)
        for seed in range(evidence):
            self.attach(draft, photo(20 + seed), f"evidence {seed}.jpg", "photo-9")
        self.attach(draft, b"%PDF-1.4 protocol " * 40, "protocol.pdf", "file-10")
        self.attach(draft, photo(30), "signature.jpg", "signature-12")
        return draft

    def small(self, *, photos: int = 2) -> Draft:
        """Every call of the flow, and little of it."""
        draft = self.with_photos(photos)
        record = forms.template_record(self.client, HAND_OVER)
        draft = drafts.choose_template(draft, version=draft.version, record=record)
        draft = drafts.change(
            draft, version=draft.version, answers={"rating-1": {"type": "rating", "value": 9}}
        )
        self.attach(draft, photo(30), "signature.jpg", "signature-4")
        return draft

    def attach(self, draft: Draft, content: bytes, name: str, field_id: str = "") -> None:
        staged = staging.stage(self.account, name, BytesIO(content))
        drafts.attach(draft, staged, field_id=field_id)

    def start(self, draft: Draft) -> Job:
        return creation.start(self.account, self.session_hash, draft)

    def sent(self, draft: Draft) -> Draft:
        self.start(draft)
        return self.worked(draft)

    def worked(self, draft: Draft) -> Draft:
        """After a worker has done what there is to do now."""
        while runner.run_next():
            pass
        return self.fresh(draft)

    def later(self, draft: Draft, **by: float) -> Draft:
        """After a worker has done what there is to do after that time."""
        with frozen(now() + timedelta(**by)):
            return self.worked(draft)

    def fresh(self, draft: Draft) -> Draft:
        return drafts.of(self.account).select_related("job").get(pk=draft.pk)


def assert_equal_upstream(person: Drafting, draft: Draft) -> None:
    """The check-in reads back as it was drafted: place, words, each answer, each byte of each file."""
    from dashboard.navixy import checkins

    assert draft.state == DraftState.DONE, (draft.state, draft.problem)
    assert draft.checkin_id is not None
    made = checkins.read(person.client, draft.checkin_id)
    assert (made.tracker_id, made.comment, made.address) == (draft.tracker_id, draft.comment, draft.address)
    assert (made.lat, made.lng) == (draft.lat, draft.lng)
    sent = [file for file in draft.files.select_related("staged") if not file.skipped]
    photos = [file.staged for file in sent if not file.field_id]
    assert [file.name for file in made.files] == [one.name for one in photos]
    assert [file.orientation for file in made.files] == [one.orientation for one in photos]
    assert [digest(person, file) for file in made.files] == [one.sha256 for one in photos]
    if draft.template_id is None:
        assert made.form_id is None
        return
    assert made.form_id is not None
    form = forms.read_form(person.client, made.form_id)
    answers = {
        key: value
        for key, value in raw_values(person, made.form_id).items()
        if "file_ids" not in value and "file_id" not in value
    }
    assert answers == draft.answers
    files = {file.id: file for file in form.files}
    for field_id in {file.field_id for file in sent if file.field_id}:
        answer = form.values[field_id]
        ids = answer.file_ids if isinstance(answer, forms.FileAnswer) else (answer.file_id,)  # type: ignore[union-attr]
        expected = [file.staged for file in sent if file.field_id == field_id]
        assert [digest(person, files[one]) for one in ids] == [one.sha256 for one in expected]


def raw_values(person: Drafting, form_id: int) -> dict[str, Any]:
    values = forms.form_record(person.client, form_id)["values"]
    assert isinstance(values, dict)
    return values


def digest(person: Drafting, file: Any) -> str:
    from dashboard import connect

    into = BytesIO()
    connect.storage(person.account.api_url).fetch(file.download_url, into)
    return sha256(into.getvalue()).hexdigest()
