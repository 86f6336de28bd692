"""The way of a file, written on its own row; and a `flows.Book` for whoever keeps no journal besides."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dashboard.clock import now
from dashboard.navixy.errors import NavixyError, StorageRefused
from dashboard.navixy.filehosts import HostRefused
from dashboard.navixy.files import UploadTarget
from dashboard.navixy.multipart import FileChanged, Readable
from dashboard.seal import seal, unseal
from dashboard.uploads import staging
from dashboard.uploads.flows import PASSING, Item
from dashboard.uploads.models import StagedFile, State

SHOW_EVERY = 0.5  # seconds between two writes of mere bytes
_NO_PROBLEM: dict[str, Any] = {"problem": "", "code": None}


class PlainBook:
    """Writes the files' rows alone. `heard` is told of bytes gone now and then, and may raise."""

    def __init__(self, heard: Callable[[Item, int], None] = lambda _item, _gone: None) -> None:
        self._heard = heard
        self._shown = 0.0

    def reserving(self, item: Item) -> None:
        """Nothing to write: a place nobody knows of expires by itself."""

    def reserved(self, item: Item, target: UploadTarget) -> None:
        reserved(item, target)

    def not_reserved(self, item: Item, error: NavixyError) -> None:
        not_reserved(item, error)

    def uploading(self, item: Item) -> None:
        uploading(item)

    def sent(self, item: Item, gone: int) -> None:
        if time.monotonic() - self._shown >= SHOW_EVERY:
            self._shown = time.monotonic()
            StagedFile.objects.filter(pk=item.pk).update(sent=gone)
            self._heard(item, gone)

    def uploaded(self, item: Item) -> None:
        uploaded(item)

    def not_uploaded(self, item: Item, error: NavixyError) -> None:
        not_uploaded(item, error)

    def given_up(self, item: Item) -> None:
        forget(item.pk)


def item_of(staged: StagedFile, *, field_id: str = "") -> Item:
    """What an earlier run has left is gone on from."""
    done = staged.state == State.UPLOADED
    return Item(
        pk=staged.pk,
        name=staged.name,
        size=staged.size,
        mime_type=staged.mime_type,
        orientation=staged.orientation,
        field_id=field_id,
        target=None if done else _unsealed(staged.sealed_target),
        begun=staged.begun,
        file_id=staged.file_id if done else None,
    )


@contextmanager
def opened(item: Item) -> Iterator[Readable]:
    """Its bytes. Raises FileChanged when the file store has them no more."""
    try:
        file = staging.opened(StagedFile.objects.get(pk=item.pk))
    except (FileNotFoundError, StagedFile.DoesNotExist):
        raise FileChanged(action="file") from None
    with file:
        yield file


def reserved(item: Item, target: UploadTarget) -> None:
    _write(
        item,
        state=State.RESERVED,
        file_id=target.file_id,
        sealed_target=_sealed(target),
        expires=target.expires,
        begun=False,
        sent=0,
        **_NO_PROBLEM,
    )


def not_reserved(item: Item, error: NavixyError) -> None:
    """What may pass by itself is no fault of the file."""
    if not isinstance(error, PASSING):
        _write(item, state=State.FAILED, problem=error.message, code=error.code)


def uploading(item: Item) -> None:
    _write(item, begun=True, sent=0, state=State.RESERVED, **_NO_PROBLEM)


def uploaded(item: Item) -> None:
    _write(
        item,
        state=State.UPLOADED,
        file_id=item.file_id,
        sealed_target="",
        begun=False,
        sent=item.size,
        uploaded=now(),
        **_NO_PROBLEM,
    )


def not_uploaded(item: Item, error: NavixyError) -> None:
    _write(item, state=State.FAILED, sent=0, problem=_sentence(error), code=error.code)


def forget(pk: int) -> None:
    """The file is to be reserved and sent anew."""
    StagedFile.objects.filter(pk=pk).update(
        state=State.STAGED,
        file_id=None,
        sealed_target="",
        expires=None,
        begun=False,
        sent=0,
        uploaded=None,
        **_NO_PROBLEM,
    )


def _write(item: Item, **changes: Any) -> None:
    StagedFile.objects.filter(pk=item.pk).update(**changes)


def _sentence(error: NavixyError) -> str:
    """Of an upload: it can be repeated without harm, whatever became of it."""
    if isinstance(error, HostRefused):
        return _("Navixy keeps files where this site may not send to. Tell your administrator.")
    if isinstance(error, StorageRefused):
        return _("The storage did not take this file. It is kept here; try it again, or go on without it.")
    if isinstance(error, PASSING):
        return _("The storage did not answer. The file is kept here; try it again, or go on without it.")
    return error.message


def _sealed(target: UploadTarget) -> str:
    """With its tokens, so never in clear."""
    packed = {
        "file_id": target.file_id,
        "url": target.url,
        "expires": target.expires.isoformat() if target.expires else None,
        "file_field_name": target.file_field_name,
        "fields": list(target.fields.items()),
    }
    return seal(json.dumps(packed))


def _unsealed(text: str) -> UploadTarget | None:
    """None without one, or when its key is no longer ours: then a place is reserved anew."""
    plain = unseal(text) if text else None
    if plain is None:
        return None
    packed = json.loads(plain)
    expires = datetime.fromisoformat(packed["expires"]) if packed["expires"] else None
    return UploadTarget(**packed | {"fields": dict(packed["fields"]), "expires": expires})
