"""What of a stop or route changed elsewhere since it was loaded. No Django.

The API has no version token (ref 7.5), so a page carries a mark of each record it showed; before writing, the
record is read again and its mark compared.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from dashboard.navixy.routes import Route, WholeRoute
from dashboard.navixy.stops import Stop

# Members a person may change, by the words for them; status stands for "may it be changed at all".
STOP_MEMBERS = {
    "label": "name",
    "description": "description",
    "lat": "place",
    "lng": "place",
    "radius": "radius",
    "address": "address",
    "start": "start of the window",
    "end": "end of the window",
    "external_id": "external id",
    "max_delay": "allowed delay",
    "min_stay": "minimum stay",
    "min_arrival": "minimum arrival",
    "tag_ids": "tags",
    "fields": "custom fields",
    "status": "status",
    "parent_id": "route",
}
ROUTE_MEMBERS = ("label", "description", "external_id", "tag_ids", "tracker_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """What happened to one stop meanwhile: `kind` is changed, gone, new or moved."""

    stop_id: int
    label: str
    kind: str


def mark(stop: Stop) -> str:
    """Short text that differs when any member of the stop does that a person may change."""
    return _digest({name: getattr(stop, name) for name in STOP_MEMBERS})


def route_mark(route: Route) -> str:
    return _digest({name: getattr(route, name) for name in ROUTE_MEMBERS})


def differing(before: Stop, after: Stop) -> tuple[str, ...]:
    """The words of members that differ, each once."""
    words = (word for name, word in STOP_MEMBERS.items() if getattr(before, name) != getattr(after, name))
    return tuple(dict.fromkeys(words))


def conflicts(seen: Mapping[int, str], present: WholeRoute) -> tuple[Conflict, ...]:
    """`seen`: marks by id in the order of the page. Empty when the route is as it was loaded."""
    now = {stop.id: stop for stop in present.stops}
    found = [
        Conflict(stop_id=stop.id, label=stop.label, kind="new")
        for stop in present.stops
        if stop.id not in seen
    ]
    for stop_id, known in seen.items():
        if stop_id not in now:
            found.append(Conflict(stop_id=stop_id, label="", kind="gone"))
        elif mark(now[stop_id]) != known:
            found.append(Conflict(stop_id=stop_id, label=now[stop_id].label, kind="changed"))
    found += _moved(list(seen), [stop for stop in present.stops if stop.id in seen])
    return tuple(found)


def adapted(order: Sequence[int], present: WholeRoute) -> tuple[int, ...]:
    """A wanted order over the stops there are now: what is gone leaves, what is new follows its neighbour."""
    ids = [stop.id for stop in present.stops]
    wanted = [one for one in dict.fromkeys(order) if one in ids]
    for place, one in enumerate(ids):
        if one not in wanted:
            before = ids[place - 1] if place else None
            wanted.insert(wanted.index(before) + 1 if before in wanted else 0, one)
    return tuple(wanted)


def _moved(seen: list[int], present: list[Stop]) -> list[Conflict]:
    """Somebody else's order: those whose neighbours before them are others."""
    kept = [one for one in seen if one in {stop.id for stop in present}]
    return [
        Conflict(stop_id=stop.id, label=stop.label, kind="moved")
        for stop, was in zip(present, kept, strict=True)
        if stop.id != was
    ]


def _digest(members: Mapping[str, Any]) -> str:
    return sha256(json.dumps(members, default=_plain, sort_keys=True).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else str(value)
