"""Importing the stops of a sheet in the background: checked anew, placed, created, the rest given back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checkpoints import import_made
from checkpoints.import_result import added, counted, given_back, left_out
from checkpoints.import_sending import Importing, changed_words, create
from checkpoints.import_target import changed, gone, refusal, unpacked
from checkpoints.sheet_reading import Line
from checkpoints.sheet_rows import Onto, Row, check, groups, read
from checkpoints.sheet_setting import setting_for
from dashboard.jobs.kinds import Kind, Result
from dashboard.jobs.running import Running
from dashboard.navixy import places, routes
from dashboard.navixy.errors import NotFound

SAVE_PLACES_EVERY = 20


def run(job: Running) -> Result:
    target = unpacked(job.arguments["onto"]) if job.arguments.get("onto") else None
    rows = _placed(job, _checked(job, target.onto if target else None))
    state = Importing(
        job=job,
        wanted=groups(rows),
        target=target,
        made=dict(job.saved.get("made", {})),
        failed=dict(job.saved.get("failed", {})),
    )
    state.closed = _closed(state)
    total, done = sum(map(len, state.wanted.values())), 0
    for key, members in state.wanted.items():
        done += len(members)
        create(state, key, done, total)
    return _result(state, rows)


def _closed(state: Importing) -> str:
    """Why nothing may be added to the route: it is not as it was when its person said so."""
    if state.target is None:
        return ""
    try:
        present = routes.read_whole(state.job.client, state.target.onto.route_id)
    except NotFound:
        return gone()
    beside = frozenset(stop.id for stop in present.stops) - frozenset(state.target.seen)
    return refusal(present.route) or (
        changed_words() if changed(state.target, present, beside=beside) else ""
    )


def _checked(job: Running, onto: Onto | None) -> tuple[Row, ...]:
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
    return check(read(lines, mapping, setting), dict(job.arguments.get("left_out", ())), onto)


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


def _result(state: Importing, rows: Sequence[Row]) -> Result:
    """How much is there now, and a sheet of what is not."""
    reasons = {row.line.number: row.wrong or row.left_out for row in rows if row.wanted is None}
    for key, reason in state.failed.items():
        reasons |= {row.line.number: reason for row in state.wanted.get(key, ())}
    message, link = _created(state), import_made.address(state)
    if not reasons:
        return Result(message=message, link=link)
    message += " " + _("%s; the sheet says why.") % left_out(len(reasons))
    back = given_back(state.job, state.job.arguments["head"], [row.line for row in rows], reasons)
    return Result(message=message, files=(back,), link=link)


def _created(state: Importing) -> str:
    created = sum(len(members) for key, members in state.wanted.items() if key in state.made)
    if state.target:
        return f"{added(created, state.target.onto.label)}."
    number = sum(1 for key in state.made if key.startswith("route"))
    return _("Created: %s.") % counted(created, number, len(state.made) - number)


KIND = Kind(
    name="stops_import",
    label=gettext_lazy("Import of stops"),
    icon="file-up",
    unit=gettext_lazy("stops"),
    run=run,
    cancelled=gettext_lazy("Cancelled. What was created until then stays."),
    link_words=gettext_lazy("Routes"),
    made_words=gettext_lazy("What was created"),
)
