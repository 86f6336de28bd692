"""Tasks (ref 7.3, 7.4): stops of their own. The record is `stops.Stop`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from dashboard.navixy import values
from dashboard.navixy.client import Client
from dashboard.navixy.conditions import wire_time
from dashboard.navixy.errors import NotSendable
from dashboard.navixy.paging import Page
from dashboard.navixy.stops import (
    FormChange,
    Stop,
    StopDraft,
    Written,
    check_external_id,
    check_filter,
    check_period,
    check_statuses,
    chosen,
    form_switch,
    stop_from,
    updated,
    written,
)
from dashboard.navixy.values import Record

MOST_TASKS = 10_000  # what `task/list` gives unless asked for more


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEvent:
    """One entry of a task's history. `payload` is documented as “typically the fields that were changed”,
    with `tracker_id` of an assignment as the one example: all of it is read leniently.
    """

    id: int
    user_id: int = 0
    time: datetime | None = None
    operation: str = ""  # create, update, assign, status_change; unknown ones survive
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tracker_id(self) -> int | None:
        return values.integer(self.payload, "tracker_id")

    @property
    def status(self) -> str:
        """The status it has since, or ""."""
        return values.text(self.payload, "status") or values.text(self.payload, "new_status") or ""

    @property
    def old_status(self) -> str:
        """The status it had before, or ""."""
        return values.text(self.payload, "old_status") or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskQuery:
    """What `task/list` is asked for; empty members are left out. A period keeps what overlaps it."""

    start: datetime | None = None
    end: datetime | None = None
    trackers: tuple[int, ...] = ()
    statuses: tuple[str, ...] = ()
    external_id: str = ""
    text: str = ""
    tag_ids: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        check_period(self.start, self.end)
        check_statuses(self.statuses)
        check_external_id(self.external_id or None)
        check_filter(self.text)

    def to_wire(self) -> dict[str, object]:
        members: dict[str, object] = {
            "from": wire_time(self.start) if self.start else None,
            "to": wire_time(self.end) if self.end else None,
            "trackers": list(self.trackers),
            "statuses": list(self.statuses),
            "external_id": self.external_id,
            "filter": self.text,
            "tag_ids": list(self.tag_ids),
        }
        return {name: value for name, value in members.items() if value}


def search(client: Client, query: TaskQuery, *, limit: int = MOST_TASKS, offset: int = 0) -> Page[Stop]:
    """`task/list`: stops of their own. Whether others come along is not documented, so they are left out."""
    reply = client.read("task/list", {**query.to_wire(), "limit": limit, "offset": offset})
    found = values.read_all(reply.records(), lambda item: stop_from(item, client.zone), what="task/list")
    items = tuple(stop for stop in found if stop.type == "task")
    total = reply.count(offset + len(found)) - (len(found) - len(items))
    return Page(items=items, total=max(total, offset + len(items)), offset=offset, limit=limit)


def read(client: Client, task_id: int) -> Stop:
    """`task/read` of a task or checkpoint. Raises NotFound (201); a route is a BadReply: see `routes`."""
    reply = client.read("task/read", {"task_id": task_id})
    return reply.read_as(lambda record: stop_from(record, client.zone))


def kind_of(client: Client, task_id: int) -> str:
    """`task/read` of any id: task, checkpoint or route. Raises NotFound (201)."""
    reply = client.read("task/read", {"task_id": task_id})
    return reply.read_as(lambda record: values.text(record, "type") or "task")


def count(client: Client) -> int:
    """`task/count`."""
    return client.read("task/count").number("count")


def create(client: Client, draft: StopDraft, *, create_form: bool = False) -> Written:
    """`task/create`. Raises NotFound (201: tracker), InvalidRequest (7), NotAllowed (236).

    Identical ones are not told apart by the platform: after `maybe_applied` look before repeating.
    """
    return written(client.write("task/create", {"task": draft.to_wire(), "create_form": create_form}))


def update(client: Client, draft: StopDraft, *, form: FormChange = "keep") -> Written:
    """`task/update`: the whole task. Raises NotFound (201), WrongState (255), InvalidRequest (7)."""
    return written(client.write("task/update", {"task": updated(draft, form), **form_switch(form)}))


def assign(client: Client, task_id: int, tracker_id: int | None) -> None:
    """`task/assign`; None takes the executor away. Raises NotFound (201, 204), WrongState (208, 255)."""
    client.write("task/assign", {"task_id": task_id, **chosen(tracker_id)})


def delete(client: Client, task_id: int) -> None:
    """`task/delete`: for good. Raises NotFound (201)."""
    client.write("task/delete", {"task_id": task_id})


def transmute(client: Client, task_id: int, *, route_id: int, order: int) -> None:
    """`task/transmute`: the task becomes a checkpoint at `order`, later ones move on.

    Raises NotFound (201), WrongState (255: the task or any checkpoint of the route cannot be changed).
    """
    if order < 0:
        raise NotSendable("Places in a route are counted from 0.")
    client.write("task/transmute", {"task_id": task_id, "route_id": route_id, "order": order})


def history(client: Client, task_id: int) -> tuple[TaskEvent, ...]:
    """`task/history/list` of a task, route or checkpoint. Raises NotFound (201)."""
    found = client.read("task/history/list", {"task_id": task_id}).records()
    return values.read_all(found, lambda item: event_from(item, client.zone), what="task/history/list")


def event_from(record: Record, zone: tzinfo = UTC) -> TaskEvent:
    return TaskEvent(
        id=values.integer(record, "id") or 0,
        user_id=values.integer(record, "user_id") or 0,
        time=values.moment(record, "event_date", zone),
        operation=values.text(record, "operation") or "",
        payload=values.child(record, "payload"),
    )


def as_received(client: Client, task_id: int) -> tuple[Record, tuple[Record, ...]]:
    """`task/read` untouched, to be kept: the record of any kind, and a route's stops. Raises NotFound."""
    reply = client.read("task/read", {"task_id": task_id})
    nested = reply.records("checkpoints") or values.children(reply.record(), "checkpoints")
    return reply.record(), nested
