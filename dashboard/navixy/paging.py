"""Lists that come in pages, and walking all of one although it changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some rows of a list. `total` counts all matches, whatever the paging."""

    items: tuple[T, ...]
    total: int
    offset: int
    limit: int

    @property
    def has_more(self) -> bool:
        return bool(self.items) and self.offset + len(self.items) < self.total


def iter_pages(
    fetch: Callable[[int, int], Page[T]], *, limit: int, key: Callable[[T], object], at_once: int = 1
) -> Iterator[tuple[T, ...]]:
    """Every row once, page by page; `fetch(limit, offset)` gets one page.

    Each page begins with the last row of the one before. When that row is not there, the list has changed:
    the walk steps back, further each time, until it meets a row it has seen, so that none is skipped. Rows
    met twice are given once.

    With `at_once` more than one, that many calls are under way together, in threads. What comes in which
    order does not matter: a page that begins with a row already seen goes on from it, whenever it was read.
    """
    if at_once == 1:
        return _walk(lambda offset: fetch(limit, offset), limit, key)
    return _walk_together(fetch, limit, key, at_once)


def _walk_together(
    fetch: Callable[[int, int], Page[T]], limit: int, key: Callable[[T], object], at_once: int
) -> Iterator[tuple[T, ...]]:
    with closing(_Calls(fetch, limit, at_once)) as calls:
        yield from _walk(calls.page, limit, key)


def _walk(read: Callable[[int], Page[T]], limit: int, key: Callable[[T], object]) -> Iterator[tuple[T, ...]]:
    seen: set[object] = set()
    offset, overlaps, back = 0, False, limit
    while True:
        page = read(offset)
        if overlaps and page.total > 0 and not _joins(page, seen, key):
            offset, back = max(0, offset - back), back * 2
            overlaps = offset > 0
            continue
        fresh = tuple(item for item in page.items if key(item) not in seen)
        seen.update(map(key, fresh))
        if fresh:
            yield fresh
        end = offset + len(page.items)
        if not page.items or end >= page.total:
            return
        overlaps, back = len(page.items) > 1, limit
        offset = end - 1 if overlaps else end


def _joins(page: Page[T], seen: set[object], key: Callable[[T], object]) -> bool:
    return bool(page.items) and key(page.items[0]) in seen


class _Calls(Generic[T]):
    """Calls for pages, begun before the walk gets there: that is where it goes on while nothing changes."""

    def __init__(self, fetch: Callable[[int, int], Page[T]], limit: int, at_once: int) -> None:
        self._fetch, self._limit, self._at_once = fetch, limit, at_once
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="pages")
        self._begun: dict[int, Future[Page[T]]] = {}
        self._step = self._stop = 0  # how far the pages are apart, and where none begins any more

    def page(self, offset: int) -> Page[T]:
        expected = islice(self._expected(offset), self._at_once)
        self._begun = {at: self._begun.get(at) or self._begin(at) for at in expected}
        page = self._begun.pop(offset).result()
        overlap = len(page.items) > 1
        self._step, self._stop = len(page.items) - overlap, page.total - overlap
        return page

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _expected(self, offset: int) -> Iterator[int]:
        """Where this page and the next ones begin, if they are as long as the last one."""
        yield offset
        if self._step:
            yield from range(offset + self._step, self._stop, self._step)

    def _begin(self, offset: int) -> Future[Page[T]]:
        return self._pool.submit(self._fetch, self._limit, offset)
