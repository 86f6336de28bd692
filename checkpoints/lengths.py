"""How long a way is as the crow flies; the API gives no road lengths (ref 7.5). No Django."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

Point = tuple[float, float]
_EARTH = 6_371_000  # metres


def metres(points: Sequence[Point]) -> float:
    """The sum of the straight lines from each point to the next."""
    return sum(_between(one, other) for one, other in pairwise(points))


def words(length: float, *, imperial: bool = False) -> str:
    """`850 m`, `12.4 km`; miles for those who measure so."""
    if imperial:
        return f"{length / 1609.344:.1f} mi"
    return f"{length:.0f} m" if length < 1000 else f"{length / 1000:.1f} km"


def _between(one: Point, other: Point) -> float:
    up, over = radians(other[0] - one[0]), radians(other[1] - one[1])
    half = sin(up / 2) ** 2 + cos(radians(one[0])) * cos(radians(other[0])) * sin(over / 2) ** 2
    return 2 * _EARTH * asin(sqrt(half))
