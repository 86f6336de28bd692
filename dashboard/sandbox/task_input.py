"""Tasks, checkpoints and routes as callers send them, read strictly; what is wrong is error 7 (ref 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dashboard.sandbox.errors import ApiError, invalid
from dashboard.sandbox.params import as_integer, check_text, is_number, point, read_moment

if TYPE_CHECKING:
    from dashboard.sandbox.actions import Asked

LONGEST_LABEL, LONGEST_DESCRIPTION, LONGEST_EXTERNAL_ID = 200, 1024, 100
MOST_MINUTES = 512_000
LARGEST_RADIUS = 300_000
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What one may write of a task or a checkpoint; the rest of what was sent is ignored."""

    id: int | None
    lat: float
    lng: float
    radius: int
    address: str | None
    label: str
    description: str
    start: datetime
    end: datetime
    external_id: str | None
    max_delay: int
    min_stay: int
    min_arrival: int
    tag_ids: tuple[int, ...]
    form_template_id: int | None
    fields: Json | None
    tracker_id: int | None
    parent_id: int | None
    order: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteBody:
    id: int | None
    label: str
    description: str
    external_id: str | None
    tag_ids: tuple[int, ...]
    tracker_id: int | None
    checkpoint_ids: tuple[int, ...] | None


def body(asked: Asked, name: str, found: Any) -> Body:
    record = _object(name, found)
    location = _object(f"{name}.location", record.get("location"))
    lat, lng = point(f"{name}.location", location)
    start, end = _window(asked, name, record)
    return Body(
        id=_optional(name, record, "id"),
        lat=lat,
        lng=lng,
        radius=as_integer(f"{name}.location.radius", location.get("radius"), most=LARGEST_RADIUS),
        address=_text(f"{name}.location", location, "address", longest=1024),
        label=_label(name, record),
        description=_description(name, record),
        start=start,
        end=end,
        external_id=_external_id(name, record),
        max_delay=_minutes(name, record, "max_delay"),
        min_stay=_minutes(name, record, "min_stay_duration"),
        min_arrival=_minutes(name, record, "min_arrival_duration"),
        tag_ids=_tags(name, record),
        form_template_id=_template(asked, name, record),
        fields=record.get("fields"),
        tracker_id=_optional(name, record, "tracker_id"),
        parent_id=_optional(name, record, "parent_id"),
        order=_optional(name, record, "order", least=0),
    )


def route_body(found: Any) -> RouteBody:
    record = _object("route", found)
    ids = record.get("checkpoint_ids")
    if ids is not None and not isinstance(ids, list):
        raise invalid("route.checkpoint_ids", "must be an array")
    return RouteBody(
        id=_optional("route", record, "id"),
        label=_label("route", record),
        description=_description("route", record),
        external_id=_external_id("route", record),
        tag_ids=_tags("route", record),
        tracker_id=_optional("route", record, "tracker_id"),
        checkpoint_ids=tuple(as_integer("route.checkpoint_ids", one) for one in ids)
        if ids is not None
        else None,
    )


def executor(asked: Asked, tracker_id: int | None) -> int | None:
    """ApiError 201 for a tracker that is unknown or invisible, 208 for a blocked one."""
    if tracker_id is None:
        return None
    tracker = asked.world.trackers.get(tracker_id)
    if tracker is None or not asked.sees(tracker_id):
        raise ApiError(201)
    if tracker.blocked:
        raise ApiError(208)
    return tracker_id


def _object(name: str, found: Any) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise invalid(name, "must be an object")
    return found


def _optional(name: str, record: Mapping[str, Any], key: str, *, least: int = 1) -> int | None:
    found = record.get(key)
    return None if found is None else as_integer(f"{name}.{key}", found, least=least)


def _text(name: str, record: Mapping[str, Any], key: str, *, longest: int) -> str | None:
    found = record.get(key)
    if found is None:
        return None
    if len(check_text(f"{name}.{key}", found)) > longest:
        raise invalid(f"{name}.{key}", f"size must be at most {longest}")
    return str(found)


def _label(name: str, record: Mapping[str, Any]) -> str:
    label = _text(name, record, "label", longest=LONGEST_LABEL)
    if not (label or "").strip():
        raise invalid(f"{name}.label", "must not be blank")
    return label or ""


def _description(name: str, record: Mapping[str, Any]) -> str:
    found = _text(name, record, "description", longest=LONGEST_DESCRIPTION)
    if found is None:
        raise invalid(f"{name}.description", "must not be null")
    return found


def _external_id(name: str, record: Mapping[str, Any]) -> str | None:
    found = _text(name, record, "external_id", longest=LONGEST_EXTERNAL_ID)
    if found == "":
        raise invalid(f"{name}.external_id", "size must be at least 1")
    return found


def _minutes(name: str, record: Mapping[str, Any], key: str) -> int:
    found = record.get(key)
    return 0 if found is None else as_integer(f"{name}.{key}", found, least=0, most=MOST_MINUTES)


def _tags(name: str, record: Mapping[str, Any]) -> tuple[int, ...]:
    found = record.get("tags")
    if found is None:
        return ()
    if not isinstance(found, list):
        raise invalid(f"{name}.tags", "must be an array")
    return tuple(as_integer(f"{name}.tags", one) for one in found)


def _template(asked: Asked, name: str, record: Mapping[str, Any]) -> int | None:
    """Only read when `create_form` is true (ref 7.1). ApiError 201 for one that is not there."""
    if not asked.params.boolean("create_form"):
        return None
    found = _optional(name, record, "form_template_id")
    if found is not None and found not in asked.world.templates:
        raise ApiError(201)
    return found


def _window(asked: Asked, name: str, record: Mapping[str, Any]) -> tuple[datetime, datetime]:
    if record.get("to") is None:
        raise invalid(f"{name}.to", "must not be null")
    end = read_moment(asked.moments, f"{name}.to", record["to"])
    start = read_moment(asked.moments, f"{name}.from", record["from"]) if record.get("from") else end
    if end < asked.box.clock.now():
        raise invalid(f"{name}.to", "must not be in the past")
    if start > end:
        raise invalid(f"{name}.from", "must not be after to")
    return min(start, end), end


def number(name: str, found: Any) -> float:
    if not is_number(found):
        raise invalid(name, "must be a number")
    return float(found)
