"""One value between the address of the audit and its rows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from dashboard.listing import typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """`start` and `end` are local, as typed; `end` means all of its day."""

    start: typed.Typed | None = None
    end: typed.Typed | None = None
    person: int | None = None
    action: str = ""
    kind: str = ""
    result: str = ""
    page: int = 1

    def replace(self, **changes: Any) -> "Filters":
        return replace(self, **{"page": 1, **changes})

    def query(self) -> str:
        return urlencode(list(self._pairs()))

    @property
    def narrows(self) -> bool:
        return self.replace(page=1) != Filters()

    def _pairs(self) -> Iterator[tuple[str, object]]:
        for name, moment in (("from", self.start), ("to", self.end)):
            if moment:
                yield name, typed.text(moment)
        for name in ("person", "action", "kind", "result"):
            if value := getattr(self, name):
                yield name, value
        if self.page != 1:
            yield "page", self.page
