"""Tasks, checkpoints and routes as the wire shows them (ref 7.1, 7.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.sandbox.shapes import Json, Shapes
from dashboard.sandbox.work import Happened, Route, Task

if TYPE_CHECKING:
    from dashboard.sandbox.actions import Asked


@dataclass(frozen=True, slots=True)
class TaskShapes:
    asked: Asked
    shapes: Shapes

    @classmethod
    def of(cls, asked: Asked) -> TaskShapes:
        return cls(asked, Shapes.of(asked))

    def any(self, one: Task | Route, *, form: bool = False) -> Json:
        return self.route(one) if isinstance(one, Route) else self.task(one, form=form)

    def task(self, one: Task, *, form: bool = False) -> Json:
        """`form`: with the form itself, as `read` gives it (ref 7.6); lists do without."""
        write, work = self.shapes.moments.write, self.asked.world.work
        location = {"lat": one.lat, "lng": one.lng, "radius": one.radius, "address": one.address}
        return {
            "id": one.id,
            "user_id": self.shapes.account_id,
            "tracker_id": one.tracker_id,
            "location": location,
            "label": one.label,
            "description": one.description,
            "creation_date": write(one.created),
            "from": write(one.start),
            "to": write(one.end),
            "external_id": one.external_id,
            "status": one.status,
            "status_change_date": write(one.status_changed),
            "max_delay": one.max_delay,
            "min_stay_duration": one.min_stay,
            "min_arrival_duration": one.min_arrival,
            "arrival_date": write(one.arrived) if one.arrived else None,
            "stay_duration": one.stay,
            "origin": one.origin,
            "tags": list(one.tag_ids),
            "type": one.kind,
            "form": self.form_of(one) if form else None,
            "fields": one.fields,
            "parent_id": one.route_id,
            "order": work.order(one) if one.route_id is not None else None,
        }

    def form_of(self, one: Task) -> Json | None:
        form = self.asked.world.form(one.form_id) if one.form_id else None
        return self.shapes.form(form) if form else None

    def route(self, one: Route) -> Json:
        write = self.shapes.moments.write
        start, end = self.asked.world.work.window(one)
        return {
            "id": one.id,
            "user_id": self.shapes.account_id,
            "tracker_id": one.tracker_id,
            "label": one.label,
            "description": one.description,
            "creation_date": write(one.created),
            "from": write(start),
            "to": write(end),
            "external_id": one.external_id,
            "status": one.status,
            "status_change_date": write(one.status_changed),
            "origin": one.origin,
            "tags": list(one.tag_ids),
            "checkpoint_ids": list(one.checkpoint_ids),
            "type": "route",
        }

    def happened(self, one: Happened) -> Json:
        return {
            "id": one.id,
            "user_id": one.user_id,
            "task_id": one.task_id,
            "event_date": self.shapes.moments.write(one.moment),
            "operation": one.operation,
            "payload": dict[str, Any](one.payload),
        }
