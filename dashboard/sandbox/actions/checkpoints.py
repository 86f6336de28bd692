"""Checkpoints: the stops of routes (ref 7.6)."""

from __future__ import annotations

from dashboard.sandbox import task_input
from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.actions import tasks as shared
from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import invalid
from dashboard.sandbox.task_shapes import TaskShapes


@action("task/checkpoint/list", get=True)
def list_checkpoints(asked: Asked) -> Answer:
    """In the order asked for; what is unknown or out of sight is left out silently (ref 7.6)."""
    ids = asked.params.need_integers("checkpoint_ids")
    if not ids:
        raise invalid("checkpoint_ids", "must not be empty")
    work = shared.settled(asked)
    found = [one for number in ids if (one := work.tasks.get(number)) and one.kind == "checkpoint"]
    shapes = TaskShapes.of(asked)
    listed = [shapes.task(one) for one in found if asked.sees(one.tracker_id)]
    return {"list": listed, "count": len(listed)}


@action("task/checkpoint/read", get=True)
def read_checkpoint(asked: Asked) -> Answer:
    work = shared.settled(asked)
    one = shared.named(asked, work, asked.params.need_integer("checkpoint_id"), kind="checkpoint")
    return {"value": TaskShapes.of(asked).task(one, form=True)}


@action("task/checkpoint/create")
def create_checkpoint(asked: Asked) -> Answer:
    """Inserted at `order`, at the end without one; later ones move on."""
    asked.needs(shared.RIGHT)
    with asked.box.lock:
        work = shared.settled(asked)
        body = task_input.body(asked, "checkpoint", asked.params.mapping("checkpoint"))
        if body.parent_id is None:
            raise invalid("checkpoint.parent_id", "must not be null")
        route = shared.route_named(asked, work, body.parent_id)
        order = len(route.checkpoint_ids) if body.order is None else body.order
        shared.place(route, order)
        stop = shared.made(asked, work, body, tracker_id=route.tracker_id, route=route)
        work.add(stop, at=order)
        work.judge(route)
        shared.give_form(asked, stop, body)
        shared.wrote(asked, work, stop.id, "create", label=stop.label)
        return {"id": stop.id, "external_id_counts": shared.counts(work, [body.external_id])}


@action("task/checkpoint/update")
def update_checkpoint(asked: Asked) -> Answer:
    asked.needs(shared.RIGHT)
    with asked.box.lock:
        work = shared.settled(asked)
        body = task_input.body(asked, "checkpoint", asked.params.mapping("checkpoint"))
        stop = shared.named(asked, work, body.id, kind="checkpoint")
        shared.must_be_editable([stop])
        route = work.routes[stop.route_id or 0]
        if body.order is not None:
            if body.order >= len(route.checkpoint_ids):
                raise invalid("checkpoint.order", f"must be below {len(route.checkpoint_ids)}")
            route.checkpoint_ids.remove(stop.id)
            route.checkpoint_ids.insert(body.order, stop.id)
        shared.change(asked, work, stop, body)
        return {"external_id_counts": shared.counts(work, [body.external_id])}


@action("task/checkpoint/delete", get=True)
def delete_checkpoint(asked: Asked) -> Answer:
    """The rest close the gap; the last one takes its route with it."""
    asked.needs(shared.RIGHT)
    with asked.box.lock:
        work = shared.settled(asked)
        stop = shared.named(asked, work, asked.params.need_integer("checkpoint_id"), kind="checkpoint")
        shared.must_be_editable([stop])
        work.drop(stop)
        return {}


@action("task/checkpoint/transmute", get=True)
def transmute_checkpoint(asked: Asked) -> Answer:
    """The checkpoint becomes a stand-alone task; a route without others is deleted."""
    asked.needs(shared.RIGHT)
    with asked.box.lock:
        work = shared.settled(asked)
        stop = shared.named(asked, work, asked.params.need_integer("checkpoint_id"), kind="checkpoint")
        shared.must_be_editable(work.stops(work.routes[stop.route_id or 0]))
        work.leave_route(stop)
        stop.route_id = None
        shared.wrote(asked, work, stop.id, "update", type="task")
        return {}
