"""Finding archived records, and showing them: every word ready.

The owner sees all of the account; others what they removed themselves, as their scope is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.accounts import Account
from dashboard.archive.filters import Filters
from dashboard.archive.models import Archived, ArchivedFile, State
from dashboard.audit import words
from dashboard.clock import Clock, end_of, start_of
from dashboard.listing.choices import Option, options
from dashboard.photos.album import PhotoTile, size_text

_SHOWN = (State.REMOVED, State.UNSURE)
_SECOND = timedelta(seconds=1)
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".heif", ".avif", ".bmp", ".tif", ".tiff")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfRow:
    """`id` is text, as a template would write 1,234."""

    id: str
    title: str
    kind: str
    who: str
    removed: str
    iso: str
    expires: str
    files: str
    missing: int
    is_unsure: bool


def of(account: Account) -> QuerySet[Archived]:
    rows = Archived.objects.filter(api_url=account.api_url, account_id=account.account_id, state__in=_SHOWN)
    return rows if account.is_owner else rows.filter(user_id=account.user_id)


def one(account: Account, pk: int) -> Archived | None:
    return of(account).filter(pk=pk).first()


def found(account: Account, filters: Filters) -> QuerySet[Archived]:
    rows = of(account)
    for word in filters.q.casefold().split():
        rows = rows.filter(_holds(word))
    if filters.start:
        rows = rows.filter(removed__gte=start_of(filters.start, account.zone))
    if filters.end:
        rows = rows.filter(removed__lt=end_of(filters.end, account.zone) + _SECOND)
    if filters.person:
        rows = rows.filter(user_id=filters.person)
    return rows.filter(kind=filters.kind) if filters.kind else rows


def kinds(account: Account, chosen: str) -> tuple[Option, ...]:
    there = of(account).order_by().values_list("kind", flat=True).distinct()
    return options({one: words.kind(one) for one in sorted(there)}, chosen)


def rows(items: Iterable[Archived], clock: Clock) -> tuple[ShelfRow, ...]:
    """`items` come with `file_count`."""
    return tuple(row(item, clock, getattr(item, "file_count", 0)) for item in items)


def row(item: Archived, clock: Clock, files: int) -> ShelfRow:
    removed = item.removed or item.created
    return ShelfRow(
        id=str(item.pk),
        title=item.title,
        kind=words.kind(item.kind),
        who=item.who,
        removed=clock.moment(removed),
        iso=removed.isoformat(),
        expires=clock.date(item.expires),
        files=f"{files:,}" if files else "",
        missing=item.missing,
        is_unsure=item.state == State.UNSURE,
    )


def tile(kept: ArchivedFile) -> PhotoTile:
    """Its bytes come from this site; nothing leads to Navixy."""
    known = {"id": str(kept.pk), "name": kept.name, "size_text": size_text(kept.size)}
    if not kept.key:
        return PhotoTile(kind="missing", words=kept.problem or _("Nothing stored"), **known)
    original = reverse("archive:file", args=[kept.archived_id, kept.pk])
    if not _is_picture(kept):
        return PhotoTile(kind="file", words=_("File"), original_url=original, **known)
    small, large = (
        reverse(f"archive:{size}", args=[kept.archived_id, kept.pk]) for size in ("thumb", "large")
    )
    return PhotoTile(
        kind="picture",
        alt=_("Photo %s") % kept.name,
        thumb_url=small,
        large_url=large,
        original_url=original,
        **known,
    )


def _holds(word: str) -> Q:
    found = Q(words__contains=word)
    return found | Q(upstream_id=int(word)) if word.isascii() and word.isdigit() and len(word) < 19 else found


def _is_picture(kept: ArchivedFile) -> bool:
    if "svg" in kept.mime_type:
        return False
    return kept.mime_type.startswith("image/") or kept.name.lower().endswith(_PICTURES)
