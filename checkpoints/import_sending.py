"""Creating what rows of a sheet become: each route, task or stop once, whatever stops the worker.

What is about to be created is written down before it is sent, and what was created after. Who goes on looks
first whether the one it was at had arrived: the platform does not tell identical ones apart (ref 7.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from checkpoints.import_target import Target, gone
from checkpoints.journal import values
from checkpoints.sheet_rows import Row
from checkpoints.wrong import state_sentence, told
from dashboard.audit import journal
from dashboard.jobs.running import Running
from dashboard.navixy import checkpoints, routes, tasks
from dashboard.navixy.errors import NavixyError, NotFound, SessionEnded
from dashboard.navixy.routes import Route, RouteDraft
from dashboard.navixy.stops import Stop, StopDraft
from dashboard.navixy.tasks import TaskQuery

SLACK = timedelta(minutes=5)  # between this machine's clock and Navixy's
ATTEMPTS = 2


@dataclass
class Importing:
    """One run of the job. `made` holds the ids of each group that is there, `failed` the reason of others.

    `closed` says why nothing more can be added to the route of `target`.
    """

    job: Running
    wanted: Mapping[str, Sequence[Row]]
    target: Target | None = None
    made: dict[str, list[int]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    closed: str = ""

    @property
    def ids(self) -> list[int]:
        """In the order of the sheet: a database may keep the keys of `made` in another one."""
        return [one for key in self.wanted for one in self.made.get(key, ())]


class Unclear(Exception):
    """It may be there, and nobody could look."""


class Closed(Exception):
    """Nothing was sent, as nothing more can be added to the route; the text says why."""


def create(state: Importing, key: str, done: int, total: int) -> None:
    """One group, unless it is there or has failed. Looks before it sends what may have been sent already."""
    if key in state.made or key in state.failed:
        return
    if why := state.closed or _too_few(state.wanted[key]):
        state.failed[key] = why
    else:
        doubtful = state.job.saved.get("trying") == key
        state.job.save(done, total, trying=key)
        _try(state, key, doubtful=doubtful)
    state.job.save(done, total, trying="", made=state.made, failed=state.failed)


def changed_words() -> str:
    return _("The route was changed elsewhere meanwhile. Look at it, and import the rest again.")


def _too_few(members: Sequence[Row]) -> str:
    if members[0].onto or not members[0].route or len(members) >= routes.FEWEST_STOPS:
        return ""
    return _("The other stops of this route could not be created.")


def _try(state: Importing, key: str, *, doubtful: bool) -> None:
    members, result = state.wanted[key], "failed"
    try:
        state.made[key] = _once(state, members, doubtful=doubtful)
        result = "done"
    except SessionEnded:
        raise
    except NavixyError as error:
        state.failed[key] = told(error)
    except Closed as closed:
        state.failed[key] = state.closed = str(closed)
    except Unclear:
        result = "unknown"
        state.failed[key] = _(
            "Navixy did not say whether this was created. Look there before importing it again."
        )
    _record(state, key, members, result)


def _once(state: Importing, members: Sequence[Row], *, doubtful: bool) -> list[int]:
    """The ids of what is there now. Raises NavixyError when it is not, Unclear when nobody knows."""
    failure: NavixyError | None = None
    for _attempt in range(ATTEMPTS):
        if doubtful and (there := _looked_up(state, members)):
            return there
        try:
            return _send(state, members)
        except NavixyError as error:
            if not error.maybe_applied:
                raise
            doubtful, failure = True, error
    there = _looked_up(state, members)
    if not there and failure:
        raise failure
    return there


def _looked_up(state: Importing, members: Sequence[Row]) -> list[int]:
    try:
        return _already_there(state, members)
    except SessionEnded:
        raise
    except NavixyError as error:
        raise Unclear from error


def _send(state: Importing, members: Sequence[Row]) -> list[int]:
    """Raises NavixyError, Closed, Unclear."""
    drafts, client = [row.draft for row in members if row.draft], state.job.client
    forms = any(one.form_template_id for one in drafts)
    if state.target:
        return [_added(state, state.target, drafts[0], form=forms)]
    if not members[0].route:
        return [tasks.create(client, drafts[0], create_form=forms).id or 0]
    route = RouteDraft(label=members[0].route[:200], tracker_id=drafts[0].tracker_id)
    stops = [replace(one, tracker_id=None) for one in drafts]
    made, _written = routes.create(client, route, stops, create_form=forms)
    return [made.id, *made.checkpoint_ids]


def _added(state: Importing, target: Target, draft: StopDraft, *, form: bool) -> int:
    """The last stop of the route, which has to be as it was seen but for what was added here."""
    client, expected = state.job.client, [*target.seen, *state.ids]
    try:
        route = routes.read(client, target.onto.route_id)
    except NotFound as error:
        raise Closed(gone()) from error
    if not route.is_editable:
        raise Closed(state_sentence(route.status, _("route")))
    if list(route.checkpoint_ids) != expected:
        raise Closed(changed_words())
    last = replace(draft, parent_id=route.id, order=len(expected))
    made = checkpoints.create(client, last, create_form=form).id
    if made is None:
        raise Unclear
    return made


def _already_there(state: Importing, members: Sequence[Row]) -> list[int]:
    """Ids of what equals these rows, was made since the job was asked for, and is not counted yet."""
    drafts = [row.draft for row in members if row.draft]
    if state.target:
        return next(_stops_like(state, state.target, drafts[0]), [])
    if members[0].route:
        return next(_routes_like(state, members[0], drafts), [])
    return next(_tasks_like(state, drafts[0]), [])


def _stops_like(state: Importing, target: Target, draft: StopDraft) -> Iterator[list[int]]:
    for stop in routes.read_whole(state.job.client, target.onto.route_id).stops:
        if stop.id not in target.seen and _is_new(state, stop) and _equal([stop], [draft]):
            yield [stop.id]


def _routes_like(state: Importing, row: Row, drafts: Sequence[StopDraft]) -> Iterator[list[int]]:
    start, end = min(one.start or one.end for one in drafts), max(one.end for one in drafts)
    for route in routes.list_routes(state.job.client, start=start, end=end):
        if _is_like(route, row) and _is_new(state, route):
            stops = checkpoints.list_checkpoints(state.job.client, route.checkpoint_ids)
            if _equal([stops[one] for one in route.checkpoint_ids if one in stops], drafts):
                yield [route.id, *route.checkpoint_ids]


def _tasks_like(state: Importing, draft: StopDraft) -> Iterator[list[int]]:
    period = TaskQuery(start=draft.start or draft.end, end=draft.end)
    for task in tasks.search(state.job.client, period).items:
        if task.tracker_id == draft.tracker_id and _is_new(state, task) and _equal([task], [draft]):
            yield [task.id]


def _is_like(route: Route, row: Row) -> bool:
    """Its stops have their executor from it."""
    return row.draft is not None and (route.label, route.tracker_id) == (row.route, row.draft.tracker_id)


def _is_new(state: Importing, one: Route | Stop) -> bool:
    return one.id not in state.ids and one.created is not None and one.created >= state.job.as_of - SLACK


def _equal(stops: Sequence[Stop], drafts: Sequence[StopDraft]) -> bool:
    return list(map(_known, stops)) == list(map(_known, drafts))


def _known(one: Stop | StopDraft) -> tuple[Any, ...]:
    """What lists give back as it was sent: no form (ref 7.6), and maybe the end where no start was sent."""
    return (
        one.label,
        one.description,
        one.start or one.end,
        one.end,
        one.external_id or "",
        round(one.lat, 5),
        round(one.lng, 5),
        one.radius,
        one.max_delay,
        one.min_stay,
        one.min_arrival,
        sorted(one.tag_ids),
    )


def _record(state: Importing, key: str, members: Sequence[Row], result: str) -> None:
    first, draft = members[0], members[0].draft
    journal.record(
        state.job.account,
        action="import",
        kind="checkpoint" if first.onto else "route" if first.route else "task",
        subject=first.route if first.route and not first.onto else draft.label if draft else "",
        ids=state.made.get(key, ()),
        result=result,
        message=state.failed.get(key, ""),
        after=values(draft) | {"route": first.onto} if draft and first.onto and result != "failed" else None,
    )
