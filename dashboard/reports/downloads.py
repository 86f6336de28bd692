"""Files on their way to the browser, piece by piece, under names and types of our own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from dashboard.navixy.downloads import Download, FileFormat

MIMES: dict[FileFormat, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_BYTES = 1_000_000_000


def attachment(content: Iterable[bytes], *, name: str, mime: str) -> StreamingHttpResponse:
    """`name` as `names.file_name` makes it. Nobody keeps the answer but the person who asked."""
    response = StreamingHttpResponse(content, content_type=mime)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def passed_through(download: Download, *, name: str, kind: FileFormat) -> StreamingHttpResponse:
    """A file that Navixy makes, as it comes; neither its name nor its type is taken from there."""
    response = attachment(_pieces(download), name=name, mime=MIMES[kind])
    if download.length is not None:
        response.headers["Content-Length"] = str(download.length)
    return response


def _pieces(download: Download) -> Iterator[bytes]:
    with download:
        yield from download.iter_bytes(at_most=MOST_BYTES)
