"""Files of check-ins onto this machine, some at a time, in order. What has arrived is not fetched again."""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from dashboard.navixy import checkins, forms
from dashboard.navixy.client import Client
from dashboard.navixy.errors import (
    BadReply,
    NavixyError,
    NotFound,
    RateLimited,
    SessionEnded,
    Unavailable,
    Unreachable,
)
from dashboard.navixy.filehosts import HostRefused
from dashboard.navixy.files import File
from dashboard.navixy.storage import FileGone, FileTooLarge, Storage
from dashboard.photos.packs.plan import Planned, PlannedFile, files_in, files_line, planned_file

log = logging.getLogger("fielddesk.photos")

AT_ONCE = 4
AHEAD = 8
PASSING = (Unreachable, Unavailable, RateLimited, BadReply)
PAUSES = (1.0, 3.0)  # seconds before a storage that does not answer is asked again
GIVE_UP_AFTER = 10  # files in a row that it does not answer: then it is down, and the job waits for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """A file of a check-in: where it lies now, or why it could not be had."""

    file: PlannedFile
    path: Path | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    item: Planned
    files: tuple[Got, ...]
    problem: str = ""

    @property
    def size(self) -> int:
        return sum(got.path.stat().st_size for got in self.files if got.path)


class Fetcher:
    """For one attempt of one job. What lies in `folder` from attempts before is taken as it is."""

    def __init__(
        self, client: Client, storage: Storage, folder: Path, *, pauses: tuple[float, ...] = PAUSES
    ) -> None:
        self._client, self._storage, self._folder = client, storage, folder
        self._pauses = pauses
        self._stop = threading.Event()
        self._silent = 0
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def gather(self, items: Iterable[Planned]) -> Generator[Gathered]:
        """In the order of `items`, a few ahead of whoever takes them. Raises NavixyError of calls only."""
        with self._pool() as pool:
            waiting: deque[Future[Gathered]] = deque()
            for item in items:
                waiting.append(pool.submit(self._gathered, item))
                if len(waiting) >= AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def forget(self, gathered: Gathered) -> None:
        """Its files are packed for good."""
        for got in gathered.files:
            if got.path:
                got.path.unlink(missing_ok=True)
        if gathered.item.form_id is not None:
            (self._folder / f"form-{gathered.item.form_id}.json").unlink(missing_ok=True)

    @contextmanager
    def _pool(self) -> Iterator[ThreadPoolExecutor]:
        pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="pack")
        try:
            yield pool
        finally:
            self._stop.set()
            pool.shutdown(cancel_futures=True)

    def _gathered(self, item: Planned) -> Gathered:
        files, problem = list(item.files), item.problem
        if item.form_id is not None:
            try:
                files += self._of_form(item.form_id)
            except (SessionEnded, *PASSING):
                raise
            except NavixyError as error:
                problem = f"Its form could not be read. {error.message}"
        links = Links(self._client, item)
        return Gathered(item=item, files=tuple(self._got(file, links) for file in files), problem=problem)

    def _of_form(self, form_id: int) -> tuple[PlannedFile, ...]:
        """Read once, however often the job begins anew: thousands of forms take minutes of the budget."""
        kept = self._folder / f"form-{form_id}.json"
        if kept.exists():
            return files_in(kept.read_text())
        form = forms.read_form(self._client, form_id)
        found = tuple(planned_file(file, of_form=True) for file in form.files)
        partial = self._partial(kept)
        partial.write_text(files_line(found))
        os.replace(partial, kept)
        return found

    def _got(self, file: PlannedFile, links: Links) -> Got:
        if self._stop.is_set():
            raise CancelledError
        if file.reason:
            return Got(file=file, path=None, reason=file.reason)
        path = self._folder / f"{file.id}"
        if path.exists():
            return Got(file=file, path=path)
        try:
            self._patiently(file, links, path)
        except (FileGone, NotFound):
            return Got(file=file, path=None, reason="The storage no longer has it")
        except FileTooLarge:
            return Got(file=file, path=None, reason="Larger than this site fetches")
        except HostRefused:
            return Got(file=file, path=None, reason="Kept where this site does not fetch from")
        except PASSING as error:
            self._silent += 1
            if self._silent >= GIVE_UP_AFTER:
                raise
            log.warning("file %d left out: %s", file.id, error.log)
            return Got(file=file, path=None, reason="The storage did not answer")
        self._silent = 0
        return Got(file=file, path=path)

    def _patiently(self, file: PlannedFile, links: Links, path: Path) -> None:
        for pause in self._pauses:
            try:
                return self._fetch(file, links, path)
            except PASSING:
                if self._stop.wait(pause):
                    raise
        return self._fetch(file, links, path)

    def _fetch(self, file: PlannedFile, links: Links, path: Path) -> None:
        """By its link as planned; when that has died, once more by the one its record names now."""
        try:
            self._copy(file.url, path)
        except FileGone:
            fresh = links.fresh(file)
            if fresh is None or fresh == file.url:
                raise
            self._copy(fresh, path)

    def _copy(self, url: str | None, path: Path) -> None:
        """The name appears when the file is whole; another attempt may be at the same one."""
        if url is None:  # sealed with a key that is no longer ours
            raise FileGone(action="file")
        partial = self._partial(path)
        try:
            with partial.open("wb") as into:
                self._storage.fetch(url, into)
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)

    def _partial(self, path: Path) -> Path:
        return path.with_name(f"{path.name}.{uuid4().hex}")


class Links:
    """The links of a check-in's files as its records name them now, read at most once."""

    def __init__(self, client: Client, item: Planned) -> None:
        self._client, self._item = client, item

    def fresh(self, file: PlannedFile) -> str | None:
        found = (self._of_form if file.of_form else self._of_checkin).get(file.id)
        return found.download_url if found and found.state != "deleted" else None

    @cached_property
    def _of_checkin(self) -> Mapping[int, File]:
        return {file.id: file for file in checkins.read(self._client, self._item.id).files}

    @cached_property
    def _of_form(self) -> Mapping[int, File]:
        if self._item.form_id is None:
            return {}
        return {file.id: file for file in forms.read_form(self._client, self._item.form_id).files}
