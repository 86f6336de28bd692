"""Stored files: photos, form files, signatures (ref 8.3, 8.4), and the account's storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from dashboard.navixy import values
from dashboard.navixy.client import Client
from dashboard.navixy.values import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file record. Its URLs open without a credential, so they are secrets: never show, log or link."""

    id: int
    type: str = "file"  # image | file
    name: str = ""
    size: int = 0  # bytes; before the upload the reserved maximum
    mime_type: str = ""  # may disagree with the name
    orientation: int | None = None  # EXIF 1..8
    state: str = "created"  # created, in_progress, uploaded, deleted; unknown ones survive
    created: datetime | None = None
    uploaded: datetime | None = None
    download_url: str | None = field(default=None, repr=False)
    preview_urls: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_ready(self) -> bool:
        return self.state == "uploaded" and self.download_url is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageStats:
    """Bytes used and allowed; `quota` None when the answer names none."""

    file_count: int
    total_size: int
    quota: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadTarget:
    """Where reserved bytes go (ref 8.1): all of `fields` first, the file last, named `file_field_name`."""

    file_id: int
    url: str = field(repr=False)
    expires: datetime | None
    file_field_name: str = "file"
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)


def storage_stats(client: Client) -> StorageStats:
    """`file/stats/read` (ref 1.6)."""
    found = client.read("file/stats/read")
    record = values.child(found.body, "value") or found.body
    return StorageStats(
        file_count=values.integer(record, "file_count") or 0,
        total_size=values.integer(record, "total_size") or 0,
        quota=values.integer(record, "quota"),
    )


def file_from(record: Record, zone: tzinfo = UTC) -> File:
    """Raises Unreadable without an id."""
    previews = [values.text(item, "download_url") for item in values.children(record, "previews")]
    return File(
        id=values.identity(record),
        type=values.text(record, "type") or "file",
        name=values.text(record, "name") or "",
        size=max(0, values.integer(record, "size") or 0),
        mime_type=values.text(record, "mime_type") or "",
        orientation=_orientation(record),
        state=values.text(record, "state") or "created",
        created=values.moment(record, "created", zone),
        uploaded=values.moment(record, "uploaded", zone),
        download_url=values.text(record, "download_url") or None,
        preview_urls=tuple(filter(None, previews)),
    )


def files_from(record: Record, key: str, zone: tzinfo = UTC) -> tuple[File, ...]:
    return values.read_all(values.children(record, key), lambda item: file_from(item, zone), what="files")


def upload_target_from(record: Record, zone: tzinfo = UTC) -> UploadTarget:
    """Raises Unreadable without a file id."""
    fields = values.child(record, "fields")
    return UploadTarget(
        file_id=values.identity(record, "file_id"),
        url=values.text(record, "url") or "",
        expires=values.moment(record, "expires", zone),
        file_field_name=values.text(record, "file_field_name") or "file",
        fields={name: text for name in fields if (text := values.text(fields, name)) is not None},
    )


def _orientation(record: Record) -> int | None:
    found = values.integer(values.child(record, "metadata"), "orientation")
    return found if found is not None and 1 <= found <= 8 else None
