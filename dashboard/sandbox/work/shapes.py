"""Tasks, checkpoints and routes as the wire shows them (ref 7.1, 7.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dashboard.sandbox.shapes import Json, Shapes
from dashboard.sandbox.work.records import Event, Route, Task
from dashboard.sandbox.work.states import state

if TYPE_CHECKING:
    from dashboard.sandbox.actions import Asked


@dataclass(frozen=True, slots=True)
class WorkShapes:
    asked: Asked
    now: datetime

    @classmethod
    def of(cls, asked: Asked) -> WorkShapes:
        return cls(asked, asked.box.clock.now())

    def moment(self, moment: datetime | None) -> str | None:
        return self.asked.moments.write(moment) if moment else None

    def task(self, one: Task, *, form: bool = False) -> Json:
        """`form` embeds the whole form: reading does, listing checkpoints does not (ref 7.6)."""
        found = state(one, self.now)
        return {
            "id": one.id,
            "user_id": self.asked.world.account_id,
            "tracker_id": one.tracker_id,
            "location": one.location,
            "label": one.label,
            "description": one.description,
            "creation_date": self.moment(one.created),
            "from": self.moment(one.start),
            "to": self.moment(one.end),
            "external_id": one.external_id,
            "status": found.status,
            "status_change_date": self.moment(found.since),
            "max_delay": one.max_delay,
            "min_stay_duration": one.min_stay,
            "min_arrival_duration": one.min_arrival,
            "arrival_date": self.moment(found.arrival),
            "stay_duration": found.stay,
            "origin": one.origin,
            "tags": list(one.tag_ids),
            "type": one.kind,
            "form": self._form(one) if form else None,
            "fields": one.fields,
            "parent_id": one.parent_id,
            "order": self.asked.work.order(one),
        }

    def route(self, one: Route) -> Json:
        """`from` and `to` are those of the first and the last stop."""
        stops = self.asked.work.stops(one)
        found = self.asked.work.route_state(one, self.now)
        return {
            "id": one.id,
            "user_id": self.asked.world.account_id,
            "tracker_id": one.tracker_id,
            "label": one.label,
            "description": one.description,
            "creation_date": self.moment(one.created),
            "from": self.moment(stops[0].start) if stops else None,
            "to": self.moment(stops[-1].end) if stops else None,
            "external_id": one.external_id,
            "status": found.status,
            "status_change_date": self.moment(found.since),
            "origin": one.origin,
            "tags": list(one.tag_ids),
            "checkpoint_ids": list(one.stop_ids),
            "type": "route",
        }

    def stops(self, one: Route, *, form: bool = False) -> list[Json]:
        return [self.task(stop, form=form) for stop in self.asked.work.stops(one)]

    def event(self, number: int, task_id: int, one: Event) -> Json:
        return {
            "id": task_id * 100 + number,
            "user_id": self.asked.world.account_id,
            "task_id": task_id,
            "event_date": self.moment(one.at),
            "operation": one.operation,
            "payload": one.payload,
        }

    def _form(self, one: Task) -> Json | None:
        form = self.asked.world.form(one.form_id) if one.form_id else None
        return Shapes.of(self.asked).form(form) if form else None
