"""When and where crews check in: working days of 120 days past, emergencies, and what happened just now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from random import Random
from typing import NamedTuple

from dashboard.sandbox import texts
from dashboard.sandbox.company import BLOCKED, DISPATCHER_SCOPE, VIEWER_SCOPE, Crew, Site
from dashboard.sandbox.gazetteer import moved
from dashboard.sandbox.templates import usual_template

DAYS = 120
BLOCKED_SINCE_DAYS = 30
# Monday to Sunday: Fridays end early, weekends belong to those on call.
RHYTHM = (1.0, 1.06, 1.04, 1.0, 0.8, 0.14, 0.05)
HOLIDAYS = frozenset({(1, 1), (1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25)})
OPENS, CLOSES = time(7, 30), time(18, 30)
# Minutes before now of the newest check-ins, so that today and yesterday have rows at any hour in any zone.
RECENT = (
    0.4,
    3,
    8,
    14,
    21,
    29,
    44,
    65,
    95,
    140,
    190,
    260,
    330,
    420,
    600,
    840,
    1080,
    1380,
    1680,
    1980,
    2340,
    2640,
)
LUNCH = (14.0, 15.0)

_PHOTOS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
_PHOTO_WEIGHTS = (12, 37, 65, 85, 94, 97, 98.4, 99.2, 99.7, 100)  # cumulative; 2.1 on average


class Visit(NamedTuple):
    """A check-in before it has an id."""

    marker_time: datetime
    received: datetime
    tracker_id: int
    employee_id: int | None
    lat: float
    lng: float
    address: str | None
    precision: int | None
    comment: str | None
    photos: int
    template_id: int | None


class Shift(NamedTuple):
    """A crew's working time on one day; `share` weighs how much of the year's work falls into it."""

    crew: Crew
    start: datetime
    hours: float
    share: float


def visits(dice: Random, crews: Mapping[int, Crew], *, count: int, now: datetime) -> Iterator[Visit]:
    """Exactly `count` visits up to `now`: the recent ones first, then day by day."""
    recent = RECENT[: max(1, min(len(RECENT), count // 4))] if count else ()
    for minutes, number in zip(recent, _turns(dice), strict=False):
        yield visit(dice, crews[number], now - timedelta(minutes=minutes), now)
    shifts = [shift for crew in crews.values() for shift in _shifts(dice, crew, now)]
    for shift, number in _shared_out(dice, shifts, count - len(recent)):
        yield from _round(dice, shift, number, now)


def _turns(dice: Random) -> Iterator[int]:
    """Trackers by turns; every other one is of a crew that even the person with the smallest scope sees."""
    near = dice.sample(sorted(VIEWER_SCOPE - BLOCKED), len(VIEWER_SCOPE - BLOCKED))
    others = DISPATCHER_SCOPE - VIEWER_SCOPE - BLOCKED
    far = dice.sample(sorted(others), len(others))
    for one, other in zip(cycle(near), cycle(far), strict=False):
        yield from (one, other)


def _shifts(dice: Random, crew: Crew, now: datetime) -> Iterator[Shift]:
    today = now.astimezone(crew.zone).date()
    newest = BLOCKED_SINCE_DAYS if crew.tracker_id in BLOCKED else 0
    for back in range(DAYS, newest - 1, -1):
        shift = _shift(dice, crew, today - timedelta(days=back), now)
        if shift.hours > 0:
            yield shift


def _shift(dice: Random, crew: Crew, day: date, now: datetime) -> Shift:
    opens = datetime.combine(day, OPENS, crew.zone).astimezone(UTC)
    start = opens + timedelta(minutes=dice.randint(0, 70))
    whole = 6.5 if day.weekday() == 4 else dice.uniform(9.0, 9.6)
    hours = min(whole, (now - start).total_seconds() / 3600)
    rhythm = 0.05 if (day.month, day.day) in HOLIDAYS else RHYTHM[day.weekday()]
    return Shift(crew, start, hours, rhythm * dice.uniform(0.6, 1.4) * hours / whole)


def _shared_out(dice: Random, shifts: list[Shift], count: int) -> Iterator[tuple[Shift, int]]:
    """Deals `count` visits to the shifts by their share; rounding carries over, so none is lost."""
    whole = sum(shift.share for shift in shifts)
    dealt, reached = 0, dice.random()
    for at, shift in enumerate(shifts):
        reached += shift.share / whole * count
        upto = count if at == len(shifts) - 1 else min(count, int(reached))
        yield shift, upto - dealt
        dealt = upto


def _round(dice: Random, shift: Shift, number: int, now: datetime) -> Iterator[Visit]:
    """The visits of one shift, evenly spread with some slack, none during lunch, most of them in one town."""
    town = 0 if dice.random() < 0.7 else dice.randrange(len(shift.crew.towns))
    for at in range(number):
        hours = shift.hours * (at + dice.random()) / number
        moment = _not_at_lunch(shift, shift.start + timedelta(seconds=int(hours * 3600)), now)
        yield visit(dice, shift.crew, moment, now, town)


def _not_at_lunch(shift: Shift, moment: datetime, now: datetime) -> datetime:
    local = moment.astimezone(shift.crew.zone)
    if not LUNCH[0] <= local.hour + local.minute / 60 < LUNCH[1]:
        return moment
    hour = timedelta(hours=1)
    return moment + hour if moment + hour <= now else moment - hour


def visit(dice: Random, crew: Crew, moment: datetime, now: datetime, town: int = 0) -> Visit:
    """One check-in of a crew; outside working hours it is an emergency."""
    emergency = not in_working_hours(crew, moment)
    site = dice.choices(crew.towns[town], cum_weights=crew.weights[town])[0]
    precision = _precision(dice)
    lat, lng = _near(dice, site, precision)
    return Visit(
        marker_time=moment,
        received=_received(dice, moment, now),
        tracker_id=crew.tracker_id,
        employee_id=None if dice.random() < 0.01 else crew.employee_id,
        lat=lat,
        lng=lng,
        address=site.address,
        precision=precision,
        comment=texts.comment(dice, crew.line, emergency=emergency),
        photos=dice.choices(_PHOTOS, cum_weights=_PHOTO_WEIGHTS)[0],
        template_id=usual_template(dice, crew.line, emergency=emergency) if dice.random() < 0.4 else None,
    )


def in_working_hours(crew: Crew, moment: datetime) -> bool:
    local = moment.astimezone(crew.zone)
    return local.weekday() < 5 and OPENS <= local.time() < CLOSES


def _precision(dice: Random) -> int | None:
    chance = dice.random()
    if chance < 0.015:
        return 1500
    return None if chance < 0.025 else int(3 + 77 * dice.random() ** 3)


def _near(dice: Random, site: Site, precision: int | None) -> tuple[float, float]:
    """Phones miss the door by some metres, a cell tower by some hundreds."""
    off = min(precision or 10, 350) * dice.random()
    lat, lng = moved(site.lat, site.lng, bearing=dice.uniform(0, 360), metres=off)
    return round(lat, 7), round(lng, 7)


def _received(dice: Random, moment: datetime, now: datetime) -> datetime:
    """One in thirty was out of coverage and arrives hours late (ref 5)."""
    if dice.random() > 0.033:
        return moment
    return min(now, moment + timedelta(minutes=dice.randint(45, 700)))
