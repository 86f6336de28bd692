"""Drafts of one person: begun, changed, their files put in order, taken away. Each sees only their own.

Nothing here speaks to Navixy; sending a draft is `checkins.creation`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet

from checkins import upstream
from checkins.models import EDITABLE, UNDER_WAY, Draft, DraftFile, DraftState
from dashboard.accounts import Account
from dashboard.clock import now
from dashboard.uploads import book, staging
from dashboard.uploads.models import StagedFile
from dashboard.uploads.models import State as FileState

CHANGEABLE = frozenset(
    {
        "tracker_id",
        "lat",
        "lng",
        "address",
        "comment",
        "template_id",
        "template",
        "answers",
        "step",
        "field_errors",
    }
)
BLANK = Q(version=0, origin_id=None, job=None, files=None)
FILES_KEPT, KEPT, BLANK_KEPT = timedelta(days=1), timedelta(days=30), timedelta(days=1)
UNDO_FOR = timedelta(hours=1)


class Stale(Exception):
    """It was changed in another tab, or has begun to be sent: what was to be saved was not. Load it again."""


def of(account: Account) -> QuerySet[Draft]:
    """The newest change first; those whose job has ended without them say so."""
    rows = _all_of(account).filter(removed=None)
    for draft in rows.filter(state__in=UNDER_WAY).select_related("job"):
        upstream.settle(draft)
    return rows


def one(account: Account, pk: int) -> Draft | None:
    return of(account).filter(pk=pk).first()


def unfinished(account: Account) -> QuerySet[Draft]:
    """What somebody has put something into and is not made yet."""
    return of(account).exclude(state=DraftState.DONE).exclude(BLANK)


def count(account: Account) -> int:
    """How many are unfinished. Every page asks, so the statement is plain."""
    table, files = (connection.ops.quote_name(one._meta.db_table) for one in (Draft, DraftFile))
    statement = (
        f"SELECT COUNT(*) FROM {table} d WHERE api_url = %s AND user_id = %s AND state <> %s"  # noqa: S608  our own tables' names
        " AND removed IS NULL AND (version > 0 OR origin_id IS NOT NULL OR job_id IS NOT NULL"
        f" OR EXISTS (SELECT 1 FROM {files} f WHERE f.draft_id = d.id))"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [account.api_url, account.user_id, DraftState.DONE])
        return int(cursor.fetchone()[0])


def made_by(account: Account) -> set[int]:
    """Check-ins that came of drafts of this account, whoever sent them."""
    rows = Draft.objects.filter(api_url=account.api_url, account_id=account.account_id)
    return {one.checkin_id for one in rows.only("checkin_id") if one.checkin_id is not None}


def begin(account: Account, **known: Any) -> Draft:
    """A new draft with what is known of it already; the names are those of `change`."""
    moment = now()
    return Draft.objects.create(
        api_url=account.api_url,
        account_id=account.account_id,
        user_id=account.user_id,
        created=moment,
        updated=moment,
        **known,
    )


def begun_on(account: Account, key: UUID) -> Draft | None:
    """The draft that was begun on the page with this key, removed ones too."""
    return _all_of(account).filter(key=key).first()


def begin_on(account: Account, key: UUID) -> Draft:
    """As `begin`, once for each page: a request that is sent again finds the draft of the first."""
    moment = now()
    facts = {"account_id": account.account_id, "created": moment, "updated": moment}
    draft, _is_new = _all_of(account).get_or_create(
        key=key, api_url=account.api_url, user_id=account.user_id, defaults=facts
    )
    return draft


def change(draft: Draft, *, version: int, **changes: Any) -> Draft:
    """Saves `changes` on top of the version its page showed; the draft as it is now, one version on.

    Changes: tracker_id, lat, lng, address, comment, step, answers (value objects of ref 6.5 by field id, no
    files), template_id with template (see `choose_template`). Raises Stale.
    """
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"not for drafts: {', '.join(sorted(unknown))}")
    other_form = any(name in changes and changes[name] != getattr(draft, name) for name in upstream.OF_FORM)
    rows = Draft.objects.filter(pk=draft.pk, version=version, state__in=EDITABLE)
    with transaction.atomic():
        if not rows.update(version=F("version") + 1, updated=now(), **changes):
            raise Stale
        if other_form:
            upstream.forget_form(draft)
    draft.refresh_from_db()
    return draft


def choose_template(draft: Draft, *, version: int, record: Mapping[str, Any] | None) -> Draft:
    """With the form of that template (its wire record, `forms.template_record`), or with none.

    Answers whose field is still there with the same type stay; files of fields that are gone go.
    Raises Stale.
    """
    with transaction.atomic():
        changed = dict(record) if record else None
        if changed != draft.template:
            upstream.forget_form(draft)
        draft = change(
            draft,
            version=version,
            template_id=record["id"] if record else None,
            template=changed,
            answers=upstream.fitting(draft.answers, changed or {}),
        )
        for file in draft.files.exclude(field_id="").exclude(field_id__in=upstream.types(changed or {})):
            detach(draft, file)
    return draft


def attach(draft: Draft, staged: StagedFile, *, field_id: str = "") -> DraftFile:
    """A photo, or a file for one field of the form, as the last of them. Raises Stale."""
    with _held(draft):
        if staged.state != FileState.STAGED:  # it was on its way with another draft, or for another field
            book.forget(staged.pk)
        last = draft.files.filter(field_id=field_id).aggregate(last=Max("position"))["last"]
        return DraftFile.objects.create(
            draft=draft, staged=staged, field_id=field_id, position=0 if last is None else last + 1
        )


def detach(draft: Draft, file: DraftFile) -> None:
    """Takes the file away with its bytes. Raises Stale."""
    with _held(draft):
        upstream.forget_place(draft, file.staged_id)
        file.delete()
        staging.remove(file.staged)


def set_aside(draft: Draft, file: DraftFile) -> None:
    """Out of the draft; its bytes stay for a day, so that it can be attached again. Raises Stale."""
    with _held(draft):
        upstream.forget_place(draft, file.staged_id)
        file.delete()


def exchange(draft: Draft, file: DraftFile, staged: StagedFile) -> None:
    """Puts `staged` in the place of the file's bytes, which go. Raises Stale."""
    before = file.staged
    with _held(draft):
        upstream.forget_place(draft, before.pk)
        file.staged = staged
        file.save(update_fields=["staged"])
        staging.remove(before)


def arrange(draft: Draft, pks: Sequence[int], *, field_id: str = "") -> None:
    """Puts the files of one field in the order of their DraftFile ids. Raises Stale."""
    with _held(draft):
        for position, pk in enumerate(pks):
            draft.files.filter(pk=pk, field_id=field_id).update(position=position)


def remove(draft: Draft) -> None:
    """Out of sight, and gone with its files once Undo is over; not while it is being sent. Raises Stale."""
    if not Draft.objects.filter(pk=draft.pk).exclude(state__in=UNDER_WAY).update(removed=now()):
        raise Stale


def removed(account: Account, pk: int) -> Draft | None:
    """One that `bring_back` can still have."""
    return _all_of(account).filter(pk=pk, removed__gte=now() - UNDO_FOR).first()


def bring_back(account: Account, pk: int) -> bool:
    """Undo of `remove`, as it was; whether it was still there."""
    return bool(_all_of(account).filter(pk=pk, removed__gte=now() - UNDO_FOR).update(removed=None))


def give_up_removed(account: Account) -> None:
    """Makes room: their person needs it more than the Undo."""
    _forget(_all_of(account).filter(removed__isnull=False))


def tidy() -> None:
    """Of check-ins that are made the files go after a day, for Navixy has them; the draft after a month.
    What was removed goes when Undo is over; what nobody put anything into, after a day.
    """
    for draft in Draft.objects.filter(state=DraftState.DONE, finished__lt=now() - FILES_KEPT):
        with transaction.atomic():
            _drop_files(draft)
    Draft.objects.filter(state=DraftState.DONE, finished__lt=now() - KEPT).delete()
    _forget(Draft.objects.filter(removed__lt=now() - UNDO_FOR))
    _forget(Draft.objects.filter(BLANK, state=DraftState.EDITING, updated__lt=now() - BLANK_KEPT))


def _forget(rows: QuerySet[Draft]) -> None:
    """With their files, for good. The update holds the row: one that is brought back meanwhile stays."""
    for draft in rows:
        with transaction.atomic():
            if rows.filter(pk=draft.pk).update(updated=now()):
                _drop_files(draft)
                draft.delete()


def _drop_files(draft: Draft) -> None:
    staged = [file.staged for file in draft.files.select_related("staged")]
    draft.files.all().delete()
    for one in staged:
        staging.remove(one)


def _all_of(account: Account) -> QuerySet[Draft]:
    return Draft.objects.filter(api_url=account.api_url, user_id=account.user_id)


@contextmanager
def _held(draft: Draft) -> Iterator[None]:
    """Nobody begins to send the draft inside this block. Raises Stale."""
    with transaction.atomic():
        if not Draft.objects.filter(pk=draft.pk, state__in=EDITABLE).update(updated=now()):
            raise Stale
        yield
