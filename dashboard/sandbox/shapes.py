"""Records as the wire shows them (ref 3, 5.1, 6.1, 6.3, 8.4). Nulls are left to the envelope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dashboard.sandbox.model import Checkin, Department, Employee, File, Form, FormTemplate, Tag, Tracker
from dashboard.sandbox.moments import Moments
from dashboard.sandbox.uploads import Upload

if TYPE_CHECKING:
    from dashboard.sandbox.actions import Asked

STORAGE_ID = 1
TARIFF_ID = 30
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shapes:
    """Writes records for one call: its date format, and the origin its links point back to."""

    account_id: int
    moments: Moments
    origin: str
    uploads: Mapping[int, Upload] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, asked: Asked) -> Shapes:
        return cls(asked.world.account_id, asked.moments, asked.origin, asked.box.uploads)

    def tracker(self, one: Tracker, *, tags: bool) -> Json:
        source = {
            "id": one.source_id,
            "device_id": one.device_id,
            "model": one.model,
            "blocked": one.blocked,
            "tariff_id": TARIFF_ID,
            "phone": one.phone,
            "creation_date": one.created.date().isoformat(),
        }
        bindings = [{"tag_id": tag, "ordinal": n} for n, tag in enumerate(one.tag_ids, 1)]
        return {
            "id": one.id,
            "label": one.label,
            "clone": False,
            "group_id": one.group_id,
            "source": source,
            "tag_bindings": bindings if tags else None,
        }

    def employee(self, one: Employee) -> Json:
        return {
            "id": one.id,
            "tracker_id": one.tracker_id,
            "first_name": one.first_name,
            "middle_name": one.middle_name,
            "last_name": one.last_name,
            "email": one.email,
            "phone": one.phone,
            "driver_license_number": one.driver_license_number,
            "department_id": one.department_id,
            "personnel_number": one.personnel_number,
            "ssn": one.ssn,
            "tags": list(one.tag_ids),
        }

    def department(self, one: Department) -> Json:
        return {"id": one.id, "label": one.label, "location": one.location}

    def tag(self, one: Tag) -> Json:
        return {"id": one.id, "name": one.name, "color": one.color}

    def template(self, one: FormTemplate) -> Json:
        return {
            "id": one.id,
            "label": one.label,
            "description": one.description,
            "version": one.version,
            "fields": one.fields,
            "created": self.moments.write(one.created),
            "updated": self.moments.write(one.updated),
            "submit_in_zone": one.submit_in_zone,
            "default": one.default,
        }

    def form(self, one: Form) -> Json:
        return {
            "id": one.id,
            "label": one.label,
            "description": one.description,
            "fields": one.fields,
            "created": self.moments.write(one.created),
            "submit_in_zone": one.submit_in_zone,
            "task_id": one.task_id,
            "checkin_id": one.checkin_id,
            "tracker_id": one.tracker_id,
            "template_id": one.template_id,
            "template_version": one.template_version,
            "values": one.values,
            "submitted": self.moments.write(one.submitted) if one.submitted else None,
            "submit_location": one.submit_location,
        }

    def file(self, one: File) -> Json:
        return {
            "id": one.id,
            "storage_id": STORAGE_ID,
            "user_id": self.account_id,
            "type": one.type,
            "created": self.moments.write(one.created),
            "uploaded": self.moments.write(one.uploaded) if one.uploaded else None,
            "name": one.name,
            "size": one.size,
            "mime_type": one.mime_type,
            "metadata": one.metadata,
            "state": one.state,
            "download_url": self.link(one) if one.uploaded else None,
            "bindings": self._bindings(one),
            "previews": self._previews(one),
        }

    def checkin(self, one: Checkin, files: list[File]) -> Json:
        location = {"lat": one.lat, "lng": one.lng, "address": one.address, "precision": one.precision}
        return {
            "id": one.id,
            "marker_time": self.moments.write(one.marker_time),
            "user_id": self.account_id,
            "tracker_id": one.tracker_id,
            "employee_id": one.employee_id,
            "location": location,
            "comment": one.comment,
            "files": [self.file(file) for file in files],
            "form_id": one.form_id,
            "form_label": one.form_label,
        }

    def link(self, one: File, *, preview: bool = False) -> str:
        """The id leads the unguessable key, so that the storage finds the record without an index."""
        middle = "/preview" if preview else ""
        return f"{self.origin}/storage/{one.id:x}-{one.key}{middle}/{quote(one.name, safe='')}"

    def _bindings(self, one: File) -> Json | None:
        """What form field a file made through the API belongs to (ref 8.4)."""
        upload = self.uploads.get(one.id)
        if upload is None or upload.form_id is None:
            return None
        names = {"form_id": upload.form_id, "field_id": upload.field_id, "submitted": upload.submitted}
        return {"form_field": names}

    def _previews(self, one: File) -> list[Json] | None:
        """Thumbnails may be there, empty or missing, in any state (ref 8.4)."""
        if one.type != "image" or one.id % 3 == 0:
            return None
        if one.state != "uploaded" or one.id % 3 == 1:
            return []
        return [{"download_url": self.link(one, preview=True)}]
