"""Taking an upload: internal storage and S3 dialect, strict about the parts and their order (ref 8.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Request, Response

from dashboard.sandbox import presigned
from dashboard.sandbox.parts import Part, received
from dashboard.sandbox.presigned import Wrong
from dashboard.sandbox.uploads import Upload, settle

if TYPE_CHECKING:
    from dashboard.sandbox.box import Sandbox

XML = "application/xml"
INTERNAL = "/storage/upload"


def answer(box: Sandbox, request: Request) -> Response:
    settle(box)
    if request.headers.get("Authorization") is not None:
        return _refused(Wrong(400, "InvalidArgument", "no credential belongs here"))
    s3 = not request.path.startswith(INTERNAL)
    try:
        with received(request, box.spool) as parts:
            file = _file_of(parts)
            form = _form_of(parts[:-1])
            with box.lock:
                upload = _s3(box, request.path, form, file) if s3 else _internal(box, form, file)
                _store(box, upload, file)
    except (ValueError, ClientDisconnected) as error:
        return _refused(Wrong(400, "MalformedPOSTRequest", str(error)))
    except Wrong as wrong:
        return _refused(wrong)
    return Response("" if s3 else '{"success":true}', 200, content_type=XML if s3 else "application/json")


def _file_of(parts: Sequence[Part]) -> Part:
    files = [part for part in parts if part.filename is not None]
    if len(files) != 1 or parts[-1] is not files[0]:
        raise Wrong(400, "InvalidArgument", "exactly one file, as the last part")
    return files[0]


def _form_of(parts: Sequence[Part]) -> dict[str, str]:
    twice = [name for name, times in Counter(part.name.lower() for part in parts).items() if times > 1]
    if twice:
        raise Wrong(400, "InvalidArgument", f"sent twice: {twice}")
    return {part.name.lower(): part.text for part in parts}


def _internal(box: Sandbox, form: Mapping[str, str], file: Part) -> Upload:
    if form.keys() != {"token"}:
        raise Wrong(403, "AccessDenied", "the fields are not those that were handed out")
    upload = next((one for one in box.uploads.values() if one.fields == form), None)
    if upload is None:
        raise Wrong(403, "AccessDenied", "no such token")
    _check(box, upload, file)
    if file.size > upload.limit:
        raise Wrong(400, "EntityTooLarge", "the file is larger than its reservation")
    return upload


def _s3(box: Sandbox, path: str, form: Mapping[str, str], file: Part) -> Upload:
    """As Amazon judges, and besides: whose key it is, that the file's type is the one declared."""
    key = presigned.key_of(form, file.filename or "")
    presigned.judge(form, key=key, size=file.size, now=box.clock.now())
    upload = next((one for one in box.uploads.values() if one.url == path and _owns(one, key)), None)
    if upload is None:
        raise Wrong(403, "AccessDenied", "nobody reserved this key")
    _check(box, upload, file)
    declared = upload.fields.get("content-type")
    if declared and file.content_type != declared:
        raise Wrong(400, "InvalidArgument", "content type differs from the policy")
    return upload


def _owns(upload: Upload, key: str) -> bool:
    return key.startswith(upload.fields.get("key", "\0").partition(presigned.FILENAME)[0])


def _check(box: Sandbox, upload: Upload, file: Part) -> None:
    if file.name != upload.part_name:
        raise Wrong(400, "InvalidArgument", f"the file part must be named {upload.part_name}")
    if upload.expires <= box.clock.now() or upload.file.state != "created":
        raise Wrong(400, "InvalidArgument", "the upload has expired or was done")
    if not file.size:
        raise Wrong(400, "EntityTooSmall", "the file is empty")


def _store(box: Sandbox, upload: Upload, part: Part) -> None:
    """The state stays in_progress until the platform notices."""
    file = upload.file
    if part.path:
        file.stored = str(part.path.rename(box.spool / f"stored-{file.id}"))
    file.size = part.size
    file.name = file.name or part.filename or f"{file.id}.bin"
    file.mime_type = part.content_type or file.mime_type
    file.uploaded, file.state = box.clock.now(), "in_progress"
    settle(box)


def _refused(wrong: Wrong) -> Response:
    content = f"<Error><Code>{wrong.code}</Code><Message>{escape(wrong.why)}</Message></Error>"
    return Response(content, wrong.status, content_type=XML)
