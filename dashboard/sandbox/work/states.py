"""What status a record has at a moment: nobody sets it, movement and time do (ref 7.1).

The reference defines no transition out of `assigned` but by the zone and the form; the rest is its inference:
conditions met is `done`, a missed window `delayed` inside the allowed delay and `failed` beyond it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.sandbox.work.records import Route, Task

STATUSES = ("unassigned", "assigned", "arrived", "done", "delayed", "failed", "faulty")
EDITABLE = frozenset({"unassigned", "assigned"})
FINAL = frozenset({"done", "failed", "faulty"})


@dataclass(frozen=True, slots=True)
class State:
    status: str
    since: datetime
    arrival: datetime | None = None
    stay: int = 0  # seconds
    completed: datetime | None = None


def timeline(task: Task) -> Iterator[tuple[datetime, str]]:
    """Every change of status there will be if nobody intervenes, in order."""
    if task.tracker_id is None:
        yield task.assigned, "unassigned"
        return
    yield task.assigned, "assigned"
    plan, dead = task.plan, task.end + timedelta(minutes=task.max_delay)
    if plan is not None and plan.arrival <= dead:
        if plan.arrival > task.end:
            yield task.end, "delayed"
        yield plan.arrival, "arrived"
        if plan.finish is not None:
            yield plan.finish, "faulty" if plan.flawed else "done"
            return
        yield plan.leaves, "assigned"
        if plan.leaves >= dead:
            yield plan.leaves, "failed"
            return
    late = max(task.end, task.assigned)
    if task.max_delay and late < dead:
        yield late, "delayed"
    yield max(dead, late), "failed"


def state(task: Task, now: datetime) -> State:
    since, status = task.assigned, "unassigned" if task.tracker_id is None else "assigned"
    for moment, reached in timeline(task):
        if moment <= now:
            since, status = moment, reached
    plan = task.plan
    if plan is None or plan.arrival > now or task.tracker_id is None:
        return State(status, since)
    stayed = int((min(now, plan.leaves) - plan.arrival).total_seconds())
    return State(status, since, plan.arrival, stayed, since if status in ("done", "faulty") else None)


def route_state(route: Route, stops: Sequence[State]) -> State:
    """A route is what its stops are; one whose stops ended differently ends with warnings (ref 7.1)."""
    since = max((one.since for one in stops), default=route.created)
    found = {one.status for one in stops}
    if route.tracker_id is None or not found:
        return State("unassigned", since)
    if len(found) == 1:
        return State(found.pop(), since)
    if found <= FINAL:
        return State("faulty", since)
    return State("delayed" if "delayed" in found else "arrived", since)
