"""One multipart form with one file, its length known before a byte is read (ref 8.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Protocol

from dashboard.navixy.errors import NavixyError

CHUNK = 64 * 1024
_ESCAPED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class FileChanged(NavixyError):
    """The file does not have the bytes it had when it was brought here."""

    @property
    def message(self) -> str:
        return "The file kept on this site is not whole any more. Remove it and add it again."


@dataclass(kw_only=True)
class Form:
    """All of `fields` first, unchanged and in their order, then the file: S3 ignores what follows it.

    A field `content-type` also is the file's type: the policy may demand it, and the two must agree.
    """

    fields: Mapping[str, str] = field(repr=False)
    file_field_name: str
    filename: str
    mime_type: str
    size: int
    boundary: str = field(default_factory=lambda: token_hex(16))
    complete: bool = False  # the last byte has been handed over

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def length(self) -> int:
        return len(self._head) + self.size + len(self._tail)

    def body(self, content: Readable, on_sent: Callable[[int], None]) -> Iterator[bytes]:
        """`on_sent` hears how many bytes of the file have gone, also what it raises gets out.

        Raises FileChanged.
        """
        yield self._head
        gone = 0
        while chunk := content.read(CHUNK):
            gone += len(chunk)
            if gone > self.size:
                break
            yield chunk
            on_sent(gone)
        if gone != self.size:
            raise FileChanged(action="file")
        yield self._tail
        self.complete = True

    @property
    def _head(self) -> bytes:
        parts = [self._part(f'name="{_escaped(name)}"', text) for name, text in self.fields.items()]
        named = f'name="{_escaped(self.file_field_name)}"; filename="{_escaped(self.filename)}"'
        parts.append(self._part(f"{named}\r\nContent-Type: {self._file_type}", ""))
        return "\r\n".join(parts).encode()

    @property
    def _tail(self) -> bytes:
        return f"\r\n--{self.boundary}--\r\n".encode()

    @property
    def _file_type(self) -> str:
        declared = (text for name, text in self.fields.items() if name.lower() == "content-type")
        return _plain(next(declared, self.mime_type))

    def _part(self, named: str, text: str) -> str:
        return f"--{self.boundary}\r\nContent-Disposition: form-data; {named}\r\n\r\n{text}"


def _escaped(text: str) -> str:
    """As browsers write names in such a form."""
    return text.translate(_ESCAPED)


def _plain(mime_type: str) -> str:
    good = mime_type.isascii() and mime_type.isprintable() and "/" in mime_type
    return mime_type if good else "application/octet-stream"
