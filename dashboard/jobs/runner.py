"""One job, from its row to its end; whatever happens ends in a true sentence in that row."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.utils.translation import gettext as _

from dashboard import sessions
from dashboard.clock import now
from dashboard.jobs import files, leases
from dashboard.jobs.credentials import Acting, NobodySignedIn, acting_for
from dashboard.jobs.kinds import JobFailed, Kind, Result, kind_of
from dashboard.jobs.leases import Lease, LeaseLost
from dashboard.jobs.models import Job, State
from dashboard.jobs.running import Cancelled, Paused, Running
from dashboard.navixy.errors import (
    BadReply,
    NavixyError,
    RateLimited,
    SessionEnded,
    Unavailable,
    Unreachable,
)

log = logging.getLogger("fielddesk.jobs")
MOST_STRIKES = 5
FIRST_PAUSE = timedelta(seconds=15)
_PASSING = (Unreachable, Unavailable, RateLimited, BadReply)


class Held:
    """The leases this process holds; the heartbeat keeps them."""

    def __init__(self) -> None:
        self._tokens: set[str] = set()
        self._lock = threading.Lock()

    def tokens(self) -> list[str]:
        with self._lock:
            return list(self._tokens)

    @contextmanager
    def holding(self, token: str) -> Iterator[None]:
        with self._lock:
            self._tokens.add(token)
        try:
            yield
        finally:
            with self._lock:
                self._tokens.discard(token)


held = Held()


def run_next() -> bool:
    """Takes a job and works on it until it ends or stops; False when there is none to take."""
    lease = leases.take()
    if lease is None:
        return False
    with held.holding(lease.token):
        try:
            _run(lease)
        except LeaseLost:
            log.warning("job %d was taken over by another worker", lease.job_id)
    return True


def _run(lease: Lease) -> None:
    job = Job.objects.get(pk=lease.job_id)
    kind = kind_of(job.kind)
    if job.cancel_asked:
        return _over(lease, State.CANCELLED, str(kind.cancelled) if kind else _("Cancelled."))
    if kind is None:
        return _over(lease, State.FAILED, _("This version of the site does not know this kind of job."))
    if job.strikes > MOST_STRIKES:
        return _over(
            lease,
            State.FAILED,
            _("Given up: it stopped %d times without getting any further.") % MOST_STRIKES,
        )
    try:
        acting = acting_for(job)
    except NobodySignedIn:
        return _wait(lease, job)
    return _attempt(lease, job, kind, acting)


def _attempt(lease: Lease, job: Job, kind: Kind, acting: Acting) -> None:
    running = _running(lease, job, kind, acting)
    log.info("job %d (%s): attempt %d", job.pk, kind.name, job.attempts)
    try:
        result = kind.run(running)
    except LeaseLost:
        raise
    except Cancelled:
        _over(lease, State.CANCELLED, str(kind.cancelled))
    except Paused:
        lease.close(State.QUEUED, queued=now(), strikes=max(0, job.strikes - 1))
    except SessionEnded:
        sessions.has_ended(acting.sign_in)
        _next_session(lease, job)
    except _PASSING as error:
        _again_later(lease, job, error)
    except NavixyError as error:
        log.warning("job %d: %s", job.pk, error.log)
        _over(lease, State.FAILED, error.message)
    except JobFailed as error:
        _over(lease, State.FAILED, str(error))
    except Exception:  # the worker's edge: a fault of ours in one job must not end the others
        log.exception("job %d (%s) broke", job.pk, kind.name)
        _over(
            lease,
            State.FAILED,
            _("It broke: a fault of this site, not of yours. Its operator finds it in the log."),
        )
    else:
        _done(lease, result)


def _running(lease: Lease, job: Job, kind: Kind, acting: Acting) -> Running:
    return Running(
        job_id=job.pk,
        lease=lease,
        arguments=job.arguments,
        as_of=job.as_of,
        account=acting.account,
        client=acting.client,
        saved=job.saved,
        pausable=kind.pausable,
        folder=files.scratch(job.pk),
        attempt=job.attempts,
        furthest=job.done,
        _row=job,
    )


def _done(lease: Lease, result: Result) -> None:
    stored: dict[str, Any] = {"results": [file.packed() for file in result.files]}
    if result.files:
        stored["expires"] = now() + timedelta(days=settings.REPORT_DAYS)
    if result.link is not None:
        stored["link"] = result.link
    _over(lease, State.DONE, result.message, **stored)
    files.keep_only(lease.job_id, result.files)


def _over(lease: Lease, state: State, message: str, **changes: Any) -> None:
    lease.close(state, message=message, finished=now(), words="", saved={}, told=False, **changes)
    if state != State.DONE:
        files.remove_all(lease.job_id)
    files.remove_scratch(lease.job_id)


def _wait(lease: Lease, job: Job) -> None:
    lease.close(
        State.WAITING,
        strikes=max(0, job.strikes - 1),
        message=_(
            "Waits until you sign in again, then goes on by itself: your session with Navixy has ended."
        ),
    )


def _next_session(lease: Lease, job: Job) -> None:
    """Another session of the same person takes over, else the job waits for one."""
    try:
        acting_for(job)
    except NobodySignedIn:
        _wait(lease, job)
    else:
        lease.close(State.QUEUED, queued=now())


def _again_later(lease: Lease, job: Job, error: NavixyError) -> None:
    log.warning("job %d: %s", job.pk, error.log)
    strikes = Job.objects.values_list("strikes", flat=True).get(pk=job.pk)
    if strikes >= MOST_STRIKES:
        return _over(lease, State.FAILED, _("Given up after %d tries.") % strikes + f" {error.message}")
    pause = FIRST_PAUSE * 2 ** max(0, strikes - 1)
    lease.close(
        State.QUEUED,
        queued=now(),
        not_before=now() + pause,
        message=_("Goes on in %d seconds.") % pause.total_seconds() + f" {error.message}",
    )
    return None


def beat() -> None:
    """Keeps the leases of this process."""
    if tokens := held.tokens():
        leases.renew(tokens)
    close_old_connections()
