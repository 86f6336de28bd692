"""Stops (ref 7.1): the record tasks and checkpoints share, what may be written of it, and its limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal

from dashboard.navixy import values
from dashboard.navixy.checkins import check_place
from dashboard.navixy.client import Reply
from dashboard.navixy.conditions import wire_time
from dashboard.navixy.errors import NotSendable
from dashboard.navixy.files import File, files_from
from dashboard.navixy.forms import Form, form_from
from dashboard.navixy.texts import forbidden_character
from dashboard.navixy.values import Record

STATUSES = ("unassigned", "assigned", "arrived", "done", "delayed", "failed", "faulty")
EDITABLE = frozenset({"unassigned", "assigned"})
LONGEST_LABEL = 200
LONGEST_DESCRIPTION = 1024
LONGEST_EXTERNAL_ID = 100
LARGEST_RADIUS = 300_000  # metres
MOST_MINUTES = 512_000

FormChange = Literal["keep", "replace", "remove"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop: a task of its own, or a checkpoint of the route `parent_id` at `order`.

    Degrees are WGS84, `radius` metres; `max_delay`, `min_stay`, `min_arrival` are minutes, `stayed` seconds.
    `fields` are custom fields as the API gave them, sent back untouched. Status and times of arrival are the
    platform's own: no call sets them.
    """

    id: int
    type: str = "task"  # task | checkpoint; unknown ones survive
    user_id: int = 0
    tracker_id: int | None = None
    label: str
    description: str = ""
    lat: float
    lng: float
    radius: int = 100
    address: str = ""
    start: datetime | None = None
    end: datetime | None = None
    external_id: str | None = None
    status: str = "unassigned"
    status_changed: datetime | None = None
    created: datetime | None = None
    max_delay: int = 0
    min_stay: int = 0
    min_arrival: int = 0
    arrived: datetime | None = None
    stayed: int = 0
    origin: str = ""
    tag_ids: tuple[int, ...] = ()
    form: Form | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    parent_id: int | None = None
    order: int | None = None

    @property
    def is_editable(self) -> bool:
        """Navixy lets only planned stops be changed; anything else is 255 (ref 7.1)."""
        return self.status in EDITABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class StopDraft:
    """What may be written of a stop. Raises NotSendable where a limit of ref 7.1 would be broken.

    `id` None makes a new one. `form_template_id` counts only with `create_form` in the call.
    """

    id: int | None = None
    label: str
    description: str = ""
    lat: float
    lng: float
    radius: int = 100
    address: str = ""
    start: datetime | None = None
    end: datetime
    external_id: str | None = None
    max_delay: int = 0
    min_stay: int = 0
    min_arrival: int = 0
    tag_ids: tuple[int, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    tracker_id: int | None = None
    parent_id: int | None = None
    order: int | None = None
    form_template_id: int | None = None

    def __post_init__(self) -> None:
        check_label(self.label)
        check_description(self.description)
        check_external_id(self.external_id)
        check_place(self.lat, self.lng)
        check_range("radius", self.radius, least=1, most=LARGEST_RADIUS, unit="metres")
        for name in ("max_delay", "min_stay", "min_arrival"):
            check_range(
                name.replace("_", " "), getattr(self, name), least=0, most=MOST_MINUTES, unit="minutes"
            )
        _check_window(self.start, self.end)
        if self.order is not None and self.order < 0:
            raise NotSendable("Places in a route are counted from 0.")

    def to_wire(self) -> dict[str, object]:
        wire: dict[str, object] = {
            "label": self.label,
            "description": self.description,
            "location": {"lat": self.lat, "lng": self.lng, "radius": self.radius, "address": self.address},
            "to": wire_time(self.end),
            "max_delay": self.max_delay,
            "min_stay_duration": self.min_stay,
            "min_arrival_duration": self.min_arrival,
            "tags": list(self.tag_ids),
        }
        if self.start is not None:
            wire["from"] = wire_time(self.start)
        if self.fields:
            wire["fields"] = dict(self.fields)
        optional = ("id", "external_id", "tracker_id", "parent_id", "order", "form_template_id")
        return wire | {name: value for name in optional if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a write answered. `shared`: how many records now have each external id (ref 7.4), if told."""

    id: int | None = None
    shared: Mapping[str, int] = field(default_factory=dict)


# --- from the wire -------------------------------------------------------------------------------------


def stop_from(record: Record, zone: tzinfo = UTC) -> Stop:
    """Raises Unreadable without id or place."""
    location = values.child(record, "location")
    lat, lng = values.number(location, "lat"), values.number(location, "lng")
    if lat is None or lng is None:
        raise values.Unreadable("no place")
    return Stop(
        id=values.identity(record),
        type=values.text(record, "type") or ("checkpoint" if "parent_id" in record else "task"),
        user_id=values.integer(record, "user_id") or 0,
        tracker_id=values.integer(record, "tracker_id"),
        label=values.text(record, "label") or "",
        description=values.text(record, "description") or "",
        lat=lat,
        lng=lng,
        radius=values.integer(location, "radius") or 0,
        address=values.text(location, "address") or "",
        external_id=values.text(record, "external_id") or None,
        status=values.text(record, "status") or "unassigned",
        origin=values.text(record, "origin") or "",
        tag_ids=values.integers(record, "tags"),
        form=_form(record, zone),
        fields=dict(values.child(record, "fields")),
        files=files_from(record, "files", zone),
        parent_id=values.integer(record, "parent_id"),
        order=values.integer(record, "order"),
        start=values.moment(record, "from", zone),
        end=values.moment(record, "to", zone),
        created=values.moment(record, "creation_date", zone),
        status_changed=values.moment(record, "status_change_date", zone),
        arrived=values.moment(record, "arrival_date", zone),
        max_delay=values.integer(record, "max_delay") or 0,
        min_stay=values.integer(record, "min_stay_duration") or 0,
        min_arrival=values.integer(record, "min_arrival_duration") or 0,
        stayed=values.integer(record, "stay_duration") or 0,
    )


def _form(record: Record, zone: tzinfo) -> Form | None:
    """Embedded in `read` only (ref 7.6); guides show `form_id` instead, which is no form (ref 10.25)."""
    found = record.get("form")
    try:
        return form_from(found, zone) if isinstance(found, dict) else None
    except values.Unreadable:
        return None


def draft_of(stop: Stop, **changes: Any) -> StopDraft:
    """A stop as it would be written again, with changes. Raises NotSendable, also for what it had already."""
    draft = StopDraft(
        id=stop.id,
        label=changes.pop("label", stop.label),
        description=stop.description,
        lat=stop.lat,
        lng=stop.lng,
        radius=changes.pop("radius", stop.radius),
        address=stop.address,
        start=changes.pop("start", stop.start),
        end=changes.pop("end", None) or _end_of(stop),
        external_id=stop.external_id,
        max_delay=stop.max_delay,
        min_stay=stop.min_stay,
        min_arrival=stop.min_arrival,
        tag_ids=stop.tag_ids,
        fields=stop.fields,
        parent_id=stop.parent_id,
        order=stop.order,
    )
    return replace(draft, **changes) if changes else draft


def _end_of(stop: Stop) -> datetime:
    if stop.end is None:
        raise NotSendable("A stop needs an end of its visit window.")
    return stop.end


def written(reply: Reply) -> Written:
    counts = values.children(reply.body, "external_id_counts")
    shared = {values.text(one, "external_id") or "": values.integer(one, "count") or 0 for one in counts}
    return Written(id=values.integer(reply.body, "id"), shared=shared)


# --- to the wire ---------------------------------------------------------------------------------------


def chosen(tracker_id: int | None) -> dict[str, object]:
    """A missing tracker means: nobody (ref 7.4)."""
    return {} if tracker_id is None else {"tracker_id": tracker_id}


def form_switch(form: FormChange) -> dict[str, object]:
    """`create_form` true with a template replaces the form, without one takes it away (ref 7.4, 10.14)."""
    return {} if form == "keep" else {"create_form": True}


def updated(draft: StopDraft, form: FormChange = "keep") -> dict[str, object]:
    """The wire object of an update: it must name its record, and never the executor (ref 7.1)."""
    if draft.id is None:
        raise NotSendable("A stop that does not exist yet cannot be changed.")
    if form == "replace" and draft.form_template_id is None:
        raise NotSendable("Choose the form to attach.")
    template = draft.form_template_id if form == "replace" else None
    return replace(draft, tracker_id=None, form_template_id=template).to_wire()


def check_label(label: str) -> None:
    if not label.strip() or len(label) > LONGEST_LABEL:
        raise NotSendable(f"A name has between 1 and {LONGEST_LABEL} characters and is not blank.")
    _check_text("name", label)


def check_description(description: str) -> None:
    if len(description) > LONGEST_DESCRIPTION:
        raise NotSendable(f"A description has at most {LONGEST_DESCRIPTION:,} characters.")
    _check_text("description", description, lines=True)


def check_external_id(external_id: str | None) -> None:
    if external_id is None:
        return
    if not 1 <= len(external_id) <= LONGEST_EXTERNAL_ID:
        raise NotSendable(f"An external id has between 1 and {LONGEST_EXTERNAL_ID} characters.")
    _check_text("external id", external_id)


def check_range(name: str, value: int, *, least: int, most: int, unit: str) -> None:
    if not least <= value <= most:
        raise NotSendable(f"The {name} lies between {least} and {most:,} {unit}.")


def check_period(start: datetime | None, end: datetime | None) -> None:
    if start is not None and end is not None and end < start:
        raise NotSendable("The end of the period must not be before its start.")


def check_statuses(statuses: Sequence[str]) -> None:
    if unknown := [one for one in statuses if one not in STATUSES]:
        raise NotSendable(f"There is no status “{unknown[0][:40]}”.")


def check_filter(text: str) -> None:
    if len(text) > 100:
        raise NotSendable("At most 100 characters can be searched.")


def _check_window(start: datetime | None, end: datetime) -> None:
    if end.tzinfo is None or (start is not None and start.tzinfo is None):
        raise NotSendable("The time has no zone.")
    if start is not None and end < start:
        raise NotSendable("The visit window ends before it starts.")


def _check_text(name: str, text: str, *, lines: bool = False) -> None:
    if forbidden_character(text, lines=lines):
        raise NotSendable(f"The {name} has a character that Navixy does not take.")
