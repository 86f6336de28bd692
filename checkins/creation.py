"""Sending a draft to Navixy: begun, stopped, tried again, decided by its person. The work is a job."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from checkins import drafts, upstream
from checkins.drafts import Stale
from checkins.journal import note
from checkins.models import OPEN, UNDER_WAY, Draft, DraftState, StepState
from checkins.readiness import Missing, missing
from checkins.upstream import CREATE, NO_PROBLEM
from dashboard.accounts import Account
from dashboard.clock import now
from dashboard.formfill.installation import limits_of
from dashboard.jobs import desk as jobs
from dashboard.jobs.models import Job

NAME = "checkin-create"
STARTABLE = (DraftState.EDITING, DraftState.PAUSED, DraftState.UNSURE)
PAGE = "/checkins/drafts/%d/"


class NotReady(Exception):
    """Something is missing, or a value breaks a documented limit."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__(missing)
        self.missing = missing


def start(account: Account, session_hash: str, draft: Draft, *, version: int | None = None) -> Job:
    """Sends the draft, or goes on where its last run stopped. A double click, or another tab, gives the job
    that is under way; never a second one.

    With `version` only when nobody changed it since. Raises NotReady, Stale, jobs.TooMany.
    """
    draft = drafts.of(account).select_related("job").get(pk=draft.pk)
    if draft.job and draft.is_under_way:
        return draft.job
    if lacking := lacks(account, draft):
        raise NotReady(lacking)
    rows = drafts.of(account).filter(pk=draft.pk, state__in=STARTABLE)
    return _queued(account, session_hash, draft, rows if version is None else rows.filter(version=version))


def lacks(account: Account, draft: Draft) -> tuple[Missing, ...]:
    """What is missing before it can be sent; by the limits of the installation, as far as they are known."""
    return missing(draft, list(draft.files.select_related("staged")), limits_of(account))


def cancel(account: Account, draft: Draft) -> Draft:
    """Stops where that is safe; what was sent is kept, and the draft can be changed and sent again."""
    if draft.job and draft.is_under_way:
        jobs.cancel(draft.job)
    return drafts.of(account).get(pk=draft.pk)


def retry(account: Account, session_hash: str, draft: Draft, file_pk: int) -> Job:
    """That DraftFile once more, and on with the rest. Raises as `start`."""
    _set_skipped(draft, file_pk, skipped=False)
    return start(account, session_hash, draft)


def skip(account: Account, session_hash: str, draft: Draft, file_pk: int) -> Job:
    """On without that DraftFile. Raises as `start`; NotReady when its field then lacks what it requires."""
    with transaction.atomic():
        _set_skipped(draft, file_pk, skipped=True)
        return start(account, session_hash, draft)


def decide(account: Account, session_hash: str, draft: Draft, checkin_id: int | None) -> Job | None:
    """Of an UNSURE draft: it is that check-in of its `candidates`; None: none of them is, so send it.

    Raises Stale when it is no longer unsure, or that check-in is no candidate; and as `start`.
    """
    if checkin_id is not None and checkin_id not in draft.candidates:
        raise Stale
    with transaction.atomic():
        rows = drafts.of(account).filter(pk=draft.pk, state=DraftState.UNSURE)
        steps = draft.steps.filter(action=CREATE, state__in=OPEN)
        if checkin_id is None:
            if not rows.update(state=DraftState.PAUSED):
                raise Stale
            steps.update(state=StepState.SETTLED, ended=now())
            return start(account, session_hash, draft)
        if not rows.update(**upstream.finished(checkin_id)):
            raise Stale
        steps.update(state=StepState.DONE, result_id=checkin_id, ended=now())
        note(account, draft, "done", ids=(checkin_id,), message=_("Recognized by its person."))
    return None


def _queued(account: Account, session_hash: str, draft: Draft, rows: QuerySet[Draft]) -> Job:
    with transaction.atomic():
        fresh: dict[str, Any] = {"state": DraftState.QUEUED, "candidates": [], **NO_PROBLEM}
        if not rows.update(**fresh, runs=F("runs") + 1, updated=now()):
            return _others(account, draft)
        job = jobs.ask(
            account,
            session_hash,
            kind=NAME,
            title=_("New check-in"),
            summary=draft.comment[:200] or draft.address[:200],
            arguments={"draft": draft.pk, "run": draft.runs + 1},
            link=PAGE % draft.pk,
        )
        rows.model.objects.filter(pk=draft.pk).update(job=job)
        return job


def _others(account: Account, draft: Draft) -> Job:
    """Somebody was quicker by a moment. Raises Stale when it was not to send the same."""
    now_there = drafts.of(account).select_related("job").get(pk=draft.pk)
    if now_there.job and now_there.state in UNDER_WAY:
        return now_there.job
    raise Stale


def _set_skipped(draft: Draft, file_pk: int, *, skipped: bool) -> None:
    if draft.is_under_way or draft.state == DraftState.DONE:
        raise Stale
    draft.files.filter(pk=file_pk).update(skipped=skipped)
