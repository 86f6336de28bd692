"""Acting as the person a job is for. The credential stays in that person's session; a job only names it."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import sessions
from dashboard.accounts import Account
from dashboard.jobs.models import Job
from dashboard.models import SignIn
from dashboard.navixy.client import Client


class NobodySignedIn(Exception):
    """No session of this person is left: the job waits for the next one."""


@dataclass(frozen=True, kw_only=True)
class Acting:
    account: Account
    client: Client
    sign_in: SignIn


def acting_for(job: Job) -> Acting:
    """By the session it was asked in, else by another one of the same person. Raises NobodySignedIn."""
    rows = SignIn.objects.filter(user_id=job.user_id, api_url=job.api_url)
    for row in sorted(rows, key=lambda row: row.session_hash != job.session_hash):
        if found := sessions.recalled(row):
            account, client = found
            return Acting(account=account, client=client.for_jobs(), sign_in=row)
    raise NobodySignedIn
