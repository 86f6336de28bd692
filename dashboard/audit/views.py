"""`/audit/`: who wrote what, for the account's owner."""

from __future__ import annotations

from django.core.paginator import Paginator
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
from dashboard.listing import paging, typed
from dashboard.reports import csv_lines
from dashboard.reports.downloads import attachment
from dashboard.reports.names import file_name

PER_PAGE = 50


@require_safe
@signed_in
def index(request: DashboardRequest) -> HttpResponse:
    if not request.account.is_owner:
        return _only_the_owner(request)
    form = FilterForm(request.GET)
    filters = form.filters()
    pages = Paginator(entries.found(request.account, filters), PER_PAGE)
    page = pages.get_page(filters.page)
    context = {
        "rows": entries.rows(page.object_list, request.account.clock),
        "pager": paging.pager(
            page=page.number,
            pages=pages.num_pages,
            per_page=PER_PAGE,
            shown=len(page.object_list),
            total=pages.count,
            query=lambda number: filters.replace(page=number).query() or "page=1",
        ),
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
        "people": entries.people(request.account, filters.person),
        "actions": entries.options(words.ACTIONS, filters.action),
        "kinds": entries.options(words.KINDS, filters.kind),
        "results": entries.options(words.RESULTS, filters.result),
        "query": filters.query(),
    }


def _only_the_owner(request: DashboardRequest) -> HttpResponse:
    told = _("Only the owner of the account may see who wrote what. Ask them, or sign in as the owner.")
    return problem(request, told, status=403, title=_("For the account's owner"))
