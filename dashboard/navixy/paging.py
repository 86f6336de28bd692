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

    Each page begins with the last row of the one before. When rows vanished meanwhile, that row is not there:
    then the walk steps back until it meets rows it has seen, so none is skipped. Rows that came in between
    are met twice and given once.
    """
    seen: set[object] = set()
    offset = 0
    back = limit
    while True:
        page = fetch(limit, offset)
        joined = offset == 0 or not page.items or key(page.items[0]) in seen
        if not joined and offset > 0:
            offset = max(0, offset - back)
            back *= 2
            continue
        back = limit
        fresh = tuple(item for item in page.items if key(item) not in seen)
        seen.update(key(item) for item in fresh)
        if fresh:
            yield fresh
        end = offset + len(page.items)
        if not page.items or end >= page.total:
            return
        offset = max(offset + 1, end - 1)
