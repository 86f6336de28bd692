"""Reading routes and their checkpoints (ref 7.5, 7.6)."""

from __future__ import annotations

from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.actions.tasks import route_named, task_named
from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import invalid
from dashboard.sandbox.work.records import Route
from dashboard.sandbox.work.search import every, holding, short_text
from dashboard.sandbox.work.shapes import WorkShapes


@action("task/route/list", get=True)
def list_routes(asked: Asked) -> Answer:
    """Neither paging nor sorting: by window."""
    found = holding(asked, every(asked, ("route",)), short_text)
    rows, shapes = sorted(found, key=lambda seen: (seen.start, seen.one.id)), WorkShapes.of(asked)
    listed = [shapes.route(seen.one) for seen in rows if isinstance(seen.one, Route)]
    return {"list": listed, "count": len(listed)}


@action("task/route/read", get=True)
def read_route(asked: Asked) -> Answer:
    return {"value": WorkShapes.of(asked).route(route_named(asked))}


@action("task/checkpoint/list", get=True)
def list_checkpoints(asked: Asked) -> Answer:
    """Ids nobody has, or nobody this caller sees, are left out without a word."""
    ids = asked.params.need_integers("checkpoint_ids")
    if not ids:
        raise invalid("checkpoint_ids", "must not be empty")
    found = (asked.work.tasks.get(one) for one in dict.fromkeys(ids))
    shapes = WorkShapes.of(asked)
    known = [one for one in found if one and one.kind == "checkpoint" and asked.sees(one.tracker_id)]
    return {"list": [shapes.task(one) for one in known], "count": len(known)}


@action("task/checkpoint/read", get=True)
def read_checkpoint(asked: Asked) -> Answer:
    one = task_named(asked, "checkpoint_id", "checkpoint")
    return {"value": WorkShapes.of(asked).task(one, form=True)}
