"""Events of trackers and people (ref 9). Reading marks nothing as read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from dashboard.navixy import values
from dashboard.navixy.client import Client, Reply
from dashboard.navixy.conditions import wire_time
from dashboard.navixy.errors import NotSendable
from dashboard.navixy.values import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry. `extra` may name the check-in, task, route (`parent_task_id`) or employee it is about."""

    id: int
    type: str = ""
    event: str = ""
    message: str = ""
    time: datetime | None = None
    tracker_id: int | None = None
    lat: float | None = None
    lng: float | None = None
    address: str = ""
    is_read: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def task_id(self) -> int | None:
        return values.integer(self.extra, "task_id")

    @property
    def route_id(self) -> int | None:
        return values.integer(self.extra, "parent_task_id")

    @property
    def checkin_id(self) -> int | None:
        return values.integer(self.extra, "checkin_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """`cut`: there were more than the API gives at once."""

    items: tuple[Event, ...]
    cut: bool


def user_events(
    client: Client,
    *,
    start: datetime,
    end: datetime,
    events: Sequence[str] = (),
    limit: int | None = None,
    newest_first: bool = False,
) -> Events:
    """`history/user/list`. Raises TooBroad (211: period, 212: limit)."""
    return _listed(client, "history/user/list", start, end, events, limit, newest_first, {})


def tracker_events(
    client: Client,
    *,
    trackers: Sequence[int],
    start: datetime,
    end: datetime,
    events: Sequence[str] = (),
    limit: int | None = None,
    newest_first: bool = False,
) -> Events:
    """`history/tracker/list`. Raises TooBroad (211, 212), InvalidRequest (217)."""
    more = {"trackers": list(trackers)}
    return _listed(client, "history/tracker/list", start, end, events, limit, newest_first, more)


def unread_events(client: Client, *, limit: int | None = None, start: datetime | None = None) -> Events:
    """`history/unread/list`."""
    params: dict[str, object] = {"limit": limit} if limit else {}
    if start is not None:
        params["from"] = wire_time(start)
    return _events(client, client.read("history/unread/list", params))


def event_types(client: Client, *, locale: str = "en") -> dict[str, str]:
    """`history/type/list`: what each event is called, by its name."""
    reply = client.read("history/type/list", {"locale": locale, "only_tracker_events": False})
    found = [(values.text(one, "type"), values.text(one, "description")) for one in reply.records()]
    return {name: words or name for name, words in found if name}


def event_from(record: Record, zone: tzinfo = UTC) -> Event:
    """The address stands at the top or inside the location, and may be empty (ref 10.29)."""
    location = values.child(record, "location")
    return Event(
        id=values.identity(record),
        type=values.text(record, "type") or "",
        event=values.text(record, "event") or "",
        message=values.text(values.child(record, "extra"), "full_message")
        or values.text(record, "message")
        or "",
        time=values.moment(record, "time", zone),
        tracker_id=values.integer(record, "tracker_id"),
        lat=values.number(location, "lat"),
        lng=values.number(location, "lng"),
        address=values.text(record, "address") or values.text(location, "address") or "",
        is_read=values.boolean(record, "is_read") or False,
        extra=values.child(record, "extra"),
    )


def _listed(
    client: Client,
    action: str,
    start: datetime,
    end: datetime,
    events: Sequence[str],
    limit: int | None,
    newest_first: bool,
    more: Mapping[str, object],
) -> Events:
    if end <= start:
        raise NotSendable("The end of the period must be after its start.")
    params: dict[str, object] = {"from": wire_time(start), "to": wire_time(end), **more}
    if events:
        params["events"] = list(events)
    if limit is not None:
        params["limit"] = limit
    return _events(client, client.read(action, params | {"ascending": not newest_first}))


def _events(client: Client, reply: Reply) -> Events:
    items = values.read_all(reply.records(), lambda one: event_from(one, client.zone), what=reply.action)
    return Events(items=items, cut=values.boolean(reply.body, "limit_exceeded") or False)
