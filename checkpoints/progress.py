"""How a route or a stop stands at a moment. No Django, no API: records in, words and counts out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dashboard.navixy.stops import Stop

STATUS_LABELS = {
    "unassigned": "Unassigned",
    "assigned": "Assigned",
    "arrived": "Arrived",
    "done": "Done",
    "delayed": "Delayed",
    "failed": "Failed",
    "faulty": "Done with problems",
}
STANDS = ("done", "trouble", "here", "late", "failed", "open")
STAND_LABELS = {
    "done": "done",
    "trouble": "done with problems",
    "here": "being visited",
    "late": "late",
    "failed": "failed",
    "open": "to come",
}
_STAND = {"done": "done", "faulty": "trouble", "failed": "failed", "delayed": "late", "arrived": "here"}


def status_label(status: str) -> str:
    """Unknown statuses are shown as Navixy writes them."""
    return STATUS_LABELS.get(status, status.replace("_", " ").capitalize())


def stand(stop: Stop, now: datetime) -> str:
    """One of STANDS, as a dispatcher sees it: a planned stop is late once its window is over."""
    known = _STAND.get(stop.status)
    if known is None:
        return "late" if stop.end is not None and stop.end < now else "open"
    return known


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    total: int
    counts: tuple[tuple[str, int], ...]  # of STANDS, in their order, none of zero

    def of(self, name: str) -> int:
        return dict(self.counts).get(name, 0)

    @property
    def finished(self) -> int:
        return self.of("done") + self.of("trouble")

    @property
    def words(self) -> str:
        """`5 of 12 done, 1 late, 2 failed`"""
        parts = [f"{self.finished} of {self.total} done"]
        if trouble := self.of("trouble"):
            parts[0] += f" ({trouble} with problems)"
        parts += [
            f"{self.of(name)} {STAND_LABELS[name]}" for name in ("here", "late", "failed") if self.of(name)
        ]
        return ", ".join(parts)


def progress(stops: Iterable[Stop], now: datetime) -> Progress:
    counts = Counter(stand(stop, now) for stop in stops)
    return Progress(
        total=counts.total(), counts=tuple((name, counts[name]) for name in STANDS if counts[name])
    )
