"""What a person may do with jobs: ask for one, watch, cancel, ask again, remove. Each sees only their own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from dashboard.accounts import Account
from dashboard.clock import now
from dashboard.jobs import files, queue
from dashboard.jobs.models import ACTIVE, OVER, Job, State

MOST_ACTIVE = 20
_CANCELLED = {"state": State.CANCELLED, "message": "", "lease_token": "", "saved": {}, "told": True}


class TooMany(Exception):
    """This person has enough jobs under way."""


def of(account: Account) -> QuerySet[Job]:
    return Job.objects.filter(api_url=account.api_url, user_id=account.user_id)


def one(account: Account, pk: int) -> Job | None:
    return of(account).filter(pk=pk).first()


def active(account: Account) -> QuerySet[Job]:
    return of(account).filter(state__in=ACTIVE)


def ask(
    account: Account,
    session_hash: str,
    *,
    kind: str,
    title: str,
    arguments: Mapping[str, Any],
    summary: str = "",
    link: str = "",
    as_of: datetime | None = None,
) -> Job:
    """A new job; the one under way when the same was asked for already, so that a double click makes one.

    Raises TooMany.
    """
    moment = now()
    fingerprint = sha256(json.dumps([kind, arguments], sort_keys=True).encode()).hexdigest()
    if same := active(account).filter(fingerprint=fingerprint).first():
        return same
    if active(account).count() >= MOST_ACTIVE:
        raise TooMany
    try:
        with transaction.atomic():
            job = Job.objects.create(
                api_url=account.api_url,
                account_id=account.account_id,
                user_id=account.user_id,
                session_hash=session_hash,
                kind=kind,
                title=title[:200],
                summary=summary,
                link=link,
                arguments=dict(arguments),
                as_of=as_of or moment,
                fingerprint=fingerprint,
                created=moment,
                queued=moment,
            )
            queue.wake()
    except IntegrityError:  # the same, asked for at the same moment
        return active(account).get(fingerprint=fingerprint)
    return job


def again(account: Account, session_hash: str, job: Job) -> Job:
    """The same once more, meant at the same moment. Raises TooMany."""
    return ask(
        account,
        session_hash,
        kind=job.kind,
        title=job.title,
        arguments=job.arguments,
        summary=job.summary,
        link=job.link,
        as_of=job.as_of,
    )


def cancel(job: Job) -> bool:
    """At once when nobody works on it, else at its worker's next step. False when it was over already."""
    waiting = Job.objects.filter(pk=job.pk, state__in=(State.QUEUED, State.WAITING))
    dead = Job.objects.filter(pk=job.pk, state=State.RUNNING, lease_until__lt=now())
    for rows in (waiting, dead):
        if rows.update(**_CANCELLED, finished=now()):
            files.remove_all(job.pk)
            return True
    return bool(Job.objects.filter(pk=job.pk, state=State.RUNNING).update(cancel_asked=True))


def remove(job: Job) -> None:
    """With its files; only one that is over."""
    if Job.objects.filter(pk=job.pk, state__in=OVER).delete()[0]:
        files.remove_all(job.pk)


def go_on(account: Account) -> None:
    """The person signed in: what waited for that goes on."""
    waiting = of(account).filter(state=State.WAITING)
    if waiting.update(state=State.QUEUED, queued=now(), message=""):
        queue.wake()


def untold(account: Account) -> list[Job]:
    """Jobs that are over and whose person has not been told; each is told of once."""
    over = of(account).filter(state__in=OVER, told=False)
    return [job for job in over if Job.objects.filter(pk=job.pk, told=False).update(told=True)]


def tell(jobs: Iterable[Job]) -> None:
    """Their person sees them now."""
    Job.objects.filter(pk__in=[job.pk for job in jobs if job.state in OVER]).update(told=True)


def tellable(account: Account) -> list[Job]:
    """What is under way, and what is over without its person knowing.

    Every page asks, so the statement is plain: building a query anew costs eight times more than asking it.
    """
    table = connection.ops.quote_name(Job._meta.db_table)
    statement = (
        f"SELECT id, title, state, done, total FROM {table} WHERE api_url = %s AND user_id = %s"  # noqa: S608  our own table's name
        " AND (state IN (%s, %s, %s) OR told = %s) ORDER BY created DESC, id DESC"
    )
    return list(Job.objects.raw(statement, [account.api_url, account.user_id, *ACTIVE, False]))
