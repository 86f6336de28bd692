"""Why a file cannot be shown, and for how long that may be believed."""

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
    NOT_ALLOWED = "not-allowed"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    STALE = "stale"  # the link, not the file: a page left open for days, or over the end of a session


IN_THE_BYTES = (Problem.EMPTY, Problem.NOT_A_PICTURE, Problem.DAMAGED, Problem.TOO_MANY_PIXELS)

# Seconds on the server, when the file is the one the record speaks of; so that pages do not ask again at once
_LASTING = dict.fromkeys(IN_THE_BYTES, 3600) | {
    Problem.TOO_LARGE: 3600,
    Problem.GONE: 60,
    Problem.NOT_ALLOWED: 60,
    Problem.REFUSED: 60,
}
_PASSING = 5
_IN_A_BROWSER = 300


class Unshowable(Exception):
    """`passing`: the next try may find it whole, so nobody keeps this answer for more than seconds."""

    def __init__(self, problem: Problem, *, passing: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.passing = passing or problem not in _LASTING

    @property
    def remembered(self) -> int:
        """Seconds this site answers so without looking again."""
        return _PASSING if self.passing else _LASTING[self.problem]

    @property
    def kept_by_browsers(self) -> int:
        """Seconds; 0 for not at all."""
        return 0 if self.passing else min(_IN_A_BROWSER, self.remembered)
