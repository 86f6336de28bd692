"""Jobs as pages show them: every word ready."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.clock import Clock, now
from dashboard.jobs import files, leases
from dashboard.jobs.kinds import Kind, StoredFile, kind_of
from dashboard.jobs.models import ACTIVE, OVER, Job, State

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_LONG_ENOUGH = timedelta(seconds=4)  # before that a rate says nothing

_STATES: dict[str, tuple[StrOrPromise, str, str]] = {
    State.QUEUED: (gettext_lazy("Waiting for its turn"), "", "clock"),
    State.WAITING: (gettext_lazy("Waiting for you to sign in"), "badge-warn", "log-in"),
    State.RUNNING: (gettext_lazy("Working"), "badge-info", "loader-circle"),
    State.DONE: (gettext_lazy("Done"), "badge-ok", "check"),
    State.FAILED: (gettext_lazy("Failed"), "badge-danger", "circle-alert"),
    State.CANCELLED: (gettext_lazy("Cancelled"), "", "ban"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLink:
    label: str
    name: str
    size: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """One job. `id` and `percent` are text, as a template would write 1,234; no `percent` when unknown."""

    id: str
    title: str
    summary: str
    kind: str
    icon: str
    state: str
    state_words: str
    badge: str
    state_icon: str
    counts: str
    percent: str
    time_left: str
    words: str
    message: str
    created: str
    started: str
    finished: str
    took: str
    expires: str
    attempts: str
    link: str
    link_words: str
    files: tuple[FileLink, ...]
    is_active: bool
    is_over: bool
    is_stopping: bool
    is_expired: bool


def rows(jobs: Iterable[Job], clock: Clock) -> tuple[JobRow, ...]:
    return tuple(row(job, clock) for job in jobs)


def row(job: Job, clock: Clock) -> JobRow:
    kind = kind_of(job.kind)
    words, badge, icon = _state(job)
    is_active = job.state in ACTIVE
    return JobRow(
        id=str(job.pk),
        title=job.title,
        summary=job.summary,
        kind=str(kind.label if kind else job.kind),
        icon=kind.icon if kind else "package",
        state=job.state,
        state_words=str(words),
        badge=badge,
        state_icon=icon,
        counts=_counts(job, str(kind.unit) if kind else ""),
        percent=_percent(job),
        time_left=_time_left(job),
        words=job.words if is_active else "",
        message=job.message,
        created=_moment(job.created, clock),
        started=_moment(job.started, clock),
        finished=_moment(job.finished, clock),
        took=_took(job),
        expires=_moment(job.expires, clock) if job.results else "",
        attempts=str(job.attempts) if job.attempts > 1 else "",
        link=job.link,
        link_words=_link_words(job, kind),
        files=_links(job),
        is_active=is_active,
        is_over=job.state in OVER,
        is_stopping=job.cancel_asked and is_active,
        is_expired=job.state == State.DONE and bool(job.expires) and not job.results,
    )


def _link_words(job: Job, kind: Kind | None) -> str:
    if kind is None:
        return _("The list it was made from")
    return str((kind.made_words if job.state == State.DONE else "") or kind.link_words)


def duration(seconds: float) -> str:
    """`40 seconds`, `3 minutes`, `2 h 05 min`: rounded as people do."""
    if seconds < 55:
        n = max(5, 5 * round(seconds / 5))
        return _("%d seconds") % n
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return ngettext("%d minute", "%d minutes", minutes) % minutes
    return _("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def size_text(size: int) -> str:
    """`812 B`, `64 kB`, `2.4 MB`, `1.3 GB`."""
    for unit, factor in (("GB", 1_000_000_000), ("MB", 1_000_000)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size / 1000:.0f} kB" if size >= 1000 else f"{size} B"


def _state(job: Job) -> tuple[StrOrPromise, str, str]:
    if leases.is_dead(job):
        return _("Its worker has gone; another takes it up"), "badge-warn", "clock"
    if job.cancel_asked and job.state == State.RUNNING:
        return _("Stopping"), "badge-warn", "ban"
    return _STATES[job.state]


def _counts(job: Job, unit: str) -> str:
    if (job.total or 0) <= 1 or job.state in (State.FAILED, State.CANCELLED):
        return ""  # of one there is nothing to count
    if job.state == State.DONE:
        return f"{job.total:,} {unit}"
    return _("%(done)s of %(total)s %(unit)s") % {
        "done": f"{job.done:,}",
        "total": f"{job.total:,}",
        "unit": unit,
    }


def _percent(job: Job) -> str:
    return str(100 * min(job.done, job.total) // job.total) if job.total else ""


def _time_left(job: Job) -> str:
    """By the pace since a worker took it up; nothing until that means something."""
    if job.state != State.RUNNING or not job.total or not job.picked or leases.is_dead(job):
        return ""
    spent, made = now() - job.picked, job.done - job.done_when_picked
    if spent < _LONG_ENOUGH or made < 1:
        return ""
    return _("about %s left") % duration(spent.total_seconds() / made * max(0, job.total - job.done))


def _took(job: Job) -> str:
    if not job.started or not job.finished:
        return ""
    return duration((job.finished - job.started).total_seconds())


def _moment(moment: datetime | None, clock: Clock) -> str:
    return clock.moment(moment) if moment else ""


def _links(job: Job) -> tuple[FileLink, ...]:
    found = [files.stored(packed) for packed in job.results]
    return tuple(_link(job, number, file, len(found)) for number, file in enumerate(found, 1))


def _link(job: Job, number: int, file: StoredFile, of: int) -> FileLink:
    return FileLink(
        label=_("Download") if of == 1 else _("Part %d") % number,
        name=file.name,
        size=size_text(file.size),
        url=reverse("jobs:download", args=[job.pk])
        if of == 1
        else reverse("jobs:download-part", args=[job.pk, number]),
    )
