"""Forms of tasks and checkpoints (ref 7.8). `task_id` is a task's or a checkpoint's id, never a route's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dashboard.navixy import checkins
from dashboard.navixy.client import Client
from dashboard.navixy.downloads import Download, FileFormat
from dashboard.navixy.errors import NotSendable
from dashboard.navixy.files import File, UploadTarget, files_from, upload_target_from
from dashboard.navixy.forms import Form, form_from
from dashboard.navixy.values import Record

OPEN = frozenset({"unassigned", "assigned", "arrived"})
COMPLETED = frozenset({"done", "failed", "delayed"})
COMPLETED_RIGHT = "completed_form_update"


def attach(client: Client, task_id: int, *, template_id: int) -> None:
    """`task/form/create`. Raises NotFound (201), WrongState (247: it has one already, 255)."""
    client.write("task/form/create", {"task_id": task_id, "template_id": template_id})


def detach(client: Client, task_id: int) -> None:
    """`task/form/delete`: with all its answers, for good. Raises NotFound (201), WrongState (255)."""
    client.write("task/form/delete", {"task_id": task_id})


def read(client: Client, task_id: int) -> Form | None:
    """`task/form/read`, with its files, submitted or not; None without a form. Raises NotFound (201)."""
    reply = client.read("task/form/read", {"task_id": task_id})
    if not reply.body.get("value"):
        return None
    form = reply.read_as(lambda record: form_from(record, client.zone))
    return replace(form, files=files_from(reply.body, "files", client.zone))


def download(client: Client, task_id: int, *, format: FileFormat) -> Download:
    """`task/form/download`: the form as a file. Raises NotFound (201)."""
    return client.download("task/form/download", {"task_id": task_id, "format": format})


def update_values(client: Client, task_id: int, values: Mapping[str, Mapping[str, Any]]) -> None:
    """`task/form/values/update`: corrects a form that was submitted once. `values`: value objects (ref 6.5).

    Raises InvalidAnswers (242), WrongState (255), NotFound (201), NotAllowed (101).
    """
    sent = {key: dict(value) for key, value in values.items()}
    client.write("task/form/values/update", {"task_id": task_id, "values": sent})


def reserve_file(
    client: Client,
    *,
    task_id: int,
    field_id: str,
    size: int,
    filename: str | None = None,
    orientation: int | None = None,
) -> UploadTarget:
    """`task/form/file/create`: room for a file of one field; it counts once `update_values` names it.

    Raises NotFound (201), InvalidRequest (231), WrongState (255), StorageRefused (267, 268, 271).
    """
    if not field_id:
        raise NotSendable("A file belongs to a field of the form.")
    params = {
        "task_id": task_id,
        "field_id": field_id,
        **checkins.reservation(size, filename, orientation),
    }
    reply = client.write("task/form/file/create", params)
    return reply.read_as(lambda record: upload_target_from(record, client.zone))


def as_received(client: Client, task_id: int) -> tuple[Record | None, tuple[File, ...]]:
    """`task/form/read` untouched, to be kept, and its files. Raises NotFound (201)."""
    reply = client.read("task/form/read", {"task_id": task_id})
    found = reply.body.get("value")
    form = reply.record() if found else None
    return form, files_from(reply.body, "files", client.zone)
