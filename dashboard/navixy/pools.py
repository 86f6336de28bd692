"""Connections to the storage: to permitted addresses only, with answers that have to hurry."""

from __future__ import annotations

import io
import socket
import time
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any, cast

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from dashboard.navixy.filehosts import FileHosts, HostRefused
from dashboard.navixy.transport import MEGABYTE

_ADDRESSES_TRIED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Seconds and bytes. `read` bounds each silence of the storage, `total` the whole download."""

    connect: float = 3.0
    read: float = 60.0
    total: float = 90.0
    size: int = 32 * MEGABYTE  # twice what the API takes in by default (ref 8.2)
    upload: float = 600.0  # the whole of one, from its first byte


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


def guarded_pools(hosts: FileHosts, bounds: Bounds) -> dict[str, Any]:
    """Connection pools whose sockets go to permitted addresses only, and whose answers have to hurry."""

    class Answer(HTTPResponse):
        def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp = io.BufferedReader(_Hurried(self.fp.detach(), sock, bounds))

    class Plain(HTTPConnection):
        response_class = Answer

        def _new_conn(self) -> socket.socket:
            return _connected(self, hosts)

        def send(self, data: Any) -> None:
            _be_patient(self, bounds)
            super().send(data)

    class Tls(HTTPSConnection):
        response_class = Answer

        def _new_conn(self) -> socket.socket:
            return _connected(self, hosts)

        def send(self, data: Any) -> None:
            _be_patient(self, bounds)
            super().send(data)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = Tls

    return {"http": PlainPool, "https": TlsPool}


def _be_patient(connection: HTTPConnection, bounds: Bounds) -> None:
    """urllib3 sends with the patience meant for connecting: too little for a slow line."""
    if connection.sock is None:
        connection.connect()
    connection.sock.settimeout(bounds.read)


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
