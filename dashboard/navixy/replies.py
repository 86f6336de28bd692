"""A successful answer. What the call must have, and has not, is a BadReply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dashboard.navixy import values
from dashboard.navixy.errors import BadReply

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reply:
    """The envelope of one success. Its repr shows no content: a reply may hold a credential."""

    action: str
    body: Mapping[str, Any] = field(repr=False)
    write: bool = False

    def records(self, key: str = "list") -> tuple[values.Record, ...]:
        """The objects of a list; a missing one is empty (ref 1.4), items of another shape are skipped."""
        found = self.body.get(key)
        if found is not None and not isinstance(found, list):
            raise self._bad(f"{key} is not a list")
        return values.children(self.body, key)

    def record(self, key: str = "value") -> values.Record:
        found = self.body.get(key)
        if not isinstance(found, dict):
            raise self._bad(f"no object {key}")
        return found

    def read_as(self, read: Callable[[values.Record], T], key: str = "value") -> T:
        """The one record of the answer, read; without an id it is a BadReply."""
        try:
            return read(self.record(key))
        except values.Unreadable as error:
            reason = str(error)
        raise self._bad(reason)

    def number(self, key: str) -> int:
        found = values.integer(self.body, key)
        if found is None:
            raise self._bad(f"no number {key}")
        return found

    def text(self, key: str) -> str:
        found = values.text(self.body, key)
        if not found:
            raise self._bad(f"no text {key}")
        return found

    def count(self, default: int) -> int:
        """`count`: the total ignoring paging, where the call states one."""
        found = values.integer(self.body, "count")
        return found if found is not None and found >= 0 else default

    def _bad(self, what: str) -> BadReply:
        return BadReply(action=self.action, http_status=200, description=what, write=self.write)
