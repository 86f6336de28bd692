"""A peer on a loopback port that does exactly what a script says with each connection, byte by byte."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket], None]


@dataclass
class Peer:
    url: str
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0


@contextmanager
def peer(*behaviours: Behaviour) -> Iterator[Peer]:
    """Each request is answered by the next behaviour, the last one for ever."""
    listener = socket.create_server(("127.0.0.1", 0))
    found = Peer(url=f"http://127.0.0.1:{listener.getsockname()[1]}/v2")
    script, closing = list(behaviours), threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection:
            connection.settimeout(5)
            while request := _request(connection):
                found.requests.append(request)
                (script.pop(0) if len(script) > 1 else script[0])(connection)

    def accept() -> None:
        while not closing.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            found.connections += 1
            threading.Thread(target=_quietly, args=(serve, connection), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield found
    finally:
        closing.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def answer(body: bytes, *headers: str, status: str = "200 OK", kind: str = "application/json") -> Behaviour:
    """A whole HTTP answer."""
    lines = (f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers, "", "")
    return lambda connection: connection.sendall("\r\n".join(lines).encode() + body)


def raw(data: bytes) -> Behaviour:
    """These bytes, then the end of the connection."""

    def act(connection: socket.socket) -> None:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_RDWR)

    return act


def reset(data: bytes = b"") -> Behaviour:
    """These bytes, then a TCP reset."""

    def act(connection: socket.socket) -> None:
        connection.sendall(data)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return act


def silence(seconds: float, data: bytes = b"") -> Behaviour:
    """These bytes, then nothing for so long."""

    def act(connection: socket.socket) -> None:
        connection.sendall(data)
        threading.Event().wait(seconds)

    return act


def drip(pieces: int, pause: float) -> Behaviour:
    """A body that comes a byte at a time."""

    def act(connection: socket.socket) -> None:
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {pieces}\r\n\r\n".encode())
        for _ in range(pieces):
            connection.sendall(b" ")
            threading.Event().wait(pause)

    return act


def head_drip(pieces: int, pause: float) -> Behaviour:
    """A header that comes a byte at a time."""

    def act(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Filler: ")
        for _ in range(pieces):
            connection.sendall(b"x")
            threading.Event().wait(pause)

    return act


def _request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return b""
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        chunk = connection.recv(65536)
        if not chunk:  # who sends has given up
            return b""
        body += chunk
    return head + b"\r\n\r\n" + body


def _quietly(serve: Behaviour, connection: socket.socket) -> None:
    try:
        serve(connection)
    except OSError:
        return
