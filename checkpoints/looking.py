"""Did a write take effect whose answer got lost? Looked up before anybody repeats it. No Django."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from dashboard.navixy import checkpoints, routes, tasks
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.navixy.routes import Route, RouteDraft, WholeRoute
from dashboard.navixy.stops import Stop, StopDraft, Written, draft_of

T = TypeVar("T")


def surely(write: Callable[[], T], found: Callable[[], T | None]) -> T:
    """What `write` gives; after an ambiguous failure what `found` finds, else the failure is raised."""
    try:
        return write()
    except NavixyError as error:
        if not error.maybe_applied:
            raise
        failure = error
    try:
        seen = found()
    except SessionEnded:
        raise
    except NavixyError:
        seen = None
    if seen is None:
        raise failure
    return seen


def same(stop: Stop, draft: StopDraft) -> bool:
    """Is the stop now as it was sent? Order, executor and form are looked at by nobody: others move them."""
    blank: dict[str, Any] = {
        "order": None,
        "tracker_id": None,
        "form_template_id": None,
        "parent_id": None,
        "id": None,
    }
    try:
        now = replace(draft_of(stop), **blank)
    except NavixyError:
        return False
    then = replace(draft, **blank)
    return replace(now, start=_whole(now.start), end=now.end.replace(microsecond=0)) == replace(
        then, start=_whole(then.start), end=then.end.replace(microsecond=0)
    )


def updated_stop(client: Client, draft: StopDraft) -> Written | None:
    stop = tasks.read(client, draft.id or 0)
    return Written(id=stop.id) if same(stop, draft) else None


def created_checkpoint(client: Client, draft: StopDraft, known: Collection[int]) -> Written | None:
    """A stop of the route that was not there before and is as sent."""
    whole = routes.read_whole(client, draft.parent_id or 0)
    made = [stop for stop in whole.stops if stop.id not in known and same(stop, draft)]
    return Written(id=made[0].id) if len(made) == 1 else None


def tasks_like(client: Client, draft: StopDraft) -> frozenset[int]:
    """Tasks of the same window that look the same: asked for before another one is made."""
    found = tasks.search(client, tasks.TaskQuery(start=draft.start or draft.end, end=draft.end)).items
    return frozenset(stop.id for stop in found if same(stop, draft))


def created_task(client: Client, draft: StopDraft, there: Collection[int]) -> Written | None:
    made = tasks_like(client, draft) - set(there)
    return Written(id=next(iter(made))) if len(made) == 1 else None


def created_route(
    client: Client, draft: RouteDraft, stops: Sequence[StopDraft], known: Collection[int]
) -> tuple[Route, Written] | None:
    for route in routes_around(client, stops):
        if route.id in known or (route.label, len(route.checkpoint_ids)) != (draft.label, len(stops)):
            continue
        by_id = checkpoints.list_checkpoints(client, route.checkpoint_ids)
        made = [by_id[one] for one in route.checkpoint_ids if one in by_id]
        if len(made) == len(stops) and all(map(same, made, stops)):
            return route, Written(id=route.id)
    return None


def routes_around(client: Client, stops: Sequence[StopDraft]) -> tuple[Route, ...]:
    """Routes in the time of these stops: asked for before another one is made."""
    start = min(stop.start or stop.end for stop in stops)
    return routes.list_routes(client, start=start, end=max(stop.end for stop in stops))


def ordered(present: WholeRoute, sent: Sequence[StopDraft]) -> bool:
    """Does the route stand as it was sent?"""
    return [stop.id for stop in present.stops] == [draft.id for draft in sent] and all(
        map(same, present.stops, sent)
    )


def _whole(moment: datetime | None) -> datetime | None:
    return moment.replace(microsecond=0) if moment else None
