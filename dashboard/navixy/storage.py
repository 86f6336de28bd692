"""Files out of the platform's storage, and into it: bounded, with permitted hosts and addresses only.

A URL comes out of an API answer and is a secret (ref 8.1, 8.4): no log and no error holds it.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError
from urllib3.util import Url

from dashboard.navixy.errors import (
    BadReply,
    NavixyError,
    NotFound,
    StorageRefused,
    Unavailable,
    Unreachable,
)
from dashboard.navixy.failures import translated
from dashboard.navixy.filehosts import FileHosts, HostRefused, host_of
from dashboard.navixy.files import UploadTarget
from dashboard.navixy.multipart import Form, Readable
from dashboard.navixy.pools import Bounds, guarded_pools

log = logging.getLogger("fielddesk.navixy")

_CHUNK = 64 * 1024
_MOST_ANSWER = 64 * 1024

T = TypeVar("T")


class FileGone(NotFound):
    """The storage answered 403, 404 or 410: the link has died, a new one may not have."""


class FileTooLarge(NavixyError):
    """More bytes than we take."""

    @property
    def message(self) -> str:
        return "The file is larger than this site fetches."


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    size: int
    sha256: str


class Storage:
    """Pooled connections to the storage of one API; safe for threads. No redirects, no retries."""

    def __init__(
        self,
        hosts: FileHosts,
        *,
        bounds: Bounds | None = None,
        pool_size: int = 32,  # as many as a web process has threads
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.hosts = hosts
        self.bounds = bounds or Bounds()
        self._monotonic = monotonic
        self._pools = PoolManager(
            num_pools=8,
            maxsize=pool_size,
            retries=False,
            timeout=Timeout(connect=self.bounds.connect, read=self.bounds.read),
            headers={"User-Agent": "Fielddesk", "Accept-Encoding": "identity"},
        )
        self._pools.pool_classes_by_scheme = guarded_pools(hosts, self.bounds)

    def close(self) -> None:
        self._pools.clear()

    def fetch(self, url: str, into: BinaryIO) -> Fetched:
        """Writes the file into `into`, as far as it comes.

        Raises HostRefused, FileGone, FileTooLarge, Unreachable, Unavailable, BadReply.
        """
        started, outcome = self._monotonic(), "ok"
        parts = self.hosts.checked(url)
        try:
            return self._copied(parts, into, started + self.bounds.total)
        except NavixyError as error:
            outcome = error.log
            raise
        finally:
            log.info("file %s: %s %d ms", host_of(parts), outcome, (self._monotonic() - started) * 1000)

    def upload(
        self,
        target: UploadTarget,
        content: Readable,
        *,
        filename: str,
        mime_type: str,
        size: int,
        on_sent: Callable[[int], None] = lambda _bytes: None,
    ) -> None:
        """One POST with the reserved form, the file last (ref 8.1); it carries no credential.

        `on_sent` hears how many bytes have gone; what it raises stops the upload. Raises HostRefused,
        StorageRefused (4xx), Unreachable, Unavailable, BadReply, FileChanged. After an `Unreachable` that
        was not `sent` nothing has arrived; after the others see `maybe_applied`.
        """
        started, outcome = self._monotonic(), "ok"
        parts = self.hosts.checked(target.url)
        form = Form(
            fields=target.fields,
            file_field_name=target.file_field_name,
            filename=filename,
            mime_type=mime_type,
            size=size,
        )
        try:
            self._posted(parts, form, form.body(content, self._hurrying(on_sent, started)))
        except NavixyError as error:
            outcome = error.log
            raise
        finally:
            spent = (self._monotonic() - started) * 1000
            log.info("upload %s, %d bytes: %s %d ms", host_of(parts), size, outcome, spent)

    def _hurrying(self, on_sent: Callable[[int], None], started: float) -> Callable[[int], None]:
        def heard(gone: int) -> None:
            if self._monotonic() - started > self.bounds.upload:
                raise TimeoutError("the whole took too long")
            on_sent(gone)

        return heard

    def _posted(self, parts: Url, form: Form, body: Iterator[bytes]) -> None:
        headers = {"Content-Type": form.content_type, "Content-Length": f"{form.length}"}
        failure: Unreachable
        try:
            response = self._asked(lambda: self._request(parts, "POST", headers=headers, body=body))
        except Unreachable as error:
            failure = error
        else:
            return _answered(response)
        # Half a form has no effect: its length was told beforehand.
        sent = failure.sent and form.complete
        raise Unreachable(reason=failure.reason, sent=sent, action="upload", write=True)

    def _copied(self, parts: Url, into: BinaryIO, deadline: float) -> Fetched:
        digest, size = hashlib.sha256(), 0
        with closing(self._chunks(parts)) as chunks:
            for chunk in chunks:
                size += len(chunk)
                if size > self.bounds.size:
                    raise FileTooLarge(action="file")
                if self._monotonic() > deadline:
                    raise Unreachable(reason="timeout", sent=True, action="file")
                digest.update(chunk)
                into.write(chunk)
        return Fetched(size=size, sha256=digest.hexdigest())

    def _chunks(self, parts: Url) -> Generator[bytes]:
        """Each piece as it arrives: a storage that drips cannot outwit the deadline."""
        response = self._asked(lambda: self._request(parts, "GET"))
        try:
            _check(response, self.bounds.size)
            while chunk := self._asked(lambda: response.read1(_CHUNK)):
                yield chunk
        finally:
            response.close()

    def _request(
        self,
        parts: Url,
        method: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Iterator[bytes] | None = None,
    ) -> BaseHTTPResponse:
        return self._pools.request(
            method,
            parts.url,
            body=body,
            headers={**self._pools.headers, **(headers or {})},
            redirect=False,
            preload_content=False,
            decode_content=False,
        )

    def _asked(self, question: Callable[[], T]) -> T:
        try:
            return question()
        except (HTTPError, OSError) as error:
            failure = translated(error)
        raise failure  # outside the handler: no chain of exceptions that leads to the URL


def _check(response: BaseHTTPResponse, largest: int) -> None:
    status = response.status
    if status in (403, 404, 410):
        raise FileGone(action="file", http_status=status)
    if 300 <= status < 400:
        raise HostRefused("redirects elsewhere")
    if status == 429 or status >= 500:
        raise Unavailable(action="file", http_status=status)
    if status != 200:
        raise BadReply(action="file", http_status=status)
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > largest:
        raise FileTooLarge(action="file")


def _answered(response: BaseHTTPResponse) -> None:
    """By status alone: what an answer says besides is not documented (ref 8.1)."""
    try:
        _check_taken(response.status)
        response.read(_MOST_ANSWER)
    except (HTTPError, OSError):
        return  # the status has said it
    finally:
        response.close()


def _check_taken(status: int) -> None:
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise HostRefused("redirects elsewhere")
    if status in (408, 425, 429) or status >= 500:
        raise Unavailable(action="upload", http_status=status, write=True)
    if 400 <= status < 500:
        raise StorageRefused(action="upload", http_status=status, write=True)
    raise BadReply(action="upload", http_status=status, write=True)
