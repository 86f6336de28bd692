"""The board of routes and the list of stops: the pages, and their results alone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from checkpoints import pages, panel, services
from checkpoints.filters import Filters
from checkpoints.forms import FilterForm
from checkpoints.pages import Results
from checkpoints.services import Source
from checkpoints.sources import source_of
from dashboard import accounts, ahead
from dashboard.accounts import signed_in
from dashboard.clock import Clock
from dashboard.htmx import TRANSIENT, frame, render_list, status_of, wants_fragment
from dashboard.http import DashboardRequest
from dashboard.listing import saved
from dashboard.listing.views import SavedList, menu
from dashboard.navixy.errors import NavixyError, NotAllowed, SessionEnded

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PAGE, ANSWER = "checkpoints/index.html", "checkpoints/_answer.html"
FORM_ID = "filters"
WRITE_RIGHT = "task_update"


def _kept(data: QueryDict) -> str:
    """A saved view holds filters and order, and begins on page 1."""
    return FilterForm(data).filters().replace(page=1).query()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What differs between the board and the list."""

    saved: SavedList
    title: StrOrPromise
    results_template: str
    find: Callable[[Source, Filters], Any]
    results: Callable[[Filters, Any, Source, Clock], Results]

    @property
    def url(self) -> str:
        return reverse(f"{self.saved.namespace}:index")


BOARD = Desk(
    saved=SavedList(name="routes", namespace="routes", clean=_kept),
    title=_("Routes"),
    results_template="routes/_results.html",
    find=services.find_board,
    results=pages.board,
)
STOPS = Desk(
    saved=SavedList(name="checkpoints", namespace="checkpoints", clean=_kept),
    title=_("Checkpoints"),
    results_template="checkpoints/_results.html",
    find=services.find_stops,
    results=pages.stop_list,
)


@require_safe
@signed_in
def index(request: DashboardRequest, desk: Desk) -> HttpResponse:
    if start := _start_query(request, desk):
        return redirect(f"{desk.url}?{start}")
    form = FilterForm(request.GET)
    filters, source = form.filters(), source_of(request)
    pending = ahead.begin(desk.find, source, filters)
    around = _frame(request, desk, filters, source)
    try:
        results = desk.results(filters, _awaited(pending), source, request.account.clock)
    except SessionEnded:
        raise
    except NavixyError as error:
        if wants_fragment(request) and not isinstance(error, NotAllowed):
            raise  # into #problem: the old rows stay
        return _failed(request, desk, form, source, around, error)
    return _answer(request, desk, form, around, {"results": results})


def _awaited(pending: Future[Any]) -> Any:
    return pending.result()


def _start_query(request: DashboardRequest, desk: Desk) -> str:
    """The person's start view, at the bare address."""
    if request.GET or wants_fragment(request):
        return ""
    start = saved.start_of(request.account, desk.saved.name)
    return start.query if start else ""


def _frame(request: DashboardRequest, desk: Desk, filters: Filters, source: Source) -> str:
    """Navigation and filter panel; made while Navixy looks for the rows."""
    context: dict[str, Any] = {
        "list_title": desk.title,
        "list_url": desk.url,
        "of_stops": desk is STOPS,
        "can_write": request.account.has(WRITE_RIGHT),
        "right": WRITE_RIGHT,
    }
    if not (wants_fragment(request) and request.htmx.trigger == FORM_ID):
        context["panel"] = panel.panel(filters, source.lookup.get(), source.tags, request.account.clock)
    return frame(request, PAGE, ANSWER, context)


def _failed(
    request: DashboardRequest, desk: Desk, form: FilterForm, source: Source, around: str, error: NavixyError
) -> HttpResponse:
    """The page without rows: the filters stay within reach, as they may be what to change."""
    if isinstance(error, NotAllowed) and error.code == 13:
        accounts.remember_denied(request, error.action)
    context = {
        "results": pages.nothing(form.filters(), source, request.account.clock),
        "error": error,
        "denied": isinstance(error, NotAllowed),
        "retry": isinstance(error, TRANSIENT),
    }
    return _answer(request, desk, form, around, context, status=status_of(error))


def _answer(
    request: DashboardRequest,
    desk: Desk,
    form: FilterForm,
    around: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    results: Results = context["results"]
    complete = {
        **context,
        **menu(request, desk.saved, results.query),
        "filters": form.filters(),
        "complaints": form.complaints(),
    }
    response = render_list(request, around, desk.results_template, complete, rows=results.rows, status=status)
    if wants_fragment(request):
        typing = request.htmx.trigger == FORM_ID and bool(form.filters().q)
        response["HX-Replace-Url" if typing else "HX-Push-Url"] = f"{desk.url}?{results.query}"
    return response
