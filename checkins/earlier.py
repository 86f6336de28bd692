"""Who was at a check-in's place before: a part of its page, asked for by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from checkins import services
from checkins.problems import section_problem
from checkins.services import SamePlace, Source
from checkins.sources import source_of
from dashboard.accounts import signed_in
from dashboard.clock import Clock
from dashboard.http import DashboardRequest
from dashboard.navixy import checkins as api
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.errors import NavixyError, SessionEnded

DISTANCES = (25, 50, 100, 250, 500, 1000, 2500, 5000)  # metres, the steps of the slider
DEFAULT_DISTANCE = 100
VISITS = 10


@require_safe
@signed_in
def earlier(request: DashboardRequest, checkin_id: int) -> HttpResponse:
    """Visits to the same place before, within `step` of the slider or `radius` metres."""
    source, distance = source_of(request), DISTANCES[_step(request)]
    try:
        checkin = _visit(request, checkin_id)
        found = services.same_place(source, checkin, radius=distance, limit=VISITS)
    except SessionEnded:
        raise
    except NavixyError as error:
        return section_problem(request, error)
    context = {
        "found": found,
        "rows": _visits(source, found, request.account.clock),
        "reach": _words(distance),
        "since": request.account.clock.date(found.since),
        "all_url": _all_visits_url(checkin, distance),
    }
    return render(request, "checkins/_earlier.html", context)


def section(checkin: Checkin) -> dict[str, Any]:
    """What the page needs to ask for the visits; place and time travel along and save a second reading."""
    path = reverse("checkins:earlier", args=[checkin.id])
    place = {
        "lat": str(checkin.lat),
        "lng": str(checkin.lng),
        "before": str(int(checkin.marker_time.timestamp())),
    }
    words = [_words(metres) for metres in DISTANCES]
    step = _nearest(DEFAULT_DISTANCE)
    slider = {"step": step, "last": len(DISTANCES) - 1, "words": words[step], "all_words": "|".join(words)}
    return {
        "earlier_path": path,
        "earlier_url": f"{path}?{urlencode(place)}",
        "place": place,
        "slider": slider,
    }


def _words(metres: int) -> str:
    return f"{metres} m" if metres < 1000 else f"{metres / 1000:g} km"


def _step(request: DashboardRequest) -> int:
    """The slider's step, or the nearest one to a radius in metres; the default for anything else."""
    step, radius = request.GET.get("step", ""), request.GET.get("radius", "")
    if _is_number(step) and int(step) < len(DISTANCES):
        return int(step)
    return _nearest(int(radius) if _is_number(radius) else DEFAULT_DISTANCE)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


def _nearest(metres: int) -> int:
    return min(range(len(DISTANCES)), key=lambda step: abs(DISTANCES[step] - metres))


def _visit(request: DashboardRequest, checkin_id: int) -> Checkin:
    """Place and time from the address; what is wrong there is read again from the check-in itself."""
    try:
        time = datetime.fromtimestamp(max(0, int(request.GET["before"])), tz=UTC)
        lat, lng = float(request.GET["lat"]), float(request.GET["lng"])
        api.check_place(lat, lng)
    except (KeyError, ValueError, OverflowError, OSError):
        return api.read(request.navixy, checkin_id)
    return Checkin(id=checkin_id, marker_time=time, tracker_id=0, lat=lat, lng=lng)


def _visits(source: Source, found: SamePlace, clock: Clock) -> list[dict[str, Any]]:
    known = source.lookup.knowing(
        {item.tracker_id for item in found.items}, {item.employee_id for item in found.items}
    )
    return [
        {
            "checkin": item,
            "when": clock.moment(item.marker_time),
            "who": known.employee(item.employee_id) or known.tracker(item.tracker_id),
            "url": reverse("checkins:detail", args=[item.id]),
        }
        for item in found.items
    ]


def _all_visits_url(checkin: Checkin, distance: int) -> str:
    place = {"lat": f"{checkin.lat:.6f}", "lng": f"{checkin.lng:.6f}", "radius": str(distance)}
    return f"{reverse('checkins:index')}?{urlencode({'period': 'all', **place})}"
