"""A draft becomes a check-in, by the worker's own code and over real HTTP; and what stops it on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from io import BytesIO
from typing import Any, cast

import pytest
from django.db import connection
from django.test import Client as Browserless

from checkins import again, creation, creation_job, drafts, flows
from checkins.creation import NotReady
from checkins.drafts import Stale
from checkins.models import Draft, DraftFile, DraftState, DraftStep, StepState
from checkins.progress import progress_of
from dashboard.audit.models import Entry
from dashboard.clock import frozen
from dashboard.jobs import desk as jobs
from dashboard.jobs import leases, runner
from dashboard.jobs.models import Job, State
from dashboard.navixy import checkins as api
from dashboard.navixy import forms
from dashboard.sandbox import Fault, FrozenClock, Sandbox, answers, uploads
from tests.conftest import NOW
from tests.drafting import ANSWERS, LIFT_VISIT, PLACE, Drafting, assert_equal_upstream, photo

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Browserless]


@pytest.fixture
def person(sandbox: Sandbox, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drafting]:
    monkeypatch.setattr(creation_job, "rest", lambda job, _seconds: job.check())
    yield Drafting(sandbox, signed_in())
    cast(FrozenClock, sandbox.clock).set(NOW)


def made_by(person: Drafting) -> int:
    return len(person.box.calls_of("checkin/create"))


def count(person: Drafting, action: str) -> int:
    return len(person.box.calls_of(action))


def one_file(draft: Draft, name: str) -> DraftFile:
    return draft.files.get(staged__name=name)


@pytest.mark.parametrize("mode", ["internal", "s3"])
def test_a_form_of_all_types_and_six_photos_read_back_equal(person: Drafting, mode: str) -> None:
    person.box.switches.storage_mode = mode
    person.box.switches.file_field_name = "example.png"
    assert_equal_upstream(person, person.sent(person.whole()))


def test_the_order_of_the_calls_is_the_documented_one(person: Drafting) -> None:
    draft = person.small(photos=1)
    person.box.clear_calls()
    person.sent(draft)
    assert [call.action for call in person.box.calls] == [
        *("checkin/form/create", "form/read", "checkin/image/create", "storage/upload"),
        *("checkin/form/file/create", "storage/upload", "checkin/create"),
    ]


def test_optional_answers_that_are_empty_are_not_sent(person: Drafting) -> None:
    person.sent(person.small(photos=0))
    sent = person.box.calls_of("checkin/create")[0].params["form_submission"]["values"]
    assert sorted(sent) == ["rating-1", "signature-4"]


def test_the_pause_lies_between_files_and_what_is_done_meanwhile_counts(
    person: Drafting, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.UPLOAD_PAUSE_MS = 400
    waited: list[float] = []
    monkeypatch.setattr(creation_job, "rest", lambda _job, seconds: waited.append(seconds))
    person.sent(person.with_photos(3))
    assert len(waited) == 2
    assert all(0 < seconds <= 0.4 for seconds in waited)


# --- what stops it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "code", "reason", "says"),
    [
        ("checkin/form/create", 201, "tracker", "not there any more"),
        ("checkin/form/create", 13, "other", "do not have the right"),
        ("checkin/image/create", 268, "quota", "storage is full"),
        ("checkin/image/create", 271, "files", "Not all files"),
        ("checkin/form/file/create", 267, "files", "Not all files"),
        ("checkin/form/file/create", 231, "files", "Not all files"),
        ("checkin/create", 13, "other", "do not have the right"),
        ("checkin/create", 208, "tracker", "blocked"),
        ("checkin/create", 236, "other", "tariff"),
    ],
)
def test_a_refusal_says_what_to_do_and_going_on_makes_it_whole(
    person: Drafting, action: str, code: int, reason: str, says: str
) -> None:
    person.box.faults.add(Fault(action=action, kind="error", code=code))
    draft = person.sent(person.small(photos=1))
    assert (draft.state, draft.reason) == (DraftState.PAUSED, reason)
    assert says in draft.problem
    assert draft.job
    assert draft.job.state == State.FAILED
    assert_equal_upstream(person, person.sent(draft))


def test_a_file_too_large_names_itself_and_one_may_go_on_without_it(person: Drafting) -> None:
    person.box.switches.max_file_size = 2000
    draft = person.with_photos(2)
    person.attach(draft, photo(9, size=5000), "large.jpg")
    draft = person.sent(draft)
    (failed,) = progress_of(draft).failed
    assert (failed.label, "larger than Navixy accepts" in failed.problem) == ("large.jpg", True)
    assert count(person, "storage/upload") == 2  # the others went
    assert failed.file
    creation.skip(person.account, person.session_hash, draft, failed.file)
    assert_equal_upstream(person, person.worked(draft))
    assert count(person, "storage/upload") == 2


def test_a_storage_that_refuses_a_file_is_asked_for_other_places_then_the_person(person: Drafting) -> None:
    person.box.faults.add(Fault(action="storage/upload", kind="error", code=5, times=3))
    draft = person.sent(person.with_photos(2))
    (failed,) = progress_of(draft).failed
    assert "did not take this file" in failed.problem
    assert count(person, "checkin/image/create") == 4
    assert failed.file
    creation.retry(person.account, person.session_hash, draft, failed.file)
    assert_equal_upstream(person, person.worked(draft))


def test_a_storage_that_is_down_is_not_asked_for_every_file(person: Drafting) -> None:
    person.box.faults.add(Fault(action="storage/upload", kind="html_502", times=None))
    draft = person.sent(person.with_photos(6))
    assert draft.state == DraftState.PAUSED
    assert count(person, "storage/upload") == flows.MOST_SILENT * 3
    person.box.faults.clear()
    assert_equal_upstream(person, person.sent(draft))


def test_answers_refused_are_told_at_their_fields(person: Drafting, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = answers.Checker._is_answered

    def strict(self: Any, field: Any, value: Any) -> bool:
        if value == {"type": "rating", "value": 9}:
            raise answers.Bad(answers.ABOVE)
        return usual(self, field, value)

    monkeypatch.setattr(answers.Checker, "_is_answered", strict)
    draft = person.sent(person.small(photos=0))
    assert (draft.state, draft.reason) == (DraftState.PAUSED, "answers")
    assert draft.field_errors == {"rating-1": "This is above the maximum."}
    stars = {"rating-1": {"type": "rating", "value": 8}}
    draft = drafts.change(draft, version=draft.version, answers=stars)
    assert_equal_upstream(person, person.sent(draft))
    assert count(person, "storage/upload") == 1  # what was sent is not sent again


def test_a_fresh_upload_that_is_not_noticed_yet_gets_a_second(
    person: Drafting, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.box.switches.upload_noticed_after = 1
    clock = cast(FrozenClock, person.box.clock)
    monkeypatch.setattr(creation_job, "rest", lambda _job, seconds: clock.advance(timedelta(seconds=seconds)))
    assert_equal_upstream(person, person.sent(person.with_photos(1)))
    assert made_by(person) == 2
    assert_equal_upstream(person, person.sent(person.small(photos=0)))


def test_photos_that_never_count_as_uploaded_are_sent_anew_when_asked(person: Drafting) -> None:
    person.box.switches.upload_noticed_after = 3600
    draft = person.sent(person.with_photos(2))
    assert (draft.state, draft.reason) == (DraftState.PAUSED, "files")
    person.box.switches.upload_noticed_after = 0
    assert_equal_upstream(person, person.sent(draft))


def test_files_of_a_form_that_never_count_are_sent_anew_when_asked(person: Drafting) -> None:
    person.box.switches.upload_noticed_after = 3600
    draft = person.sent(person.small(photos=0))
    assert (draft.state, draft.reason) == (DraftState.PAUSED, "answers")
    assert draft.field_errors == {"signature-4": "The file is not completely uploaded yet."}
    person.box.switches.upload_noticed_after = 0
    assert_equal_upstream(person, person.sent(draft))


def test_a_place_that_has_expired_is_reserved_anew(person: Drafting) -> None:
    person.box.faults.add(Fault(action="storage/upload", kind="html_502", times=6))
    draft = person.sent(person.with_photos(2))
    assert count(person, "checkin/image/create") == 2
    cast(FrozenClock, person.box.clock).advance(timedelta(hours=2))
    with frozen(person.box.clock.now()):
        draft = person.sent(draft)
    assert count(person, "checkin/image/create") == 4
    assert_equal_upstream(person, draft)


def test_a_place_still_good_is_used_again(person: Drafting) -> None:
    person.box.faults.add(Fault(action="storage/upload", kind="html_502", times=6))
    draft = person.sent(person.with_photos(2))
    assert_equal_upstream(person, person.sent(draft))
    assert count(person, "checkin/image/create") == 2


def test_lost_places_that_fill_a_field_make_a_new_form(person: Drafting) -> None:
    """Six unsubmitted files are the limit of a field, and a lost answer leaves one nobody can use."""
    draft = person.whole(photos=0, evidence=6)
    person.box.faults.add(Fault(action="checkin/form/file/create", kind="effect_reset", after=2))
    assert_equal_upstream(person, person.sent(draft))
    assert count(person, "checkin/form/create") == 2


def test_a_signature_is_sent_as_its_own_type_where_file_is_refused(
    person: Drafting, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = answers.Checker._is_answered

    def strict(self: Any, field: Any, value: Any) -> bool:
        if field["type"] == "signature" and value.get("type") == "file":
            raise answers.Bad(answers.TYPE)
        return usual(self, field, value)

    monkeypatch.setattr(answers.Checker, "_is_answered", strict)
    assert_equal_upstream(person, person.sent(person.small(photos=0)))


def test_a_form_that_has_changed_meanwhile_is_shown_before_it_is_sent(person: Drafting) -> None:
    draft = person.small(photos=1)
    template = person.box.world.templates[206]
    before = template.fields
    try:
        template.fields = [*before, {"id": "new", "type": "text", "label": "New", "required": False}]
        draft = person.sent(draft)
        assert (draft.state, draft.reason) == (DraftState.PAUSED, "template")
        assert draft.form
        assert draft.form.fields[-1].label == "New"
        assert_equal_upstream(person, person.sent(draft))
    finally:
        template.fields = before


def test_a_storage_on_a_host_not_in_the_list_gets_nothing(
    person: Drafting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_form", lambda *_: ("http://10.0.0.1/bucket", {"key": "x"}))
    draft = person.sent(person.with_photos(1))
    (failed,) = progress_of(draft).failed
    assert "may not send to" in failed.problem


@pytest.mark.parametrize(
    ("change", "part"),
    [({"tracker_id": None}, "tracker"), ({"lat": None}, "place"), ({"comment": "bad \x0b"}, "comment")],
)
def test_what_is_missing_is_told_before_anything_is_sent(
    person: Drafting, change: dict[str, Any], part: str
) -> None:
    draft = person.plain(**change)
    with pytest.raises(NotReady) as caught:
        person.start(draft)
    assert [one.part for one in caught.value.missing] == [part]
    assert person.fresh(draft).state == DraftState.EDITING


def test_a_required_answer_is_missed(person: Drafting) -> None:
    draft = person.small()
    drafts.detach(draft, one_file(draft, "signature.jpg"))
    with pytest.raises(NotReady) as caught:
        person.start(draft)
    assert [one.part for one in caught.value.missing] == ["signature-4"]


# --- exactly once ------------------------------------------------------------------------------------------


def test_a_double_click_and_two_tabs_make_one_job(person: Drafting) -> None:
    draft = person.with_photos(1)
    one, other = person.start(draft), person.start(Draft.objects.get(pk=draft.pk))
    assert one.pk == other.pk
    person.worked(draft)
    assert made_by(person) == 1


def test_a_draft_that_is_done_is_not_sent_again(person: Drafting) -> None:
    draft = person.sent(person.plain())
    with pytest.raises(Stale):
        person.start(draft)
    Job.objects.update(state=State.QUEUED)
    person.worked(draft)
    assert made_by(person) == 1


def test_a_worker_that_lost_its_lease_writes_and_sends_no_more(
    person: Drafting, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.UPLOAD_PAUSE_MS = 60_000  # nobody waits: what is called in its place happens meanwhile
    draft = person.with_photos(2)
    taken = False

    def overtaken(_job: Any, _seconds: float) -> None:
        nonlocal taken
        if not taken:
            taken = True
            with frozen(NOW + timedelta(minutes=2)):
                runner.run_next()

    monkeypatch.setattr(creation_job, "rest", overtaken)
    assert_equal_upstream(person, person.sent(draft))
    assert (taken, made_by(person)) == (True, 1)


def lookalikes(person: Drafting, draft: Draft, number: int, **change: Any) -> list[int]:
    """Check-ins from elsewhere that could be this one."""
    where = {"tracker_id": draft.tracker_id, "lat": draft.lat, "lng": draft.lng, "comment": draft.comment}
    return [api.create(person.client, **where | change) for _ in range(number)]


def unsure(person: Drafting, number: int, **change: Any) -> tuple[Draft, list[int]]:
    """A draft whose sending got no answer and had no effect, beside such lookalikes."""
    draft = person.plain()
    ids = lookalikes(person, draft, number, **change)
    person.box.faults.add(Fault(action="checkin/create", kind="reset"))
    return person.sent(draft), ids


def test_two_that_could_be_it_are_shown_to_the_person(person: Drafting) -> None:
    draft, ids = unsure(person, 2)
    assert (draft.state, sorted(draft.candidates)) == (DraftState.UNSURE, ids)
    assert creation.decide(person.account, person.session_hash, draft, ids[1]) is None
    draft = person.fresh(draft)
    assert (draft.state, draft.checkin_id) == (DraftState.DONE, ids[1])


def test_one_that_only_resembles_it_is_shown_too_and_may_be_none_of_it(person: Drafting) -> None:
    draft, ids = unsure(person, 1, comment="Somebody else's words")
    assert (draft.state, draft.candidates) == (DraftState.UNSURE, ids)
    with pytest.raises(Stale):
        creation.decide(person.account, person.session_hash, draft, 1)
    creation.decide(person.account, person.session_hash, draft, None)
    draft = person.worked(draft)
    assert draft.state == DraftState.DONE
    assert draft.checkin_id not in ids


def test_one_of_another_hour_is_shown_as_the_clocks_may_be_apart(person: Drafting) -> None:
    draft = person.plain()
    (other,) = lookalikes(person, draft, 1)
    cast(FrozenClock, person.box.clock).advance(timedelta(hours=1))
    person.box.faults.add(Fault(action="checkin/create", kind="reset"))
    with frozen(person.box.clock.now()):
        draft = person.sent(draft)
    assert (draft.state, draft.candidates) == (DraftState.UNSURE, [other])


def test_what_came_of_another_draft_is_not_taken_for_it(person: Drafting) -> None:
    first = person.sent(person.plain())
    person.box.faults.add(Fault(action="checkin/create", kind="reset"))
    second = person.sent(person.plain())
    assert second.state == DraftState.DONE
    assert first.checkin_id != second.checkin_id


def test_what_cannot_be_looked_up_is_left_to_the_person(person: Drafting) -> None:
    person.box.faults.add(Fault(action="checkin/create", kind="effect_reset"))
    person.box.faults.add(Fault(action="checkin/list", kind="error", code=13))
    draft = person.sent(person.plain())
    assert (draft.state, draft.candidates) == (DraftState.UNSURE, [])
    with pytest.raises(Stale):
        drafts.change(draft, version=draft.version, comment="Not now")
    assert_equal_upstream(person, person.sent(draft))  # looks again, and finds it
    assert made_by(person) == 1


# --- stopped by its person, or by time ---------------------------------------------------------------------


def test_cancelled_on_its_way_it_is_its_persons_again_and_goes_on_from_there(
    person: Drafting, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.UPLOAD_PAUSE_MS = 60_000
    draft = person.with_photos(3)
    job = person.start(draft)
    monkeypatch.setattr(creation_job, "rest", lambda job, _: jobs.cancel(Job.objects.get(pk=job.job_id)))
    draft = person.worked(draft)
    assert (draft.state, person.fresh(draft).job == job) == (DraftState.EDITING, True)
    assert 1 <= count(person, "storage/upload") < 3
    monkeypatch.setattr(creation_job, "rest", lambda job, _: job.check())
    assert_equal_upstream(person, person.sent(draft))
    assert count(person, "checkin/image/create") == 3


def test_cancelled_before_it_began(person: Drafting) -> None:
    draft = person.with_photos(1)
    person.start(draft)
    assert creation.cancel(person.account, person.fresh(draft)).state == DraftState.EDITING


def test_a_job_that_gave_up_leaves_a_draft_that_says_so(person: Drafting) -> None:
    person.box.faults.add(Fault(action="checkin/image/create", kind="reset", times=None))
    draft = person.with_photos(1)
    person.start(draft)
    for minutes in (0, 5, 10, 20, 40, 80, 160):
        draft = person.later(draft, minutes=minutes)
    assert (draft.state, "Given up" in draft.problem) == (DraftState.PAUSED, True)
    person.box.faults.clear()
    assert_equal_upstream(person, person.sent(draft))


def test_an_ended_session_waits_and_says_so(person: Drafting) -> None:
    draft = person.with_photos(1)
    person.box.faults.add(Fault(action="checkin/image/create", kind="session_end"))
    _ = person.account
    draft = person.sent(draft)
    shown = progress_of(draft)
    assert (shown.waits, "sign in again" in shown.words) == (True, True)


def test_progress_counts_steps_and_bytes(person: Drafting) -> None:
    person.box.faults.add(Fault(action="storage/upload", kind="html_502", times=None, after=2))
    draft = person.sent(person.with_photos(4))
    shown = progress_of(draft)
    assert [one.look for one in shown.stages] == ["done", "done", "failed", "failed", "waiting"]
    assert 0 < shown.percent < 99
    assert shown.bytes_sent == sum(one.size for one in shown.stages[:2])
    person.box.faults.clear()
    assert progress_of(person.sent(draft)).percent == 100


# --- what stays behind -------------------------------------------------------------------------------------


def test_orphans_are_on_record(person: Drafting) -> None:
    person.box.faults.add(Fault(action="checkin/image/create", kind="effect_reset"))
    draft = person.sent(person.with_photos(1))
    steps = DraftStep.objects.filter(draft=draft).values_list("action", "state")
    assert list(steps) == [
        ("checkin/image/create", StepState.LOST),
        ("checkin/image/create", StepState.DONE),
        ("upload", StepState.DONE),
        ("checkin/create", StepState.DONE),
    ]


def test_a_form_reserved_before_a_change_of_mind_is_used_again(person: Drafting) -> None:
    person.box.faults.add(Fault(action="checkin/create", kind="error", code=13))
    draft = person.sent(person.small(photos=0))
    record = forms.template_record(person.client, LIFT_VISIT)
    kept = draft.template
    draft = drafts.choose_template(draft, version=draft.version, record=record)
    draft = drafts.choose_template(draft, version=draft.version, record=kept)
    answers = {"rating-1": {"type": "rating", "value": 3}}
    draft = drafts.change(draft, version=draft.version, answers=answers)
    person.attach(draft, photo(31), "signature.jpg", "signature-4")
    assert_equal_upstream(person, person.sent(draft))
    assert count(person, "checkin/form/create") == 1


def test_who_made_it_is_on_record(person: Drafting) -> None:
    person.box.faults.add(Fault(action="checkin/create", kind="effect_reset"))
    draft = person.sent(person.plain())
    entries = Entry.objects.order_by("id").values_list("action", "kind", "result")
    assert list(entries) == [("create", "checkin", "unknown"), ("create", "checkin", "done")]
    last = Entry.objects.order_by("id").last()
    assert last
    assert last.ids == [draft.checkin_id]


@pytest.mark.parametrize("mode", ["internal", "s3"])
def test_no_token_of_a_target_is_kept_in_clear(person: Drafting, mode: str) -> None:
    person.box.switches.storage_mode = mode
    person.box.faults.add(Fault(action="storage/upload", kind="html_502", times=None))
    person.sent(person.with_photos(1))
    upload = next(iter(person.box.uploads.values()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM uploads_stagedfile")
        stored = repr(cursor.fetchall())
    assert upload.file.key in repr(upload.fields.values())
    assert upload.file.key not in stored


# --- once more ---------------------------------------------------------------------------------------------


def test_another_like_one_that_is_there(person: Drafting) -> None:
    first = person.sent(person.whole(photos=2))
    assert first.checkin_id
    checkin = api.read(person.client, first.checkin_id)
    draft = again.from_checkin(person.account, person.client, checkin, person.session_hash)
    assert (draft.origin_id, draft.tracker_id, draft.comment) == (checkin.id, first.tracker_id, "By hand")
    assert draft.answers == ANSWERS
    person.worked(draft)
    digests = ["staged__sha256", "field_id"]
    assert list(draft.files.values_list(*digests)) == list(first.files.values_list(*digests))
    assert_equal_upstream(person, person.sent(draft))


def test_its_files_come_once_however_often_the_job_begins(person: Drafting) -> None:
    first = person.sent(person.with_photos(3))
    checkin = api.read(person.client, first.checkin_id or 0)
    draft = again.from_checkin(person.account, person.client, checkin, person.session_hash)
    person.box.faults.add(Fault(action="storage/download", kind="html_502", after=1))
    person.worked(draft)
    assert person.later(draft, minutes=10).files.count() == 3


def test_a_form_that_is_gone_is_told(person: Drafting) -> None:
    first = person.sent(person.small(photos=0))
    del person.box.world.templates[206]
    checkin = api.read(person.client, first.checkin_id or 0)
    draft = again.from_checkin(person.account, person.client, checkin)
    assert draft.template is None
    assert "not offered any more" in draft.notes[0]


def test_another_like_one_that_was_archived(person: Drafting) -> None:
    template = forms.template_record(person.client, LIFT_VISIT)
    photo_of_old = again.Kept(name="old.jpg", opened=lambda: nullcontext(BytesIO(photo(1))))
    stranger = again.Kept(name="x.jpg", opened=lambda: nullcontext(BytesIO(b"x")), field_id="gone")
    record = {"id": 5, "marker_time": "2026-03-01T10:00:00Z", "tracker_id": 7, "location": PLACE}
    form = {**template, "id": 9, "template_id": LIFT_VISIT, "values": ANSWERS}
    draft = again.from_record(
        person.account, checkin=record, form=form, template=template, files=[photo_of_old, stranger]
    )
    assert (draft.origin_id, draft.answers) == (5, ANSWERS)
    assert [file.staged.name for file in draft.files.all()] == ["old.jpg"]
    assert "x.jpg" in draft.notes[0]


def test_leases_are_needed_to_run(person: Drafting) -> None:
    """A job nobody asked for in this draft's name does nothing."""
    draft = person.plain()
    job = person.start(draft)
    Draft.objects.filter(pk=draft.pk).update(job=None)
    assert leases.any_ready()
    person.worked(draft)
    job.refresh_from_db()
    assert (job.state, made_by(person)) == (State.FAILED, 0)
