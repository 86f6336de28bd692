"""`/checkins/delete/`: from a selection to its confirmation, to the job, to what became of each."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checkins import asked
from checkins.forms import FilterForm
from checkins.removal import desk, freezing, results
from checkins.removal.freezing import TooManyAtOnce
from checkins.removal.models import ItemState, Removal
from checkins.sources import source_of
from dashboard import accounts, sessions
from dashboard.accounts import signed_in
from dashboard.htmx import client_redirect, problem
from dashboard.http import DashboardRequest
from dashboard.jobs import answers
from dashboard.jobs import desk as jobs
from dashboard.jobs import pages as job_pages

DELETE = "checkin/delete"  # what error 13 is remembered by
SAMPLE = 5
PER_PAGE = 100


@require_POST
@signed_in
def new(request: DashboardRequest) -> HttpResponse:
    """Fixes which check-ins: `ids`, or with `all_matching` all that the query finds. Raises NavixyError."""
    everything = request.POST.get("all_matching") == "1"
    ids = [] if everything else asked.chosen_ids(request.POST.getlist("ids"))
    if not everything and not ids:
        words = _("Choose between 1 and %d check-ins, or all that match.") % asked.MOST_CHOSEN
        return problem(request, words, status=422)
    source, clock = source_of(request), request.account.clock
    filters = asked.frozen(FilterForm(request.GET).filters(), source)
    try:
        found = (
            freezing.chosen(source, filters, ids, clock) if ids else freezing.matching(source, filters, clock)
        )
    except TooManyAtOnce:
        words = _("At most %s at once: choose a shorter period.") % f"{freezing.MOST:,}"
        return problem(request, words, status=422)
    if not found.items:
        return problem(
            request, _("None of them is there any more, so there is nothing to delete."), status=422
        )
    removal = desk.ask(
        request.account,
        found,
        query=FilterForm(request.GET).filters().url_query(),
        summary=asked.in_words(filters, source, clock) if everything else _("Chosen in the list"),
        all_matching=everything,
    )
    return client_redirect(request, reverse("checkins:removals:detail", args=[removal.pk]))


@require_safe
@signed_in
def detail(request: DashboardRequest, pk: int) -> HttpResponse:
    """The confirmation; once given, what became of each."""
    removal = _removal(request, pk)
    if removal.started is None:
        return _confirmation(request, removal)
    if removal.denied:
        accounts.remember_denied(request, DELETE)
    return render(request, "removals/result.html", _result(request, removal))


@require_safe
@signed_in
def outcome(request: DashboardRequest, pk: int) -> HttpResponse:
    """The numbers and items alone: asked for again while the job is under way."""
    return render(request, "removals/_outcome.html", _result(request, _removal(request, pk)))


@require_POST
@signed_in
def start(request: DashboardRequest, pk: int) -> HttpResponse:
    removal = _removal(request, pk)
    if removal.started is None and desk.must_type(removal):
        typed = request.POST.get("number", "")
        if not desk.is_typed(removal, typed):
            return _confirmation(request, removal, typed=typed, status=422)
    try:
        desk.begin(request.account, sessions.hash_of(request.session), removal)
    except jobs.TooMany:
        return problem(request, answers.too_many(), status=409)
    return redirect("checkins:removals:detail", pk=pk)


@require_POST
@signed_in
def again(request: DashboardRequest, pk: int) -> HttpResponse:
    """What failed once more; with `accepted` ids those, without the files that cannot be had."""
    removal = _removal(request, pk)
    accepted = asked.chosen_ids(request.POST.getlist("accepted"))
    if removal.started is None or accepted is None:
        return problem(request, _("Choose which of them may go without their missing files."), status=422)
    try:
        desk.try_again(request.account, sessions.hash_of(request.session), removal, accepted=accepted)
    except jobs.TooMany:
        return problem(request, answers.too_many(), status=409)
    return redirect("checkins:removals:detail", pk=pk)


def _removal(request: DashboardRequest, pk: int) -> Removal:
    found = desk.one(request.account, pk)
    if found is None:
        raise Http404
    return found


def _confirmation(
    request: DashboardRequest, removal: Removal, *, typed: str | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "removal": removal,
        "count": f"{removal.total:,}",
        "sample": removal.items.all()[:SAMPLE],
        "more": f"{max(0, removal.total - SAMPLE):,}" if removal.total > SAMPLE else "",
        "unreachable": removal.out_of_reach[:20],
        "must_type": desk.must_type(removal),
        "typed": typed,
        "denied": accounts.account_denied(request, DELETE),
        "kept_until": results.kept_until(request.account.clock),
        "back": f"{reverse('checkins:index')}?{removal.query}",
    }
    return render(request, "removals/confirm.html", context, status=status)


def _result(request: DashboardRequest, removal: Removal) -> dict[str, Any]:
    state = request.GET.get("state", "")
    shown = state if state in ItemState.values else ""
    items = removal.items.filter(state=shown) if shown else removal.items.all()
    page = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    clock = request.account.clock
    return {
        "removal": removal,
        "job": job_pages.row(removal.job, clock) if removal.job else None,
        "tabs": results.tabs(removal, shown),
        "rows": results.rows(page.object_list),
        "page": page,
        "state": shown,
        "left": results.left(removal),
        "missing": results.count(removal, ItemState.NOT_ARCHIVED),
        "back": f"{reverse('checkins:index')}?{removal.query}",
    }
