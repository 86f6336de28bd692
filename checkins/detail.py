"""One check-in: its page, its card on the map, its answers, its sheet of paper."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from checkins import earlier, services
from checkins.origin import Origin
from checkins.problems import section_problem
from checkins.services import Neighbours, Source
from checkins.sources import source_of
from dashboard import answers
from dashboard.accounts import account_denied, signed_in
from dashboard.htmx import TRANSIENT
from dashboard.http import DashboardRequest
from dashboard.navixy import checkins as api
from dashboard.navixy import forms
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.errors import NavixyError, NotFound, SessionEnded
from dashboard.photos import album
from dashboard.shell import preferences

Around = Neighbours | NavixyError | None

_pool = ThreadPoolExecutor(max_workers=16, thread_name_prefix="detail")


@require_safe
@signed_in
def detail(request: DashboardRequest, checkin_id: int) -> HttpResponse:
    origin, source = Origin.of(request), source_of(request)
    pending = _pool.submit(_around, source, origin, checkin_id)
    try:
        checkin = api.read(request.navixy, checkin_id)
    except NotFound as error:
        return _gone(request, error, origin, checkin_id, pending)
    context = {
        **facts(request, checkin, source, origin),
        **_answers(request, checkin),
        **_neighbours(origin, checkin_id, pending.result()),
        **earlier.section(checkin),
    }
    return render(request, "checkins/detail.html", context)


@require_safe
@signed_in
def card(request: DashboardRequest, checkin_id: int) -> HttpResponse:
    """The check-in in the map's panel. What goes wrong is said there: the map stays."""
    origin, source = Origin.of(request), source_of(request)
    try:
        checkin = api.read(request.navixy, checkin_id)
    except SessionEnded:
        raise
    except NavixyError as error:
        return section_problem(request, error)
    detail_url = origin.url(checkin_id, origin.position)
    context = {**facts(request, checkin, source, origin), "detail_url": detail_url}
    return render(request, "checkins/_card.html", context)


@require_safe
@signed_in
def answers_again(request: DashboardRequest, checkin_id: int) -> HttpResponse:
    """The answers, after they could not be read with the page."""
    try:
        checkin = api.read(request.navixy, checkin_id)
    except SessionEnded:
        raise
    except NavixyError as error:
        return section_problem(request, error)
    return render(request, "checkins/_answers.html", {"checkin": checkin, **_answers(request, checkin)})


@require_safe
@signed_in
def print_page(request: DashboardRequest, checkin_id: int) -> HttpResponse:
    origin, source = Origin.of(request), source_of(request)
    try:
        checkin = api.read(request.navixy, checkin_id)
    except NotFound as error:
        return _gone(request, error, origin, checkin_id, None)
    context = {
        **facts(request, checkin, source, origin),
        **_answers(request, checkin),
        "detail_url": origin.url(checkin_id, origin.position),
        "printed": request.account.clock.moment(source.now),
        "preferences": replace(preferences(request), theme="light"),  # paper is white
    }
    return render(request, "checkins/print.html", context)


# --- parts -------------------------------------------------------------------------------------------------


def facts(request: DashboardRequest, checkin: Checkin, source: Source, origin: Origin) -> dict[str, Any]:
    known = source.lookup.knowing({checkin.tracker_id}, {checkin.employee_id})
    person = known.employees.get(checkin.employee_id) if checkin.employee_id else None
    clock = request.account.clock
    return {
        "checkin": checkin,
        "name_problems": sorted(set(known.errors.values())),
        "employee": known.employee(checkin.employee_id),
        "phone": person.phone if person else "",
        "department": known.department_of(checkin.employee_id),
        "tracker": known.tracker(checkin.tracker_id),
        "when": clock.long(checkin.marker_time),
        "when_short": clock.moment(checkin.marker_time),
        "zone_then": clock.zone_label_at(checkin.marker_time),
        "ago": _ago(checkin.marker_time, source.now),
        "coordinates": f"{checkin.lat:.6f}, {checkin.lng:.6f}",
        "photos": album.of(request).checkin(checkin),
        "delete_denied": account_denied(request, "checkin/delete"),
        "list_query": origin.filters.url_query(),
        "back_url": origin.list_url(checkin.id, origin.position),
        "print_url": origin.url(checkin.id, origin.position, "checkins:print"),
    }


def _ago(moment: datetime, now: datetime) -> str:
    """A phone whose clock runs ahead checks in later than now."""
    if abs(now - moment) < timedelta(minutes=1):
        return _("just now")
    if moment > now:
        return _("in %s, by the clock of the phone") % timeuntil(moment, now)
    return _("%s ago") % timesince(moment, now)


def _answers(request: DashboardRequest, checkin: Checkin) -> dict[str, Any]:
    """The form's rows; or why they are not here, which the rest of the page survives."""
    if checkin.form_id is None:
        return {"form": None}
    try:
        form = forms.read_form(request.navixy, checkin.form_id)
    except SessionEnded:
        raise
    except NavixyError as error:
        again = reverse("checkins:answers", args=[checkin.id])
        return {"form": None, "error": error, "again": again, "transient": isinstance(error, TRANSIENT)}
    clock = request.account.clock
    rows = answers.rows(form, files=album.of(request).form(form), day=clock.day)
    submitted = clock.moment(form.submitted) if form.submitted else ""
    return {"form": form, "answers": rows, "unanswered": answers.unanswered(rows), "submitted": submitted}


def _around(source: Source, origin: Origin, checkin_id: int) -> Around:
    """Where it stands in the list; an error here costs only the way to the neighbours."""
    if origin.position is None:
        return None
    try:
        return services.neighbours(source, origin.filters, checkin_id, origin.position)
    except SessionEnded:
        raise
    except NavixyError as error:
        return error


def _neighbours(origin: Origin, checkin_id: int, around: Around) -> dict[str, Any]:
    if isinstance(around, NavixyError):
        return {"trail_error": around}
    if around is None:
        return {}
    at = around.position
    return {
        "trail": around,
        "at_text": f"{at:,}",
        "total_text": f"{around.total:,}",
        "previous_url": origin.url(around.previous, at - 1) if around.previous else "",
        "next_url": origin.url(around.next, at + 1) if around.next else "",
        "back_url": origin.list_url(checkin_id, at or origin.position),
    }


def _gone(
    request: DashboardRequest,
    error: NotFound,
    origin: Origin,
    checkin_id: int,
    pending: Future[Around] | None,
) -> HttpResponse:
    """Deleted meanwhile, or out of this person's sight: said in words, with the way on."""
    if pending:
        pending.result()  # a session that ended there leads to sign-in, as anywhere
    back_url = origin.list_url(checkin_id, origin.position)
    context = {"back_url": back_url, "checkin_id": checkin_id, "code": error.code}
    return render(request, "checkins/gone.html", context, status=404)
