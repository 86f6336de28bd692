"""The points of the map view: the filtered list, piece by piece, as little JSON as the map needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from checkins import services
from checkins.forms import FilterForm
from checkins.origin import Origin
from checkins.sources import source_of
from dashboard.accounts import signed_in
from dashboard.clock import Clock
from dashboard.http import DashboardRequest
from dashboard.names import Names
from dashboard.navixy.checkins import Checkin

AT_ONCE = 1000
MOST = 5000  # more pins than that tell nobody anything, and every thousand is one more call


@require_safe
@signed_in
def points(request: DashboardRequest) -> HttpResponse:
    """`{points, total, next, cut, notes}`; ask again with `start=next` until that is null."""
    start = _start(request.GET.get("start", ""))
    source, filters = source_of(request), FilterForm(request.GET).filters()
    found = services.window(source, filters, offset=start, limit=min(AT_ONCE, MOST - start))
    end, reach = start + len(found.items), min(found.reach, MOST)
    more = bool(found.items) and end < reach
    origin, names = Origin(filters=filters, position=None), source.lookup.get()
    shown = [
        _point(checkin, position, origin, names, request.account.clock)
        for position, checkin in enumerate(found.items, start + 1)
    ]
    return JsonResponse(
        {
            "points": shown,
            "total": found.total,
            "next": end if more else None,
            "cut": not more and end < found.total,
            "notes": [],
        }
    )


def _start(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return min(number, MOST - 1)


def _point(checkin: Checkin, position: int, origin: Origin, names: Names, clock: Clock) -> dict[str, Any]:
    return {
        "id": checkin.id,
        "at": [checkin.lat, checkin.lng],
        "time": clock.moment(checkin.marker_time),
        "who": names.employee(checkin.employee_id) or names.tracker(checkin.tracker_id),
        "address": checkin.address,
        "precision": checkin.precision,
        "photos": len(checkin.files),
        "card": origin.url(checkin.id, position, "checkins:card"),
    }
