"""One worker at a time for one thing, among all threads and processes of a machine.

A file lock frees itself when its process dies, and holds between threads as well: each opens the file anew.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def hold(name: str) -> Iterator[None]:
    """Waits for its turn; whoever is inside is bound by time limits of its own."""
    folder = Path(settings.VAR_DIR) / "locks"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = _locked(folder / name)
    try:
        yield
    finally:
        (folder / name).unlink(missing_ok=True)
        os.close(handle)


def _locked(path: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if _still_there(path, handle):
            return handle
        os.close(handle)


def _still_there(path: Path, handle: int) -> bool:
    """Whoever held the lock before has removed the file: a lock on that one keeps nobody out."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False
