"""Tasks, routes and checkpoints of the emulated account (ref 7): one id space, states that follow the clock.

A record that was planned knows what will happen to it; `Work.settle` lets that happen as time passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from dashboard.sandbox.model import Checkin

STATUSES = ("unassigned", "assigned", "arrived", "done", "delayed", "failed", "faulty")
EDITABLE = frozenset({"unassigned", "assigned"})  # anything else is error 255 (ref 7.1)
OPEN = frozenset({"unassigned", "assigned", "arrived", "delayed"})
OVER = frozenset({"done", "failed", "faulty"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the crew will do: enter the zone, leave it, and how the visit ends. None: they never come."""

    arrives: datetime | None
    leaves: datetime | None
    ends: str  # done | faulty | failed | delayed


@dataclass(slots=True, kw_only=True)
class Task:
    """A stand-alone task, or with a `route_id` a checkpoint. Durations in minutes, `stay` in seconds."""

    id: int
    lat: float
    lng: float
    radius: int
    address: str | None
    label: str
    description: str
    created: datetime
    start: datetime
    end: datetime
    tracker_id: int | None = None
    route_id: int | None = None
    external_id: str | None = None
    status: str = "unassigned"
    status_changed: datetime
    max_delay: int = 0
    min_stay: int = 0
    min_arrival: int = 0
    arrived: datetime | None = None
    stay: int = 0
    origin: str = "manual"
    tag_ids: tuple[int, ...] = ()
    form_id: int | None = None
    fields: dict[str, Any] | None = None
    plan: Plan | None = None
    visit: Checkin | None = None  # what the evidence of its planned form is derived from

    @property
    def kind(self) -> str:
        return "checkpoint" if self.route_id is not None else "task"


@dataclass(slots=True, kw_only=True)
class Route:
    """`checkpoint_ids` in execution order; the window and, mostly, the status follow from them."""

    id: int
    label: str
    description: str
    created: datetime
    tracker_id: int | None = None
    external_id: str | None = None
    status: str = "unassigned"
    status_changed: datetime
    origin: str = "manual"
    tag_ids: tuple[int, ...] = ()
    checkpoint_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One line of a task's history (`task/history/list`)."""

    id: int
    user_id: int
    task_id: int
    moment: datetime
    operation: str  # create | update | assign | status_change
    payload: dict[str, Any]


@dataclass(kw_only=True, eq=False)
class Work:
    """Everything that is to be done and was done."""

    tasks: dict[int, Task]  # checkpoints among them
    routes: dict[int, Route]
    next_id: int
    happened: list[Happened] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._unsettled = {one.id for one in self.tasks.values() if one.status not in OVER}

    def fork(self) -> Work:
        routes = {
            one.id: replace(one, checkpoint_ids=list(one.checkpoint_ids)) for one in self.routes.values()
        }
        tasks = {one.id: replace(one) for one in self.tasks.values()}
        return Work(tasks=tasks, routes=routes, next_id=self.next_id, happened=list(self.happened))

    def new_id(self) -> int:
        self.next_id += 1
        return self.next_id - 1

    def stops(self, route: Route) -> list[Task]:
        return [self.tasks[one] for one in route.checkpoint_ids]

    def window(self, route: Route) -> tuple[datetime, datetime]:
        stops = self.stops(route)
        return stops[0].start, stops[-1].end

    def order(self, one: Task) -> int:
        return self.routes[one.route_id or 0].checkpoint_ids.index(one.id)

    def add(self, one: Task, *, at: int | None = None) -> None:
        """A checkpoint goes into its route at that place, the later ones move on."""
        self.tasks[one.id] = one
        self._unsettled.add(one.id)
        if one.route_id is not None and at is not None:
            self.routes[one.route_id].checkpoint_ids.insert(at, one.id)

    def drop(self, one: Task) -> None:
        """A checkpoint leaves a gap that closes; the last one takes its route with it."""
        del self.tasks[one.id]
        self._unsettled.discard(one.id)
        if one.route_id is not None:
            self.leave_route(one)

    def leave_route(self, one: Task) -> None:
        route = self.routes[one.route_id or 0]
        route.checkpoint_ids.remove(one.id)
        if not route.checkpoint_ids:
            del self.routes[route.id]

    def drop_route(self, route: Route) -> None:
        for stop in self.stops(route):
            del self.tasks[stop.id]
            self._unsettled.discard(stop.id)
        del self.routes[route.id]

    def with_external_id(self, external_id: str) -> int:
        tasks = sum(one.external_id == external_id for one in self.tasks.values())
        return tasks + sum(one.external_id == external_id for one in self.routes.values())

    def note(self, task_id: int, operation: str, *, moment: datetime, user_id: int, **payload: Any) -> None:
        number = len(self.happened) + 1
        self.happened.append(
            Happened(
                id=number,
                user_id=user_id,
                task_id=task_id,
                moment=moment,
                operation=operation,
                payload=payload,
            )
        )

    # --- time passes ----------------------------------------------------------------------------------------

    def settle(self, now: datetime, user_id: int) -> None:
        """What was due by `now` has happened."""
        touched = set()
        for one in [self.tasks[number] for number in self._unsettled]:
            for moment, status in _steps(one, now):
                self._became(one, status, moment, user_id)
                touched.add(one.route_id)
        self._unsettled -= {one for one in self._unsettled if self.tasks[one].status in OVER}
        for route in filter(None, (self.routes.get(one or 0) for one in touched)):
            self.judge(route)

    def watch(self, one: Task) -> None:
        """It was changed: time counts for it again."""
        self._unsettled.add(one.id)

    def judge(self, route: Route) -> None:
        """The route's status by its stops'."""
        stops = self.stops(route)
        status = _of_route(route, [one.status for one in stops])
        if status != route.status:
            route.status = status
            route.status_changed = max(one.status_changed for one in stops)

    def _became(self, one: Task, status: str, moment: datetime, user_id: int) -> None:
        if status == "arrived":
            one.arrived = moment
        elif one.arrived and one.plan and one.plan.leaves:
            one.stay = int((one.plan.leaves - one.arrived).total_seconds())
        before, one.status, one.status_changed = one.status, status, moment
        self.note(
            one.id,
            "status_change",
            moment=moment,
            user_id=user_id,
            old_status=before,
            new_status=status,
        )


def _steps(one: Task, now: datetime) -> Iterator[tuple[datetime, str]]:
    """What happens to a task between where it stands and `now` (inferred: ref 7.1)."""
    if one.status == "unassigned":
        return
    late = one.end + timedelta(minutes=one.max_delay)
    plan = one.plan or Plan(arrives=None, leaves=None, ends="failed")
    if plan.arrives is None or plan.leaves is None:
        if one.end < now and one.status == "assigned" and one.max_delay:
            yield one.end, "delayed"
        if late < now:
            yield late, "failed"
        return
    if plan.arrives > one.end and one.end < now and one.status == "assigned":
        yield one.end, "delayed"
    if plan.arrives <= now and one.status != "arrived":
        yield plan.arrives, "arrived"
    if plan.leaves <= now:
        yield plan.leaves, plan.ends


def _of_route(route: Route, statuses: list[str]) -> str:
    if route.tracker_id is None:
        return "unassigned"
    found = set(statuses)
    if found <= {"unassigned", "assigned"}:
        return "assigned"
    if not found <= OVER:
        return "delayed" if "delayed" in found else "arrived"
    if "failed" in found:
        return "failed"
    return "faulty" if "faulty" in found else "done"


def with_ids(tasks: Iterable[Task]) -> dict[int, Task]:
    return {one.id: one for one in tasks}
