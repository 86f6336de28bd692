"""One zip file of a pack: originals unchanged and uncompressed, its index last. Memory stays flat."""

from __future__ import annotations

import shutil
import zipfile
from datetime import datetime
from pathlib import Path
from types import TracebackType

from dashboard.photos.packs.fetching import Gathered, Got
from dashboard.photos.packs.index import About, Index
from dashboard.photos.packs.names import file_name
from dashboard.photos.packs.plan import Planned

_BLOCK = 256 * 1024
_FIRST_YEAR, _LAST_YEAR = 1980, 2107  # what a zip can say


class Part:
    """Use it as a context; `path` is a whole zip after `finish`. `number` counts from 1."""

    def __init__(self, folder: Path, about: About, number: int, *, token: str) -> None:
        self.path = folder / f"part-{number}-{token[:12]}.zip"
        self._about = about
        self._desk = folder / f"index-{token[:12]}"
        self._desk.mkdir(mode=0o700, exist_ok=True)
        self._zip = zipfile.ZipFile(self.path, "w", zipfile.ZIP_STORED)
        self._index = Index(self._desk, about, number)
        self.files = self.size = 0

    def __enter__(self) -> Part:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._index.close()
        self._zip.close()
        shutil.rmtree(self._desk, ignore_errors=True)

    @property
    def failed(self) -> int:
        return self._index.failed

    @property
    def is_empty(self) -> bool:
        return not self.files and not self.failed

    def add(self, gathered: Gathered) -> None:
        """A check-in with all its files; one without any leaves no trace."""
        if not gathered.files and not gathered.problem:
            return
        self._index.begin(gathered.item)
        if gathered.problem:
            self._index.left_out(gathered.item, None, gathered.problem)
        for number, got in enumerate(gathered.files, 1):
            self._add(gathered.item, got, number)

    def finish(self) -> None:
        self._index.close()
        for path in (self._index.csv_path, self._index.html_path):
            self._zip.write(path, path.name, zipfile.ZIP_DEFLATED)
        self._zip.close()

    def _add(self, item: Planned, got: Got, number: int) -> None:
        if got.path is None:
            return self._index.left_out(item, got.file, got.reason)
        local = self._about.clock.local(item.time) if item.time else datetime(_FIRST_YEAR, 1, 1)  # noqa: DTZ001
        name = file_name(
            local=local,
            who=item.who,
            checkin_id=item.id,
            number=number,
            original=got.file.name,
            mime=got.file.mime,
        )
        size = self._write(got.path, name, local)
        self.files += 1
        self.size += size
        return self._index.packed(item, got.file, name, size)

    def _write(self, path: Path, name: str, local: datetime) -> int:
        info = zipfile.ZipInfo(name, _zip_time(local))
        info.external_attr = 0o644 << 16
        info.file_size = path.stat().st_size
        with path.open("rb") as source, self._zip.open(info, "w") as into:
            shutil.copyfileobj(source, into, _BLOCK)
        return info.file_size


def _zip_time(local: datetime) -> tuple[int, int, int, int, int, int]:
    year = min(max(local.year, _FIRST_YEAR), _LAST_YEAR)
    return year, local.month, local.day, local.hour, local.minute, local.second
