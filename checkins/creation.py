"""Sending a draft to Navixy: begun, stopped, tried again, decided by its person. The work is a job."""

from __future__ import annotations

from checkins.models import Draft
from checkins.readiness import Missing
from dashboard.accounts import Account
from dashboard.jobs.models import Job


class NotReady(Exception):
    """Something is missing, or a value breaks a documented limit."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__(missing)
        self.missing = missing


def start(account: Account, session_hash: str, draft: Draft, *, version: int | None = None) -> Job:
    """Sends the draft, or goes on where its last run stopped. A double click, or another tab, gives the job
    that is under way; never a second one.

    With `version` only when nobody changed it since. Raises NotReady, drafts.Stale, desk.TooMany.
    """
    raise NotImplementedError


def cancel(draft: Draft) -> None:
    """Stops where that is safe; what was sent is kept, and the draft can be changed and sent again."""
    raise NotImplementedError


def retry(account: Account, session_hash: str, draft: Draft, file_pk: int) -> Job:
    """That DraftFile once more, and on with the rest. Raises as `start`."""
    raise NotImplementedError


def skip(account: Account, session_hash: str, draft: Draft, file_pk: int) -> Job:
    """On without that DraftFile. Raises as `start`; NotReady when its field then lacks what it requires."""
    raise NotImplementedError


def decide(account: Account, session_hash: str, draft: Draft, checkin_id: int | None) -> Job | None:
    """Of an UNSURE draft: it is that check-in of its `candidates`; None: none of them is, send it.

    Raises drafts.Stale when it is no longer unsure, or that check-in is no candidate.
    """
    raise NotImplementedError
