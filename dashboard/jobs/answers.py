"""What a page that asked for a job answers."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard.htmx import wants_fragment
from dashboard.http import DashboardRequest
from dashboard.jobs import desk
from dashboard.jobs.models import Job
from dashboard.jobs.tray import tray_of


def asked(request: DashboardRequest, job: Job) -> HttpResponse:
    """For htmx (target #jobs-tray, outerHTML) the sign in the head and a toast; else on to the job's page."""
    if not wants_fragment(request):
        return redirect("jobs:detail", pk=job.pk)
    return render(request, "jobs/_asked.html", {"job": job, "jobs_tray": tray_of(request.account)})


def too_many() -> str:
    return (
        _("You have %d jobs under way. Wait until one is done, or cancel one, then ask again.")
        % desk.MOST_ACTIVE
    )
