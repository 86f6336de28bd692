"""Thumbnails for cells, by the photo service: fetched and rendered once for pages and reports alike."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.navixy.checkins import Checkin
from dashboard.navixy.files import File
from dashboard.photos import pictures, sources
from dashboard.photos.album import kind_of
from dashboard.photos.pictures import Desk
from dashboard.photos.problems import Unshowable
from dashboard.photos.tokens import Owner, Ref
from dashboard.reports.looks import THUMBS_A_ROW
from dashboard.reports.pictures import Thumbnail

MOST = 2_000  # in one workbook: 15 MB of it, and more than a spreadsheet scrolls through smoothly
AT_ONCE = 4


@dataclass
class Thumbnails:
    """`left`: pictures beyond MOST. `failed`: those that could not be shown."""

    desk: Desk
    folder: Path
    made: int = 0
    left: int = 0
    failed: int = 0
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE, "thumbnails"))

    def of(self, checkins: Iterable[Checkin]) -> dict[int, tuple[Thumbnail, ...]]:
        """The first pictures of each check-in, by its id."""
        wanted = [(one, self._room_for(one)) for one in checkins]
        sources.remember(self.desk.account_key, (file for _, files in wanted for file in files))
        pending = {
            one.id: [self._pool.submit(self._made, one.id, file) for file in files] for one, files in wanted
        }
        found = {key: tuple(filter(None, (one.result() for one in ours))) for key, ours in pending.items()}
        return {key: thumbnails for key, thumbnails in found.items() if thumbnails}

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _room_for(self, checkin: Checkin) -> list[File]:
        files = [file for file in checkin.files if kind_of(file) == "picture"][:THUMBS_A_ROW]
        kept = files[: max(0, MOST - self.made)]
        self.made += len(kept)
        self.left += len(files) - len(kept)
        return kept

    def _made(self, checkin_id: int, file: File) -> Thumbnail | None:
        """None for one that cannot be shown: its row says by its number of photos that it was there."""
        try:
            found = pictures.preview(self.desk, Ref(Owner.CHECKIN, checkin_id, file.id), "thumb", "jpeg")
        except Unshowable:
            self.failed += 1
            return None
        path = self.folder / f"thumb-{file.id}.jpg"
        path.write_bytes(found.content)
        return Thumbnail(path=path, alt=file.name)
