"""A file answer (ref 1.4): PDF or XLSX bytes, streamed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import TracebackType
from typing import Literal
from urllib.parse import unquote

from dashboard.navixy.errors import BadReply, NavixyError
from dashboard.navixy.transport import Answer

FileFormat = Literal["pdf", "xlsx"]

_NOT_A_FILE = frozenset(
    {"application/json", "text/json", "text/html", "application/xhtml+xml", "text/plain", ""}
)


def is_file(content_type: str) -> bool:
    return content_type not in _NOT_A_FILE and not content_type.endswith("+json")


class Download:
    """A file on its way. Use it as a context manager: leaving it gives the connection back."""

    def __init__(self, action: str, answer: Answer) -> None:
        self._action = action
        self._answer = answer
        self.content_type = answer.content_type
        self.filename = clean_filename(answer.header("Content-Disposition"))
        length = answer.header("Content-Length")
        self.length = int(length) if length.isdecimal() else None

    def iter_bytes(self, *, at_most: int | None = None) -> Iterator[bytes]:
        """The content in pieces. Raises Unreachable or BadReply midway when it breaks off or exceeds."""
        taken = 0
        try:
            for chunk in self._answer.chunks():
                taken += len(chunk)
                if at_most is not None and taken > at_most:
                    raise BadReply(description=f"file of more than {at_most} bytes")
                yield chunk
        except NavixyError as error:
            error.action = self._action
            raise
        finally:
            self.close()

    def close(self) -> None:
        self._answer.close()

    def __enter__(self) -> Download:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Download({self.filename!r}, {self.content_type!r})"


def clean_filename(disposition: str) -> str:
    """The base name out of a Content-Disposition header, without path, control or quoting characters."""
    name = _named(disposition)
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(c for c in name if c.isprintable() and c not in '<>:"|?*').strip(" .")
    return name[-120:] or "file"


def _named(disposition: str) -> str:
    extended = re.search(r"filename\*\s*=\s*utf-8''([^;]+)", disposition, re.IGNORECASE)
    if extended:
        return unquote(extended.group(1).strip(), errors="replace")
    plain = re.search(r'filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))', disposition, re.IGNORECASE)
    if not plain:
        return ""
    return re.sub(r"\\(.)", r"\1", plain.group(1)) if plain.group(1) is not None else plain.group(2).strip()
