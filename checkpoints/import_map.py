"""What rows of a sheet would become, as the map draws it. JSON-ready."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from checkpoints.progress import STAND_LABELS
from checkpoints.sheet_rows import Row
from dashboard.clock import Clock
from dashboard.navixy.stops import StopDraft


def planned_layers(
    groups: Iterable[Sequence[Row]], clock: Clock, *, shown: Collection[int]
) -> tuple[dict[str, Any], ...]:
    """What rows of a sheet would become, of those shown with coordinates; a pin leads to its row."""
    made = []
    for number, rows in enumerate(groups):
        stops = [
            _planned(row.draft, at, row.line.number, clock)
            for at, row in enumerate(rows, 1)
            if row.draft and not row.lookup and row.line.number in shown
        ]
        if stops:
            made.append({"id": number, "label": rows[0].route, "stops": stops})
    return tuple(made)


def _planned(draft: StopDraft, number: int, line: int, clock: Clock) -> dict[str, Any]:
    return {
        "id": line,
        "number": number,
        "at": [draft.lat, draft.lng],
        "label": draft.label,
        "window": planned_window(draft, clock),
        "stand": "open",
        "words": STAND_LABELS["open"],
        "url": f"#row-{line}",
    }


def planned_window(draft: StopDraft, clock: Clock) -> str:
    if draft.start is None:
        return clock.moment(draft.end)
    same = clock.date(draft.start) == clock.date(draft.end)
    return f"{clock.moment(draft.start)} – {clock.time(draft.end) if same else clock.moment(draft.end)}"
