"""Routes as the map draws them: numbered stops, and a line from one to the next. JSON-ready, no Django."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from checkpoints.progress import STAND_LABELS, stand, status_label
from checkpoints.rows import Showing, executor
from checkpoints.sheet_rows import Row
from checkpoints.timeline import window
from dashboard.clock import Clock
from dashboard.navixy.routes import WholeRoute
from dashboard.navixy.stops import Stop, StopDraft


def route_layers(routes: Iterable[WholeRoute], showing: Showing) -> tuple[dict[str, Any], ...]:
    return tuple(_layer(one, showing) for one in routes)


def _layer(one: WholeRoute, showing: Showing) -> dict[str, Any]:
    tracker, person = executor(one.route.tracker_id, showing.names)
    return {
        "id": one.route.id,
        "label": one.route.label,
        "who": person or tracker,
        "url": showing.route_url(one.route.id),
        "status": status_label(one.route.status),
        "stops": [point(stop, number, showing) for number, stop in enumerate(one.stops, 1)],
    }


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


def point(stop: Stop, number: int, showing: Showing) -> dict[str, Any]:
    how = stand(stop, showing.now)
    return {
        "id": stop.id,
        "number": number,
        "at": [stop.lat, stop.lng],
        "radius": stop.radius,
        "label": stop.label,
        "address": stop.address,
        "window": window(stop, showing.clock),
        "stand": how,
        "status": status_label(stop.status),
        "words": STAND_LABELS[how],
        "url": showing.stop_url(stop.id),
    }
