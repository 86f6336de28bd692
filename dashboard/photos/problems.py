"""Why a file cannot be shown, and how long that is worth remembering."""

from __future__ import annotations

from enum import StrEnum

DAY = 86_400


class Problem(StrEnum):
    EMPTY = "empty"
    NOT_A_PICTURE = "not-a-picture"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_LARGE = "too-large"
    GONE = "gone"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    STALE = "stale"  # the link, not the file: a page left open for days or over a new sign-in


IN_THE_BYTES = (Problem.EMPTY, Problem.NOT_A_PICTURE, Problem.DAMAGED, Problem.TOO_MANY_PIXELS)

# Seconds. What lies in the bytes stays true; the rest is kept so that a page does not ask again at once.
REMEMBERED = dict.fromkeys(IN_THE_BYTES, 30 * DAY) | {
    Problem.TOO_LARGE: DAY,
    Problem.GONE: 300,
    Problem.REFUSED: 300,
    Problem.UNREACHABLE: 5,
}


class Unshowable(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem
