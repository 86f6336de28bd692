"""An error inside one part of a page: the rest stays as it is."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from dashboard.htmx import TRANSIENT, status_of
from dashboard.http import DashboardRequest
from dashboard.navixy.errors import NavixyError, NotFound


def section_problem(request: DashboardRequest, error: NavixyError) -> HttpResponse:
    """An error inside the part of the page that asked; asking again means asking the same address."""
    context = {
        "error": error,
        "again": request.get_full_path(),
        "transient": isinstance(error, TRANSIENT),
        "gone": isinstance(error, NotFound),
    }
    return render(request, "checkins/_section_problem.html", context, status=status_of(error))
