"""Routes with their stops, or stops as listed, as a workbook made in the background."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from checkpoints import services
from checkpoints.filters import Filters
from checkpoints.forms import FilterForm
from checkpoints.progress import status_label
from checkpoints.services import Listed, Source
from checkpoints.sources import source_for
from dashboard import sessions
from dashboard.accounts import signed_in
from dashboard.htmx import problem
from dashboard.http import DashboardRequest
from dashboard.jobs import answers, desk
from dashboard.jobs.kinds import Kind, Result
from dashboard.jobs.running import Running
from dashboard.navixy.routes import WholeRoute
from dashboard.reports.cells import Column, Row
from dashboard.reports.workbook import Book

FAILED = ("failed",)
DONE = ("done", "faulty")


@require_POST
@signed_in
def new(request: DashboardRequest, of: str) -> HttpResponse:
    """A workbook of what the query finds; `of` is "routes" or "checkpoints"."""
    filters = FilterForm(request.GET).filters().replace(page=1)
    title = _("Routes with their stops") if of == "routes" else _("Checkpoints")
    try:
        job = desk.ask(
            request.account,
            sessions.hash_of(request.session),
            kind=KIND.name,
            title=title,
            arguments={"of": of, "query": filters.query()},
            link=f"{reverse(f'{of}:index')}?{filters.query()}",
        )
    except desk.TooMany:
        return problem(request, answers.too_many(), status=409)
    return answers.asked(request, job)


def run(job: Running) -> Result:
    source = source_for(job.account, job.client, job.as_of)
    filters = FilterForm(QueryDict(job.arguments["query"])).filters()
    name = f"{job.arguments['of']}.xlsx"
    path = job.folder / name
    with Book(folder=job.folder, clock=job.account.clock) as book:
        if job.arguments["of"] == "routes":
            count, notes = _routes(book, source, filters)
        else:
            count, notes = _stops(book, source, filters)
        book.save(path, title=name)
        notes += book.notes()
    job.progress(count, count)
    message = " ".join([_("%s stops in the workbook.") % f"{count:,}", *notes])
    return Result(message=message, files=(job.store(path, name),))


def _routes(book: Book, source: Source, filters: Filters) -> tuple[int, list[str]]:
    found, notes = services.all_routes(source, filters)
    sheet = book.sheet(_("Routes"), _route_columns())
    for whole in found:
        sheet.append(_route_row(whole, source))
    stops = [Listed(stop=stop, route=whole.route) for whole in found for stop in whole.stops]
    _append(book, stops, source)
    return len(stops), notes


def _stops(book: Book, source: Source, filters: Filters) -> tuple[int, list[str]]:
    found, notes = services.all_stops(source, filters)
    _append(book, found, source)
    return len(found), notes


def _append(book: Book, stops: Iterable[Listed], source: Source) -> None:
    sheet = book.sheet(_("Stops"), _stop_columns())
    for one in stops:
        sheet.append(_stop_row(one, source))


def _route_columns() -> list[Column]:
    return [
        Column(label=_("Number"), kind="number", width=12),
        Column(label=_("Route"), width=32),
        Column(label=_("Tracker"), width=26),
        Column(label=_("Status"), width=18),
        Column(label=_("From"), kind="moment", width=20),
        Column(label=_("To"), kind="moment", width=20),
        Column(label=_("Stops"), kind="number", width=8),
        Column(label=_("Done"), kind="number", width=8),
        Column(label=_("Failed"), kind="number", width=8),
        Column(label=_("Order number"), width=20),
        Column(label=_("Tags"), width=24),
        Column(label=_("Description"), width=40),
    ]


def _route_row(whole: WholeRoute, source: Source) -> Row:
    route, statuses = whole.route, [stop.status for stop in whole.stops]
    return [
        route.id,
        route.label,
        source.lookup.get().tracker(route.tracker_id) if route.tracker_id else "",
        status_label(route.status),
        route.start,
        route.end,
        len(statuses),
        sum(status in DONE for status in statuses),
        sum(status in FAILED for status in statuses),
        route.external_id or "",
        ", ".join(map(source.tags.name, route.tag_ids)),
        route.description,
    ]


def _stop_columns() -> list[Column]:
    return [
        Column(label=_("Number"), kind="number", width=12),
        Column(label=_("Route"), width=28),
        Column(label=_("Place in the route"), kind="number", width=10),
        Column(label=_("Name"), width=32),
        Column(label=_("Address"), width=40),
        Column(label=_("Latitude"), kind="number", width=12),
        Column(label=_("Longitude"), kind="number", width=12),
        Column(label=_("Radius m"), kind="number", width=10),
        Column(label=_("From"), kind="moment", width=20),
        Column(label=_("To"), kind="moment", width=20),
        Column(label=_("Status"), width=18),
        Column(label=_("Arrived"), kind="moment", width=20),
        Column(label=_("Stay min"), kind="number", width=10),
        Column(label=_("Order number"), width=20),
        Column(label=_("Tracker"), width=26),
        Column(label=_("Tags"), width=24),
        Column(label=_("Description"), width=40),
    ]


def _stop_row(one: Listed, source: Source) -> Row:
    stop, route = one.stop, one.route
    place = route.checkpoint_ids.index(stop.id) + 1 if route and stop.id in route.checkpoint_ids else None
    return [
        stop.id,
        route.label if route else "",
        place,
        stop.label,
        stop.address,
        stop.lat,
        stop.lng,
        stop.radius,
        stop.start,
        stop.end,
        status_label(stop.status),
        stop.arrived,
        round(stop.stayed / 60),
        stop.external_id or "",
        source.lookup.get().tracker(stop.tracker_id) if stop.tracker_id else "",
        ", ".join(map(source.tags.name, stop.tag_ids)),
        stop.description,
    ]


KIND = Kind(
    name="routes_export",
    label=gettext_lazy("Workbook of routes"),
    icon="file-down",
    unit=gettext_lazy("stops"),
    run=run,
)
