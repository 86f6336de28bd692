"""What became of each, as the page shows it: every word ready."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checkins.removal import outcomes
from checkins.removal.models import AGAIN, TODO, ItemState, Removal, RemovalItem
from dashboard.clock import Clock, now

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_STATES: dict[str, tuple[StrOrPromise, str]] = {
    ItemState.DELETED: (gettext_lazy("Deleted"), "badge-ok"),
    ItemState.GONE: (gettext_lazy("Already gone"), "badge-info"),
    ItemState.NOT_ARCHIVED: (gettext_lazy("Not archived, so not deleted"), "badge-warn"),
    ItemState.NOT_ALLOWED: (gettext_lazy("Not allowed"), "badge-danger"),
    ItemState.FAILED: (gettext_lazy("Failed"), "badge-danger"),
    ItemState.WAITING: (gettext_lazy("Not dealt with"), ""),
    ItemState.ARCHIVED: (gettext_lazy("Archived, not deleted yet"), ""),
    ItemState.DELETING: (gettext_lazy("Being deleted"), "badge-info"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    label: str
    count: str
    query: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """`id` is text, as a template would write 1,234. `archive_url` is empty when it is not in there."""

    id: str
    label: str
    state: str
    badge: str
    message: str
    url: str
    archive_url: str
    is_acceptable: bool


def tabs(removal: Removal, chosen: str) -> tuple[Tab, ...]:
    found = outcomes.counts(removal)
    each = (
        Tab(label=str(words), count=f"{found[state]:,}", query=f"state={state}", current=state == chosen)
        for state, (words, _badge) in _STATES.items()
        if found.get(state)
    )
    return (Tab(label=_("All"), count=f"{removal.total:,}", query="state=", current=not chosen), *each)


def rows(items: Iterable[RemovalItem]) -> tuple[ItemRow, ...]:
    return tuple(_row(item) for item in items)


def left(removal: Removal) -> str:
    """How many a second try would be about."""
    count = removal.items.filter(state__in=(*TODO, *AGAIN)).count()
    return f"{count:,}" if count else ""


def count(removal: Removal, state: ItemState) -> int:
    return removal.items.filter(state=state).count()


def kept_until(clock: Clock) -> str:
    return clock.date(now() + timedelta(days=settings.ARCHIVE_DAYS))


def _row(item: RemovalItem) -> ItemRow:
    words, badge = _STATES[item.state]
    is_gone = item.state in (ItemState.DELETED, ItemState.GONE)
    return ItemRow(
        id=str(item.checkin_id),
        label=item.label,
        state=str(words),
        badge=badge,
        message=item.message,
        url="" if is_gone else reverse("checkins:detail", args=[item.checkin_id]),
        archive_url=reverse("archive:detail", args=[item.archived_id])
        if is_gone and item.archived_id
        else "",
        is_acceptable=item.state == ItemState.NOT_ARCHIVED and item.code is None,
    )
