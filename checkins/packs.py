"""Zip packs of the check-ins a filter finds, or of chosen ones: asking for them, and finding what goes in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from checkins import asked, services
from checkins.filters import Filters
from checkins.forms import FilterForm
from checkins.services import Source
from checkins.sources import source_for, source_of
from dashboard import sessions
from dashboard.accounts import signed_in
from dashboard.htmx import problem
from dashboard.http import DashboardRequest
from dashboard.jobs import answers, desk
from dashboard.jobs.kinds import Kind, Result
from dashboard.jobs.running import Running
from dashboard.listing.sorting import Sort
from dashboard.names import Names
from dashboard.navixy import checkins as api
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.errors import NotFound
from dashboard.photos.packs import packing, plan
from dashboard.photos.packs.plan import Batch, Planned

PAGE = 500
OLDEST_FIRST = (Sort(field="marker_time", descending=False),)  # what comes in meanwhile comes last


@require_POST
@signed_in
def new(request: DashboardRequest) -> HttpResponse:
    """A pack of `ids`, else of all that the list's query finds. Raises NavixyError."""
    ids = asked.chosen_ids(request.POST.getlist("ids"))
    if ids is None:
        words = _("Choose between 1 and %d check-ins, or filter the list.") % asked.MOST_CHOSEN
        return problem(request, words, status=422)
    source = source_of(request)
    filters = asked.frozen(FilterForm(request.GET).filters(), source)
    count = len(ids) or services.overview(source, filters).total
    if not count:
        return problem(request, _("No check-in matches, so there is nothing to download."), status=422)
    try:
        job = desk.ask(
            request.account,
            sessions.hash_of(request.session),
            kind=KIND.name,
            title=packing.title(count),
            summary=_("Chosen in the list")
            if ids
            else asked.in_words(filters, source, request.account.clock),
            arguments={"ids": ids} if ids else {"query": filters.url_query()},
            link=f"{reverse('checkins:index')}?{filters.url_query()}",
        )
    except desk.TooMany:
        return problem(request, answers.too_many(), status=409)
    return answers.asked(request, job)


def run(job: Running) -> Result:
    source = source_for(job.account, job.client, job.as_of)
    return packing.pack(job, lambda: _batches(job.arguments, source))


KIND = Kind(
    name="photo-pack",
    label=gettext_lazy("Photo pack"),
    icon="folder-archive",
    unit=gettext_lazy("check-ins"),
    run=run,
)


def _batches(arguments: dict[str, Any], source: Source) -> Iterator[Batch]:
    if ids := arguments.get("ids"):
        return _chosen(source, ids)
    return _found(source, FilterForm(QueryDict(arguments["query"])).filters())


def _found(source: Source, filters: Filters) -> Iterator[Batch]:
    """Page by page as the table finds them, in parts when the period is long."""
    filters, offset = filters.replace(sort=OLDEST_FIRST), 0
    while True:
        got = services.window(source, filters, offset=offset, limit=PAGE)
        names = source.lookup.knowing(
            {checkin.tracker_id for checkin in got.items}, {checkin.employee_id for checkin in got.items}
        )
        yield Batch(items=tuple(_planned(checkin, names) for checkin in got.items), total=got.total)
        offset += PAGE
        if offset >= got.total:
            return


def _chosen(source: Source, ids: list[int]) -> Iterator[Batch]:
    for checkin_id in ids:
        yield Batch(items=(_read(source, checkin_id),), total=len(ids))


def _read(source: Source, checkin_id: int) -> Planned:
    try:
        checkin = api.read(source.client, checkin_id)
    except NotFound:
        return plan.unreadable(checkin_id, _("No longer there, or no longer visible to you"))
    return _planned(checkin, source.lookup.knowing({checkin.tracker_id}, {checkin.employee_id}))


def _planned(checkin: Checkin, names: Names) -> Planned:
    return plan.planned(
        checkin, who=names.employee(checkin.employee_id), tracker=names.tracker(checkin.tracker_id)
    )
