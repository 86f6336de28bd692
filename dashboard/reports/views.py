"""`/reports/`: a person's reports. Each is a job of the kind "report", so jobs do the work here too."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.accounts import signed_in
from dashboard.http import DashboardRequest
from dashboard.jobs import desk, pages
from dashboard.jobs import views as jobs
from dashboard.jobs.models import Job

KIND = "report"
PER_PAGE = 25


@require_safe
@signed_in
def index(request: DashboardRequest) -> HttpResponse:
    """Whoever looks at the list has seen how things ended."""
    page = Paginator(desk.of(request.account).filter(kind=KIND), PER_PAGE).get_page(request.GET.get("page"))
    shown = pages.rows(page.object_list, request.account.clock)
    desk.tell(page.object_list)
    return render(request, "reports/index.html", {"jobs": shown, "page": page})


@require_safe
@signed_in
def detail(request: DashboardRequest, pk: int) -> HttpResponse:
    job = _report(request, pk)
    return render(request, "reports/detail.html", {"job": pages.row(job, request.account.clock)})


@require_safe
@signed_in
def download(request: DashboardRequest, pk: int) -> HttpResponseBase:
    _report(request, pk)
    return jobs.download(request, pk)


def _report(request: DashboardRequest, pk: int) -> Job:
    job = desk.one(request.account, pk)
    if job is None or job.kind != KIND:
        raise Http404
    return job
