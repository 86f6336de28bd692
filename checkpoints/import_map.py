"""What rows of a sheet would become, as the map draws it. JSON-ready."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from checkpoints.sheet_rows import Row
from dashboard.clock import Clock
from dashboard.navixy.stops import StopDraft

Layer = dict[str, Any]


def planned_layers(
    groups: Iterable[Sequence[Row]], clock: Clock, *, shown: Collection[int]
) -> tuple[Layer, ...]:
    """Routes, then all tasks as one, of the rows shown that name coordinates; a pin leads to its row."""
    wanted = list(groups)
    layers = [_route(rows, clock, shown) for rows in wanted if rows[0].route]
    layers.append(_tasks([row for rows in wanted for row in rows if not row.route], clock, shown))
    drawn = (layer for layer in layers if layer["stops"])
    return tuple({"id": number, **layer} for number, layer in enumerate(drawn))


def _route(rows: Sequence[Row], clock: Clock, shown: Collection[int]) -> Layer:
    label = rows[0].route
    return {"label": label, "stops": _pins(rows, _("route “%s”") % label, clock, shown)}


def _tasks(rows: Sequence[Row], clock: Clock, shown: Collection[int]) -> Layer:
    pins = _pins(rows, _("a task of its own"), clock, shown)
    return {"label": _("Tasks of their own"), "stops": pins, "loose": True}


def _pins(rows: Iterable[Row], words: str, clock: Clock, shown: Collection[int]) -> list[dict[str, Any]]:
    """Each with its place among all of them; `words` says what of."""
    return [
        _pin(row.draft, number, row.line.number, words, clock)
        for number, row in enumerate(rows, 1)
        if row.draft and not row.lookup and row.line.number in shown
    ]


def _pin(draft: StopDraft, number: int, line: int, words: str, clock: Clock) -> dict[str, Any]:
    return {
        "id": line,
        "number": number,
        "at": [draft.lat, draft.lng],
        "label": draft.label,
        "window": window_words(draft.start, draft.end, clock),
        "planned": True,
        "words": words,
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
