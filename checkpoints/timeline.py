"""Visit windows against now, drawn: one axis for all routes of a page. No Django.

A picture of percentages: SVG attributes need no inline style, and it stretches with its cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup, escape

from checkpoints.progress import STAND_LABELS, stand
from dashboard.clock import Clock
from dashboard.navixy.stops import Stop

STEPS = tuple(timedelta(hours=hours) for hours in (1, 2, 3, 6, 12, 24, 48, 24 * 7))
MOST_TICKS = 6
MOST_LANES = 4
LANE, GAP = 9, 2  # pixels
NARROWEST = 0.7  # per cent: what is shorter could not be hit
_SHORTEST = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """From `start` to `end`, both whole steps in the account's zone."""

    start: datetime
    end: datetime
    ticks: tuple[datetime, ...]
    now: datetime

    origin: float  # seconds, and per cent for each: a thousand windows are placed by them
    scale: float

    def at(self, moment: datetime) -> float:
        """Where a moment is, in per cent, kept inside."""
        return min(100.0, max(0.0, (moment.timestamp() - self.origin) * self.scale))

    @property
    def shows_now(self) -> bool:
        return self.start <= self.now <= self.end


def axis(
    stops: Iterable[Stop], clock: Clock, now: datetime, *, within: tuple[datetime, datetime] | None = None
) -> Axis:
    """As long as windows and arrivals need, with few round ticks, and no longer than the period asked for:
    a night's round that ends this morning must not halve the scale of the day.
    """
    moments = [one for stop in stops for one in (stop.start, stop.end, stop.arrived) if one]
    first, last = min(moments, default=now), max(moments, default=now)
    if within is not None:
        first, last = max(first, within[0]), min(last, within[1])
    last = max(last, first + _SHORTEST)
    step = next((one for one in STEPS if (last - first) / one <= MOST_TICKS), (last - first) / MOST_TICKS)
    start = _floor(clock.local(first), step)
    ticks = [start]
    while ticks[-1] < last:
        ticks.append(ticks[-1] + step)
    return Axis(
        start=ticks[0],
        end=ticks[-1],
        ticks=tuple(ticks[:-1]),
        now=now,
        origin=ticks[0].timestamp(),
        scale=100 / (ticks[-1].timestamp() - ticks[0].timestamp()),
    )


def head(one: Axis, clock: Clock) -> Markup:
    """The scale above the rows."""
    days = one.end - one.start > timedelta(hours=36)
    words = "".join(
        f'<text x="{one.at(tick):.2f}%" y="13">{escape(_tick(tick, clock, days=days))}</text>'
        for tick in one.ticks
    )
    return _svg(f'<g class="t-scale">{words}</g>{_now(one, 18)}', height=18, label="")


def bars(stops: Sequence[Stop], one: Axis, clock: Clock) -> Markup:
    """A route's windows, each with its place, coloured by how it stands."""
    lanes: list[float] = []
    drawn = [_bar(number, stop, one, clock, lanes) for number, stop in enumerate(stops, 1)]
    height = max(1, len(lanes)) * (LANE + GAP) + GAP
    grid = "".join(f'<line x1="{x}" x2="{x}" y1="0" y2="{height}"/>' for x in _ticks(one))
    label = f"{len(stops)} visit windows"
    return _svg(
        f'<g class="t-grid">{grid}</g>{"".join(drawn)}{_now(one, height)}', height=height, label=label
    )


def share(counts: Sequence[tuple[str, int]], total: int) -> Markup:
    """The progress of a route as one bar of parts."""
    parts, left = [], 0.0
    for name, number in counts:
        width = 100 * number / max(1, total)
        parts.append(f'<rect class="t-{name}" x="{left:.2f}%" width="{width:.2f}%" y="0" height="6"/>')
        left += width
    return _svg("".join(parts), height=6, label="")


def _floor(local: datetime, step: timedelta) -> datetime:
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if step >= timedelta(days=1):
        return midnight
    whole = (local.replace(tzinfo=None) - midnight.replace(tzinfo=None)) // step
    return midnight + whole * step


def _ticks(one: Axis) -> Iterator[str]:
    return (f"{one.at(tick):.2f}%" for tick in one.ticks[1:])


def _tick(tick: datetime, clock: Clock, *, days: bool) -> str:
    return clock.date(tick) if days else clock.time(tick)


def _lane(lanes: list[float], left: float, right: float) -> int:
    """The first lane in which the window overlaps no other; the last one when all are taken."""
    for number, taken in enumerate(lanes):
        if left >= taken:
            lanes[number] = right
            return number
    if len(lanes) < MOST_LANES:
        lanes.append(right)
        return len(lanes) - 1
    fullest = min(range(len(lanes)), key=lanes.__getitem__)
    lanes[fullest] = max(lanes[fullest], right)
    return fullest


def _ends(stop: Stop, one: Axis) -> tuple[float, float]:
    end = stop.end or one.end
    left, right = one.at(stop.start or end), one.at(end)
    return left, max(right, left + NARROWEST)


def _bar(number: int, stop: Stop, one: Axis, clock: Clock, lanes: list[float]) -> str:
    left, right = _ends(stop, one)
    how, top = stand(stop, one.now), _lane(lanes, left, right) * (LANE + GAP) + GAP
    title = escape(f"{number}. {stop.label}: {window(stop, clock)}, {STAND_LABELS[how]}")
    arrival = ""
    if stop.arrived and one.start <= stop.arrived <= one.end:
        middle = top + LANE / 2
        arrival = f'<circle class="t-arrival" cx="{one.at(stop.arrived):.2f}%" cy="{middle}" r="2.5"/>'
    return (
        f'<rect class="t-{how}" x="{left:.2f}%" width="{right - left:.2f}%" y="{top}" height="{LANE}" rx="2">'
        f"<title>{title}</title></rect>{arrival}"
    )


def window(stop: Stop, clock: Clock) -> str:
    """`09:00–10:00`, with dates where it is not one day."""
    if stop.start is None or stop.end is None:
        return f"until {clock.moment(stop.end)}" if stop.end else "no window"
    start, end = clock.local(stop.start), clock.local(stop.end)
    return f"{clock.time(start)}–{clock.time(end) if start.date() == end.date() else clock.moment(end)}"


def _now(one: Axis, height: int) -> str:
    if not one.shows_now:
        return ""
    x = f"{one.at(one.now):.2f}%"
    return f'<line class="t-now" x1="{x}" x2="{x}" y1="0" y2="{height}"/>'


def _svg(content: str, *, height: int, label: str) -> Markup:
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(f'<svg class="timeline" width="100%" height="{height}" {named}>{content}</svg>')  # noqa: S704  all escaped
