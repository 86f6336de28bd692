"""What became of each check-in: written to its row, to the archive and to the audit, and told in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkins.removal.deleting import Outcome
from checkins.removal.models import TODO, ItemState, Removal, RemovalItem
from dashboard.accounts import Account
from dashboard.archive import keeping
from dashboard.archive.models import Archived
from dashboard.audit import journal

_GONE = "It was gone already."


def open_ids(removal: Removal) -> list[int]:
    """Told to Navixy by a run that did not hear what became of it."""
    return list(removal.items.filter(state=ItemState.DELETING).values_list("checkin_id", flat=True))


def settle(account: Account, removal: Removal, there: set[int]) -> None:
    """After a look: what is no longer there was deleted, the rest is still to be."""
    for item in removal.items.filter(state=ItemState.DELETING):
        if item.checkin_id in there:
            write(item, state=ItemState.ARCHIVED)
        else:
            close(account, item, ItemState.DELETED)


def apply(account: Account, removal: Removal, outcome: Outcome) -> None:
    for state, ids in ((ItemState.DELETED, outcome.deleted), (ItemState.GONE, outcome.gone)):
        for item in _items(removal, ids):
            close(account, item, state)
    for item in _items(removal, outcome.failed):
        words, code = outcome.failed[item.checkin_id]
        close(account, item, ItemState.FAILED, words, code)


def close(
    account: Account, item: RemovalItem, state: ItemState, message: str = "", code: int | None = None
) -> None:
    """The end of an item, for good or until its person tries again; once, and all of it or nothing."""
    with transaction.atomic():
        kept = Archived.objects.filter(pk=item.archived_id).first() if item.archived_id else None
        if kept and state == ItemState.DELETED:
            keeping.confirm(kept)
        elif kept and state == ItemState.GONE:
            keeping.unsure(kept)
        elif kept:
            keeping.discard(kept)
            item.archived_id = None
        write(item, state=state, message=message, code=code, archived_id=item.archived_id)
        journal.record(
            account,
            action="delete",
            kind="checkin",
            subject=item.label,
            ids=[item.checkin_id],
            result="done" if state == ItemState.DELETED else "failed",
            message=_(_GONE) if state == ItemState.GONE else message,
        )


def write(item: RemovalItem, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(item, name, value)
    item.save(update_fields=list(changes))


def counts(removal: Removal) -> dict[str, int]:
    found = removal.items.order_by().values("state").annotate(n=Count("id")).values_list("state", "n")
    return dict(found)


def words(removal: Removal) -> str:
    """While it is under way."""
    found = counts(removal)
    done = found.get(ItemState.DELETED, 0)
    left = sum(found.values()) - done - sum(found.get(state, 0) for state in (*TODO, ItemState.GONE))
    text = ngettext("%s deleted", "%s deleted", done) % f"{done:,}"
    return f"{text}, " + _("%s stay") % f"{left:,}" if left else text


def summary(removal: Removal) -> str:
    found = counts(removal)
    texts = (
        (ItemState.DELETED, _("%s deleted and in the archive")),
        (ItemState.GONE, _("%s were gone already")),
        (ItemState.NOT_ARCHIVED, _("%s stay, as they could not be archived completely")),
        (ItemState.NOT_ALLOWED, _("%s stay, as this account cannot delete")),
        (ItemState.FAILED, _("%s failed")),
    )
    told = [text % f"{found[state]:,}" for state, text in texts if found.get(state)]
    return "; ".join(told) + "."


def missing_words(kept: Archived) -> str:
    """Which of its files cannot be had, and why."""
    files = kept.files.filter(key="")
    return "; ".join(f"{file.name}: {file.problem}" for file in files)


def _items(removal: Removal, ids: Iterable[int]) -> list[RemovalItem]:
    return list(removal.items.filter(checkin_id__in=list(ids)))
