"""Asking for a report: of what, in which format; small ones at once, long ones as a job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, get_args
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from checkins import asked, services
from checkins.filters import Filters
from checkins.forms import FilterForm
from checkins.reports import job as jobs
from checkins.reports.options import COLUMNS, FORMATS, Options, OptionsForm
from checkins.reports.printing import MOST_PRINTED
from checkins.reports.table import Table, table
from checkins.reports.walk import Chunk, Walk
from checkins.rows import Words
from checkins.services import Source
from checkins.sources import source_of
from dashboard import sessions
from dashboard.accounts import signed_in
from dashboard.clock import Clock
from dashboard.htmx import client_redirect, problem, wants_fragment
from dashboard.http import DashboardRequest
from dashboard.jobs import answers, desk
from dashboard.jobs.models import Job
from dashboard.navixy import checkins as api
from dashboard.navixy import forms
from dashboard.navixy.downloads import FileFormat
from dashboard.reports import csv_lines
from dashboard.reports.cells import Row
from dashboard.reports.downloads import attachment, passed_through
from dashboard.reports.names import file_name

AT_ONCE = 5_000  # rows of a CSV that are streamed right away
MOST_IN_LINK = 100  # chosen ids that an address can hold
PAGE, FORM = "reports/new.html", "reports/_form.html"
OF_NAVIXY: dict[str, FileFormat] = {"navixy-xlsx": "xlsx", "navixy-pdf": "pdf"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the report is of: `count` check-ins, chosen by `ids` or found by the filters."""

    ids: tuple[int, ...]
    filters: Filters
    source: Source
    count: int

    @property
    def query(self) -> str:
        return self.filters.url_query()

    @property
    def link_query(self) -> str:
        """For what is fetched by its address."""
        return f"{self.query}&{urlencode({'ids': ','.join(map(str, self.ids))})}" if self.ids else self.query


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: DashboardRequest) -> HttpResponseBase:
    """The options of a report of `ids`, else of what the list's query finds; with a format, the report.

    Raises NavixyError.
    """
    wanted = _wanted(request)
    if isinstance(wanted, HttpResponse):
        return wanted
    if request.method != "POST" or "format" not in request.POST:
        return _ask(request, wanted, Options(columns="screen"))
    options = OptionsForm(request.POST).options(request.build_absolute_uri("/").rstrip("/"))
    if options is None:
        return problem(request, _("There is no such kind of report."), status=422)
    return _made(request, wanted, options)


@require_safe
@signed_in
def export(request: DashboardRequest, kind: str) -> HttpResponseBase:
    """A file at once: `csv`, or `navixy-xlsx` and `navixy-pdf` passed through. Raises NavixyError."""
    wanted = _wanted(request)
    if isinstance(wanted, HttpResponse):
        return wanted
    if kind == "csv":
        return _csv(request, wanted)
    if kind not in OF_NAVIXY:
        raise Http404
    download = services.exported(wanted.source, wanted.filters, kind=OF_NAVIXY[kind])
    name = file_name("navixy", *_days(wanted.filters), f"{wanted.count}", ending=OF_NAVIXY[kind])
    return passed_through(download, name=name, kind=OF_NAVIXY[kind])


@require_safe
@signed_in
def form_file(request: DashboardRequest, checkin_id: int, kind: str) -> HttpResponseBase:
    """The filled form of a check-in as Navixy prints it (ref 5.7). Raises NavixyError."""
    if kind not in get_args(FileFormat):
        raise Http404
    checkin = api.read(request.navixy, checkin_id)
    if checkin.form_id is None:
        raise Http404
    wanted: FileFormat = "pdf" if kind == "pdf" else "xlsx"
    download = forms.download_form(request.navixy, checkin.form_id, format=wanted)
    name = file_name("form", checkin.form_label or "", f"checkin-{checkin.id}", ending=wanted)
    return passed_through(download, name=name, kind=wanted)


def _wanted(request: DashboardRequest) -> Wanted | HttpResponse:
    """Or what is wrong with it. One `checkin/list`, unless ids say it all; `all_matching` wins over them."""
    everything = request.POST.get("all_matching") == "1"
    given = request.POST.getlist("ids") or request.GET.getlist("ids")
    ids = asked.chosen_ids([] if everything else given)
    if ids is None:
        words = _("Choose between 1 and %d check-ins, or filter the list.") % asked.MOST_CHOSEN
        return problem(request, words, status=422)
    source = source_of(request)
    filters = asked.frozen(FilterForm(request.GET).filters(), source)
    count = len(ids) or services.overview(source, filters).total
    if not count:
        return problem(request, _("No check-in matches, so there is nothing to report."), status=422)
    return Wanted(ids=tuple(ids), filters=filters, source=source, count=count)


def _ask(request: DashboardRequest, wanted: Wanted, options: Options) -> HttpResponse:
    words = asked.in_words(wanted.filters, wanted.source, request.account.clock)
    context: dict[str, Any] = {
        "count": wanted.count,
        "count_text": f"{wanted.count:,}",
        "words": "" if wanted.ids else words,
        "ids": ",".join(map(str, wanted.ids)),
        "query": wanted.query,
        "options": options,
        "formats": _choices(FORMATS, options.format, off=_off(wanted), more=_more(wanted)),
        "columns": _choices(COLUMNS, options.columns, off={}, more={}),
        "back": jobs.list_path(wanted.filters),
    }
    return render(request, FORM if wants_fragment(request) else PAGE, context)


def _choices(of: Any, chosen: str, *, off: dict[str, str], more: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "value": key,
            "label": label,
            "hint": more.get(key, hint),
            "chosen": key == chosen,
            "off": off.get(key, ""),
        }
        for key, (label, hint) in of.items()
    ]


def _more(wanted: Wanted) -> dict[str, str]:
    """What is to be known of a format before it is chosen for so many."""
    if wanted.count <= MOST_PRINTED:
        return {}
    words = _("The first %(most)d of these %(count)s, with photos, answers and a map")
    return {"print": words % {"most": MOST_PRINTED, "count": f"{wanted.count:,}"}}


def _off(wanted: Wanted) -> dict[str, str]:
    """What cannot be had of this, with the reason."""
    if wanted.ids:
        return dict.fromkeys(OF_NAVIXY, _("Navixy makes its files of a list, not of chosen check-ins"))
    return {}


def _made(request: DashboardRequest, wanted: Wanted, options: Options) -> HttpResponse:
    kind = options.format
    if reason := _off(wanted).get(kind):
        return problem(request, f"{reason}.", status=422)
    if kind == "print":
        few = replace(wanted, ids=wanted.ids[: MOST_PRINTED + 1])
        return client_redirect(request, f"{reverse('checkins:print_many')}?{few.link_query}")
    in_link = len(wanted.ids) <= MOST_IN_LINK
    if kind in OF_NAVIXY or (kind == "csv" and wanted.count <= AT_ONCE and in_link):
        columns = "&report_columns=all" if options.columns == "all" else ""
        return client_redirect(
            request, f"{reverse('checkins:export', args=[kind])}?{wanted.link_query}{columns}"
        )
    try:
        job = _asked(request, wanted, options)
    except desk.TooMany:
        return problem(request, answers.too_many(), status=409)
    return answers.asked(request, job) if wants_fragment(request) else redirect("reports:detail", pk=job.pk)


def _asked(request: DashboardRequest, wanted: Wanted, options: Options) -> Job:
    words = asked.in_words(wanted.filters, wanted.source, request.account.clock)
    return desk.ask(
        request.account,
        sessions.hash_of(request.session),
        kind=jobs.KIND.name,
        title=jobs.title(wanted.count),
        summary=" · ".join(
            filter(None, (_("Chosen in the list") if wanted.ids else words, options.in_words()))
        ),
        arguments={
            "ids": list(wanted.ids),
            "query": wanted.query,
            "count": wanted.count,
            "options": options.packed(),
        },
        link=jobs.list_path(wanted.filters),
    )


def _csv(request: DashboardRequest, wanted: Wanted) -> HttpResponseBase:
    """The first rows are there before the answer begins, so that what goes wrong first is a page."""
    columns = "all" if request.GET.get("report_columns") == "all" else "screen"
    options = Options(format="csv", columns=columns, base=request.build_absolute_uri("/").rstrip("/"))
    clock = request.account.clock
    shown = table(options, wanted.filters, clock, jobs.checkin_urls(options.base))
    chunks = iter(Walk(source=wanted.source, filters=wanted.filters, ids=wanted.ids))
    first = next(chunks, None)
    rows = _rows(shown, chain([first] if first else [], chunks), clock)
    name = file_name("checkins", *_days(wanted.filters), f"{wanted.count}", ending="csv")
    return attachment(csv_lines.lines(shown.columns, rows, clock), name=name, mime=csv_lines.MIME)


def _rows(shown: Table, chunks: Iterator[Chunk], clock: Clock) -> Iterator[Row]:
    for chunk in chunks:
        yield from shown.rows(chunk.checkins, Words(names=chunk.names, clock=clock))


def _days(filters: Filters) -> list[str]:
    """For the name of a file."""
    ends = [str(end)[:10] for end in (filters.start, filters.end) if end]
    return list(dict.fromkeys(ends))
