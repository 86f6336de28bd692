"""What a person may do with removals: ask, begin, have what is left tried again. Each sees only their own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from checkins.filters import Filters
from checkins.forms import FilterForm
from checkins.removal import job as jobs
from checkins.removal.freezing import Frozen
from checkins.removal.models import AGAIN, TODO, ItemState, Removal, RemovalItem
from dashboard.accounts import Account
from dashboard.clock import now
from dashboard.jobs import desk
from dashboard.jobs.models import ACTIVE, Job

UNTYPED = 20  # more than these are deleted only when their number is typed
JUST_NOW = timedelta(hours=1)
FORGOTTEN = timedelta(days=1)  # a confirmation nobody gave


def of(account: Account) -> QuerySet[Removal]:
    return Removal.objects.filter(
        api_url=account.api_url, account_id=account.account_id, user_id=account.user_id
    )


def one(account: Account, pk: int) -> Removal | None:
    return of(account).select_related("job").filter(pk=pk).first()


@transaction.atomic
def ask(account: Account, frozen: Frozen, *, query: str, summary: str, all_matching: bool) -> Removal:
    """Nothing is deleted yet."""
    removal = Removal.objects.create(
        api_url=account.api_url,
        account_id=account.account_id,
        user_id=account.user_id,
        query=query,
        summary=summary,
        all_matching=all_matching,
        total=len(frozen.items),
        out_of_reach=list(frozen.out_of_reach),
        created=now(),
    )
    RemovalItem.objects.bulk_create(
        (
            RemovalItem(removal=removal, checkin_id=named.id, label=named.label, position=position)
            for position, named in enumerate(frozen.items)
        ),
        batch_size=500,
    )
    return removal


def lately(account: Account, filters: Filters) -> Removal | None:
    """What has just taken away the rows of this list, if a removal asked for in it did."""
    recent = of(account).filter(started__gte=now() - JUST_NOW, items__state=ItemState.DELETED).distinct()
    wanted = filters.plain()
    return next(
        (one for one in recent[:5] if FilterForm(QueryDict(one.query)).filters().plain() == wanted), None
    )


def must_type(removal: Removal) -> bool:
    return removal.all_matching or removal.total > UNTYPED


def is_typed(removal: Removal, text: str) -> bool:
    """The number, however it is grouped."""
    digits = "".join(char for char in text if char not in " ,.'’\u00a0\u202f")
    return digits.isascii() and digits.isdigit() and int(digits[:12]) == removal.total


def begin(account: Account, session_hash: str, removal: Removal) -> Job:
    """The job that is under way when there is one, so that a double click makes no second. Raises TooMany."""
    if removal.job and removal.job.state in ACTIVE:
        return removal.job
    left = removal.items.filter(state__in=TODO).count()
    job = desk.ask(
        account,
        session_hash,
        kind=jobs.NAME,
        title=jobs.title(left),
        summary=removal.summary,
        arguments={"removal": removal.pk},
        link=reverse("checkins:removals:detail", args=[removal.pk]),
    )
    Removal.objects.filter(pk=removal.pk).update(job=job, started=removal.started or now())
    return job


def try_again(
    account: Account, session_hash: str, removal: Removal, *, accepted: Collection[int] = ()
) -> Job:
    """What failed, and of `accepted` ids also without the files that cannot be had. Raises TooMany."""
    with transaction.atomic():
        items = removal.items.filter(state__in=AGAIN)
        if accepted:
            items = removal.items.filter(state=ItemState.NOT_ARCHIVED, checkin_id__in=accepted)
        Removal.objects.filter(pk=removal.pk).update(denied=False)
        items.update(state=ItemState.WAITING, message="", code=None, accepted=bool(accepted))
        return begin(account, session_hash, removal)


def tidy() -> None:
    """Away with confirmations that were never given, and with what is older than the archive."""
    Removal.objects.filter(started=None, created__lt=now() - FORGOTTEN).delete()
    old = Removal.objects.filter(created__lt=now() - timedelta(days=settings.ARCHIVE_DAYS))
    old.exclude(job__state__in=ACTIVE).delete()
