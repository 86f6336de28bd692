"""What every worker does beside its jobs, however many there are: nothing here minds being done twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from dashboard.clock import now
from dashboard.jobs import files, queue
from dashboard.jobs.models import OVER, Job

HISTORY = timedelta(days=30)


_chores: list[Callable[[], None]] = []


def register(chore: Callable[[], None]) -> None:
    """What another app has to clear away now and then; called about once a minute."""
    if chore not in _chores:
        _chores.append(chore)


def tidy() -> None:
    _expire_results()
    _forget_history()
    _clear_scratch()
    queue.tidy()
    for chore in _chores:
        chore()


def _expire_results() -> None:
    for job in Job.objects.filter(expires__lt=now()).exclude(results=[]):
        files.remove_all(job.pk)
        Job.objects.filter(pk=job.pk).update(results=[])


def _forget_history() -> None:
    for job in Job.objects.filter(state__in=OVER, finished__lt=now() - HISTORY, results=[]):
        files.remove_all(job.pk)
        job.delete()


def _clear_scratch() -> None:
    """Folders on this machine of jobs that ended elsewhere, or that nobody knows any more."""
    here = files.scratches()
    alive = set(Job.objects.filter(pk__in=here).exclude(state__in=OVER).values_list("pk", flat=True))
    for job_id in here:
        if job_id not in alive:
            files.remove_scratch(job_id)
