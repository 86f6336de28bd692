"""Trackers, employees, departments, tags, and where the trackers are (ref 3.1 to 3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from dashboard.navixy import values
from dashboard.navixy.client import Client
from dashboard.navixy.paging import Page, iter_pages
from dashboard.navixy.values import Record

EMPLOYEES_A_PAGE = 500
STATES_A_CALL = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """A device; what check-ins are bound to. `group_id` 0 is none; a blocked one cannot be asked for."""

    id: int
    label: str
    group_id: int = 0
    device_id: str = ""
    model: str = ""
    blocked: bool = False
    tag_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """A person. Social security and licence data are left unread on purpose (ref 3.2)."""

    id: int
    tracker_id: int | None = None
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    phone: str = ""  # digits without plus
    email: str = ""
    department_id: int | None = None
    personnel_number: str = ""
    tag_ids: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Last, first, middle; blanks skipped."""
        parts = (self.last_name, self.first_name, self.middle_name)
        return " ".join(part.strip() for part in parts if part.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    id: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """`color` is RRGGBB. Tags are never on check-ins (ref 3.4)."""

    id: int
    name: str
    color: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerState:
    """Where a tracker was last. `connection`, `movement`: words of ref 3.1, unknown ones survive. Speed in
    km/h, precision in metres, battery in per cent.
    """

    tracker_id: int
    lat: float | None = None
    lng: float | None = None
    speed: float | None = None
    precision: float | None = None
    updated: datetime | None = None
    connection: str = ""
    movement: str = ""
    last_update: datetime | None = None
    battery_level: int | None = None


def list_trackers(client: Client) -> tuple[Tracker, ...]:
    """All trackers this login may see (`tracker/list`; not paged)."""
    found = client.read("tracker/list").records()
    return values.read_all(found, tracker_from, what="tracker/list")


def list_employees(client: Client) -> tuple[Employee, ...]:
    """All employees, through all pages (`employee/list`)."""

    def fetch(limit: int, offset: int) -> Page[Employee]:
        reply = client.read("employee/list", {"limit": limit, "offset": offset, "sort": ["id=asc"]})
        items = values.read_all(reply.records(), employee_from, what="employee/list")
        maybe_more = offset + len(items) + (len(items) >= limit)
        return Page(items=items, total=reply.count(maybe_more), offset=offset, limit=limit)

    pages = iter_pages(fetch, limit=EMPLOYEES_A_PAGE, key=lambda employee: employee.id)
    return tuple(employee for page in pages for employee in page)


def list_departments(client: Client) -> tuple[Department, ...]:
    """`department/list`."""
    found = client.read("department/list").records()
    return values.read_all(found, department_from, what="department/list")


def list_tags(client: Client) -> tuple[Tag, ...]:
    """`tag/list`."""
    return values.read_all(client.read("tag/list").records(), tag_from, what="tag/list")


def tracker_states(client: Client, tracker_ids: Sequence[int]) -> dict[int, TrackerState]:
    """States by tracker id, 2000 a call (`tracker/get_states`). Blocked and unknown trackers are absent."""
    wanted = sorted(set(tracker_ids))
    found: dict[int, TrackerState] = {}
    for start in range(0, len(wanted), STATES_A_CALL):
        part = wanted[start : start + STATES_A_CALL]
        params = {"trackers": part, "list_blocked": True, "allow_not_exist": True}
        states = values.child(client.read("tracker/get_states", params).body, "states")
        for key in states:
            tracker_id = values.integer({"id": key}, "id")
            if tracker_id is not None:
                found[tracker_id] = tracker_state_from(tracker_id, values.child(states, key), client.zone)
    return found


def tracker_from(record: Record) -> Tracker:
    source = values.child(record, "source")
    tags = (values.integer(binding, "tag_id") for binding in values.children(record, "tag_bindings"))
    return Tracker(
        id=values.identity(record),
        label=values.text(record, "label") or "",
        group_id=values.integer(record, "group_id") or 0,
        device_id=values.text(source, "device_id") or "",
        model=values.text(source, "model") or "",
        blocked=values.boolean(source, "blocked") or False,
        tag_ids=tuple(tag for tag in tags if tag is not None),
    )


def employee_from(record: Record) -> Employee:
    return Employee(
        id=values.identity(record),
        tracker_id=values.integer(record, "tracker_id"),
        first_name=values.text(record, "first_name") or "",
        middle_name=values.text(record, "middle_name") or "",
        last_name=values.text(record, "last_name") or "",
        phone=values.text(record, "phone") or "",
        email=values.text(record, "email") or "",
        department_id=values.integer(record, "department_id"),
        personnel_number=values.text(record, "personnel_number") or "",
        tag_ids=values.integers(record, "tags"),
    )


def department_from(record: Record) -> Department:
    return Department(id=values.identity(record), label=values.text(record, "label") or "")


def tag_from(record: Record) -> Tag:
    return Tag(
        id=values.identity(record),
        name=values.text(record, "name") or "",
        color=values.text(record, "color") or "",
    )


def tracker_state_from(tracker_id: int, record: Record, zone: tzinfo = UTC) -> TrackerState:
    gps = values.child(record, "gps")
    location = values.child(gps, "location")
    return TrackerState(
        tracker_id=tracker_id,
        lat=values.number(location, "lat"),
        lng=values.number(location, "lng"),
        speed=values.number(gps, "speed"),
        precision=values.number(gps, "precision"),
        updated=values.moment(gps, "updated", zone),
        connection=values.text(record, "connection_status") or "",
        movement=values.text(record, "movement_status") or "",
        last_update=values.moment(record, "last_update", zone),
        battery_level=values.integer(record, "battery_level"),
    )
