"""What was last read of a store, at hand in this process until somebody, anywhere, writes it anew. No Django.

Beside each value stands a stamp that changes with every write. Asking for the stamp costs a fiftieth of
unpickling hundreds of records.
"""

from __future__ import annotations

from collections import OrderedDict
from secrets import token_hex
from threading import Lock
from typing import Any, Protocol


class Store(Protocol):
    """What this needs of a cache; Django's fits."""

    def get(self, key: str) -> Any: ...
    def set(self, key: str, value: Any, timeout: float | None) -> object: ...


class Near:
    """A store for values that nobody changes once they are made: threads share them. Keeps `most` at hand."""

    def __init__(self, store: Store, *, most: int = 32) -> None:
        self._store = store
        self._most = most
        self._kept: OrderedDict[str, tuple[str, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Any:
        stamp: str | None = self._store.get(_stamp_key(key))
        with self._lock:
            kept = self._kept.get(key)
            if kept and kept[0] == stamp:
                self._kept.move_to_end(key)
                return kept[1]
        value = self._store.get(key)
        if stamp and value is not None:
            self._keep(key, stamp, value)
        return value

    def set(self, key: str, value: Any, timeout: float | None) -> None:
        """The stamp goes last: whoever sees the new one finds the new value."""
        self._store.set(key, value, timeout)
        self._store.set(_stamp_key(key), token_hex(8), timeout)

    def _keep(self, key: str, stamp: str, value: Any) -> None:
        with self._lock:
            self._kept[key] = stamp, value
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)


def _stamp_key(key: str) -> str:
    return f"stamp:{key}"
