"""Step 5: sent by a worker, watched, stopped, gone on with, decided, and what is made."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from checkins.models import Draft, DraftState
from dashboard.jobs import runner
from dashboard.jobs.models import Job
from dashboard.jobs.models import State as JobState
from dashboard.navixy import checkins
from dashboard.sandbox import Fault, Sandbox
from dashboard.uploads.models import StagedFile
from dashboard.uploads.models import State as FileState
from tests.drafting import Drafting
from tests.web.desk import words_in

if TYPE_CHECKING:
    from django.test import Client as Browserless

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., "Browserless"]
HTMX = {"HX-Request": "true"}


def text(response: Any) -> str:
    return unescape(response.content.decode())


@pytest.fixture
def me(signed_in: SignedIn, sandbox: Sandbox) -> Drafting:
    return Drafting(box=sandbox, web=signed_in("owner"))


def page(me: Drafting, draft: Draft, what: str = "progress/", **options: Any) -> Any:
    return me.web.get(f"/checkins/drafts/{draft.pk}/{what}", **options)


def post(me: Drafting, draft: Draft, what: str, **data: Any) -> Any:
    return me.web.post(f"/checkins/drafts/{draft.pk}/{what}", data)


def put(draft: Draft, **members: Any) -> Draft:
    Draft.objects.filter(pk=draft.pk).update(**members)
    return Draft.objects.get(pk=draft.pk)


def created(sandbox: Sandbox) -> int:
    return sum(call.action == "checkin/create" for call in sandbox.calls)


def test_a_draft_goes_from_its_review_to_the_check_in(me: Drafting, sandbox: Sandbox) -> None:
    draft = me.with_photos(2)
    sent = post(me, draft, "review/", version=draft.version)
    assert sent["Location"] == f"/checkins/drafts/{draft.pk}/progress/"
    waiting = page(me, draft)
    assert "Waiting for its turn" in words_in(waiting)
    assert 'hx-trigger="every 1s"' in text(waiting)
    made = me.worked(draft)
    shown = page(me, made)
    assert "The check-in is made" in words_in(shown)
    assert f'href="/checkins/{made.checkin_id}/"' in text(shown)
    assert "every 1s" not in text(shown)
    assert created(sandbox) == 1


def test_sending_twice_makes_one(me: Drafting, sandbox: Sandbox) -> None:
    draft = me.plain()
    for _ in range(2):
        assert post(me, draft, "review/", version=draft.version).status_code == 302
    me.worked(draft)
    assert post(me, draft, "review/", version=draft.version)["Location"].endswith("/progress/")
    assert created(sandbox) == 1


def test_an_older_page_does_not_send(me: Drafting, sandbox: Sandbox) -> None:
    draft = me.plain()
    put(draft, version=4)
    assert post(me, draft, "review/", version=0).status_code == 409
    assert created(sandbox) == 0


def test_a_draft_being_sent_is_not_edited(me: Drafting) -> None:
    draft = me.plain()
    me.start(draft)
    for step in ("who/", "form/", "answers/", "review/"):
        assert page(me, draft, step)["Location"] == f"/checkins/drafts/{draft.pk}/progress/"
    saved = me.web.post(f"/checkins/drafts/{draft.pk}/who/", {"version": 0, "lat": "1"}, headers=HTMX)
    assert saved["HX-Redirect"] == f"/checkins/drafts/{draft.pk}/progress/"
    assert post(me, draft, "remove/")["Location"] == f"/checkins/drafts/{draft.pk}/progress/"


def test_each_file_shows_how_far_it_is(me: Drafting) -> None:
    draft = me.with_photos(2)
    me.start(draft)
    put(draft, state=DraftState.RUNNING)
    first, second = StagedFile.objects.order_by("pk")
    StagedFile.objects.filter(pk=first.pk).update(state=FileState.UPLOADED)
    StagedFile.objects.filter(pk=second.pk).update(sent=second.size // 2)
    shown = page(me, draft, headers=HTMX)
    assert "<!DOCTYPE" not in text(shown)
    assert "photo 0.jpg done" in words_in(shown)
    assert f"photo 1.jpg {second.size // 2} B of {second.size} B" in words_in(shown)


def test_a_file_that_failed_can_be_tried_again_or_left_out(me: Drafting, sandbox: Sandbox) -> None:
    draft = me.with_photos(2)
    file = draft.files.all()[1]
    StagedFile.objects.filter(pk=file.staged_id).update(state=FileState.FAILED, problem="Not stored.")
    draft = put(draft, state=DraftState.PAUSED, problem="Not all files could be sent.", reason="files")
    shown = words_in(page(me, draft))
    assert "Not all files could be sent." in shown
    assert "Not stored." in shown
    assert post(me, draft, f"files/{file.pk}/skip/").status_code == 302
    made = me.worked(draft)
    assert made.state == DraftState.DONE
    assert made.checkin_id is not None
    assert len(checkins.read(me.client, made.checkin_id).files) == 1


def test_retrying_a_file_sends_it_with_the_rest(me: Drafting, sandbox: Sandbox) -> None:
    draft = me.with_photos(2)
    file = draft.files.all()[1]
    StagedFile.objects.filter(pk=file.staged_id).update(state=FileState.FAILED, problem="Not stored.")
    draft = put(draft, state=DraftState.PAUSED, problem="x", reason="files")
    assert post(me, draft, f"files/{file.pk}/retry/").status_code == 302
    made = me.worked(draft)
    assert made.checkin_id is not None
    assert len(checkins.read(me.client, made.checkin_id).files) == 2


@pytest.mark.parametrize(
    ("reason", "words", "step"),
    [
        ("answers", "Correct the answers", "answers"),
        ("template", "Look through the form", "form"),
        ("tracker", "Choose another tracker", "who"),
        ("files", "Change the files", "answers"),
        ("quota", "Change the draft", "review"),
        ("other", "Change the draft", "review"),
    ],
)
def test_what_stopped_it_leads_to_where_it_is_mended(
    me: Drafting, reason: str, words: str, step: str
) -> None:
    draft = put(me.plain(), state=DraftState.PAUSED, problem="Refused.", code=269, reason=reason)
    shown = page(me, draft)
    assert f'href="/checkins/drafts/{draft.pk}/{step}/"' in text(shown)
    assert words in words_in(shown)
    assert "Navixy code 269" in words_in(shown)
    assert "Go on with sending" in words_in(shown)


@pytest.mark.parametrize("code", [13, 208, 201, 267, 268, 271, 269])
def test_every_refusal_of_the_check_in_is_told_with_a_way_on(
    me: Drafting, sandbox: Sandbox, code: int
) -> None:
    draft = me.plain()
    sandbox.faults.add(Fault(action="checkin/create", kind="error", code=code, times=None))
    stopped = me.later(me.sent(draft), minutes=5)
    assert stopped.state == DraftState.PAUSED
    shown = words_in(page(me, stopped))
    assert stopped.problem
    assert stopped.problem in shown
    assert f"Navixy code {code}" in shown
    assert "Go on with sending" in shown


def test_who_may_not_create_is_told_at_the_button(me: Drafting, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(action="checkin/create", kind="error", code=13, times=None))
    stopped = me.sent(me.plain())
    page(me, stopped)
    shown = text(me.web.get("/checkins/drafts/"))
    assert "does not let this login create check-ins" in shown
    assert 'data-key="n"' not in shown


def test_answers_navixy_refuses_are_marked_in_the_form(me: Drafting, sandbox: Sandbox) -> None:
    draft = me.whole(photos=0, evidence=0)
    draft = put(
        draft, state=DraftState.PAUSED, code=242, reason="answers", problem="Some answers were not accepted."
    )
    put(draft, field_errors={"text-2": "This is above the maximum."})
    shown = page(me, draft, "answers/")
    assert "This is above the maximum." in words_in(shown)
    assert text(shown).count("data-refused") == 1


def test_stopping_keeps_the_draft(me: Drafting) -> None:
    draft = me.plain()
    me.start(draft)
    assert post(me, draft, "cancel/").status_code == 302
    kept = me.worked(draft)
    assert kept.state == DraftState.EDITING
    assert page(me, kept)["Location"] == f"/checkins/drafts/{draft.pk}/review/"
    assert post(me, kept, "go-on/").status_code == 302
    assert me.worked(draft).state == DraftState.DONE


# --- unsure ------------------------------------------------------------------------------------------------


@pytest.fixture
def unsure(me: Drafting, sandbox: Sandbox) -> Draft:
    theirs = sandbox.visible_checkins("owner")[:2]
    candidates = [one.id for one in theirs]
    return put(me.plain(), state=DraftState.UNSURE, problem="It may be there.", candidates=candidates)


def test_possibilities_stand_side_by_side(me: Drafting, unsure: Draft) -> None:
    shown = page(me, unsure)
    for checkin_id in unsure.candidates:
        assert f'data-candidate="{checkin_id}"' in text(shown)
    words = words_in(shown)
    assert "What you were sending" in words
    assert "By hand" in words
    assert "None of them: send it" in words


def test_a_possibility_that_cannot_be_read_says_so(me: Drafting, unsure: Draft, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(action="checkin/read", kind="error", code=204, times=None))
    shown = page(me, unsure)
    assert shown.status_code == 200
    assert "This is not there any more" in words_in(shown)


def test_this_is_it_ends_the_draft_without_sending(me: Drafting, unsure: Draft, sandbox: Sandbox) -> None:
    chosen = unsure.candidates[1]
    assert post(me, unsure, "decide/", checkin=chosen).status_code == 302
    assert f"number {chosen}" in words_in(page(me, unsure))
    assert created(sandbox) == 0


def test_none_of_them_sends_it(me: Drafting, unsure: Draft, sandbox: Sandbox) -> None:
    assert post(me, unsure, "decide/", checkin="none").status_code == 302
    assert me.worked(unsure).state == DraftState.DONE
    assert created(sandbox) == 1


@pytest.mark.parametrize("checkin", ["", "x", "999999999"])
def test_only_a_possibility_can_be_chosen(me: Drafting, unsure: Draft, checkin: str) -> None:
    post(me, unsure, "decide/", checkin=checkin)
    assert me.fresh(unsure).state == DraftState.UNSURE


# --- sessions ----------------------------------------------------------------------------------------------


def sign_in(me: Drafting) -> None:
    owner = me.box.person("owner")
    me.web.post("/sign-in/", {"login": owner.login, "password": owner.password})


def test_an_ended_session_leads_through_the_sign_in_and_it_goes_on(me: Drafting, sandbox: Sandbox) -> None:
    draft = me.plain()
    me.start(draft)
    sandbox.end_sessions()
    while runner.run_next():
        pass
    progress = f"/checkins/drafts/{draft.pk}/progress/"
    asked = me.web.get(progress, headers={**HTMX, "HX-Current-URL": f"http://testserver{progress}"})
    assert asked["HX-Redirect"] == f"/sign-in/?next={progress.replace('/', '%2F')}"
    sign_in(me)
    assert me.worked(draft).state == DraftState.DONE
    assert "The check-in is made" in words_in(page(me, draft))


def test_what_waits_for_a_sign_in_can_be_gone_on_with_from_its_page(me: Drafting) -> None:
    draft = me.plain()
    job = me.start(draft)
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING, message="Waits until you sign in again.")
    shown = page(me, draft)
    assert "Waiting for you to sign in" in words_in(shown)
    assert f'href="/checkins/drafts/{draft.pk}/resume/"' in text(shown)
    assert page(me, draft, "resume/").status_code == 302
    assert me.worked(draft).state == DraftState.DONE


# --- another like it ---------------------------------------------------------------------------------------


def test_a_check_in_is_created_again_with_crew_form_answers_and_files(me: Drafting) -> None:
    made = me.sent(me.whole(photos=2, evidence=1))
    assert "Create again" in words_in(me.web.get(f"/checkins/{made.checkin_id}/"))
    assert "Create another like this" in words_in(page(me, made))
    where = me.web.post(f"/checkins/{made.checkin_id}/again/")["Location"]
    fresh = Draft.objects.exclude(pk=made.pk).get()
    assert where == f"/checkins/drafts/{fresh.pk}/who/"
    assert (fresh.tracker_id, fresh.template_id, fresh.answers) == (
        made.tracker_id,
        made.template_id,
        made.answers,
    )
    assert "on their way" in words_in(page(me, fresh, "answers/"))
    me.worked(fresh)
    came = page(me, fresh, "coming/", headers=HTMX)
    assert "on their way" not in words_in(came)
    assert "photo 0.jpg" in words_in(came)
    assert text(came).count('hx-swap-oob="true"') == 4  # photos, evidence, protocol, signature
    assert me.sent(fresh).state == DraftState.DONE


def test_a_check_in_that_is_gone_cannot_be_created_again(me: Drafting) -> None:
    assert me.web.post("/checkins/999999999/again/").status_code == 404
    assert not Draft.objects.exists()
