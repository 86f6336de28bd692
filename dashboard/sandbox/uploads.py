"""Reserved uploads: the form a caller has to send, and what is refused (ref 8.1, 8.2)."""

from __future__ import annotations

import mimetypes
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dashboard.sandbox import presigned
from dashboard.sandbox.errors import ApiError
from dashboard.sandbox.model import File

if TYPE_CHECKING:
    from dashboard.sandbox.actions import Asked
    from dashboard.sandbox.box import Sandbox

LIFE = timedelta(hours=1)
IMAGES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".heic": "image/heic"}


@dataclass(slots=True, kw_only=True)
class Upload:
    """One reservation. `fields` must come back verbatim, before the file part named `part_name`."""

    file: File
    expires: datetime
    part_name: str
    url: str = field(repr=False)  # a path on this host, or an S3 server's
    fields: dict[str, str] = field(repr=False)
    form_id: int | None = None
    field_id: str | None = None
    submitted: bool = False

    @property
    def limit(self) -> int:
        return self.file.size


def reserve(asked: Asked, *, kind: str, form_id: int | None = None, field_id: str | None = None) -> Upload:
    """A file record in state `created`. ApiError 271 for one too big, 268 over quota."""
    box, now = asked.box, asked.box.clock.now()
    size = asked.params.need_integer("size")
    name = asked.params.text("filename", longest=255) or ""
    metadata = asked.params.mapping("metadata")
    if size > box.switches.max_file_size:
        raise ApiError(271)
    if box.storage_used()[1] + size > box.switches.quota:
        raise ApiError(268)
    file = File(
        id=asked.world.next_id(),
        type=kind,
        name=name,
        size=size,
        mime_type=_mime_type(name, kind),
        created=now,
        uploaded=None,
        state="created",
        key=secrets.token_hex(16),
        metadata=metadata,
    )
    url, fields = _form(box, file, now)
    upload = Upload(
        file=file,
        expires=now + LIFE,
        part_name=box.switches.file_field_name,
        url=url,
        fields=fields,
        form_id=form_id,
        field_id=field_id,
    )
    with box.lock:
        asked.world.written_files[file.id] = file
        box.uploads[file.id] = upload
    return upload


def target(asked: Asked, upload: Upload) -> dict[str, object]:
    """The answer of the three reserving calls."""
    return {
        "file_id": upload.file.id,
        "url": upload.url if "://" in upload.url else f"{asked.origin}{upload.url}",
        "expires": asked.moments.write(upload.expires),
        "file_field_name": upload.part_name,
        "fields": upload.fields,
    }


def settle(box: Sandbox) -> None:
    """What has been uploaded long enough ago becomes `uploaded`; what was never sent in time is dropped."""
    if not box.uploads:
        return
    now, wait = box.clock.now(), timedelta(seconds=box.switches.upload_noticed_after)
    with box.lock:
        for file_id, upload in list(box.uploads.items()):
            file = upload.file
            _look_at_server(box, upload)
            if file.state == "in_progress" and file.uploaded and file.uploaded + wait <= now:
                file.state = "uploaded"
            if file.state == "created" and upload.expires <= now:
                del box.uploads[file_id], box.world.written_files[file_id]


def _mime_type(name: str, kind: str) -> str:
    ending = "." + name.rpartition(".")[2].lower()
    guess = IMAGES.get(ending) or mimetypes.guess_type(name)[0]
    return guess or ("image/jpeg" if kind == "image" else "application/octet-stream")


def _form(box: Sandbox, file: File, now: datetime) -> tuple[str, dict[str, str]]:
    """Where the file goes and what has to go with it."""
    if box.switches.storage_mode == "internal":
        return "/storage/upload", {"token": file.key}
    folder = folder_of(file)
    content_type = file.mime_type if box.switches.content_type_in_fields else None
    if box.s3_server is not None:
        return box.s3_server.form(folder, largest=file.size, content_type=content_type)
    fields = presigned.fields(folder, largest=file.size, now=now, until=now + LIFE, content_type=content_type)
    return f"/storage/s3/{presigned.BUCKET}", fields


def folder_of(file: File) -> str:
    return f"uploads/{file.key}"


def _look_at_server(box: Sandbox, upload: Upload) -> None:
    """The platform notices what has arrived at a storage that is not its own."""
    file = upload.file
    if box.s3_server is None or file.state != "created" or "://" not in upload.url:
        return
    path = box.spool / f"stored-{file.id}"
    content_type = box.s3_server.fetch(folder_of(file), path)
    if content_type is not None:
        file.stored, file.size, file.mime_type = str(path), path.stat().st_size, content_type
        file.uploaded, file.state = box.clock.now(), "in_progress"
