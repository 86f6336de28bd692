"""One file on its way upstream: reserve, upload, done; each result written down before the next call.

Knows no Django: the reserving call, the storage, the bytes and the book of results come in. Photos and form
files of check-ins and form files of stops differ in the reserving call alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from dashboard.navixy.errors import (
    BadReply,
    NavixyError,
    RateLimited,
    StorageRefused,
    Unavailable,
    Unreachable,
)
from dashboard.navixy.files import UploadTarget
from dashboard.navixy.multipart import Readable

PASSING = (Unreachable, Unavailable, RateLimited, BadReply)
TRIES = 3
AGAIN_AFTER = 1.0  # seconds
SOON = timedelta(seconds=30)  # a target that expires within them is reserved anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A file to send. `target`: a place reserved before, not yet filled for all we know.

    `begun`: an upload to it was under way when a run before ended.
    """

    pk: int
    name: str
    size: int
    mime_type: str
    orientation: int | None = None
    field_id: str = ""
    target: UploadTarget | None = None
    begun: bool = False
    file_id: int | None = None  # of Navixy, once it is uploaded


class Book(Protocol):
    """Where the way of each file is written. What its methods raise ends the run there."""

    def reserving(self, item: Item) -> None:
        """A reservation is about to be asked for."""

    def reserved(self, item: Item, target: UploadTarget) -> None: ...

    def not_reserved(self, item: Item, error: NavixyError) -> None:
        """Refused; or lost, when `error.maybe_applied`: a place nobody knows, until it expires."""

    def uploading(self, item: Item) -> None: ...

    def sent(self, item: Item, gone: int) -> None:
        """So many bytes; called for every piece."""

    def uploaded(self, item: Item) -> None: ...

    def not_uploaded(self, item: Item, error: NavixyError) -> None: ...

    def given_up(self, item: Item) -> None:
        """Its place is not used any more: `file_id` stays an orphan."""


class Storage(Protocol):
    def upload(
        self,
        target: UploadTarget,
        content: Readable,
        *,
        filename: str,
        mime_type: str,
        size: int,
        on_sent: Callable[[int], None],
    ) -> None: ...


@dataclass(slots=True, kw_only=True)
class Pace:
    """So many seconds between the end of an upload and the beginning of the next (ref 8.2); what else is done
    in between counts."""

    seconds: float = 0.0
    clock: Callable[[], float] = time.monotonic
    last: float | None = None

    def left(self) -> float:
        return 0.0 if self.last is None else self.last + self.seconds - self.clock()

    def ended(self) -> None:
        self.last = self.clock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What sending files takes. `wait` may raise."""

    storage: Storage
    opened: Callable[[Item], AbstractContextManager[Readable]]
    book: Book
    now: Callable[[], datetime]
    wait: Callable[[float], None]
    pace: Pace = field(default_factory=Pace)


def _nobody_can_tell(_file_id: int) -> bool | None:
    return None


def send(
    item: Item,
    means: Means,
    *,
    reserve: Callable[[], UploadTarget],
    arrived: Callable[[int], bool | None] = _nobody_can_tell,
) -> int:
    """The file's id upstream, its bytes there. Goes on from what an earlier run has left.

    `arrived` says of a file id whether it is uploaded, None when nobody can tell. Raises NavixyError: of
    the reservation (see `action`), or of the third upload in vain.
    """
    if item.file_id is not None:
        return item.file_id
    target = _usable(item, means)
    if target and item.begun and arrived(target.file_id):
        return _done(item, target, means)
    for left in reversed(range(TRIES)):
        target = target or _reserved(item, means, reserve)
        try:
            return _uploaded(item, target, means)
        except NavixyError as error:
            failure = error
        if arrived(target.file_id):
            return _done(item, target, means)
        if not _may_pass(failure) or not left:
            raise failure
        if isinstance(failure, StorageRefused):
            means.book.given_up(item)
            target = None
        means.wait(AGAIN_AFTER)
    raise AssertionError("the last try returns or raises")


def _usable(item: Item, means: Means) -> UploadTarget | None:
    """The place reserved before, unless it expires before the bytes are there."""
    target = item.target
    if target and target.expires is not None and target.expires <= means.now() + SOON:
        means.book.given_up(item)
        return None
    return target


def _reserved(item: Item, means: Means, reserve: Callable[[], UploadTarget]) -> UploadTarget:
    """A lost answer costs a place that expires by itself; so it is asked for once more, not for ever."""
    for last in (False, True):
        means.book.reserving(item)
        try:
            target = reserve()
        except NavixyError as error:
            means.book.not_reserved(item, error)
            if last or not error.maybe_applied:
                raise
        else:
            means.book.reserved(item, target)
            return target
        means.wait(AGAIN_AFTER)
    raise AssertionError("the last try returns or raises")


def _uploaded(item: Item, target: UploadTarget, means: Means) -> int:
    if (pause := means.pace.left()) > 0:
        means.wait(pause)
    means.book.uploading(item)
    try:
        with means.opened(item) as content:
            means.storage.upload(
                target,
                content,
                filename=item.name,
                mime_type=item.mime_type,
                size=item.size,
                on_sent=lambda gone: means.book.sent(item, gone),
            )
    except NavixyError as error:
        means.book.not_uploaded(item, error)
        raise
    finally:
        means.pace.ended()
    return _done(item, target, means)


def _done(item: Item, target: UploadTarget, means: Means) -> int:
    means.book.uploaded(replace(item, target=target, file_id=target.file_id))
    return target.file_id


def _may_pass(error: NavixyError) -> bool:
    """A refused form may be one that was taken before: another reservation settles it."""
    return isinstance(error, (*PASSING, StorageRefused))
