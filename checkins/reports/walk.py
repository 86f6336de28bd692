"""All check-ins of a report, some at a time, however many there are and whatever changes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkins import services
from checkins.filters import NEWEST_FIRST, Filters
from checkins.services import Source
from dashboard.names import Names
from dashboard.navixy import checkins as api
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.errors import NotFound
from dashboard.navixy.paging import Page, iter_pages

PAGE = 1000
AT_ONCE = 3  # pages on their way, so that neither Navixy nor the reader waits for the other
FEW = 40  # chosen ones are read one by one up to here, else picked out of the list
TOGETHER = 100  # that are read one by one before they are handed on
_pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="chosen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some check-ins of about `total`, with the words for their ids."""

    checkins: tuple[Checkin, ...]
    total: int
    names: Names


@dataclass(kw_only=True)
class Walk:
    """Iterate once. `notes`: sentences about what is not quite as asked, whole after the last chunk."""

    source: Source
    filters: Filters
    ids: tuple[int, ...] = ()
    page: int = 0  # check-ins a call; PAGE when not given
    notes: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Chunk]:
        return self._chosen() if self.ids else self._found()

    def _found(self) -> Iterator[Chunk]:
        filters, total = self._walkable(), 0

        def fetch(limit: int, offset: int) -> Page[Checkin]:
            nonlocal total
            got = services.window(self.source, filters, offset=offset, limit=limit)
            total = got.total
            return Page(items=got.items, total=got.total, offset=offset, limit=limit)

        for items in iter_pages(fetch, limit=self.page or PAGE, key=lambda one: one.id, at_once=AT_ONCE):
            yield self._chunk(items, total)

    def _walkable(self) -> Filters:
        """In the screen's order, unless Navixy gives only the beginning of it: then by time, and all."""
        first = services.window(self.source, self.filters, offset=0, limit=1)
        if first.reach >= first.total:
            return self.filters
        self.notes.append(
            _("Navixy gives so long a period only by time: the rows are sorted by time, newest first.")
        )
        return self.filters.replace(sort=NEWEST_FIRST)

    def _chosen(self) -> Iterator[Chunk]:
        left = dict.fromkeys(self.ids)
        if len(left) > FEW:
            for chunk in self._found():
                picked = tuple(one for one in chunk.checkins if one.id in left)
                for one in picked:
                    left.pop(one.id)
                if picked:
                    yield self._chunk(picked, len(self.ids))
                if not left:
                    return
        yield from self._singly(tuple(left))

    def _singly(self, ids: tuple[int, ...]) -> Iterator[Chunk]:
        gone = 0
        for start in range(0, len(ids), TOGETHER):
            part = ids[start : start + TOGETHER]
            found = tuple(filter(None, _pool.map(self._read, part)))
            gone += len(part) - len(found)
            if found:
                yield self._chunk(found, len(self.ids))
        if gone:
            words = ngettext(
                "%d of the chosen check-ins is no longer there, or no longer visible to you.",
                "%d of the chosen check-ins are no longer there, or no longer visible to you.",
                gone,
            )
            self.notes.append(words % gone)

    def _read(self, checkin_id: int) -> Checkin | None:
        try:
            return api.read(self.source.client, checkin_id)
        except NotFound:
            return None

    def _chunk(self, items: tuple[Checkin, ...], total: int) -> Chunk:
        names = self.source.lookup.knowing(
            {one.tracker_id for one in items}, {one.employee_id for one in items}
        )
        return Chunk(checkins=items, total=total, names=names)
