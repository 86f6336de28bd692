"""What rows of a sheet would become, as the map draws it. JSON-ready."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

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
        "window": window_words(draft.start, draft.end, clock),
        "stand": "open",
        "words": STAND_LABELS["open"],
        "url": f"#row-{line}",
    }


def window_words(start: datetime | None, end: datetime | None, clock: Clock) -> str:
    """`12 Mar 2026 09:00 – 13:00`, always with its date: a sheet is of other days."""
    if end is None:
        return ""
    if start is None or start == end:
        return _("until %s") % clock.moment(end)
    same = clock.date(start) == clock.date(end)
    return f"{clock.moment(start)} – {clock.time(end) if same else clock.moment(end)}"
