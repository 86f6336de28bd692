"""`/audit/`: who wrote what, for the account's owner."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.accounts import signed_in
from dashboard.audit import entries, words
from dashboard.audit.filters import Filters
from dashboard.audit.forms import FilterForm
from dashboard.htmx import problem
from dashboard.http import DashboardRequest
from dashboard.listing import records, typed
from dashboard.listing.choices import options
from dashboard.reports import csv_lines
from dashboard.reports.downloads import attachment
from dashboard.reports.names import file_name


@require_safe
@signed_in
def index(request: DashboardRequest) -> HttpResponse:
    if not request.account.is_owner:
        return _only_the_owner(request)
    form = FilterForm(request.GET)
    filters = form.filters()
    page, pager = records.paged(
        entries.found(request.account, filters), filters.page, lambda one: filters.replace(page=one).query()
    )
    context = {
        "rows": entries.rows(page.object_list, request.account.clock),
        "pager": pager,
        "filters": filters,
        "complaints": form.complaints(),
        **_choices(request, filters),
    }
    return render(request, "audit/index.html", context)


@require_safe
@signed_in
def export(request: DashboardRequest) -> HttpResponseBase:
    """The same entries as CSV, all pages of them, the newest first."""
    if not request.account.is_owner:
        return _only_the_owner(request)
    found = entries.found(request.account, FilterForm(request.GET).filters())
    rows = entries.table(found.iterator(chunk_size=500))
    content = csv_lines.lines(entries.COLUMNS, rows, request.account.clock)
    name = file_name("audit", request.account.clock.today().isoformat(), ending="csv")
    return attachment(content, name=name, mime=csv_lines.MIME)


def _choices(request: DashboardRequest, filters: Filters) -> dict[str, object]:
    return {
        "start": typed.day_and_time(filters.start)[0],
        "end": typed.day_and_time(filters.end)[0],
        "people": records.people(entries.of(request.account), filters.person),
        "actions": options(words.ACTIONS, filters.action),
        "kinds": options(words.KINDS, filters.kind),
        "results": options(words.RESULTS, filters.result),
        "query": filters.query(),
    }


def _only_the_owner(request: DashboardRequest) -> HttpResponse:
    told = _("Only the owner of the account may see who wrote what. Ask them, or sign in as the owner.")
    return problem(request, told, status=403, title=_("For the account's owner"))
