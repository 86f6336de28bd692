"""A staged file on its way to Navixy, with what this site has for it: storage, clock, its own row."""

from __future__ import annotations

import time
from collections.abc import Callable

from dashboard import connect
from dashboard.accounts import Account
from dashboard.clock import now
from dashboard.navixy.files import UploadTarget
from dashboard.uploads import book, flows
from dashboard.uploads.flows import Book, Item, Means, Pace
from dashboard.uploads.models import StagedFile


def means(account: Account, written_in: Book, wait: Callable[[float], None] = time.sleep) -> Means:
    """For runs that send several files, or keep a journal of their own."""
    return Means(
        storage=connect.storage(account.api_url),
        opened=book.opened,
        book=written_in,
        now=now,
        wait=wait,
        pace=Pace(seconds=connect.upload_pause()),
    )


def send(
    account: Account,
    staged: StagedFile,
    *,
    reserve: Callable[[], UploadTarget],
    heard: Callable[[Item, int], None] = lambda _item, _gone: None,
) -> int:
    """The file's id upstream, its bytes there; called again it goes on from what the first call has left.

    `reserve` makes room for it: as a check-in's photo, a form's file, a file of a stop's form (ref 8.1).
    What went wrong is in the row too (`problem`). Raises NavixyError.
    """
    staged.refresh_from_db()
    return flows.send(book.item_of(staged), means(account, book.PlainBook(heard)), reserve=reserve)
