"""Everything of ref 7 that one account holds: one id space, one moment after another."""

from __future__ import annotations

import heapq
from datetime import date, datetime, timedelta
from itertools import count

from dashboard.sandbox.company import PENINSULA
from dashboard.sandbox.evidence import FILES_PER_CHECKIN
from dashboard.sandbox.model import File, Form, FormTemplate
from dashboard.sandbox.work.days import Day, Setting
from dashboard.sandbox.work.filling import Filling
from dashboard.sandbox.work.records import Event, Route, Task
from dashboard.sandbox.work.states import State, route_state, state

FIRST_TASK = 4_000_001
FORM_OFFSET = 900_000_000


class Work:
    """The records by id, made when first looked at; `advance` follows the clock."""

    def __init__(
        self,
        setting: Setting,
        *,
        templates: dict[int, FormTemplate],
        forms: dict[int, Form],
        filling: Filling,
    ) -> None:
        self.tasks: dict[int, Task] = {}
        self.routes: dict[int, Route] = {}
        self.events: dict[int, list[Event]] = {}
        self.optimised: dict[int, datetime] = {}  # person → when it last asked for an order of stops
        self._setting, self._templates, self._forms, self._filling = setting, templates, forms, filling
        self._files: dict[int, File | None] = {}
        self._ids = count(FIRST_TASK)
        self._made_until = date.min
        self._submissions: list[tuple[datetime, int]] = []

    def next_id(self) -> int:
        return next(self._ids)

    # reading ---------------------------------------------------------------

    def find(self, record_id: int) -> Task | Route | None:
        return self.tasks.get(record_id) or self.routes.get(record_id)

    def stops(self, route: Route) -> list[Task]:
        return [self.tasks[one] for one in route.stop_ids]

    def order(self, task: Task) -> int | None:
        route = self.routes.get(task.parent_id or 0)
        return route.stop_ids.index(task.id) if route else None

    def route_state(self, route: Route, now: datetime) -> State:
        return route_state(route, [state(one, now) for one in self.stops(route)])

    def file(self, file_id: int) -> File | None:
        """A file that came with the form of a stop, the same at every call."""
        task = self.tasks.get(file_id // FILES_PER_CHECKIN)
        form = self._forms.get(FORM_OFFSET + task.id) if task else None
        if task is None or form is None or form.submitted is None:
            return None
        if file_id not in self._files:
            self._files[file_id] = self._filling.file(task, form, file_id)
        return self._files[file_id]

    # writing ---------------------------------------------------------------

    def keep(self, task: Task) -> None:
        self.tasks[task.id] = task
        if task.form_id is not None and task.plan is not None and task.plan.finish is not None:
            submits = task.plan.arrival + (task.plan.finish - task.plan.arrival) * 0.6
            heapq.heappush(self._submissions, (submits, task.id))

    def forget(self, task: Task) -> None:
        """The record with its form and its history; its route keeps order by itself."""
        self.tasks.pop(task.id, None)
        self.events.pop(task.id, None)
        self._forms.pop(task.form_id or 0, None)
        if (route := self.routes.get(task.parent_id or 0)) and task.id in route.stop_ids:
            route.stop_ids.remove(task.id)

    def note(self, record_id: int, event: Event) -> None:
        self.events.setdefault(record_id, []).append(event)

    # time ------------------------------------------------------------------

    def advance(self, now: datetime) -> None:
        """Makes the days up to the end of this week, and submits the forms filled since the last look."""
        today = now.astimezone(PENINSULA).date()
        monday = today - timedelta(days=today.weekday())
        until = max(monday + timedelta(days=6), today + timedelta(days=1))
        day = max(self._made_until + timedelta(days=1), monday - timedelta(days=7))
        first = not self.tasks
        while day <= until:
            made = Day(
                setting=self._setting, day=day, now=now, is_today=first and day == today, next_id=self.next_id
            )
            self._take(made)
            day += timedelta(days=1)
        self._made_until = max(self._made_until, until)
        self._submit(now)

    def _take(self, day: Day) -> None:
        for route, stops in day.routes():
            self.routes[route.id] = route
            for task in stops:
                self._take_task(task)
        for task in day.tasks():
            self._take_task(task)

    def _take_task(self, task: Task) -> None:
        template = self._templates.get(task.form_id or 0)
        task.form_id = None
        if template is not None:
            form = blank_form(task, template, form_id=FORM_OFFSET + task.id, created=task.created)
            self._forms[form.id] = form
            task.form_id = form.id
        self.keep(task)

    def _submit(self, now: datetime) -> None:
        while self._submissions and self._submissions[0][0] <= now:
            moment, task_id = heapq.heappop(self._submissions)
            task = self.tasks.get(task_id)
            form = self._forms.get(task.form_id or 0) if task else None
            if task and form and form.submitted is None and state(task, moment).status == "arrived":
                self._filling.fill(task, form, moment)


def blank_form(task: Task, template: FormTemplate, *, form_id: int, created: datetime) -> Form:
    return Form(
        id=form_id,
        label=template.label,
        description=template.description,
        fields=template.fields,
        values=None,
        created=created,
        submitted=None,
        template_id=template.id,
        template_version=template.version,
        tracker_id=task.tracker_id,
        task_id=task.id,
        submit_in_zone=template.submit_in_zone,
    )
