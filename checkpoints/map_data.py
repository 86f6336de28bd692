"""Routes as the map draws them: numbered stops, and a line from one to the next. JSON-ready, no Django."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from checkpoints.progress import STAND_LABELS, stand, status_label
from checkpoints.rows import Showing, executor
from checkpoints.timeline import window
from dashboard.navixy.routes import WholeRoute
from dashboard.navixy.stops import Stop


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
