"""Who works on which job: taking, keeping and giving back, always by compare-and-set on the job's row.

A worker that was killed keeps its lease until it runs out; then anybody may take the job up again. One that
was only asleep finds its token gone at the next write, and stops.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from dashboard.clock import now
from dashboard.jobs.models import Job, State

MOST_OF_ONE_ACCOUNT = 2  # at once, so that a long job of another account finds a place
PATIENCE = timedelta(seconds=3)  # how long a job waits before a running one makes room
_NEVER = datetime.min.replace(tzinfo=UTC)

AccountKey = tuple[str, int]


class LeaseLost(Exception):
    """Somebody else has this job now: write nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    job_id: int
    token: str

    def rows(self) -> QuerySet[Job]:
        """The job, while it is ours."""
        return Job.objects.filter(pk=self.job_id, lease_token=self.token, state=State.RUNNING)

    def write(self, **changes: Any) -> None:
        """Raises LeaseLost."""
        if not self.rows().update(**changes):
            raise LeaseLost

    def close(self, state: State, **changes: Any) -> None:
        """Lets go of the job in that state. Raises LeaseLost."""
        self.write(state=state, lease_token="", lease_until=None, **changes)


def length() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def take() -> Lease | None:
    """The next job, fairly: of the account with the fewest running, served longest ago."""
    moment = now()
    for job in _in_turn(moment):
        token = uuid4().hex
        taken = Job.objects.filter(pk=job.pk, state=job.state, lease_token=job.lease_token).update(
            state=State.RUNNING,
            lease_token=token,
            lease_until=moment + length(),
            picked=moment,
            started=Coalesce(F("started"), moment),
            done_when_picked=F("done"),
            attempts=F("attempts") + 1,
            strikes=F("strikes") + 1,
            not_before=None,
            message="",
        )
        if taken:
            return Lease(job_id=job.pk, token=token)
    return None


def renew(tokens: Iterable[str]) -> None:
    Job.objects.filter(lease_token__in=list(tokens), state=State.RUNNING).update(lease_until=now() + length())


def give_back(tokens: Iterable[str]) -> None:
    """Of a worker that ends before its jobs do."""
    Job.objects.filter(lease_token__in=list(tokens), state=State.RUNNING).update(
        state=State.QUEUED, lease_token="", lease_until=None, queued=now(), strikes=F("strikes") - 1
    )


def any_ready() -> bool:
    """Is there a job that `take` would give?"""
    return next(_in_turn(now()), None) is not None


def others_wait(job: Job) -> bool:
    """Does a job of another account find no place?"""
    moment = now()
    ours = (job.api_url, job.account_id)
    return any(
        _account(other) != ours and other.state == State.QUEUED and other.queued <= moment - PATIENCE
        for other in _in_turn(moment)
    )


def is_dead(job: Job) -> bool:
    """Running by its row, and nobody has held it for the length of a lease."""
    return job.state == State.RUNNING and job.lease_until is not None and job.lease_until < now()


def _in_turn(moment: datetime) -> Iterator[Job]:
    """Jobs that may be taken, the fairest first. Within an account people take turns too."""
    ready = list(
        Job.objects.filter(
            Q(state=State.QUEUED) & (Q(not_before=None) | Q(not_before__lte=moment))
            | Q(state=State.RUNNING, lease_until__lt=moment)
        )
        .only("state", "lease_token", "api_url", "account_id", "user_id", "queued")
        .order_by("queued", "pk")
    )
    if not ready:
        return
    running = _running(moment)
    accounts, people = _last_served("account_id", ready), _last_served("user_id", ready)
    turns = sorted(
        ready,
        key=lambda job: (
            running.get(_account(job), 0),
            accounts.get(_account(job), _NEVER),
            people.get((job.api_url, job.user_id), _NEVER),
        ),
    )
    yield from (job for job in turns if running.get(_account(job), 0) < MOST_OF_ONE_ACCOUNT)


def _account(job: Job) -> AccountKey:
    return job.api_url, job.account_id


def _running(moment: datetime) -> dict[AccountKey, int]:
    held = Job.objects.filter(state=State.RUNNING, lease_until__gte=moment).order_by()
    counted = held.values_list("api_url", "account_id").annotate(n=Count("pk"))
    return {(api_url, account_id): n for api_url, account_id, n in counted}


def _last_served(field: str, ready: list[Job]) -> dict[AccountKey, datetime]:
    ids = {getattr(job, field) for job in ready}
    served = Job.objects.filter(**{f"{field}__in": ids}, picked__isnull=False).order_by()
    latest = served.values_list("api_url", field).annotate(latest=Max("picked"))
    return {(api_url, key): moment for api_url, key, moment in latest}
