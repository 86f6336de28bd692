"""Creating the stops of a sheet in the background: each route or task once, whatever stops the worker.

What is about to be created is written down before it is sent, and what was created after. A job that goes on
looks first whether the one it was at had arrived: the platform does not tell identical ones apart (ref 7.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checkpoints.import_result import counted, given_back, left_out
from checkpoints.sheet_reading import Line
from checkpoints.sheet_rows import Row, check, groups, read
from checkpoints.sheet_setting import setting_for
from checkpoints.wrong import told
from dashboard.audit import journal
from dashboard.jobs.kinds import Kind, Result
from dashboard.jobs.running import Running
from dashboard.navixy import checkpoints, places, routes, tasks
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.navixy.routes import Route, RouteDraft
from dashboard.navixy.stops import Stop, StopDraft
from dashboard.navixy.tasks import TaskQuery

SLACK = timedelta(minutes=5)  # between this machine's clock and Navixy's
SAVE_PLACES_EVERY = 20
ATTEMPTS = 2


@dataclass
class Importing:
    """One run of the job. `made` holds the ids of each group that is there, `failed` the reason of others."""

    job: Running
    head: tuple[str, ...]
    made: dict[str, list[int]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def ids(self) -> set[int]:
        return {one for made in self.made.values() for one in made}


def run(job: Running) -> Result:
    rows = _placed(job, _checked(job))
    wanted = groups(rows)
    state = Importing(
        job=job,
        head=tuple(job.arguments["head"]),
        made=dict(job.saved.get("made", {})),
        failed=dict(job.saved.get("failed", {})),
    )
    total, done = sum(map(len, wanted.values())), 0
    for key, members in wanted.items():
        done += len(members)
        if key not in state.made and key not in state.failed:
            _create(state, key, members, done, total)
            job.save(done, total, trying="", made=state.made, failed=state.failed)
    return _result(state, rows, wanted)


def _checked(job: Running) -> tuple[Row, ...]:
    """As when it was asked for: a row that was good then is not refused because the job had to wait."""
    lines = [Line(number=number, cells=tuple(cells)) for number, cells in job.arguments["rows"]]
    mapping = job.arguments["mapping"]
    setting = setting_for(
        job.client,
        lines,
        mapping,
        zone=job.account.zone,
        now=job.as_of,
        american=bool(job.arguments["american"]),
    )
    return check(read(lines, mapping, setting), dict(job.arguments.get("left_out", ())))


def _placed(job: Running, rows: Iterable[Row]) -> tuple[Row, ...]:
    """Addresses become places, each looked up once; one that nobody knows is given back."""
    found: dict[str, list[float]] = dict(job.saved.get("places", {}))
    placed = []
    for row in rows:
        if row.draft is None or not row.lookup:
            placed.append(row)
            continue
        if row.lookup not in found:
            hits = places.search_address(job.client, row.lookup)
            found[row.lookup] = [hits[0].lat, hits[0].lng] if hits else []
            if len(found) % SAVE_PLACES_EVERY == 0:
                job.save(0, None, _("Looking up addresses"), places=found)
        placed.append(_at(row, found[row.lookup]))
    job.save(0, None, places=found)
    return tuple(placed)


def _at(row: Row, place: Sequence[float]) -> Row:
    if not place or row.draft is None:
        return replace(row, draft=None, wrong=_("No place was found for this address."))
    return replace(row, draft=replace(row.draft, lat=place[0], lng=place[1]))


class Unclear(Exception):
    """It may be there, and nobody could look."""


def _create(state: Importing, key: str, members: Sequence[Row], done: int, total: int) -> None:
    """Looks before it sends when an earlier attempt may have sent the same."""
    job = state.job
    if key.startswith("route") and len(members) < routes.FEWEST_STOPS:
        state.failed[key] = _("The other stops of this route could not be created.")
        return
    doubtful = job.saved.get("trying") == key
    job.save(done, total, trying=key)
    try:
        state.made[key] = _once(state, members, doubtful=doubtful)
    except SessionEnded:
        raise
    except NavixyError as error:
        state.failed[key] = told(error)
    except Unclear:
        state.failed[key] = _(
            "Navixy did not say whether this was created. Look there before importing it again."
        )
    _recorded(state, key, members)


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
    drafts, client = [row.draft for row in members if row.draft], state.job.client
    forms = any(one.form_template_id for one in drafts)
    if not members[0].route:
        return [tasks.create(client, drafts[0], create_form=forms).id or 0]
    route = RouteDraft(label=members[0].route[:200], tracker_id=drafts[0].tracker_id)
    stops = [replace(one, tracker_id=None) for one in drafts]
    made, _written = routes.create(client, route, stops, create_form=forms)
    return [made.id, *made.checkpoint_ids]


def _already_there(state: Importing, members: Sequence[Row]) -> list[int]:
    """Ids of what equals these rows, was made since the job was asked for, and is not counted yet."""
    drafts = [row.draft for row in members if row.draft]
    start, end = min(one.start or one.end for one in drafts), max(one.end for one in drafts)
    if members[0].route:
        found = routes.list_routes(state.job.client, start=start, end=end)
        for route in found:
            if _is_like(route, members[0]) and _is_new(state, route):
                stops = checkpoints.list_checkpoints(state.job.client, route.checkpoint_ids)
                there = [stops[one] for one in route.checkpoint_ids if one in stops]
                if _equal(there, drafts):
                    return [route.id, *route.checkpoint_ids]
        return []
    listed = tasks.search(state.job.client, TaskQuery(start=start, end=end)).items
    same = (one for one in listed if one.tracker_id == drafts[0].tracker_id and _equal([one], drafts))
    return next(([one.id] for one in same if _is_new(state, one)), [])


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


def _recorded(state: Importing, key: str, members: Sequence[Row]) -> None:
    failed = state.failed.get(key, "")
    journal.record(
        state.job.account,
        action="import",
        kind="route" if members[0].route else "task",
        subject=members[0].route or (members[0].draft.label if members[0].draft else ""),
        ids=state.made.get(key, ()),
        result="failed" if failed else "done",
        message=failed,
    )


def _result(state: Importing, rows: Sequence[Row], wanted: dict[str, list[Row]]) -> Result:
    """How much is there now, and a sheet of what is not."""
    reasons = {row.line.number: row.wrong or row.left_out for row in rows if row.wanted is None}
    for key, reason in state.failed.items():
        reasons |= {row.line.number: reason for row in wanted.get(key, ())}
    created = sum(len(members) for key, members in wanted.items() if key in state.made)
    number = sum(1 for key in state.made if key.startswith("route"))
    message = _("Created: %s.") % counted(created, number, len(state.made) - number)
    if not reasons:
        return Result(message=message)
    message += " " + _("%s; the sheet says why.") % left_out(len(reasons))
    back = given_back(state.job, state.head, [row.line for row in rows], reasons)
    return Result(message=message, files=(back,))


KIND = Kind(
    name="stops_import",
    label=gettext_lazy("Import of stops"),
    icon="file-up",
    unit=gettext_lazy("stops"),
    run=run,
    cancelled=gettext_lazy("Cancelled. What was created until then stays."),
    link_words=gettext_lazy("Routes"),
)
