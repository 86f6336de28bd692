"""Lists that come in pages, and walking all of one although it changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
    fetch: Callable[[int, int], Page[T]], *, limit: int, key: Callable[[T], object]
) -> Iterator[tuple[T, ...]]:
    """Every row once, page by page; `fetch(limit, offset)` gets one page.

    Each page begins with the last row of the one before. When that row is not there, the list has changed:
    the walk steps back, further each time, until it meets a row it has seen, so that none is skipped. Rows
    met twice are given once.
    """
    seen: set[object] = set()
    offset, overlaps, back = 0, False, limit
    while True:
        page = fetch(limit, offset)
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
