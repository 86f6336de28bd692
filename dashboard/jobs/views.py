"""`/jobs/`: what works for this person, what it has made, and the small sign of it in every page's head."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard import sessions
from dashboard.accounts import signed_in
from dashboard.htmx import current_path, problem, wants_fragment
from dashboard.http import DashboardRequest
from dashboard.jobs import answers, desk, files, pages
from dashboard.jobs.models import Job
from dashboard.jobs.tray import tray_of

PER_PAGE = 25
_BLOCK = 64 * 1024


@require_safe
@signed_in
def index(request: DashboardRequest) -> HttpResponse:
    """Whoever looks at the list has seen how things ended."""
    page = Paginator(desk.of(request.account), PER_PAGE).get_page(request.GET.get("page"))
    shown = pages.rows(page.object_list, request.account.clock)
    desk.untold(request.account)
    return render(request, "jobs/index.html", {"jobs": shown, "page": page})


@require_safe
@signed_in
def detail(request: DashboardRequest, pk: int) -> HttpResponse:
    return render(request, "jobs/detail.html", {"job": _row(request, _job(request, pk))})


@require_safe
@signed_in
def row(request: DashboardRequest, pk: int) -> HttpResponse:
    """A job's card alone: asked for again and again while it is active."""
    job = desk.one(request.account, pk)
    if job is None:
        return HttpResponse("")
    return _card(request, job)


@require_safe
@signed_in
def tray(request: DashboardRequest) -> HttpResponse:
    """The sign in the head, and a toast for each job that is over."""
    over = pages.rows(desk.untold(request.account), request.account.clock)
    return render(request, "jobs/_tray_answer.html", {"jobs_tray": tray_of(request.account), "over": over})


@require_POST
@signed_in
def cancel(request: DashboardRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    if not desk.cancel(job):
        messages.info(request, _("It was over already."))
    return _changed(request, pk)


@require_POST
@signed_in
def again(request: DashboardRequest, pk: int) -> HttpResponse:
    try:
        job = desk.again(request.account, sessions.hash_of(request.session), _job(request, pk))
    except desk.TooMany:
        return problem(request, answers.too_many(), status=409)
    messages.success(request, _("It is under way again."))
    return redirect("jobs:detail", pk=job.pk)


@require_POST
@signed_in
def remove(request: DashboardRequest, pk: int) -> HttpResponse:
    desk.remove(_job(request, pk))
    messages.success(request, _("Removed, with its files."))
    return redirect("jobs:index")


@require_safe
@signed_in
def download(request: DashboardRequest, pk: int, number: int = 1) -> HttpResponseBase:
    job = _job(request, pk)
    if not 1 <= number <= len(job.results):
        raise Http404
    stored = files.stored(job.results[number - 1])
    file = files.opened(stored)
    if file is None:
        words = _("This file is no longer there. Ask for it again from the list of jobs.")
        return problem(request, words, status=410)
    response = FileResponse(file, content_type="application/octet-stream")
    response.block_size = _BLOCK
    response.headers["Content-Length"] = str(stored.size)
    response.headers["Content-Disposition"] = content_disposition_header(True, stored.name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _job(request: DashboardRequest, pk: int) -> Job:
    job = desk.one(request.account, pk)
    if job is None:
        raise Http404
    return job


def _row(request: DashboardRequest, job: Job) -> pages.JobRow:
    return pages.row(job, request.account.clock)


def _card(request: DashboardRequest, job: Job) -> HttpResponse:
    context = {"job": _row(request, job), "jobs_tray": tray_of(request.account)}
    return render(request, "jobs/_card_answer.html", context)


def _changed(request: DashboardRequest, pk: int) -> HttpResponse:
    if not wants_fragment(request):
        here = current_path(request)  # a job is watched on more pages than its own
        return redirect("jobs:index" if here == "/" else here)
    return _card(request, _job(request, pk))
