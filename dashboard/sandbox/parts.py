"""The parts of a multipart form in the order they were sent; files go to disk as they come (ref 8.1)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from werkzeug.http import parse_options_header
from werkzeug.sansio import multipart
from werkzeug.wrappers import Request

CHUNK = 64 * 1024
LONGEST_FIELD = 64 * 1024
MOST_FILE = 64 * 1024 * 1024


@dataclass(slots=True, kw_only=True)
class Part:
    """A field with its `text`, or a file with its bytes at `path`."""

    name: str
    text: str = ""
    filename: str | None = None
    content_type: str | None = None
    path: Path | None = None
    size: int = 0


@dataclass(slots=True)
class _Reading:
    """What has come so far."""

    folder: Path
    parts: list[Part] = field(default_factory=list)
    handle: int | None = None
    raw: bytearray = field(default_factory=bytearray)

    def begin(self, event: multipart.Field | multipart.File) -> None:
        part = Part(name=event.name, content_type=event.headers.get("Content-Type"))
        if isinstance(event, multipart.File):
            self.handle, name = tempfile.mkstemp(dir=self.folder)
            part.filename, part.path = event.filename, Path(name)
        self.raw = bytearray()
        self.parts.append(part)

    def add(self, data: bytes) -> None:
        part = self.parts[-1]
        part.size += len(data)
        if part.size > (LONGEST_FIELD if self.handle is None else MOST_FILE):
            raise ValueError("a part is too long")
        if self.handle is None:
            self.raw += data
        else:
            os.write(self.handle, data)

    def end(self) -> None:
        if self.handle is None:
            self.parts[-1].text = self.raw.decode(errors="replace")
        self.close()

    def close(self) -> None:
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


@contextmanager
def received(request: Request, folder: Path) -> Iterator[list[Part]]:
    """Files lie in `folder`; those nobody moved away by the end of the block go.

    Raises ValueError when the body is no multipart form, or ends before it should.
    """
    reading = _Reading(folder)
    try:
        _read(request, reading)
        yield reading.parts
    finally:
        reading.close()
        for part in reading.parts:
            if part.path:
                part.path.unlink(missing_ok=True)


def _read(request: Request, reading: _Reading) -> None:
    decoder = multipart.MultipartDecoder(_boundary(request))
    while True:
        event = decoder.next_event()
        if isinstance(event, multipart.NeedData):
            decoder.receive_data(request.stream.read(CHUNK) or None)
        elif isinstance(event, multipart.Epilogue):
            return
        elif isinstance(event, multipart.Field | multipart.File):
            reading.begin(event)
        elif isinstance(event, multipart.Data):
            reading.add(event.data)
            if not event.more_data:
                reading.end()


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("Content-Type"))
    if kind != "multipart/form-data" or "boundary" not in options:
        raise ValueError("must be multipart/form-data")
    return options["boundary"].encode("latin-1")
