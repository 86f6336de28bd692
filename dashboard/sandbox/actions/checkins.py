"""Reading, listing and deleting check-ins (ref 5)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.envelope import Answer, ListAnswer, record
from dashboard.sandbox.errors import ApiError, invalid
from dashboard.sandbox.exports import Table, export
from dashboard.sandbox.listing import Query, condition_fields, find, full_name, sort_keys
from dashboard.sandbox.model import Checkin
from dashboard.sandbox.params import sort_expression
from dashboard.sandbox.search import Reader
from dashboard.sandbox.shapes import Shapes

HEAD = ("Time", "Employee", "Tracker", "Address", "Comment", "Form", "Photos")


@action("checkin/read", get=True)
def read_checkin(asked: Asked) -> Answer:
    checkin_id = asked.params.need_integer("checkin_id")
    _check_read_right(asked)
    one = asked.world.checkin(checkin_id)
    if one is None or not asked.sees(one.tracker_id):
        raise ApiError(204)
    return {"value": Shapes.of(asked).checkin(one, asked.world.files_of(one))}


@action("checkin/list")
def list_checkins(asked: Asked) -> Answer:
    _check_read_right(asked)
    if asked.box.switches.dealer_limit_exceeded:
        raise ApiError(221)
    limit, offset = _limit(asked), asked.params.integer("offset", least=0) or 0
    kind = asked.params.text("format")
    if kind not in (None, "pdf", "xlsx"):
        raise invalid("format", "must be pdf or xlsx")
    found = _search(asked)
    page = found[offset:] if limit is None else found[offset : offset + limit]
    if kind:
        return export(_table(asked, page), kind, name="checkins")
    return ListAnswer(records=_records(asked, page), count=len(found))


@action("checkin/delete", get=True)
def delete_checkins(asked: Asked) -> Answer:
    """Deletes all or nothing, unless the switch says that the known ones go (ref 5.5)."""
    ids = asked.params.need_integers("checkin_ids")
    if not ids:
        raise invalid("checkin_ids", "must not be empty")
    asked.needs("checkin_update")
    with asked.box.lock:
        known = [one for one in ids if (found := asked.world.checkin(one)) and asked.sees(found.tracker_id)]
        incomplete = len(known) < len(ids)
        if not (incomplete and asked.box.switches.delete_all_or_nothing):
            _remove(asked, known)
            asked.box.touch()
    if incomplete:
        raise ApiError(201)
    return {}


def _remove(asked: Asked, ids: list[int]) -> None:
    """Forms and photos made through the API go with their check-in, as the others do."""
    world = asked.world
    for one in filter(None, map(world.checkin, ids)):
        form = world.written_forms.pop(one.form_id or 0, None)
        of_form = [key for key, upload in asked.box.uploads.items() if form and upload.form_id == form.id]
        for file_id in (*one.file_ids, *of_form):
            world.written_files.pop(file_id, None)
            asked.box.uploads.pop(file_id, None)
    world.remove(ids)


def _check_read_right(asked: Asked) -> None:
    if asked.box.switches.enforce_checkin_read_right:
        asked.needs("employee_update")


def _limit(asked: Asked) -> int | None:
    switches, limit = asked.box.switches, asked.params.integer("limit")
    if limit is not None and switches.max_limit is not None and limit > switches.max_limit:
        raise ApiError(212)
    return switches.default_limit if limit is None else limit


def _records(asked: Asked, page: Sequence[Checkin]) -> list[str]:
    """Every third record carries an unknown member."""
    shapes, box = Shapes.of(asked), asked.box
    strewing = box.switches.unknown_members

    def write(one: Checkin) -> str:
        content = shapes.checkin(one, asked.world.files_of(one))
        return record(content, unknown_members=strewing and one.id % 3 == 0)

    same = (box.edition, shapes, strewing)
    return [box.search.written((one.id, same), partial(write, one)) for one in page]


def _search(asked: Asked) -> Sequence[Checkin]:
    """The sorted result without paging; remembered until the data or a switch changes."""
    box, world = asked.box, asked.world
    query = _query(asked)
    wanted = json.dumps([asked.params.value("conditions"), asked.person.zone, asked.moments.iso])
    key = (
        box.version,
        len(world.checkins),
        query.trackers,
        (query.start, query.end, query.circle, query.sort, query.with_precision),
        wanted,
        (box.switches.case_sensitive, box.switches.tracker_is_linked),
    )
    return box.search.results(key, lambda: find(world, query))


def _query(asked: Asked) -> Query:
    start, end = _period(asked)
    conditions = asked.params.items("conditions")
    switches = asked.box.switches
    reader = Reader(
        fields=condition_fields(asked.world, tracker_is_linked=switches.tracker_is_linked),
        moments=asked.moments,
        fold=str if switches.case_sensitive else str.casefold,
    )
    return Query(
        trackers=_trackers(asked),
        start=start,
        end=end,
        circle=asked.params.circle("location"),
        test=reader.read("conditions", conditions) if conditions else None,
        sort=_sort(asked),
        with_precision=switches.circle_includes_precision,
    )


def _trackers(asked: Asked) -> frozenset[int]:
    """ApiError 217 when one that is named is missing, invisible, blocked or without the tariff feature."""
    named = asked.params.integers("trackers")
    listed = asked.box.listed_trackers(asked.person)
    if named is None:
        return listed
    if not listed.issuperset(named):
        raise ApiError(217)
    return frozenset(named) or listed


def _period(asked: Asked) -> tuple[datetime | None, datetime | None]:
    start, end = asked.params.moment("from"), asked.params.moment("to")
    if start is None and end is None:
        if asked.box.switches.require_period:
            raise invalid("interval", "from and to must be given")
        return None, None
    if start is not None and end is not None and end <= start:
        raise invalid("to", "must be after from")
    if _span(asked, start, end) > asked.box.switches.max_time_span:
        raise ApiError(211)
    return start, end


def _span(asked: Asked, start: datetime | None, end: datetime | None) -> timedelta:
    """An end left open reaches to now, a start left open back to the oldest record."""
    checkins = asked.world.checkins
    oldest = checkins[0].marker_time if checkins else asked.box.clock.now()
    return (end or asked.box.clock.now()) - (start or oldest)


def _sort(asked: Asked) -> tuple[tuple[str, bool], ...]:
    expressions = asked.params.texts("sort")
    known = sort_keys(asked.world)
    return tuple(sort_expression(one, known) for one in expressions or asked.box.switches.default_sort)


def _table(asked: Asked, page: Sequence[Checkin]) -> Table:
    world = asked.world
    names = {one.id: full_name(one) for one in world.employees.values()}
    labels = {one.id: one.label for one in world.trackers.values()}
    rows = (
        (
            asked.moments.write(one.marker_time),
            names.get(one.employee_id or 0, ""),
            labels.get(one.tracker_id, ""),
            one.address or "",
            one.comment or "",
            one.form_label or "",
            str(len(one.file_ids)),
        )
        for one in page
    )
    return Table(title="Check-ins", head=HEAD, rows=rows)
