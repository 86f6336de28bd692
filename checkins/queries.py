"""From the filters a person set to the search the API runs: names become ids, local times become moments."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from checkins import periods
from checkins import where as tree
from checkins.filters import Filters
from dashboard.clock import end_of, start_of
from dashboard.names import Names
from dashboard.navixy import conditions as api
from dashboard.navixy.checkins import Circle, Query


def query_for(filters: Filters, *, zone: ZoneInfo, names: Names | None, now: datetime) -> Query | None:
    """The search these filters mean, or None when nothing can match (departments without people).

    `names` may be None when neither departments nor trackers are chosen (see `needs_names`).
    """
    members: tuple[int, ...] = ()
    if filters.departments and not (members := names.members(filters.departments) if names else ()):
        return None
    start, end = moments(filters, zone=zone, now=now)
    by_name, conditions = _trackers(filters.trackers, names)
    return Query(
        trackers=by_name,
        start=start,
        end=end,
        conditions=(*conditions, *_conditions(filters, members, zone)),
        sort=tuple(str(level) for level in filters.sort),
        circle=_circle(filters),
    )


def needs_names(filters: Filters) -> bool:
    return bool(filters.departments or filters.trackers)


def moments(filters: Filters, *, zone: ZoneInfo, now: datetime) -> tuple[datetime | None, datetime | None]:
    """First and last moment (UTC) of the period, None where it is open."""
    first, last = filters.start, filters.end
    if filters.period:
        first, last = periods.days(filters.period, now.astimezone(zone).date())
    start = start_of(first, zone) if first else None
    end = end_of(last, zone) if last else None
    if start and end and end <= start:  # typed into the hour that spring skips
        end = start + timedelta(seconds=1)
    return start, end


def _trackers(ids: tuple[int, ...], names: Names | None) -> tuple[tuple[int, ...], list[api.Condition]]:
    """Naming a blocked or deleted tracker is error 217 (ref 5.3); a condition still finds its check-ins."""
    seen = names.trackers if names else {}
    if ids and seen and not all(i in seen and not seen[i].blocked for i in ids):
        return (), [api.one_of("tracker_id", ids)]
    return ids, []


def _conditions(filters: Filters, members: tuple[int, ...], zone: ZoneInfo) -> Iterator[api.Condition]:
    for field, ids in (("employee", filters.employees), ("employee", members), ("form", filters.forms)):
        if ids:
            yield api.one_of(field, ids)
    if filters.address:
        yield api.Contains("location", filters.address)
    if filters.comment:
        yield api.Contains("comment", filters.comment)
    yield from (_condition(node, zone) for node in tree.top_level(filters.where))


def _condition(node: tree.Node, zone: ZoneInfo) -> api.Condition:
    match node:
        case tree.Group():
            children = tuple(_condition(child, zone) for child in node.children)
            return api.And(children) if node.kind == "and" else api.Or(children)
        case tree.Not():
            return api.Not(_condition(node.child, zone))
        case tree.Equals():
            return api.Eq(node.field, node.value)
        case tree.Contains():
            return api.Contains(node.field, node.value)
        case tree.OneOf():
            return api.In(node.field, node.values)
        case tree.Within():
            start = start_of(node.start, zone)
            return api.Period("marker_time", start, max(start, end_of(node.end, zone)))


def _circle(filters: Filters) -> Circle | None:
    area = filters.circle
    return Circle(lat=area.lat, lng=area.lng, radius=area.radius) if area else None
