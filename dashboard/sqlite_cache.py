"""Django's cache in one SQLite file: shared by the processes of a machine, many keys in one statement.

The default without Redis. A page of pictures asks for hundreds of keys at once, which Django's own file and
database caches answer one by one.
"""

from __future__ import annotations

import os
import pickle
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    key TEXT PRIMARY KEY, value BLOB NOT NULL, written REAL NOT NULL, expires REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entry_expires ON entry (expires);
CREATE INDEX IF NOT EXISTS entry_written ON entry (written);
"""
_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA journal_size_limit=8388608;"
_WRITE = (
    "INSERT INTO entry VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE"
    " SET value=excluded.value, written=excluded.written, expires=excluded.expires"
)
_NEVER = 1e12
_KEYS_AT_ONCE = 500
_WRITES_BETWEEN_CULLS = 1000


class _File:
    """The open database of one process; its threads take turns, each turn some microseconds."""

    def __init__(self, path: str) -> None:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._connection.executescript(_PRAGMAS + _SCHEMA)
        self._lock = Lock()
        self.writes = 0

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, also against other processes."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                yield self._connection


@cache
def _file(path: str, _process: int) -> _File:
    return _File(path)


class SqliteCache(BaseCache):
    """LOCATION is the file. Values are pickled, so the file must be this site's alone."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._path = str(location)

    def validate_key(self, key: str) -> None:
        """Any text will do; the inherited check is about memcached, a character at a time."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self.get_many([key], version).get(key, default)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        wanted = {self.make_and_validate_key(key, version): key for key in keys}
        return {wanted[made]: pickle.loads(value) for made, value in self._rows(list(wanted))}  # noqa: S301  our own file

    def set(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self.set_many({key: value}, timeout, version)

    def set_many(
        self,
        data: Mapping[Any, Any],
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> list[Any]:
        rows = [self._row(key, value, timeout, version) for key, value in data.items()]
        with self._file.writing() as connection:
            connection.executemany(_WRITE, rows)
            self._cull(connection, len(rows))
        return []

    def add(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        row = self._row(key, value, timeout, version)
        with self._file.writing() as connection:
            written = connection.execute(f"{_WRITE} WHERE expires <= excluded.written", row).rowcount
            self._cull(connection, written)
        return written > 0

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        made = self.make_and_validate_key(key, version)
        with self._file.writing() as connection:
            found = connection.execute(
                "SELECT value FROM entry WHERE key = ? AND expires > ?", (made, time.time())
            ).fetchone()
            if found is None:
                raise ValueError(f"Key '{key}' not found")
            value: int = pickle.loads(found[0]) + delta  # noqa: S301  our own file
            connection.execute("UPDATE entry SET value = ? WHERE key = ?", (pickle.dumps(value), made))
        return value

    def touch(self, key: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        made, now = self.make_and_validate_key(key, version), time.time()
        with self._file.writing() as connection:
            changed = connection.execute(
                "UPDATE entry SET expires = ? WHERE key = ? AND expires > ?",
                (self._expires(timeout), made, now),
            )
        return changed.rowcount > 0

    def delete(self, key: Any, version: int | None = None) -> bool:
        made = self.make_and_validate_key(key, version)
        with self._file.writing() as connection:
            return connection.execute("DELETE FROM entry WHERE key = ?", (made,)).rowcount > 0

    def clear(self) -> None:
        with self._file.writing() as connection:
            connection.execute("DELETE FROM entry")

    @property
    def _file(self) -> _File:
        return _file(self._path, os.getpid())

    def _rows(self, keys: list[str]) -> Iterator[tuple[str, bytes]]:
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            some = keys[start : start + _KEYS_AT_ONCE]
            marks = ",".join("?" * len(some))
            query = f"SELECT key, value FROM entry WHERE expires > ? AND key IN ({marks})"  # noqa: S608  marks only
            with self._file.reading() as connection:
                found = connection.execute(query, (time.time(), *some)).fetchall()
            yield from found

    def _row(self, key: Any, value: Any, timeout: float | None, version: int | None) -> tuple[Any, ...]:
        made = self.make_and_validate_key(key, version)
        return made, pickle.dumps(value), time.time(), self._expires(timeout)

    def _expires(self, timeout: float | None) -> float:
        expires = self.get_backend_timeout(timeout)
        return _NEVER if expires is None else expires

    def _cull(self, connection: sqlite3.Connection, written: int) -> None:
        """Now and then: what has expired goes, and over MAX_ENTRIES the oldest third."""
        self._file.writes += written
        if self._file.writes < _WRITES_BETWEEN_CULLS:
            return
        self._file.writes = 0
        connection.execute("DELETE FROM entry WHERE expires <= ?", (time.time(),))
        (count,) = connection.execute("SELECT count(*) FROM entry").fetchone()
        if count > self._max_entries:
            surplus = count - self._max_entries * 2 // 3
            connection.execute(
                "DELETE FROM entry WHERE key IN (SELECT key FROM entry ORDER BY written LIMIT ?)", (surplus,)
            )
