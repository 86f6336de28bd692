"""The three kinds of ref 7: tasks, checkpoints (tasks of a route) and routes. Moments are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the field will do about a stop. `finish` is None when the crew leaves too early."""

    arrival: datetime
    leaves: datetime
    finish: datetime | None
    flawed: bool = False


@dataclass(slots=True, kw_only=True)
class Task:
    """A stand-alone task, or with `parent_id` a checkpoint; its place is the one in `Route.stop_ids`."""

    id: int
    tracker_id: int | None
    location: dict[str, Any]  # lat, lng, radius, address?
    label: str
    description: str
    created: datetime
    assigned: datetime  # since when the executor, or the lack of one, is what it is
    start: datetime
    end: datetime
    external_id: str | None = None
    max_delay: int = 0  # minutes, as the two below
    min_stay: int = 0
    min_arrival: int = 0
    origin: str = "manual"
    tag_ids: tuple[int, ...] = ()
    form_id: int | None = None
    fields: dict[str, Any] | None = None
    parent_id: int | None = None
    plan: Plan | None = None

    @property
    def kind(self) -> str:
        return "task" if self.parent_id is None else "checkpoint"


@dataclass(slots=True, kw_only=True)
class Route:
    id: int
    tracker_id: int | None
    label: str
    description: str
    created: datetime
    external_id: str | None = None
    origin: str = "manual"
    tag_ids: tuple[int, ...] = ()
    stop_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of `task/history/list`."""

    at: datetime
    operation: str  # create | update | assign | status_change
    payload: dict[str, Any]
