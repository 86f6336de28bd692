"""Keeping a record of Navixy before it is removed there: what was received, what was shown, every file.

    archived = keep(account, kind="route", upstream_id=5, title=…, record=…, names={"Employee": "Ann"},
                    forms=[form], files=[Original(…)])
    … remove it at Navixy …
    confirm(archived) when it is gone · unsure(archived) when nobody knows · discard(archived) when it stays

Until `confirm` or `unsure` nobody sees it. Whoever must not lose a file looks at `archived.missing` first.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import transaction

from dashboard.accounts import Account
from dashboard.archive.models import Archived, ArchivedFile, State
from dashboard.clock import now
from dashboard.jobs.files import Finished

_ADDRESSES = ("download_url", "previews", "preview_url")  # they open without a credential (ref 8.4)
_AT_ONCE = 200


class FileMissing(Exception):
    """A file that cannot be had, for good; the text is the reason people read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A file to keep. `write` copies its bytes, or raises FileMissing; other errors end the keeping."""

    upstream_id: int
    name: str
    mime_type: str
    write: Callable[[BinaryIO], object] = field(repr=False)
    form_id: int | None = None
    field_id: str = ""


def keep(
    account: Account,
    *,
    kind: str,
    upstream_id: int,
    title: str,
    record: Mapping[str, Any],
    names: Mapping[str, str],
    forms: Sequence[Mapping[str, Any]] = (),
    files: Iterable[Original] = (),
) -> Archived:
    """`names`: label → words, in the order to show them. What an earlier attempt left is replaced.

    Raises what `Original.write` raises but FileMissing; then nothing is kept.
    """
    for former in _of(account, kind, upstream_id).filter(state__in=(State.WRITING, State.KEPT)):
        discard(former)
    moment = now()
    archived = Archived.objects.create(
        api_url=account.api_url,
        account_id=account.account_id,
        user_id=account.user_id,
        who=(account.name or account.login)[:200],
        kind=kind,
        upstream_id=upstream_id,
        title=_storable(title)[:300],
        record=_without_addresses(record),
        names=[[_storable(label), _storable(words)] for label, words in names.items()],
        forms=[_without_addresses(form) for form in forms],
        words=_words(title, names, record, forms),
        created=moment,
        expires=moment + timedelta(days=settings.ARCHIVE_DAYS),
    )
    try:
        missing = sum(not _keep_file(archived, original) for original in files)
    except BaseException:
        discard(archived)
        raise
    return _changed(archived, state=State.KEPT, missing=missing)


def confirm(archived: Archived) -> None:
    """It is gone at Navixy: from now on people see it here."""
    _changed(archived, state=State.REMOVED, removed=now(), expires=_end())


def unsure(archived: Archived) -> None:
    _changed(archived, state=State.UNSURE, removed=now(), expires=_end())


def discard(archived: Archived) -> None:
    """With its files."""
    keys = [key for key in archived.files.values_list("key", flat=True) if key]
    archived.delete()
    transaction.on_commit(lambda: _delete(keys))


def opened(kept: ArchivedFile) -> File[bytes]:
    """Its bytes. Raises FileNotFoundError."""
    if not kept.key:
        raise FileNotFoundError(kept.name)
    return store().open(kept.key)


def orientation_of(archived: Archived, kept: ArchivedFile) -> int | None:
    """As the record says it, for pictures that say nothing themselves (ref 8.3)."""
    records = [archived.record, *archived.forms]
    files = (one for record in records for one in record.get("files") or () if isinstance(one, dict))
    metadata = next((one.get("metadata") for one in files if one.get("id") == kept.upstream_id), None)
    found = metadata.get("orientation") if isinstance(metadata, dict) else None
    return found if isinstance(found, int) and 1 <= found <= 8 else None


def tidy() -> None:
    """Away with what has been kept long enough."""
    for archived in Archived.objects.filter(expires__lt=now()).order_by("expires")[:_AT_ONCE]:
        discard(archived)


def store() -> Storage:
    return storages["archive"]


def _of(account: Account, kind: str, upstream_id: int) -> Any:
    return Archived.objects.filter(
        api_url=account.api_url, account_id=account.account_id, kind=kind, upstream_id=upstream_id
    )


def _changed(archived: Archived, **changes: Any) -> Archived:
    for name, value in changes.items():
        setattr(archived, name, value)
    archived.save(update_fields=list(changes))
    return archived


def _end() -> Any:
    return now() + timedelta(days=settings.ARCHIVE_DAYS)


def _keep_file(archived: Archived, original: Original) -> bool:
    """False when its bytes cannot be had: then the row says why."""
    kept = ArchivedFile(
        archived=archived,
        upstream_id=original.upstream_id,
        form_id=original.form_id,
        field_id=original.field_id,
        name=_storable(original.name)[:255],
        mime_type=_storable(original.mime_type)[:100],
    )
    with _scratch() as path:
        try:
            _fetch(kept, original, path)
        except FileMissing as reason:
            kept.problem = str(reason)
        kept.save()
    return bool(kept.key)


def _fetch(kept: ArchivedFile, original: Original, path: Path) -> None:
    with path.open("wb") as into:
        original.write(into)
    with path.open("rb") as content:
        kept.sha256 = file_digest(content, "sha256").hexdigest()
        kept.size = path.stat().st_size
        content.seek(0)
        place = f"{kept.archived.account_id}/{kept.archived.pk}/{uuid4().hex}"
        kept.key = store().save(place, Finished(content, str(path)))


def _delete(keys: Iterable[str]) -> None:
    storage, folders = store(), set[str]()
    for key in keys:
        storage.delete(key)
        folders.add(key.rpartition("/")[0])
    for folder in folders:
        _remove_if_empty(folder)


def _remove_if_empty(folder: str) -> None:
    """Only a disk has folders."""
    try:
        Path(store().path(folder)).rmdir()
    except (NotImplementedError, OSError):
        return


@contextmanager
def _scratch() -> Iterator[Path]:
    """On the same disk as the local store: there it is moved, not copied."""
    folder = Path(settings.VAR_DIR) / "staging"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _words(
    title: str, names: Mapping[str, str], record: Mapping[str, Any], forms: Sequence[Mapping[str, Any]]
) -> str:
    """Casefolded: SQLite folds the case of ASCII alone."""
    comment = record.get("comment") or record.get("description") or ""
    texts = [title, *names.values(), str(comment), *(text for form in forms for text in _answers(form))]
    return _storable("\n".join(texts)).casefold()


def _answers(form: Mapping[str, Any]) -> Iterator[str]:
    """What people wrote, whatever the type of its field."""
    values = form.get("values")
    for value in values.values() if isinstance(values, Mapping) else ():
        if isinstance(value, Mapping):
            yield from (text for text in value.values() if isinstance(text, str))


def _without_addresses(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            _storable(str(key)): _without_addresses(one)
            for key, one in value.items()
            if key not in _ADDRESSES
        }
    if isinstance(value, list | tuple):
        return [_without_addresses(one) for one in value]
    return _storable(value) if isinstance(value, str) else value


def _storable(text: str) -> str:
    """PostgreSQL refuses NUL; half a surrogate pair no database can encode."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
