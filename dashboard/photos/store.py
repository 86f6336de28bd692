"""Rendered pictures on disk or in a bucket, named by what they were made from.

On disk the store keeps itself below its cap; a bucket is given a lifecycle rule instead (README).
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

CAP = 2_000_000_000
_SHARDS = 256
_WRITES_BETWEEN_SWEEPS = 16  # of one shard, on average
_TOUCH_AFTER = 86_400


def opened(key: str) -> File[bytes] | None:
    try:
        return _storage().open(_path(key))
    except FileNotFoundError:
        return None


def put(key: str, content: bytes) -> None:
    _storage().save(_path(key), ContentFile(content))


def _storage() -> Storage:
    return storages["pictures"]


def _path(key: str) -> str:
    return f"{key[:2]}/{key}"


class LocalPictures(FileSystemStorage):
    """A folder for each first byte of the digest. Files appear whole or not at all; the least used go."""

    def __init__(self, location: str | Path, *, cap: int = CAP) -> None:
        super().__init__(location=location, allow_overwrite=True)
        self._shard_cap = cap // _SHARDS

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        path = self.path(name)
        found = File(open(path, mode))  # noqa: SIM115  whoever asked for it closes it
        _note_use(path)
        return found

    def _save(self, name: str, content: File[bytes]) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
        with os.fdopen(handle, "wb") as file:
            file.writelines(content.chunks())
        os.replace(temporary, path)
        if os.urandom(1)[0] % _WRITES_BETWEEN_SWEEPS == 0:
            self.sweep(path.parent)
        return name

    def sweep(self, folder: Path) -> None:
        """Below the shard's share of the cap again, with a tenth to spare."""
        files = sorted(_files(folder))
        surplus = sum(size for _, size, _ in files) - self._shard_cap
        if surplus <= 0:
            return
        surplus += self._shard_cap // 10
        for _, size, path in files:
            path.unlink(missing_ok=True)
            surplus -= size
            if surplus <= 0:
                return


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """Last use, size and path; temporary files that a killed process left behind are among them."""
    for entry in os.scandir(folder):
        with suppress(FileNotFoundError):
            found = entry.stat()
            yield found.st_mtime, found.st_size, Path(entry.path)


def _note_use(path: str) -> None:
    """Once a day is enough to tell what is used from what is not."""
    with suppress(FileNotFoundError):
        if time.time() - os.stat(path).st_mtime > _TOUCH_AFTER:
            os.utime(path)
