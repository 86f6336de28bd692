"""The account's tags by id, kept ten minutes per login. No Django; the store is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from dashboard.navixy.client import Client
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.navixy.people import Tag, list_tags
from dashboard.near import Store

_KEPT_SECONDS = 600.0
_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="tags")


@dataclass(slots=True)
class Tags:
    """Tags on their way. What fails is told in `error`: a page without names of tags is still a page."""

    store: Store
    key: str
    error: str = ""
    _kept: Mapping[int, Tag] | None = None
    _pending: Future[tuple[Tag, ...]] | None = field(default=None, repr=False)

    def get(self) -> Mapping[int, Tag]:
        """Raises SessionEnded, and nothing else of the API."""
        if self._kept is None:
            self._kept = self._collected()
        return self._kept

    def name(self, tag_id: int) -> str:
        found = self.get().get(tag_id)
        return found.name if found else f"Tag {tag_id}"

    def _collected(self) -> Mapping[int, Tag]:
        if self._pending is None:
            return {}
        try:
            found = {tag.id: tag for tag in sorted(self._pending.result(), key=_order)}
        except SessionEnded:
            raise
        except NavixyError as error:
            self.error = error.message
            return {}
        self.store.set(self.key, found, _KEPT_SECONDS)
        return found


def begin(client: Client, store: Store, cache_key: str) -> Tags:
    """Starts to fetch at once unless the store has them."""
    key = f"tags:{cache_key}"
    kept = store.get(key)
    if kept is not None:
        return Tags(store=store, key=key, _kept=kept)
    return Tags(store=store, key=key, _pending=_pool.submit(list_tags, client))


def _order(tag: Tag) -> str:
    return tag.name.casefold()
