"""Real HTTP on a port: threads, HTTP/1.1 keep-alive, connections that can be reset.

Werkzeug's own handler closes every connection, which would charge each call a handshake the real platform
does not; this one reads the whole body first, so the next request line is where it should be.
"""

from __future__ import annotations

import io
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from dashboard.sandbox.app import Platform
from dashboard.sandbox.errors import AnswerNothing

if TYPE_CHECKING:
    from dashboard.sandbox.box import Sandbox

RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER, no wait: close() sends RST
MOST_BODY = 64 * 1024 * 1024


class Coming(io.RawIOBase):
    """A body on its way, up to its end and no further."""

    def __init__(self, stream: Any, length: int) -> None:
        self._stream, self.left = stream, length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found: bytes = self._stream.read(min(len(buffer), self.left))
        self.left -= len(found)
        buffer[: len(found)] = found
        return len(found)

    def drained(self) -> bool:
        """Away with what nobody read; False when there is too much of it, or it stops coming."""
        while 0 < self.left <= MOST_BODY and self.read(64 * 1024):
            continue
        return not self.left


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def run_wsgi(self) -> None:
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        environ = self.make_environ()
        coming = self._upload_of(environ)
        if coming is None:
            body = environ["wsgi.input"].read(*self._length())
            environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        try:
            self._send(environ)
        except AnswerNothing:
            self._reset()
        else:
            self.close_connection = self.close_connection or (coming is not None and not coming.drained())

    def _upload_of(self, environ: dict[str, Any]) -> Coming | None:
        """Uploads are read as they come; other bodies at once, so that the next request line is in place."""
        length = self.headers.get("Content-Length", "")
        if self.command != "POST" or not self.path.startswith("/storage/") or not length.isdecimal():
            return None
        coming = Coming(self.rfile, int(length))
        environ["wsgi.input"] = coming
        return coming

    def _length(self) -> tuple[int, ...]:
        """How much of the connection belongs to this request; a chunked body knows its own end."""
        if self.headers.get("Transfer-Encoding"):
            return ()
        length = self.headers.get("Content-Length") or "0"
        if not (length.isdecimal() and int(length) <= MOST_BODY):
            self.close_connection = True  # what is left unread is no next request
            return (MOST_BODY if length.isdecimal() else 0,)
        return (int(length),)

    def _send(self, environ: dict[str, Any]) -> None:
        head: list[tuple[str, list[tuple[str, str]]]] = []
        parts = self.server.app(environ, lambda status, headers, *_: head.append((status, headers)))  # type: ignore[arg-type]  # nobody uses write()
        content = b"".join(parts)
        status, headers = head[0]
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()
        promised = int(dict(headers).get("Content-Length", len(content)))
        if len(content) < promised and self.command != "HEAD":
            self.close_connection = True  # a truncated answer

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        socket.close(self.connection.detach())

    def log(self, type: str, message: str, *args: Any) -> None:
        """Quiet: the calls are recorded in the sandbox."""


class Server(ThreadedWSGIServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, host: str, port: int, box: Sandbox) -> None:
        self.connections: set[socket.socket] = set()
        super().__init__(host, port, Platform(box), handler=Handler)

    def server_bind(self) -> None:
        super(ThreadedWSGIServer, self).server_bind()

    def drop_connections(self) -> None:
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it went by itself


@contextmanager
def serve(box: Sandbox, port: int = 0, host: str = "127.0.0.1") -> Iterator[str]:
    """The sandbox on real HTTP while the block runs; yields the base URL of the API."""
    server = Server(host, port, box)
    box.closing.clear()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}/v2"
    finally:
        box.closing.set()
        server.shutdown()
        server.drop_connections()
        server.server_close()
        thread.join(5)
