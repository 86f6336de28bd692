"""Check-ins (ref 5): search, read, create, delete, export, and reserving what goes with a new one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from dashboard.navixy import conditions as condition_rules
from dashboard.navixy import values
from dashboard.navixy.client import Client, Reply
from dashboard.navixy.conditions import Condition, wire_time
from dashboard.navixy.downloads import Download, FileFormat
from dashboard.navixy.errors import NotSendable
from dashboard.navixy.files import File, UploadTarget, files_from, upload_target_from
from dashboard.navixy.paging import Page
from dashboard.navixy.texts import forbidden_character
from dashboard.navixy.values import Record

SORT_FIELDS = ("employee", "tracker_id", "marker_time", "location", "comment", "form")
"""The six of all editions; ALL_SORT_FIELDS adds the newest edition's three (ref 4, 10.6)."""
ALL_SORT_FIELDS = (*SORT_FIELDS, "employee_fullname", "address", "form_label")
LARGEST_RADIUS = 20_000_000  # metres: half-way round the Earth
NEWEST_FIRST = ("marker_time=desc",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkin:
    """One check-in. `marker_time` is when it happened; it may reach the platform later (ref 5). Degrees are
    WGS84, `precision` metres. The answers of its form are not here: see `forms.read_form`.
    """

    id: int
    marker_time: datetime
    user_id: int = 0
    tracker_id: int
    employee_id: int | None = None
    lat: float
    lng: float
    address: str = ""
    precision: int | None = None
    comment: str = ""
    files: tuple[File, ...] = ()
    form_id: int | None = None
    form_label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Degrees and metres. Raises NotSendable for what is no place or no radius."""

    lat: float
    lng: float
    radius: int

    def __post_init__(self) -> None:
        check_place(self.lat, self.lng)
        if not 1 <= self.radius <= LARGEST_RADIUS:
            raise NotSendable("The radius must be at least one metre and at most 20,000 km.")

    def to_wire(self) -> dict[str, float]:
        return {"lat": self.lat, "lng": self.lng, "radius": self.radius}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to search for. An empty `trackers` means all; `start` and `end` apply to `marker_time`.

    Breaking a documented rule raises NotSendable here rather than error 7 there.
    """

    trackers: tuple[int, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    conditions: tuple[Condition, ...] = ()
    sort: tuple[str, ...] = NEWEST_FIRST
    circle: Circle | None = None

    def __post_init__(self) -> None:
        _check_period(self.start, self.end)
        condition_rules.check_all(self.conditions)
        for expression in self.sort:
            _check_sort(expression)

    def to_wire(self) -> dict[str, object]:
        """Root members of `checkin/list`; what is not asked for is left out."""
        wire: dict[str, object] = {}
        if self.trackers:
            wire["trackers"] = list(self.trackers)
        if self.start is not None:
            wire["from"] = wire_time(self.start)
        if self.end is not None:
            wire["to"] = wire_time(self.end)
        if self.conditions:
            wire["conditions"] = condition_rules.to_wire(self.conditions)
        if self.circle is not None:
            wire["location"] = self.circle.to_wire()
        if self.sort:
            wire["sort"] = list(self.sort)
        return wire


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSubmission:
    """The filled form of a new check-in. `values`: value objects of ref 6.5 by field id, no empty ones."""

    form_id: int
    values: Mapping[str, Mapping[str, Any]]

    def to_wire(self) -> dict[str, Any]:
        return {"form_id": self.form_id, "values": {key: dict(value) for key, value in self.values.items()}}


def search(client: Client, query: Query, *, limit: int, offset: int = 0) -> Page[Checkin]:
    """`checkin/list`. Raises TooBroad (211), InvalidRequest (7, 217), NotAllowed (13)."""
    reply = client.read("checkin/list", {**query.to_wire(), "limit": limit, "offset": offset})
    items = values.read_all(
        reply.records(), lambda item: checkin_from(item, client.zone), what="checkin/list"
    )
    total = max(reply.count(offset + len(items)), offset + len(items) if items else 0)
    return Page(items=items, total=total, offset=offset, limit=limit)


def read(client: Client, checkin_id: int) -> Checkin:
    """`checkin/read`. Raises NotFound (204)."""
    reply = client.read("checkin/read", {"checkin_id": checkin_id})
    return reply.read_as(lambda record: checkin_from(record, client.zone))


def record(client: Client, checkin_id: int) -> Record:
    """`checkin/read` as it came, to be kept: `checkin_from` reads it. Raises NotFound (204)."""
    return client.read("checkin/read", {"checkin_id": checkin_id}).read_as(_with_identity)


def _with_identity(found: Record) -> Record:
    values.identity(found)
    return found


def export(client: Client, query: Query, *, format: FileFormat) -> Download:
    """`checkin/list` as a file the API makes. Raises as `search`."""
    return client.download("checkin/list", {**query.to_wire(), "format": format})


def delete(client: Client, checkin_ids: Sequence[int]) -> None:
    """`checkin/delete`: for good. Raises NotFound (201: some are gone or not visible), NotAllowed (13)."""
    if not checkin_ids:
        raise NotSendable("Choose at least one check-in to delete.")
    client.write("checkin/delete", {"checkin_ids": list(checkin_ids)})


def create(
    client: Client,
    *,
    tracker_id: int,
    lat: float,
    lng: float,
    address: str | None = None,
    comment: str | None = None,
    file_ids: Sequence[int] = (),
    form: FormSubmission | None = None,
) -> int:
    """`checkin/create`: the platform stamps time and employee. The new id.

    Raises NotFound (201), InvalidAnswers (242), WrongState (208, 269); after `maybe_applied` look before
    repeating.
    """
    check_place(lat, lng)
    _check_text("comment", comment)
    _check_text("address", address)
    location: dict[str, object] = {"lat": lat, "lng": lng} | ({"address": address} if address else {})
    params: dict[str, object] = {"tracker_id": tracker_id, "location": location}
    if comment:
        params["comment"] = comment
    if file_ids:
        params["file_ids"] = list(file_ids)
    if form is not None:
        params["form_submission"] = form.to_wire()
    return client.write("checkin/create", params).number("id")


def reserve_image(
    client: Client, *, size: int, filename: str | None = None, orientation: int | None = None
) -> UploadTarget:
    """`checkin/image/create`: room for a photo of `size` bytes. Raises StorageRefused (268, 271)."""
    params = reservation(size, filename, orientation)
    return _target(client, client.write("checkin/image/create", params))


def create_form(client: Client, *, tracker_id: int, template_id: int) -> int:
    """`checkin/form/create`: an empty form for a check-in to come; its id. Raises NotFound (201)."""
    return client.write("checkin/form/create", {"tracker_id": tracker_id, "template_id": template_id}).number(
        "id"
    )


def reserve_form_file(
    client: Client,
    *,
    form_id: int,
    field_id: str,
    size: int,
    filename: str | None = None,
    orientation: int | None = None,
) -> UploadTarget:
    """`checkin/form/file/create`: room for a file of one field of an unsent form.

    Raises NotFound (201), InvalidRequest (231), StorageRefused (267, 268, 271).
    """
    params = {"form_id": form_id, "field_id": field_id, **reservation(size, filename, orientation)}
    return _target(client, client.write("checkin/form/file/create", params))


def checkin_from(record: Record, zone: tzinfo = UTC) -> Checkin:
    """Raises Unreadable without id, time or place: such a record cannot be shown truthfully."""
    location = values.child(record, "location")
    lat, lng = values.number(location, "lat"), values.number(location, "lng")
    marker_time = values.moment(record, "marker_time", zone)
    if marker_time is None or lat is None or lng is None:
        raise values.Unreadable("no time or place")
    return Checkin(
        id=values.identity(record),
        marker_time=marker_time,
        user_id=values.integer(record, "user_id") or 0,
        tracker_id=values.integer(record, "tracker_id") or 0,
        employee_id=values.integer(record, "employee_id"),
        lat=lat,
        lng=lng,
        address=values.text(location, "address") or "",
        precision=values.integer(location, "precision"),
        comment=values.text(record, "comment") or "",
        files=files_from(record, "files", zone),
        form_id=values.integer(record, "form_id"),
        form_label=values.text(record, "form_label"),
    )


def check_place(lat: float, lng: float) -> None:
    """Raises NotSendable for what is no point on Earth."""
    if not (math.isfinite(lat) and math.isfinite(lng) and -90 <= lat <= 90 and -180 <= lng <= 180):
        raise NotSendable(
            "This is no place on Earth: latitude goes from −90 to 90, longitude from −180 to 180."
        )


def _check_period(start: datetime | None, end: datetime | None) -> None:
    if (start is not None and start.tzinfo is None) or (end is not None and end.tzinfo is None):
        raise NotSendable("The time has no zone.")
    if start is not None and end is not None and wire_time(end) <= wire_time(start):
        raise NotSendable("The end of the period must be after its start.")


def _check_sort(expression: str) -> None:
    field, _, direction = expression.partition("=")
    if field not in ALL_SORT_FIELDS or direction not in ("asc", "desc"):
        raise NotSendable(f"The list cannot be sorted by “{expression[:40]}”.")


def _check_text(name: str, text: str | None) -> None:
    if text and forbidden_character(text, lines=True):
        raise NotSendable(f"The {name} has a character that Navixy does not take.")


def reservation(size: int, filename: str | None, orientation: int | None) -> dict[str, object]:
    if size < 1:
        raise NotSendable("The file is empty.")
    params: dict[str, object] = {"size": size}
    if filename:
        params["filename"] = filename
    if orientation is not None:
        params["metadata"] = {"orientation": orientation}
    return params


def _target(client: Client, reply: Reply) -> UploadTarget:
    return reply.read_as(lambda record: upload_target_from(record, client.zone))
