"""What rows of a sheet would become, as the map draws it. JSON-ready."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from checkpoints.sheet_rows import Row
from dashboard.clock import Clock
from dashboard.navixy.routes import WholeRoute
from dashboard.navixy.stops import Stop, StopDraft

Layer = dict[str, Any]


def planned_layers(
    groups: Iterable[Sequence[Row]], clock: Clock, *, shown: Collection[int], whole: WholeRoute | None = None
) -> tuple[Layer, ...]:
    """Routes, then all tasks as one, of the rows shown that name coordinates; a pin leads to its row.

    `whole`: the one route at Navixy that all rows are added to, drawn with the stops it has.
    """
    wanted = list(groups)
    if whole:
        return (_longer(whole, [row for rows in wanted for row in rows], clock, shown),)
    layers = [_route(rows, clock, shown) for rows in wanted if rows[0].route]
    layers.append(_tasks([row for rows in wanted for row in rows if not row.route], clock, shown))
    drawn = (layer for layer in layers if layer["stops"])
    return tuple({"id": number, **layer} for number, layer in enumerate(drawn))


def _route(rows: Sequence[Row], clock: Clock, shown: Collection[int]) -> Layer:
    label = rows[0].route
    return {"label": label, "stops": _pins(rows, _of(label), clock, shown)}


def _tasks(rows: Sequence[Row], clock: Clock, shown: Collection[int]) -> Layer:
    pins = _pins(rows, _("a task of its own"), clock, shown)
    return {"label": _("Tasks of their own"), "stops": pins, "loose": True}


def _longer(whole: WholeRoute, rows: Sequence[Row], clock: Clock, shown: Collection[int]) -> Layer:
    words = _of(whole.route.label)
    there = [_there(stop, number, words, clock) for number, stop in enumerate(whole.stops, 1)]
    return {
        "id": 0,
        "label": whole.route.label,
        "stops": [*there, *_pins(rows, words, clock, shown, after=len(there))],
    }


def _of(label: str) -> str:
    return _("route “%s”") % label


def _pins(
    rows: Iterable[Row], words: str, clock: Clock, shown: Collection[int], *, after: int = 0
) -> list[dict[str, Any]]:
    """Each with its place among all of them; `words` says what of."""
    return [
        _pin(row.draft, number, row.line.number, words, clock)
        for number, row in enumerate(rows, after + 1)
        if row.draft and not row.lookup and row.line.number in shown
    ]


def _there(stop: Stop, number: int, words: str, clock: Clock) -> dict[str, Any]:
    """A stop that the route has already."""
    return {
        "id": stop.id,
        "number": number,
        "at": [stop.lat, stop.lng],
        "label": stop.label,
        "window": window_words(stop.start, stop.end, clock),
        "stand": "open",
        "words": words,
        "url": reverse("checkpoints:detail", args=[stop.id]),
    }


def _pin(draft: StopDraft, number: int, line: int, words: str, clock: Clock) -> dict[str, Any]:
    return {
        "id": f"row-{line}",
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
