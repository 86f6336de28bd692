"""Reading tasks of any kind (ref 7.3, 7.4)."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import ApiError, invalid
from dashboard.sandbox.search import Reader
from dashboard.sandbox.shapes import Json
from dashboard.sandbox.work.records import Event, Route, Task
from dashboard.sandbox.work.search import FIELDS, Seen, every, holding, in_order, near, whole_text
from dashboard.sandbox.work.shapes import WorkShapes
from dashboard.sandbox.work.states import timeline

DEFAULT_LIMIT, MOST = 10_000, 100_000
MOST_CONDITIONS = 60  # at the top level
KINDS = ("task", "route", "checkpoint")


def visible(asked: Asked, record_id: int, *kinds: str) -> Task | Route:
    """The record of one of these kinds; ApiError 201 for another kind, another's scope or nothing."""
    one = asked.work.find(record_id)
    kind = "route" if isinstance(one, Route) else one.kind if one else None
    if one is None or kind not in kinds or not asked.sees(one.tracker_id):
        raise ApiError(201)
    return one


def task_named(asked: Asked, name: str, *kinds: str) -> Task:
    one = visible(asked, asked.params.need_integer(name), *kinds)
    if isinstance(one, Route):
        raise ApiError(201)
    return one


def route_named(asked: Asked, name: str = "route_id") -> Route:
    one = visible(asked, asked.params.need_integer(name), "route")
    if isinstance(one, Task):
        raise ApiError(201)
    return one


@action("task/list", get=True)
def list_tasks(asked: Asked) -> Answer:
    params = asked.params
    limit = params.integer("limit", most=MOST) or DEFAULT_LIMIT
    offset = params.integer("offset", least=0) or 0
    found = holding(asked, near(asked, every(asked, _kinds(asked))), whole_text)
    rows = in_order(asked, _meeting(asked, found))
    return {"list": [_item(asked, seen) for seen in rows[offset : offset + limit]], "count": len(rows)}


@action("task/read", get=True)
def read_task(asked: Asked) -> Answer:
    one, shapes = visible(asked, asked.params.need_integer("task_id"), *KINDS), WorkShapes.of(asked)
    if isinstance(one, Route):
        return {"value": shapes.route(one), "checkpoints": shapes.stops(one, form=True)}
    return {"value": shapes.task(one, form=True)}


@action("task/count", get=True)
def count_tasks(asked: Asked) -> Answer:
    return {"count": sum(1 for _ in every(asked, ("task",)))}


@action("task/history/list", get=True)
def list_history(asked: Asked) -> Answer:
    """What was done to the record by calls, and what became of it in the field up to now."""
    one, shapes = visible(asked, asked.params.need_integer("task_id"), *KINDS), WorkShapes.of(asked)
    written = asked.work.events.get(one.id) or [Event(at=one.created, operation="create", payload={})]
    moved = [] if isinstance(one, Route) else [event for event in _moves(one) if event.at <= shapes.now]
    events = sorted([*written, *moved], key=lambda event: event.at)
    return {"list": [shapes.event(number, one.id, event) for number, event in enumerate(events, 1)]}


def _moves(one: Task) -> Iterable[Event]:
    for moment, status in timeline(one):
        if status != "unassigned":
            yield Event(at=moment, operation="status_change", payload={"status": status})


def _kinds(asked: Asked) -> tuple[str, ...]:
    """Nobody documented `types`; a server that does not know it answers as if it were not there (ref 7.7)."""
    types = asked.params.texts("types") if asked.box.switches.types_in_task_list else None
    if types is not None and (not types or set(types) - set(KINDS)):
        raise invalid("types", "unknown type")
    return tuple(types) if types else asked.box.switches.kinds_in_task_list


def _meeting(asked: Asked, found: Iterable[Seen]) -> Iterable[Seen]:
    params = asked.params
    external_id, tags = params.text("external_id", longest=100), frozenset(params.integers("tag_ids") or ())
    texts, conditions = params.texts("filters") or [], params.items("conditions")
    test = None
    if conditions:
        fold = str if asked.box.switches.case_sensitive else str.casefold
        reader = Reader(fields=FIELDS, moments=asked.moments, fold=fold, top_level_most=MOST_CONDITIONS)
        test = reader.read("conditions", conditions)
    for seen in found:
        if external_id is not None and seen.one.external_id != external_id:
            continue
        if (tags and not tags.intersection(seen.one.tag_ids)) or (test and not test(seen)):
            continue
        short = f"{seen.one.label}\n{seen.one.description}\n{seen.address}".casefold()
        if all(text.casefold() in short for text in texts):
            yield seen


def _item(asked: Asked, seen: Seen) -> Json:
    shapes = WorkShapes.of(asked)
    if isinstance(seen.one, Route):
        return shapes.route(seen.one) | {"checkpoints": shapes.stops(seen.one)}
    return shapes.task(seen.one, form=True)
