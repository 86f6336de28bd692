"""The check-in list: the page, its results alone, and how many came in since."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from checkins import chips, pages, panel, services
from checkins.filters import Filters
from checkins.forms import FilterForm, SeenForm
from checkins.removal import desk as removals
from checkins.services import Found, Source
from checkins.sources import source_of
from dashboard import accounts, ahead
from dashboard.accounts import signed_in
from dashboard.htmx import TRANSIENT, frame, render_list, status_of, wants_fragment
from dashboard.http import DashboardRequest
from dashboard.listing import saved
from dashboard.listing.views import SavedList, menu
from dashboard.navixy.errors import NavixyError, NotAllowed, SessionEnded
from dashboard.photos import album

PAGE, ANSWER, RESULTS = "checkins/index.html", "checkins/_answer.html", "checkins/_results.html"
FORM_ID = "filters"
DELETE = "checkin/delete"
READ_RIGHT = "employee_update"  # what the older documentation asks for (ref 10.1)


def _kept(data: QueryDict) -> str:
    """A saved view holds filters, order and columns, and begins on page 1."""
    return FilterForm(data).filters().replace(page=1).url_query()


SAVED = SavedList(name="checkins", namespace="checkins", clean=_kept)


@require_safe
@signed_in
def index(request: DashboardRequest) -> HttpResponse:
    if start := _start_query(request):
        return redirect(f"{reverse('checkins:index')}?{start}")
    form = FilterForm(request.GET)
    filters, source = form.filters(), source_of(request)
    pending = ahead.begin(services.overview if filters.view == "map" else services.find, source, filters)
    around = _frame(request, filters, source)
    try:
        found = pending.result()
    except SessionEnded:
        raise
    except NavixyError as error:
        if wants_fragment(request) and not isinstance(error, NotAllowed):
            raise  # into #problem: the old rows stay
        return _failed(request, form, filters, source, around, error)
    return _found(request, form, filters, source, around, found)


@require_safe
@signed_in
def new_count(request: DashboardRequest) -> HttpResponse:
    """The banner "n new check-ins", or nothing; one `checkin/list` call."""
    filters = FilterForm(request.GET).filters().replace(page=1)
    known, newest = SeenForm(request.GET).seen()
    context: dict[str, Any] = {"query": filters.url_query()}
    try:
        context["count"] = services.newer(source_of(request), filters, known=known, newest=newest)
    except SessionEnded:
        raise
    except NavixyError as error:
        context["problem"] = error.message
    return render(request, "checkins/_new.html", context)


def _start_query(request: DashboardRequest) -> str:
    """The person's start view, at the bare address."""
    if request.GET or wants_fragment(request):
        return ""
    start = saved.start_of(request.account, SAVED.name)
    return start.query if start else ""


def _frame(request: DashboardRequest, filters: Filters, source: Source) -> str:
    """Navigation and filter panel; made while Navixy looks for the rows."""
    context: dict[str, Any] = {"list_title": _("Check-ins"), "list_url": reverse("checkins:index")}
    if _needs_panel(request):
        names, clock = source.lookup.get(), request.account.clock
        active = len(chips.chips(filters, names, clock))
        context["panel"] = panel.panel(filters, names, clock, active=active)
    return frame(request, PAGE, ANSWER, context)


def _found(
    request: DashboardRequest, form: FilterForm, filters: Filters, source: Source, around: str, found: Found
) -> HttpResponse:
    names = source.lookup.knowing(
        {checkin.tracker_id for checkin in found.checkins},
        {checkin.employee_id for checkin in found.checkins},
    )
    results = pages.results(filters, found, names, request.account.clock, album.of(request))
    return _answer(request, form, filters, around, {"results": results})


def _failed(
    request: DashboardRequest,
    form: FilterForm,
    filters: Filters,
    source: Source,
    around: str,
    error: NavixyError,
) -> HttpResponse:
    """The page without rows: the filters stay within reach, as they may be what to change."""
    if isinstance(error, NotAllowed) and error.code == 13:
        accounts.remember_denied(request, error.action)
    context = {
        "results": pages.nothing(filters, source.lookup.get(), request.account.clock),
        "error": error,
        "denied": isinstance(error, NotAllowed),
        "right": READ_RIGHT,
        "retry": isinstance(error, TRANSIENT),
        "retry_url": f"{reverse('checkins:index')}?{filters.url_query()}",
    }
    return _answer(request, form, filters, around, context, status=status_of(error))


def _answer(
    request: DashboardRequest,
    form: FilterForm,
    filters: Filters,
    around: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    results: pages.Results = context["results"]
    complete = {
        **context,
        **menu(request, SAVED, results.query),
        "filters": filters,
        "complaints": form.complaints(),
        "delete_denied": accounts.account_denied(request, DELETE),
        "deleted": removals.lately(request.account, filters) if results.empty else None,
    }
    response = render_list(request, around, RESULTS, complete, rows=results.rows, status=status)
    if wants_fragment(request):
        header = "HX-Replace-Url" if _still_typing(request, filters) else "HX-Push-Url"
        response[header] = f"{reverse('checkins:index')}?{results.query}"
    return response


def _still_typing(request: DashboardRequest, filters: Filters) -> bool:
    """Each letter of a word is no step to go back to; its first one is."""
    shown = urlsplit(request.htmx.current_url or "")
    before = FilterForm(QueryDict(shown.query)).filters()
    apart_from_texts = [one.replace(address="", comment="") for one in (before, filters)]
    if shown.path != request.path or apart_from_texts[0] != apart_from_texts[1]:
        return False
    texts = ((before.address, filters.address), (before.comment, filters.comment))
    return all(bool(old) and bool(new) for old, new in texts if old != new)


def _needs_panel(request: DashboardRequest) -> bool:
    """What a person is typing into is not replaced under their hands."""
    return not (wants_fragment(request) and request.htmx.trigger == FORM_ID)
