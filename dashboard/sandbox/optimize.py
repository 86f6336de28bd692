"""A good order of visits: the nearest next, then crossings undone (2-opt). The same for the same places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from dashboard.sandbox.listing import metres

Point = tuple[float, float]


@dataclass(slots=True)
class Turnstile:
    """Lets one through, then nobody for a while."""

    last: datetime | None = None

    def allowed(self, now: datetime, every: float) -> bool:
        if self.last is not None and now - self.last < timedelta(seconds=every):
            return False
        self.last = now
        return True


def length(path: Sequence[Point]) -> float:
    return sum(metres(*one, *other) for one, other in pairwise(path))


def order(start: Point, places: Sequence[Point]) -> list[int]:
    """Indexes of `places` in visiting order; the tour is open, it begins at `start`."""
    left, found, here = set(range(len(places))), list[int](), start
    while left:
        nearest = min(left, key=lambda one: (metres(*here, *places[one]), one))
        left.remove(nearest)
        found.append(nearest)
        here = places[nearest]
    return _uncrossed([start, *places], found)


def _uncrossed(points: Sequence[Point], found: list[int]) -> list[int]:
    """Turns round whatever part makes the tour shorter, until none does."""
    tour = [0, *(one + 1 for one in found)]
    apart = [[metres(*one, *other) for other in points] for one in points]
    better = True
    while better:
        better = False
        for low in range(1, len(tour) - 1):
            for high in range(low + 1, len(tour)):
                if _gain(apart, tour, low, high) > 0.01:
                    tour[low : high + 1] = tour[low : high + 1][::-1]
                    better = True
    return [one - 1 for one in tour[1:]]


def _gain(apart: list[list[float]], tour: list[int], low: int, high: int) -> float:
    """Metres saved by going through the part from `low` to `high` backwards; the tour's end is open."""
    before, first, last = tour[low - 1], tour[low], tour[high]
    saved = apart[before][first] - apart[before][last]
    if high + 1 < len(tour):
        after = tour[high + 1]
        saved += apart[last][after] - apart[first][after]
    return saved
