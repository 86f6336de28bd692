"""Fetching while writing: an iterator that runs in a thread of its own, some items ahead."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from queue import Full, Queue
from typing import TypeVar

from django.db import close_old_connections

T = TypeVar("T")
_LOOK = 0.2  # seconds between two looks whether anybody still wants more


class _End:
    """No more, because of `error` or because that was all."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def ahead(items: Iterator[T], *, depth: int = 2) -> Generator[T]:
    """The same items in the same order, at most `depth` waiting. What the iterator raises is raised here.

    Close the generator to end the thread.
    """
    waiting: Queue[T | _End] = Queue(depth)
    closed = threading.Event()
    thread = threading.Thread(target=_run, args=(items, waiting, closed), name="ahead", daemon=True)
    thread.start()
    try:
        while True:
            found = waiting.get()
            if isinstance(found, _End):
                if found.error is not None:
                    raise found.error
                return
            yield found
    finally:
        closed.set()
        thread.join(timeout=5)


def _run(items: Iterator[T], waiting: Queue[T | _End], closed: threading.Event) -> None:
    end = _End()
    try:
        for item in items:
            if not _put(item, waiting, closed):
                return
    except BaseException as error:  # noqa: BLE001  handed to whoever reads
        end = _End(error)
    finally:
        _put(end, waiting, closed)
        close_old_connections()


def _put(item: T | _End, waiting: Queue[T | _End], closed: threading.Event) -> bool:
    while not closed.is_set():
        try:
            waiting.put(item, timeout=_LOOK)
        except Full:
            continue
        return True
    return False
