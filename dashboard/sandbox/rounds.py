"""The company's planned rounds: routes of some days back and ahead, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from dashboard.sandbox.company import BLOCKED, Crew, Site
from dashboard.sandbox.evidence import FORM_OFFSET
from dashboard.sandbox.model import Checkin, FormTemplate
from dashboard.sandbox.templates import usual_template
from dashboard.sandbox.work import Plan, Route, Task, Work, with_ids

FIRST_TASK = 400_001  # far from check-ins: forms and files of both are numbered by the record they belong to
DAYS = range(-6, 3)
BEGINS = time(8, 0)
WEEKEND_SHARE = 0.2
LOOSE_TASKS = 14  # stand-alone, around today
BUSY_ROUTES, BUSY_STOPS = 50, 20
JOBS = (
    ("Quarterly maintenance", "Check brakes, doors and emergency phone. Key at the caretaker's."),
    ("Inspection after repair", ""),
    ("Filter change", "Bring two G4 filters.\nRoof access by ladder, work in pairs."),
    ("Reading and photos", "Photograph the meter and the seal."),
    ("Hand-over to customer", "Ask for a signature."),
    ("Callback: noise reported", "Customer says: <b>loud</b> at night & on weekends"),
    ("=Delivery of spare part", "+34 600 000 000 before arriving"),
)
# How a visit ends and how likely: never came, came too late to count, in order, with problems.
_ENDS = ("done", "late", "faulty", "left early", "missed")
_WEIGHTS = (76, 9, 4, 3, 8)


@dataclass(kw_only=True)
class _Desk:
    """What planning needs at hand; counts ids."""

    dice: Random
    now: datetime
    templates: Mapping[int, FormTemplate]
    next_id: int = FIRST_TASK
    tasks: list[Task] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)

    def number(self) -> int:
        self.next_id += 1
        return self.next_id - 1


def plan(
    *,
    seed: int,
    crews: Mapping[int, Crew],
    templates: Mapping[int, FormTemplate],
    now: datetime,
    busy: bool = False,
    user_id: int,
) -> Work:
    """The same for the same seed and moment. `busy` plans 50 routes of 20 stops for today alone."""
    desk = _Desk(dice=Random(f"rounds {seed}"), now=now, templates=templates)
    active = [crew for number, crew in crews.items() if number not in BLOCKED]
    for crew, day, stops in _busy(active, now) if busy else _rounds(desk.dice, active, now):
        _route(desk, crew, day, stops)
    for _ in range(LOOSE_TASKS):
        crew = desk.dice.choice(active)
        begins = now + timedelta(hours=desk.dice.uniform(-30, 40))
        tracker_id = crew.tracker_id if desk.dice.random() < 0.7 else None
        desk.tasks.append(_stop(desk, crew, desk.dice.choice(crew.sites), begins, tracker_id=tracker_id))
    routes = {one.id: one for one in desk.routes}
    work = Work(tasks=with_ids(desk.tasks), routes=routes, next_id=desk.next_id + 1000)
    work.settle(now, user_id)
    return work


def _rounds(dice: Random, crews: list[Crew], now: datetime) -> Iterator[tuple[Crew, date, int]]:
    for offset in DAYS:
        for crew in crews:
            day = now.astimezone(crew.zone).date() + timedelta(days=offset)
            if day.weekday() < 5 or dice.random() < WEEKEND_SHARE:
                yield crew, day, dice.randint(4, 12)


def _busy(crews: list[Crew], now: datetime) -> Iterator[tuple[Crew, date, int]]:
    for at in range(BUSY_ROUTES):
        crew = crews[at % len(crews)]
        yield crew, now.astimezone(crew.zone).date(), BUSY_STOPS


def _route(desk: _Desk, crew: Crew, day: date, count: int) -> None:
    dice = desk.dice
    tracker_id = crew.tracker_id if dice.random() < 0.95 else None
    created = datetime.combine(day, time(16, 30), crew.zone).astimezone(UTC) - timedelta(days=1)
    created = min(created, desk.now - timedelta(minutes=5))
    route = Route(
        id=desk.number(),
        label=f"{crew.base.name}, {day:%d %b}" + (" · spare" if tracker_id is None else ""),
        description=dice.choice(("", "", "Fuel card in the glove box.", "Start at the depot.")),
        created=created,
        tracker_id=tracker_id,
        external_id=f"TOUR-{day:%y%m%d}-{crew.tracker_id % 100:02d}" if dice.random() < 0.5 else None,
        status="assigned" if tracker_id else "unassigned",
        status_changed=created,
        origin=dice.choice(("manual", "manual", "scheduled", "imported")),
        tag_ids=tuple(sorted(dice.sample(range(81, 89), dice.choice((0, 0, 1, 2))))),
    )
    desk.routes.append(route)
    begins = datetime.combine(day, BEGINS, crew.zone).astimezone(UTC) + timedelta(minutes=dice.randint(0, 40))
    for site in _sites(dice, crew, count):
        stop = _stop(desk, crew, site, begins, tracker_id=tracker_id, route=route)
        desk.tasks.append(stop)
        route.checkpoint_ids.append(stop.id)
        begins += timedelta(minutes=600 / count * dice.uniform(0.8, 1.0))


def _sites(dice: Random, crew: Crew, count: int) -> list[Site]:
    """Near ones first, as somebody plans a day."""
    known = list(crew.sites)
    start = dice.randrange(len(known))
    return [known[(start + at) % len(known)] for at in range(count)]


def _stop(
    desk: _Desk,
    crew: Crew,
    site: Site,
    begins: datetime,
    *,
    tracker_id: int | None,
    route: Route | None = None,
) -> Task:
    dice, number = desk.dice, desk.number()
    job, words = dice.choice(JOBS)
    start = begins.replace(second=0, microsecond=0)
    end = start + timedelta(minutes=dice.choice((30, 45, 60, 60, 90)))
    created = route.created if route else start - timedelta(days=2)
    task = Task(
        id=number,
        lat=site.lat,
        lng=site.lng,
        radius=dice.choice((50, 100, 100, 150, 250)),
        address=site.address,
        label=f"{job}: {site.customer}"[:200],
        description=words,
        created=min(created, desk.now - timedelta(minutes=5)),
        start=start,
        end=end,
        tracker_id=tracker_id,
        route_id=route.id if route else None,
        external_id=_external_id(dice, number),
        status="assigned" if tracker_id else "unassigned",
        status_changed=min(created, desk.now - timedelta(minutes=5)),
        max_delay=dice.choice((0, 15, 30, 60, 240)),
        min_stay=dice.choice((0, 5, 10, 15)),
        min_arrival=dice.choice((0, 0, 1)),
        origin=route.origin if route else "manual",
        tag_ids=tuple(sorted(dice.sample(range(81, 89), dice.choice((0, 0, 0, 1))))),
        plan=_plan(dice, start, end) if tracker_id else None,
        fields={"77": {"type": "text", "value": f"Gate code {dice.randint(1000, 9999)}"}}
        if dice.random() < 0.1
        else None,
    )
    if dice.random() < 0.55:
        _expect_form(desk, crew, site, task)
    return task


def _external_id(dice: Random, number: int) -> str | None:
    chance = dice.random()
    if chance < 0.5:
        return f"WO-{dice.randint(2000, 2039)}" if chance < 0.06 else f"WO-{number - FIRST_TASK + 10_000}"
    return None


def _plan(dice: Random, start: datetime, end: datetime) -> Plan:
    how = dice.choices(_ENDS, weights=_WEIGHTS)[0]
    if how == "missed":
        return Plan(arrives=None, leaves=None, ends="failed")
    if how == "late":
        arrives = end + timedelta(minutes=dice.randint(3, 40))
    else:
        arrives = start + (end - start) * dice.uniform(0.02, 0.7)
    minutes = dice.randint(1, 4) if how == "left early" else dice.randint(16, 38)
    ends = {"late": "done", "left early": "failed"}.get(how, how)
    arrives = arrives.replace(microsecond=0)
    return Plan(arrives=arrives, leaves=arrives + timedelta(minutes=minutes), ends=ends)


def fills_early(task_id: int) -> bool:
    """Whether the crew fills the form on arrival and not when it leaves."""
    return task_id % 2 == 0


def has_filled(task: Task) -> bool:
    """Whether the crew has filled the form it was to fill."""
    return task.status in {"done", "faulty"} or (task.status == "arrived" and fills_early(task.id))


def _expect_form(desk: _Desk, crew: Crew, site: Site, task: Task) -> None:
    """A form to be filled there; its answers come when the visit is over."""
    template = desk.templates[usual_template(desk.dice, crew.line, emergency=False)]
    task.form_id = FORM_OFFSET + task.id
    plan = task.plan
    over = (plan.arrives if fills_early(task.id) else plan.leaves) if plan else None
    over = over or task.end
    task.visit = Checkin(
        id=task.id,
        marker_time=over,
        received=over,
        tracker_id=crew.tracker_id,
        employee_id=crew.employee_id,
        lat=site.lat,
        lng=site.lng,
        address=site.address,
        precision=None,
        comment=None,
        file_ids=(),
        form_id=task.form_id,
        form_label=template.label,
        template_id=template.id,
    )
