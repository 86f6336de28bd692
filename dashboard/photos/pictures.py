"""From a file of a record to a picture of the size asked for: kept already, or fetched, rendered and kept."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.cache import cache

from dashboard.navixy.client import Client
from dashboard.navixy.errors import NavixyError, NotAllowed, NotFound, SessionEnded
from dashboard.navixy.filehosts import HostRefused
from dashboard.navixy.storage import Fetched, FileGone, FileTooLarge, Storage
from dashboard.photos import locks, render, sources, store
from dashboard.photos.lanes import Lanes, Stuck
from dashboard.photos.problems import DAY, Problem, Unshowable
from dashboard.photos.render import Encoding, Size
from dashboard.photos.sources import Source
from dashboard.photos.tokens import Ref

log = logging.getLogger("fielddesk.photos")

_KEPT = 30 * DAY
_IN_MEMORY = 256 * 1024
LANES = Lanes(most=16, patience=5.0)  # half the threads of a web process


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who asks, and by what means their files are reached."""

    account_key: str
    client: Client
    storage: Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What stays known of a file once it was fetched: its digest and name, or what is wrong with it."""

    digest: str = ""
    orientation: int | None = None
    name: str = ""
    problem: Problem | None = None
    passing: bool = False

    def tag(self, size: Size | None = None, encoding: Encoding | None = None) -> str:
        """Names a rendering, or the file itself, by its content: key of the store and ETag."""
        rendering = f"-{self.orientation or 0}-{size}.{encoding}" if size else ""
        return self.digest + rendering


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    content: bytes
    tag: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The open file, its format by its own header (None: no picture), and its name in the record."""

    file: BinaryIO
    format: str | None
    name: str
    tag: str


def known(desk: Desk, ref: Ref) -> Known | None:
    found = cache.get(_key(desk, ref))
    if found is None:
        return None
    digest, orientation, name, problem, passing = found
    return Known(
        digest=digest,
        orientation=orientation,
        name=name,
        problem=Problem(problem) if problem else None,
        passing=passing,
    )


def known_tag(desk: Desk, ref: Ref, size: Size | None = None, encoding: Encoding | None = None) -> str:
    """Of a rendering, or of the file itself; empty when it has not been fetched or cannot be shown."""
    found = known(desk, ref)
    return found.tag(size, encoding) if found and found.digest else ""


def preview(desk: Desk, ref: Ref, size: Size, encoding: Encoding) -> Preview:
    """The picture within that size. Fetched once, however many ask at the same time. Raises Unshowable."""
    if found := _kept(desk, ref, size, encoding):
        return found
    try:
        with LANES.hold(), locks.hold(f"picture-{desk.account_key}-{ref.file_id}"):
            return _kept(desk, ref, size, encoding) or _made(desk, ref, size, encoding)
    except Stuck:
        raise Unshowable(Problem.UNREACHABLE) from None


def original(desk: Desk, ref: Ref) -> Original:
    """The file as it was uploaded, open for reading. Raises NavixyError."""
    file = _temporary()
    try:
        fetched, source = _fetched(desk, ref, file)
        found = render.format_of(file) if fetched.size else None
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return Original(file=file, format=found, name=source.name, tag=fetched.sha256)


def _kept(desk: Desk, ref: Ref, size: Size, encoding: Encoding) -> Preview | None:
    """Raises Unshowable when it is known to be."""
    found = known(desk, ref)
    if found is None:
        return None
    if found.problem:
        raise Unshowable(found.problem, passing=found.passing)
    tag = found.tag(size, encoding)
    file = store.opened(tag)
    if file is None:
        return None
    with file:
        return Preview(content=file.read(), tag=tag, name=found.name)


def _made(desk: Desk, ref: Ref, size: Size, encoding: Encoding) -> Preview:
    try:
        with _temporary() as file:
            fetched, source = _fetched(desk, ref, file)
            content = _rendered(file, fetched, source, size, encoding)
    except (NavixyError, Unshowable) as error:
        failure = told(error)
        if failure.problem is not Problem.STALE:  # that is about one session, not about the file
            _remember(desk, ref, Known(problem=failure.problem, passing=failure.passing), failure.remembered)
        raise failure from None
    found = Known(digest=fetched.sha256, orientation=source.orientation, name=source.name)
    store.put(found.tag(size, encoding), content)
    _remember(desk, ref, found, _KEPT)
    return Preview(content=content, tag=found.tag(size, encoding), name=found.name)


def _rendered(file: BinaryIO, fetched: Fetched, source: Source, size: Size, encoding: Encoding) -> bytes:
    """What is not as long as the record says was cut short, or another answer in its place: that may pass."""
    try:
        return render.render(file, size, encoding, orientation=source.orientation)
    except Unshowable as error:
        raise Unshowable(error.problem, passing=fetched.size != source.size) from None


def _fetched(desk: Desk, ref: Ref, into: BinaryIO) -> tuple[Fetched, Source]:
    """By the link last seen; when that is unknown or has died, by the one the record names now."""
    source = sources.recall(desk.account_key, ref.file_id)
    if source:
        try:
            return desk.storage.fetch(source.url, into), source
        except FileGone:
            log.info("link of file %d has died, reading its record again", ref.file_id)
    fresh = sources.read_again(desk.client, desk.account_key, ref)
    if fresh is None or fresh == source:
        raise FileGone(action="file")
    return desk.storage.fetch(fresh.url, into), fresh


def told(error: NavixyError | Unshowable) -> Unshowable:
    """Any failure as what is shown in the picture's place."""
    return error if isinstance(error, Unshowable) else Unshowable(_problem(error))


def _problem(error: NavixyError) -> Problem:
    match error:
        case NotFound():
            return Problem.GONE
        case FileTooLarge():
            return Problem.TOO_LARGE
        case HostRefused():
            return Problem.REFUSED
        case NotAllowed():
            return Problem.NOT_ALLOWED
        case SessionEnded():
            return Problem.STALE
    log.warning("no picture: %s", error)
    return Problem.UNREACHABLE


def _remember(desk: Desk, ref: Ref, found: Known, seconds: int) -> None:
    cache.set(
        _key(desk, ref), (found.digest, found.orientation, found.name, found.problem, found.passing), seconds
    )


def _key(desk: Desk, ref: Ref) -> str:
    return f"picture-2:{desk.account_key}:{ref.file_id}"


def _temporary() -> BinaryIO:
    """In VAR_DIR: /tmp may be memory."""
    folder = Path(settings.VAR_DIR) / "tmp"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(folder)))
