"""Files people bring to this site, on their way to Navixy. Each sees only their own."""

from __future__ import annotations

import mimetypes
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from dashboard.accounts import Account
from dashboard.clock import now
from dashboard.jobs.files import Finished
from dashboard.navixy.transport import MEGABYTE
from dashboard.photos.problems import Unshowable
from dashboard.uploads import images
from dashboard.uploads.models import StagedFile

LARGEST = 64 * MEGABYTE  # more than Navixy takes: a picture may be made smaller here
ABANDONED = timedelta(days=1)
_CHUNK = 256 * 1024
_LONGEST_NAME = 120
_reserves: list[Callable[[Account], None]] = []


class Coming(Protocol):
    """What bytes are read from: a file, or an upload of Django's."""

    def read(self, size: int, /) -> bytes: ...


class StagingRefused(Exception):
    """A file cannot be kept here; the text is the sentence its person reads."""


def of(account: Account) -> QuerySet[StagedFile]:
    return StagedFile.objects.filter(api_url=account.api_url, user_id=account.user_id)


def one(account: Account, pk: int) -> StagedFile | None:
    return of(account).filter(pk=pk).first()


def space_left(account: Account) -> int:
    """Bytes this person may still bring."""
    used: int = of(account).aggregate(total=Sum("size"))["total"] or 0
    allowed: int = settings.UPLOAD_SPACE_MB * MEGABYTE
    return max(0, allowed - used)


def stage(account: Account, name: str, stream: Coming, *, at_most: int = LARGEST) -> StagedFile:
    """Keeps what `stream` gives, a piece at a time: never whole in memory.

    What says it is a picture and cannot be opened as one is kept as a plain file: whoever wants a picture
    looks at `is_image`. Raises StagingRefused: empty, too large, no room left.
    """
    room = _room(account)
    with _scratch() as path:
        size, digest = _copied(stream, path, min(at_most, room))
        _check_size(size, at_most, room)
        return _kept(account, clean_name(name), path, size, digest)


def register_reserve(give_up: Callable[[Account], None]) -> None:
    """What another app keeps for an Undo alone: it is given up when its person runs short of room."""
    if give_up not in _reserves:
        _reserves.append(give_up)


def opened(staged: StagedFile) -> File[bytes]:
    """Its bytes from the file store. Raises FileNotFoundError."""
    return _store().open(staged.key)


def remove(staged: StagedFile) -> None:
    """With its bytes, once that is certain."""
    key = staged.key
    staged.delete()
    transaction.on_commit(lambda: _store().delete(key))


def tidy() -> None:
    """Away with files that nobody has put anywhere for a day; and with their bytes."""
    for staged in _abandoned():
        remove(staged)


def clean_name(name: str) -> str:
    """The last part of a path, without what no file name may hold."""
    base = re.split(r"[/\\]", name)[-1]
    text = "".join(one for one in base if one.isprintable()).strip(" .") or "file"
    stem, dot, ending = text.rpartition(".")
    return f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and stem else text[:_LONGEST_NAME]


def _room(account: Account) -> int:
    room = space_left(account)
    if room >= LARGEST:
        return room
    for give_up in _reserves:
        give_up(account)
    return space_left(account)


def _kept(account: Account, name: str, path: Path, size: int, digest: str) -> StagedFile:
    facts = _facts(path)
    with path.open("rb") as content:
        key = _store().save(f"{account.account_id}/{uuid4().hex}", Finished(content, str(path)))
    return StagedFile.objects.create(
        api_url=account.api_url,
        account_id=account.account_id,
        user_id=account.user_id,
        key=key,
        name=name,
        size=size,
        mime_type=facts.mime_type if facts else mimetypes.guess_type(name)[0] or "application/octet-stream",
        sha256=digest,
        width=facts.width if facts else None,
        height=facts.height if facts else None,
        orientation=facts.orientation if facts else None,
        has_place=facts.has_place if facts else False,
        created=now(),
    )


def _facts(path: Path) -> images.Facts | None:
    with path.open("rb") as content:
        try:
            return images.inspect(content)
        except Unshowable:
            return None


def _copied(stream: Coming, path: Path, at_most: int) -> tuple[int, str]:
    """Size and SHA-256; the size is beyond `at_most` when reading was given up there."""
    size, digest = 0, sha256()
    with path.open("wb") as into:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > at_most:
                break
            digest.update(chunk)
            into.write(chunk)
    return size, digest.hexdigest()


def _check_size(size: int, at_most: int, room: int) -> None:
    if not size:
        raise StagingRefused(_("The file is empty."))
    if size > at_most:
        raise StagingRefused(_("The file is larger than %d MB.") % (at_most // MEGABYTE))
    if size > room:
        raise StagingRefused(_("There is no room for more files. Send or remove drafts, then try again."))


@contextmanager
def _scratch() -> Iterator[Path]:
    """A file on this machine, on the same disk as the local store: there it is moved, not copied."""
    folder = Path(settings.VAR_DIR) / "staging"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _abandoned() -> QuerySet[StagedFile]:
    """Whatever refers to a staged file keeps it: every relation of the model counts."""
    rows = StagedFile.objects.filter(created__lt=now() - ABANDONED)
    for relation in StagedFile._meta.related_objects:
        rows = rows.filter(**{f"{relation.name}__isnull": True})
    return rows


def _store() -> Storage:
    return storages["uploads"]
