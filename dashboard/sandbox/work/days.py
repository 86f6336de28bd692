"""The routes of one day for the company of the demo: who goes where, when, and what comes of it.

Each day has dice of its own, so that a day is the same whenever it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from dashboard.sandbox.company import BLOCKED, PENINSULA, Crew, Site
from dashboard.sandbox.evidence import digest
from dashboard.sandbox.templates import ARCHIVED, usual_template
from dashboard.sandbox.texts import CLIMATE, LIFTS, SOLAR
from dashboard.sandbox.work.records import Plan, Route, Task

JOBS: Mapping[str, tuple[str, ...]] = {
    LIFTS: ("Quarterly maintenance", "Door check", "Rope inspection", "Emergency phone test"),
    CLIMATE: ("Boiler service", "Filter change", "Leak check", "Thermostat"),
    SOLAR: ("String measurement", "Module cleaning", "Inverter check", "Fence round"),
}
NOTES = (
    "",
    "",
    "",
    "Ring at the back door",
    "Ask for the keys at reception",
    "Call 20 min before\nParking in the yard",
)
OPENS, HOURS = time(8, 0), 9.5
ON_CALL = (3002, 3014)  # two crews that are out at night by turns
LONG_DELAY = 3 * 24 * 60


@dataclass(frozen=True, kw_only=True)
class Setting:
    seed: int
    crews: Mapping[int, Crew]
    busy: tuple[int, int] | None = None  # so many routes and stops on the day the work is first looked at


@dataclass(kw_only=True)
class Day:
    """Makes the records of one date; `next_id` numbers all of them."""

    setting: Setting
    day: date
    now: datetime
    is_today: bool
    next_id: Callable[[], int]

    def __post_init__(self) -> None:
        self.dice = Random(digest(self.setting.seed, "work", self.day))
        noon = datetime.combine(self.day - timedelta(days=1), time(16), PENINSULA).astimezone(UTC)
        self.created = min(noon, self.now - timedelta(hours=2))

    def routes(self) -> Iterator[tuple[Route, list[Task]]]:
        if self.setting.busy and self.is_today:
            yield from self._busy(*self.setting.busy)
            return
        for crew in self._working():
            yield self._route(crew, crew.tracker_id, self.dice.randint(6, 16))
        for at in range(3 if self.day >= self.now.date() else 1):
            crew = self.dice.choice(self._crews())
            yield self._route(crew, None, 6 + at)
        for shift in range(3):
            yield self._on_call(shift)

    def tasks(self) -> Iterator[Task]:
        """Stand-alone stops: odd jobs between the rounds."""
        for crew in self.dice.sample(self._crews(), 8):
            tracker_id = crew.tracker_id if self.dice.random() < 0.7 else None
            opens = self._opens(crew) + timedelta(minutes=30 * self.dice.randint(0, 16))
            yield self._task(crew, tracker_id, opens, None)

    def _crews(self) -> list[Crew]:
        return [crew for number, crew in self.setting.crews.items() if number not in BLOCKED]

    def _working(self) -> list[Crew]:
        share = 0.78 if self.is_today or self.day.weekday() < 5 else 0.12
        return [crew for crew in self._crews() if self.dice.random() < share]

    def _busy(self, routes: int, stops: int) -> Iterator[tuple[Route, list[Task]]]:
        crews = self._crews()
        for at in range(routes):
            crew = crews[at % len(crews)]
            yield self._route(crew, crew.tracker_id, stops * (at + 1) // routes - stops * at // routes)

    def _on_call(self, shift: int) -> tuple[Route, list[Task]]:
        """Somebody is under way at any hour."""
        crew = self.setting.crews[ON_CALL[(self.day.toordinal() + shift) % 2]]
        opens = datetime.combine(self.day, time(8 * shift), crew.zone).astimezone(UTC)
        return self._route(crew, crew.tracker_id, 10, opens=opens, hours=8, label="On call")

    def _opens(self, crew: Crew) -> datetime:
        return datetime.combine(self.day, OPENS, crew.zone).astimezone(UTC)

    def _route(
        self,
        crew: Crew,
        tracker_id: int | None,
        number: int,
        *,
        opens: datetime | None = None,
        hours: float = HOURS,
        label: str = "",
    ) -> tuple[Route, list[Task]]:
        route = Route(
            id=self.next_id(),
            tracker_id=tracker_id,
            label=f"{label or self.dice.choice(JOBS[crew.line])} · {crew.base.name} · {self.day:%d.%m.}",
            description=self.dice.choice(NOTES),
            created=self.created,
            external_id=f"R-{self.day:%y%m%d}-{crew.tracker_id}" if self.dice.random() < 0.5 else None,
            tag_ids=self._tags(),
        )
        first, step = opens or self._opens(crew), timedelta(hours=hours) / number
        stops = [self._task(crew, tracker_id, first + step * at, route.id) for at in range(number)]
        route.stop_ids = [one.id for one in stops]
        return route, stops

    def _task(self, crew: Crew, tracker_id: int | None, opens: datetime, parent_id: int | None) -> Task:
        dice = self.dice
        group = dice.randrange(len(crew.towns)) if dice.random() < 0.2 else 0
        site = dice.choices(crew.towns[group], cum_weights=crew.weights[group])[0]
        start = _on_five_minutes(opens)
        task = Task(
            id=self.next_id(),
            tracker_id=tracker_id,
            location=_location(dice, site),
            label=f"{site.customer}: {dice.choice(JOBS[crew.line]).lower()}",
            description=dice.choice(NOTES),
            created=self.created,
            assigned=self.created + timedelta(minutes=dice.randint(5, 90)),
            start=start,
            end=start + timedelta(minutes=dice.choice((45, 60, 60, 90, 120))),
            external_id=self._external_id(),
            max_delay=dice.choice((0, 0, 15, 30, 60, LONG_DELAY)),
            min_stay=dice.choice((0, 5, 10, 10)),
            min_arrival=dice.choice((0, 0, 1, 2)),
            tag_ids=self._tags(),
            parent_id=parent_id,
        )
        task.plan = _plan(dice, task)
        task.form_id = self._template(crew) if dice.random() < 0.45 else None
        return task

    def _template(self, crew: Crew) -> int | None:
        """For the moment the number of the template; who keeps the work makes the form of it."""
        found = usual_template(self.dice, crew.line, emergency=False)
        return None if found == ARCHIVED else found

    def _tags(self) -> tuple[int, ...]:
        return tuple(sorted(self.dice.sample(range(81, 89), self.dice.choice((0, 0, 0, 1, 2)))))

    def _external_id(self) -> str | None:
        """Order numbers; an order with several visits has the same one at each."""
        if self.dice.random() < 0.3:
            return None
        if self.dice.random() < 0.08:
            return f"ORD-{self.dice.randint(100, 115)}"
        return f"ORD-{self.day:%y%m%d}-{self.dice.randrange(100_000):05d}"


def _on_five_minutes(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 5 * 5, second=0, microsecond=0)


def _location(dice: Random, site: Site) -> dict[str, object]:
    return {
        "lat": site.lat,
        "lng": site.lng,
        "radius": dice.choice((50, 100, 150, 300)),
        "address": site.address,
    }


def _plan(dice: Random, task: Task) -> Plan | None:
    """Most visits go well; some are late, too short, flawed or never happen."""
    chance = dice.random()
    stay = timedelta(minutes=task.min_stay + dice.randint(3, 25), seconds=dice.randrange(60))
    arrival = task.start + timedelta(minutes=dice.randint(-4, 38), seconds=dice.randrange(60))
    if chance < 0.07:
        return None
    if chance < 0.14 and task.max_delay:
        arrival = task.end + timedelta(minutes=dice.randint(1, max(1, min(task.max_delay, 50) - 1)))
    if 0.14 < chance < 0.18 and task.min_stay:
        return Plan(arrival=arrival, leaves=arrival + timedelta(minutes=task.min_stay) / 3, finish=None)
    leaves = arrival + stay
    return Plan(arrival=arrival, leaves=leaves, finish=leaves, flawed=0.18 < chance < 0.25)
