"""Routes and stops as rows: every text ready. No Django; each value passes `escape` (markupsafe)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from markupsafe import Markup, escape

from checkpoints import timeline
from checkpoints.progress import Progress, progress, stand, status_label
from checkpoints.services import Listed
from checkpoints.timeline import Axis
from dashboard.clock import Clock
from dashboard.names import Names
from dashboard.navixy.people import Tag
from dashboard.navixy.routes import Route, WholeRoute
from dashboard.navixy.stops import Stop

NONE = '<span class="none">–</span>'
_BADGES = {"done": "ok", "trouble": "warn", "here": "info", "late": "warn", "failed": "danger", "open": ""}
NOBODY = "Nobody assigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What rows need to know of their page. `route_url`, `stop_url` give addresses from ids."""

    names: Names
    tags: Mapping[int, Tag]
    clock: Clock
    now: datetime
    route_url: Callable[[int], str]
    stop_url: Callable[[int], str]


def board(routes: Iterable[WholeRoute], axis: Axis, showing: Showing) -> Markup:
    """The bodies of the board's table: one for each tracker."""
    lanes = groupby(routes, key=lambda one: one.route.tracker_id)
    html = "".join(_lane(tracker_id, list(those), axis, showing) for tracker_id, those in lanes)
    return Markup(html)  # noqa: S704  every value in it is escaped


def stops(found: Iterable[Listed], showing: Showing) -> Markup:
    """The body of the list of stops."""
    return Markup("".join(_stop_row(one, showing) for one in found))  # noqa: S704  every value is escaped


def badge(stop: Stop, now: datetime) -> Markup:
    """The status in Navixy's sense, coloured by how the stop stands; a planned one may be late."""
    how = stand(stop, now)
    words = status_label(stop.status)
    late = " · late" if how == "late" and stop.status != "delayed" else ""
    return _badge(how, f"{words}{late}")


def route_badge(route: Route) -> Markup:
    how = {"done": "done", "faulty": "trouble", "failed": "failed", "delayed": "late", "arrived": "here"}
    return _badge(how.get(route.status, "open"), status_label(route.status))


def executor(tracker_id: int | None, names: Names) -> tuple[str, str]:
    """Tracker and the person who has it, both "" where there is none."""
    if tracker_id is None:
        return "", ""
    person = next((one.name for one in names.employees.values() if one.tracker_id == tracker_id), "")
    return names.tracker(tracker_id), person


def dated_window(start: datetime | None, end: datetime | None, clock: Clock, now: datetime) -> str:
    """`09:00–13:00`, with the date unless it is today's."""
    if end is None:
        return ""
    first = start or end
    if clock.local(first).date() == clock.local(end).date():
        hours = f"{clock.time(first)}–{clock.time(end)}" if start else f"until {clock.time(end)}"
        today = clock.local(now).date() == clock.local(end).date()
        return hours if today else f"{clock.date(end)} {hours}"
    return f"{clock.moment(first)} – {clock.moment(end)}" if start else f"until {clock.moment(end)}"


def tag_badges(tag_ids: Iterable[int], tags: Mapping[int, Tag]) -> Markup:
    names = (tags[one].name if one in tags else f"Tag {one}" for one in tag_ids)
    return Markup("").join(Markup('<span class="badge tag">{}</span>').format(name) for name in names)


def _lane(tracker_id: int | None, those: list[WholeRoute], axis: Axis, showing: Showing) -> str:
    tracker, person = executor(tracker_id, showing.names)
    number = f"{len(those)} route{'s' if len(those) != 1 else ''}"
    who = f"<span>{escape(person)}</span>" if person else ""
    head = (
        '<tr class="lane"><th scope="rowgroup" colspan="5"><span class="lane-head">'
        f"<b>{escape(tracker or NOBODY)}</b>{who}<small>{number}</small></span></th></tr>"
    )
    return f"<tbody>{head}{''.join(_route_row(one, axis, showing) for one in those)}</tbody>"


def _route_row(one: WholeRoute, axis: Axis, showing: Showing) -> str:
    route, how = one.route, progress(one.stops, showing.now)
    url = escape(showing.route_url(route.id))
    label = escape(route.label or f"Route {route.id}")
    count = f"{len(route.checkpoint_ids)} stop{'s' if len(route.checkpoint_ids) != 1 else ''}"
    window = escape(dated_window(route.start, route.end, showing.clock, showing.now))
    return (
        f'<tr id="route-{route.id}" data-route-id="{route.id}" data-row>'
        f'<th scope="row" class="c-route"><a href="{url}" data-row-link><bdi>{label}</bdi></a>'
        f"<span>{count}{tag_badges(route.tag_ids, showing.tags)}</span></th>"
        f'<td class="c-status">{route_badge(route)}</td>'
        f'<td class="c-progress">{timeline.share(how.counts, how.total)}<span>{escape(how.words)}</span></td>'
        f'<td class="c-window">{window or NONE}</td>'
        f'<td class="c-line">{timeline.bars(one.stops, axis, showing.clock)}</td></tr>'
    )


def _stop_row(one: Listed, showing: Showing) -> str:
    stop, clock = one.stop, showing.clock
    tracker, person = executor(stop.tracker_id, showing.names)
    window = dated_window(stop.start, stop.end, clock, showing.now)
    return (
        f'<tr id="checkpoint-{stop.id}" data-checkpoint-id="{stop.id}" data-row>'
        f'<th scope="row" class="c-stop"><a href="{escape(showing.stop_url(stop.id))}" data-row-link>'
        f"<bdi>{escape(stop.label or f'Stop {stop.id}')}</bdi></a><span>{escape(stop.address)}</span></th>"
        f'<td class="c-status">{badge(stop, showing.now)}</td>'
        f'<td class="c-window" data-label="Window">{escape(window) or NONE}</td>'
        f'<td class="c-route" data-label="Route">{_route_cell(one, showing)}</td>'
        f'<td class="c-tracker" data-label="Tracker"><bdi>{escape(tracker or NOBODY)}</bdi>'
        f"{f'<small>{escape(person)}</small>' if person else ''}</td>"
        f'<td class="c-arrived" data-label="Arrived">{_arrived(stop, showing)}</td>'
        f'<td class="c-external" data-label="External id">{escape(stop.external_id or "") or NONE}</td>'
        f'<td class="c-tags">{tag_badges(stop.tag_ids, showing.tags) or NONE}</td></tr>'
    )


def _route_cell(one: Listed, showing: Showing) -> str:
    route_id = one.route.id if one.route else one.stop.parent_id
    if route_id is None:
        kind = "Task of its own" if one.stop.type == "task" else "–"
        return f'<span class="none">{kind}</span>'
    label = one.route.label if one.route else f"Route {route_id}"
    return f'<a href="{escape(showing.route_url(route_id))}"><bdi>{escape(label)}</bdi></a>'


def _arrived(stop: Stop, showing: Showing) -> str:
    if stop.arrived is None:
        return NONE
    same = showing.clock.local(stop.arrived).date() == showing.clock.local(showing.now).date()
    words = showing.clock.time(stop.arrived) if same else showing.clock.moment(stop.arrived)
    stayed = f"<small>{stop.stayed // 60} min</small>" if stop.stayed else ""
    return f"{escape(words)}{stayed}"


def _badge(how: str, words: str) -> Markup:
    kind = f" badge-{_BADGES[how]}" if _BADGES[how] else ""
    return Markup('<span class="badge{}">{}</span>').format(kind, words)


def words_of(one: WholeRoute, now: datetime) -> Progress:
    return progress(one.stops, now)
