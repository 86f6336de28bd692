"""Files out of the platform's storage: a bounded download from permitted hosts and addresses only.

A download URL comes out of an API answer and is a secret (ref 8.4): no log and no error holds it.
"""

from __future__ import annotations

import hashlib
import io
import logging
import socket
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any, BinaryIO, TypeVar, cast

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError
from urllib3.util import Url

from dashboard.navixy.errors import BadReply, NavixyError, NotFound, Unavailable, Unreachable
from dashboard.navixy.failures import translated
from dashboard.navixy.filehosts import FileHosts, HostRefused, host_of
from dashboard.navixy.transport import MEGABYTE

log = logging.getLogger("fielddesk.navixy")

_CHUNK = 64 * 1024
_ADDRESSES_TRIED = 3

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Seconds and bytes. `read` bounds each silence of the storage, `total` the whole download."""

    connect: float = 3.0
    read: float = 60.0
    total: float = 90.0
    size: int = 32 * MEGABYTE  # twice what the API takes in by default (ref 8.2)


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
        self._pools.pool_classes_by_scheme = _guarded_pools(hosts, self.bounds)

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
        response = self._asked(lambda: self._request(parts))
        try:
            _check(response, self.bounds.size)
            while chunk := self._asked(lambda: response.read1(_CHUNK)):
                yield chunk
        finally:
            response.close()

    def _request(self, parts: Url) -> BaseHTTPResponse:
        return self._pools.request(
            "GET", parts.url, redirect=False, preload_content=False, decode_content=False
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


class _Hurried(io.RawIOBase):
    """What arrives on a connection until a deadline: header and body together, however slowly they drip."""

    def __init__(self, arriving: io.RawIOBase, sock: socket.socket, bounds: Bounds) -> None:
        self._arriving, self._sock, self._pause = arriving, sock, bounds.read
        self._deadline = time.monotonic() + bounds.total

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the whole took too long")
        self._sock.settimeout(min(self._pause, left))
        return self._arriving.readinto(buffer)

    def close(self) -> None:
        self._arriving.close()
        super().close()


def _guarded_pools(hosts: FileHosts, bounds: Bounds) -> dict[str, Any]:
    """Connection pools whose sockets go to permitted addresses only, and whose answers have to hurry."""

    class Answer(HTTPResponse):
        def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp = io.BufferedReader(_Hurried(self.fp.detach(), sock, bounds))

    class Plain(HTTPConnection):
        response_class = Answer

        def _new_conn(self) -> socket.socket:
            return _connected(self, hosts)

    class Tls(HTTPSConnection):
        response_class = Answer

        def _new_conn(self) -> socket.socket:
            return _connected(self, hosts)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = Tls

    return {"http": PlainPool, "https": TlsPool}


def _connected(connection: HTTPConnection, hosts: FileHosts) -> socket.socket:
    """A socket to the first permitted address that answers; resolved once, so the one checked is used."""
    failure: OSError = ConnectionRefusedError()
    for family, kind, protocol, _, address in _resolved(connection, hosts):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(cast("float", connection.timeout))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect(address)
        except OSError as error:
            failure = error
            sock.close()
        else:
            return sock
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(connection, "no answer")
    raise NewConnectionError(connection, type(failure).__name__)


def _resolved(connection: HTTPConnection, hosts: FileHosts) -> list[Any]:
    """Permitted addresses of the host. Raises HostRefused when it has only others."""
    try:
        found = socket.getaddrinfo(connection.host.strip("[]"), connection.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NameResolutionError(connection.host, connection, cast("socket.gaierror", error)) from None
    refused: HostRefused | None = None
    permitted = []
    for info in found:
        try:
            hosts.check_address(connection.host, str(info[4][0]))
            permitted.append(info)
        except HostRefused as error:
            refused = error
    if refused and not permitted:
        raise refused
    return permitted[:_ADDRESSES_TRIED]
