"""The demo account as one value: who, where, when. Everything follows from a seed, a number and a moment.

Check-ins are kept; their forms and files are not: 100,000 check-ins have a quarter of a million of them. Ids
of forms and files are arithmetic over the check-in's id, and each is made when asked for, always the same.
"""

from __future__ import annotations

import threading
from bisect import insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, lru_cache
from itertools import count
from operator import attrgetter
from random import Random
from typing import Any

from dashboard.sandbox import awkward, company, evidence, rounds, schedule, templates
from dashboard.sandbox.company import Crew
from dashboard.sandbox.evidence import FILES_PER_CHECKIN, FORM_OFFSET, Source
from dashboard.sandbox.model import Checkin, Department, Employee, File, Form, FormTemplate, Tag, Tracker
from dashboard.sandbox.people import ACCOUNT_ID
from dashboard.sandbox.work import Task, Work

FIRST_CHECKIN = 10_001
FIRST_WRITTEN_ID = 1_500_000_000
KEPT_IN_MEMORY = 20_000

_by_time = attrgetter("marker_time", "id")


@dataclass(kw_only=True, eq=False)
class World:
    """Everything one account holds; `checkins` is ordered by `marker_time`.

    API calls write with `add`, `remove`, `written_forms` and `written_files`; `fork` is a copy to write on.
    """

    seed: int
    account_id: int
    trackers: dict[int, Tracker]
    employees: dict[int, Employee]
    departments: dict[int, Department]
    tags: dict[int, Tag]
    templates: dict[int, FormTemplate]
    past_templates: dict[int, FormTemplate]
    crews: dict[int, Crew]
    checkins: list[Checkin]
    scopes: dict[str, frozenset[int] | None]  # person key → visible trackers; None: all of them
    planned: Callable[[], Work]  # tasks and routes as at the start; made when first asked for
    written_forms: dict[int, Form] = field(default_factory=dict)
    written_files: dict[int, File] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_id = {one.id: one for one in self.checkins}
        self._last_id = max(self._by_id, default=FIRST_CHECKIN - 1)
        self._written_ids = count(FIRST_WRITTEN_ID)
        self._form = lru_cache(KEPT_IN_MEMORY)(self._make_form)
        self._file = lru_cache(KEPT_IN_MEMORY)(self._make_file)
        self._work: Work | None = None
        self._making = threading.Lock()

    @property
    def work(self) -> Work:
        """This world's own tasks, routes and checkpoints."""
        with self._making:
            self._work = self._work or self.planned().fork()
            return self._work

    def prepare(self) -> None:
        """Plans tasks and routes now, for all copies, and not while the first caller waits."""
        self.planned()

    def checkin(self, checkin_id: int) -> Checkin | None:
        return self._by_id.get(checkin_id)

    def form(self, form_id: int) -> Form | None:
        written = self.written_forms.get(form_id)
        if written:
            return written
        if form_id - FORM_OFFSET >= rounds.FIRST_TASK:
            return self._form_of_task(form_id)
        # Only what exists is remembered: an id that means nothing yet may belong to the next arrival.
        return self._form(form_id) if form_id - FORM_OFFSET in self._by_id else None

    def file(self, file_id: int) -> File | None:
        written = self.written_files.get(file_id)
        if written or file_id >= FIRST_WRITTEN_ID:
            return written
        return self._file(file_id) if self._visit(file_id // FILES_PER_CHECKIN) else None

    def files_of(self, checkin: Checkin) -> list[File]:
        return [file for file_id in checkin.file_ids if (file := self.file(file_id))]

    def next_checkin_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def next_id(self) -> int:
        """An id for a written form or file; never one that arithmetic gives."""
        return next(self._written_ids)

    def add(self, checkin: Checkin) -> None:
        insort(self.checkins, checkin, key=_by_time)
        self._by_id[checkin.id] = checkin

    def remove(self, checkin_ids: Iterable[int]) -> None:
        """Deletes check-ins; their forms and files go with them."""
        gone = {one for one in checkin_ids if self._by_id.pop(one, None)}
        self.checkins = [one for one in self.checkins if one.id not in gone]
        self._form.cache_clear()
        self._file.cache_clear()

    def fork(self) -> World:
        """A copy that can be written to without touching this one; records that never change are shared."""
        return replace(
            self,
            checkins=list(self.checkins),
            trackers=dict(self.trackers),
            employees=dict(self.employees),
            departments=dict(self.departments),
            tags=dict(self.tags),
            templates=dict(self.templates),
            written_forms={},
            written_files={},
        )

    def arrive(self, now: datetime) -> Checkin:
        """The next check-in from the field, made at `now`."""
        checkin_id = self.next_checkin_id()
        dice = Random(evidence.digest(self.seed, "arrival", checkin_id))
        active = [crew for number, crew in self.crews.items() if number not in company.BLOCKED]
        made = schedule.visit(dice, dice.choice(active), now, now)
        checkin = checkin_of(checkin_id, made, self.past_templates)
        self.add(checkin)
        return checkin

    def state_of(self, tracker_id: int, now: datetime) -> dict[str, Any]:
        """Connection and position of a tracker (ref 3.1), judged by its last check-in."""
        mine = (one for one in reversed(self.checkins) if one.tracker_id == tracker_id)
        return state_of(self.trackers[tracker_id], now, crew=self.crews[tracker_id], last=next(mine, None))

    def _make_form(self, form_id: int) -> Form | None:
        source = self._source(form_id - FORM_OFFSET)
        return evidence.form(source) if source and source.checkin.form_id == form_id else None

    def _make_file(self, file_id: int) -> File | None:
        checkin_id, slot = divmod(file_id, FILES_PER_CHECKIN)
        source = self._source(checkin_id)
        if source is None:
            return None
        return awkward.file(source, slot) or evidence.file(source, slot)

    def _form_of_task(self, form_id: int) -> Form | None:
        """Empty until the visit went well; some are filled while the crew is still there."""
        task = self.work.tasks.get(form_id - FORM_OFFSET)
        made = self._form(form_id) if task and task.form_id == form_id else None
        if task is None or made is None:
            return None
        made = replace(made, checkin_id=None, task_id=task.id, created=task.created)
        if rounds.has_filled(task):
            return made
        return replace(made, values=None, submitted=None, submit_location=None)

    def _visit(self, number: int) -> Checkin | None:
        """A check-in, or what stands for one where a planned form is filled."""
        if number < rounds.FIRST_TASK:
            return self._by_id.get(number)
        task: Task | None = self.work.tasks.get(number)
        return task.visit if task else None

    def _source(self, checkin_id: int) -> Source | None:
        checkin = self._visit(checkin_id)
        if checkin is None or checkin.tracker_id not in self.crews:
            return None
        template_id = templates.ARCHIVED if checkin.template_id is None else checkin.template_id
        return Source(
            seed=self.seed,
            checkin=checkin,
            crew=self.crews[checkin.tracker_id],
            template=self.past_templates.get(template_id) if checkin.form_id else None,
            archived=checkin.template_id is None,
            complete=checkin_id in awkward.COMPLETE,
        )


def build_world(*, seed: int, checkins: int, now: datetime, busy: bool = False) -> World:
    """The account as it stands at `now` (aware UTC), with `checkins` check-ins over the last 120 days.

    `busy` plans 50 routes of 20 stops for today in place of the usual week.
    """
    dice = Random(f"talaia {seed}")
    trackers = company.trackers(dice, now)
    people = company.employees(dice)
    crews = company.crews(dice, people)
    known = templates.all_templates(now)
    odd = awkward.checkins(crews, now)
    visits = list(schedule.visits(dice, crews, count=max(0, checkins - len(odd)), now=now))
    return World(
        seed=seed,
        account_id=ACCOUNT_ID,
        trackers=trackers,
        employees=people,
        departments=company.departments(),
        tags=company.tags(),
        templates={key: one for key, one in known.items() if key != templates.ARCHIVED},
        past_templates=known,
        crews=crews,
        planned=cache(
            lambda: rounds.plan(
                seed=seed, crews=crews, templates=known, now=now, busy=busy, user_id=ACCOUNT_ID
            )
        ),
        checkins=sorted([*odd, *_numbered(visits, known)], key=_by_time),
        scopes={
            "owner": None,
            "api": None,
            "mfa": None,
            "dispatcher": company.DISPATCHER_SCOPE,
            "viewer": company.VIEWER_SCOPE,
        },
    )


def _numbered(visits: list[schedule.Visit], known: dict[int, FormTemplate]) -> Iterable[Checkin]:
    """Ids follow the order in which the platform received the check-ins."""
    visits.sort(key=lambda one: (one.received, one.tracker_id))
    return (checkin_of(FIRST_CHECKIN + at, made, known) for at, made in enumerate(visits))


def checkin_of(checkin_id: int, made: schedule.Visit, known: dict[int, FormTemplate]) -> Checkin:
    template = None if made.template_id is None else known[made.template_id]
    gone = template is not None and template.id == templates.ARCHIVED
    return Checkin(
        id=checkin_id,
        marker_time=made.marker_time,
        received=made.received,
        tracker_id=made.tracker_id,
        employee_id=made.employee_id,
        lat=made.lat,
        lng=made.lng,
        address=made.address,
        precision=made.precision,
        comment=made.comment,
        file_ids=evidence.photo_ids(checkin_id, made.photos),
        form_id=checkin_id + FORM_OFFSET if template else None,
        form_label=template.label if template else None,
        template_id=template.id if template and not gone else None,
    )


def state_of(tracker: Tracker, now: datetime, *, crew: Crew, last: Checkin | None = None) -> dict[str, Any]:
    """The wire shape of one entry of `tracker/get_states`, moments still aware."""
    seen = last.received if last else tracker.created
    idle = (now - seen).total_seconds() / 60
    connection = "active" if idle < 30 else "idle" if idle < 240 else "offline"
    moving = connection == "active" and idle > 5
    lat, lng = (last.lat, last.lng) if last else (crew.base.lat, crew.base.lng)
    return {
        "source_id": tracker.source_id,
        "gps": {
            "updated": seen,
            "signal_level": 90 if connection == "active" else 40,
            "location": {"lat": lat, "lng": lng},
            "heading": (tracker.id * 37) % 360,
            "speed": 20 + tracker.id % 50 if moving else 0,
            "alt": 40 + tracker.id % 600,
        },
        "connection_status": connection,
        "movement_status": "moving" if moving else "parked" if idle > 60 else "stopped",
        "last_update": seen,
        "battery_level": 20 + (tracker.id * 13) % 80,
        "inputs": [],
        "outputs": [],
        "additional": {},
    }
