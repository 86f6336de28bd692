"""Taking an upload: internal storage and S3 dialect, strict about the parts and their order (ref 8.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.http import parse_options_header
from werkzeug.sansio import multipart
from werkzeug.wrappers import Request, Response

from dashboard.sandbox.uploads import Upload, settle

if TYPE_CHECKING:
    from dashboard.sandbox.box import Sandbox

XML = "application/xml"


@dataclass(slots=True, kw_only=True)
class Part:
    name: str
    content: bytes
    filename: str | None = None
    content_type: str | None = None


def answer(box: Sandbox, request: Request) -> Response:
    settle(box)
    s3 = not request.path.startswith("/storage/upload")
    if request.headers.get("Authorization") is not None:
        return _refused(400, "InvalidArgument", "no credential belongs here")
    try:
        parts = list(read_parts(request))
    except ValueError as error:
        return _refused(400, "MalformedPOSTRequest", str(error))
    before = {part.name: part.content.decode(errors="replace") for part in parts if part.filename is None}
    with box.lock:
        upload = next((one for one in box.uploads.values() if one.fields == before), None)
        if upload is None or upload.path != request.path:
            return _refused(403, "AccessDenied", "the fields are not those that were handed out")
        problem = _problem(box, upload, parts)
        if problem:
            return _refused(400, "EntityTooLarge" if "large" in problem else "InvalidArgument", problem)
        _store(box, upload, parts[-1])
    return Response("" if s3 else '{"success":true}', 200, content_type=XML if s3 else "application/json")


def read_parts(request: Request) -> Iterator[Part]:
    """The parts in the order they were sent; ValueError when the body is no multipart form."""
    kind, options = parse_options_header(request.headers.get("Content-Type"))
    if kind != "multipart/form-data" or "boundary" not in options:
        raise ValueError("must be multipart/form-data")
    decoder = multipart.MultipartDecoder(options["boundary"].encode("latin-1"))
    decoder.receive_data(request.get_data())
    decoder.receive_data(None)
    part: Part | None = None
    event = decoder.next_event()
    while not isinstance(event, multipart.Epilogue | multipart.NeedData):
        if isinstance(event, multipart.Field | multipart.File):
            filename = event.filename if isinstance(event, multipart.File) else None
            content_type = event.headers.get("Content-Type")
            part = Part(name=event.name, content=b"", filename=filename, content_type=content_type)
        elif isinstance(event, multipart.Data) and part is not None:
            part.content += event.data
            if not event.more_data:
                yield part
        event = decoder.next_event()


def _problem(box: Sandbox, upload: Upload, parts: list[Part]) -> str | None:
    files = [part for part in parts if part.filename is not None]
    if len(files) != 1 or parts[-1] is not files[0]:
        return "exactly one file, as the last part"
    if files[0].name != upload.part_name:
        return f"the file part must be named {upload.part_name}"
    if upload.expires <= box.clock.now() or upload.file.state != "created":
        return "the upload has expired or was done"
    if not files[0].content:
        return "the file is empty"
    if len(files[0].content) > upload.limit:
        return "the file is too large for its reservation"
    declared = upload.fields.get("content-type")
    if declared and files[0].content_type != declared:
        return "content type differs from the policy"
    return None


def _store(box: Sandbox, upload: Upload, part: Part) -> None:
    """The state stays in_progress until the platform notices."""
    file = upload.file
    file.content, file.size = part.content, len(part.content)
    file.name = file.name or part.filename or f"{file.id}.bin"
    file.mime_type = part.content_type or file.mime_type
    file.uploaded, file.state = box.clock.now(), "in_progress"
    settle(box)


def _refused(status: int, code: str, text: str) -> Response:
    content = f"<Error><Code>{code}</Code><Message>{text}</Message></Error>"
    return Response(content, status, content_type=XML)
