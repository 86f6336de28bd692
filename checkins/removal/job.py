"""Removing check-ins, as a job: archive some, delete them, look, write down what became of each, and on.

How it survives: every item has a row. It says "deleting" before Navixy is told; a run that finds it so looks
first. What is archived and not yet deleted is not archived again. It stops between two groups only.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checkins.removal import deleting, outcomes
from checkins.removal.models import TODO, ItemState, Removal, RemovalItem
from checkins.removal.originals import Gathered, Gatherer, archived
from checkins.services import Source
from checkins.sources import source_for
from dashboard import connect
from dashboard.archive import keeping
from dashboard.archive.models import Archived
from dashboard.jobs.kinds import JobFailed, Kind, Result
from dashboard.jobs.running import LeaseLost, Running
from dashboard.navixy.errors import NotAllowed

NAME = "checkin-delete"
GROUP = 20  # told to Navixy at once; one stops between two groups


def run(job: Running) -> Result:
    removal = _removal(job)
    outcomes.settle(job.account, removal, deleting.there(job.client, outcomes.open_ids(removal)))
    source = source_for(job.account, job.client, job.as_of)
    while items := _next(removal):
        _progress(job, removal)
        try:
            _group(job, removal, source, items)
        except deleting.Denied as denied:
            return _denied(job, removal, denied.error)
    _progress(job, removal)
    return Result(message=outcomes.summary(removal))


KIND = Kind(
    name=NAME,
    label=gettext_lazy("Deletion of check-ins"),
    icon="trash-2",
    unit=gettext_lazy("check-ins"),
    run=run,
    cancelled=gettext_lazy(
        "Stopped. What was deleted until then is in the archive; the rest is still in Navixy."
    ),
    link_words=gettext_lazy("What became of each"),
)


def title(count: int) -> str:
    return ngettext("Deletion of %s check-in", "Deletion of %s check-ins", count) % f"{count:,}"


def _removal(job: Running) -> Removal:
    found = Removal.objects.filter(
        pk=job.arguments["removal"], api_url=job.account.api_url, user_id=job.account.user_id
    ).first()
    if found is None or found.started is None:
        raise JobFailed(_("What was to be deleted is no longer known. Choose again in the list."))
    Removal.objects.filter(pk=found.pk).update(job_id=job.job_id)
    return found


def _next(removal: Removal) -> list[RemovalItem]:
    return list(removal.items.filter(state__in=TODO)[:GROUP])


def _progress(job: Running, removal: Removal) -> None:
    """Raises Interrupted: here it is safe to stop."""
    todo = removal.items.filter(state__in=TODO).count()
    job.save(removal.total - todo, removal.total, outcomes.words(removal))


def _group(job: Running, removal: Removal, source: Source, items: Sequence[RemovalItem]) -> None:
    ready = [item for item in items if item.state == ItemState.ARCHIVED]
    waiting = [item for item in items if item.state == ItemState.WAITING]
    folder = _folder(job)
    storage = connect.storage(job.account.api_url)
    gatherer = Gatherer(client=job.client, storage=storage, folder=folder)
    try:
        found = gatherer.gather(waiting)
        ready += [gathered.item for gathered in found if _archived(job, source, gathered)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if ready:
        _delete(job, removal, ready)


def _archived(job: Running, source: Source, gathered: Gathered) -> bool:
    """Whether it may be deleted now."""
    item = gathered.item
    if gathered.gone:
        outcomes.close(job.account, item, ItemState.GONE)
        return False
    if gathered.problem:
        outcomes.close(job.account, item, ItemState.NOT_ARCHIVED, gathered.problem, gathered.code)
        return False
    kept = archived(gathered, job.account, source)
    if kept.missing and not item.accepted:
        words = outcomes.missing_words(kept)
        keeping.discard(kept)
        outcomes.close(job.account, item, ItemState.NOT_ARCHIVED, words)
        return False
    outcomes.write(item, state=ItemState.ARCHIVED, archived_id=kept.pk)
    return True


def _delete(job: Running, removal: Removal, ready: Sequence[RemovalItem]) -> None:
    """Says first that it is about to be told; only the holder of the lease may say so."""
    with transaction.atomic():
        if not job.lease.rows().select_for_update().first():
            raise LeaseLost
        RemovalItem.objects.filter(pk__in=[item.pk for item in ready]).update(state=ItemState.DELETING)
    outcome = deleting.Outcome()
    try:
        deleting.delete(job.client, [item.checkin_id for item in ready], outcome)
    finally:
        outcomes.apply(job.account, removal, outcome)


def _denied(job: Running, removal: Removal, error: NotAllowed) -> Result:
    """Nothing more can be deleted by this login: said for each that is left."""
    Removal.objects.filter(pk=removal.pk).update(denied=error.code == 13)
    for item in removal.items.filter(state__in=TODO):
        if item.archived_id and (kept := Archived.objects.filter(pk=item.archived_id).first()):
            keeping.discard(kept)
        outcomes.close(job.account, item, ItemState.NOT_ALLOWED, error.message, error.code)
    return Result(message=outcomes.summary(removal))


def _folder(job: Running) -> Path:
    folder = job.folder / f"files-{job.lease.token[:12]}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
