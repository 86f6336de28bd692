"""Where what an import created is seen."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from checkpoints.filters import Filters
from checkpoints.import_sending import Importing
from dashboard.clock import Clock
from dashboard.navixy.stops import StopDraft


def address(state: Importing) -> str:
    """A route or a task alone has its page; of more, the list of their days. "" when nothing was created."""
    made = {key: ids for key, ids in state.made.items() if ids and key in state.wanted}
    if not made:
        return ""
    if state.target:
        return reverse("routes:detail", args=[state.target.onto.route_id])
    routes = [ids[0] for key, ids in made.items() if key.startswith("route")]
    if len(made) == 1 and (first := next(iter(made.values()))[0]):
        return reverse("routes:detail" if routes else "checkpoints:detail", args=[first])
    drafts = [row.draft for key in made for row in state.wanted[key] if row.draft]
    period = _days(drafts, state.job.account.clock)
    if len(routes) == len(made):
        return f"{reverse('routes:index')}?{period.query()}"
    return f"{reverse('checkpoints:index')}?{period.replace(kind='all' if routes else 'task').query()}"


def _days(drafts: Iterable[StopDraft], clock: Clock) -> Filters:
    windows = [(one.start or one.end, one.end) for one in drafts]
    first, last = min(start for start, _end in windows), max(end for _start, end in windows)
    return Filters(period="", start=clock.local(first).date(), end=clock.local(last).date())
