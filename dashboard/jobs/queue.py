"""The queue library, used here alone (and by `worker`, which runs its loop).

A task of it is only a wake-up: it names no job and holds no data. Which job is next is decided by fairness
when a worker has time, and a wake-up that was lost with a killed worker is made good by housekeeping.
"""

from __future__ import annotations

from datetime import timedelta

from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from dashboard.clock import now
from dashboard.jobs import leases, runner

_KEPT = timedelta(hours=1)
_FORGOTTEN = timedelta(days=30)  # the library leaves the row of a killed worker running for ever


@task()
def work() -> None:
    """One job, or one stretch of it; and on with the next."""
    runner.run_next()
    wake_if_needed()


def wake() -> None:
    work.enqueue()


def wake_if_needed() -> None:
    """A wake-up for a job that could be taken, unless one is on its way."""
    if leases.any_ready() and not DBTaskResult.objects.ready().exists():
        wake()


def tidy() -> None:
    """Away with wake-ups that have done their service."""
    DBTaskResult.objects.finished().filter(finished_at__lt=now() - _KEPT).delete()
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    running.filter(started_at__lt=now() - _FORGOTTEN).delete()


def answers() -> bool:
    return DBTaskResult.objects.filter(pk__isnull=True).count() == 0
