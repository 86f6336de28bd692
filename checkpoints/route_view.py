"""What the page of one route shows: its stops in order, a proposed order, and what may be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from checkpoints import lengths, rows, timeline
from checkpoints.changes import Conflict, mark, route_mark
from checkpoints.map_data import route_layers
from checkpoints.progress import progress, stand, status_label
from checkpoints.rows import Showing
from checkpoints.why import why
from checkpoints.wrong import state_sentence
from dashboard.accounts import Account
from dashboard.navixy import routes, stops
from dashboard.navixy.errors import NotSendable
from dashboard.navixy.routes import Route, WholeRoute
from dashboard.navixy.stops import Stop

WRITE_RIGHT = "task_update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One stop of the list. `was` is its place before, where an order is proposed and it moved."""

    id: int
    number: int
    was: int
    mark: str
    label: str
    address: str
    window: str
    badge: Markup
    stand: str
    why: str
    lat: str
    lng: str
    url: str
    copy_url: str
    up_query: str
    down_query: str
    form: str
    external: str
    note: str = ""  # what happened to it elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An order that is not saved yet. `problem` says why it cannot be."""

    moved: int
    before: str
    after: str
    shorter: bool
    problem: str
    optimised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteView:
    id: int
    label: str
    description: str
    external: str
    badge: Markup
    tags: Markup
    tracker: str
    person: str
    tracker_id: int | None
    window: str
    progress: Markup
    words: str
    length: str
    seen: tuple[str, ...]
    mark: str
    items: tuple[Item, ...]
    layers: tuple[dict[str, Any], ...]
    proposal: Proposal | None
    may_change: bool
    locked: str  # why nothing of the order may be changed, or ""
    can_add: bool
    can_import: bool
    conflicts: tuple[str, ...]


def route_view(
    whole: WholeRoute,
    showing: Showing,
    account: Account,
    *,
    order: Sequence[int] = (),
    optimised: bool = False,
    contested: Sequence[Conflict] = (),
) -> RouteView:
    """`order` proposes another one; it must hold the ids of these stops."""
    route, by_id = whole.route, {stop.id: stop for stop in whole.stops}
    shown = tuple(by_id[one] for one in order) or whole.stops
    how = progress(whole.stops, showing.now)
    tracker, person = rows.executor(route.tracker_id, showing.names)
    imperial = account.measurement_system == "imperial"
    proposed = WholeRoute(route=route, stops=shown)
    can_add = account.has(WRITE_RIGHT) and len(whole.stops) < routes.MOST_STOPS
    return RouteView(
        id=route.id,
        label=route.label or _("Route %d") % route.id,
        description=route.description,
        external=route.external_id or "",
        badge=rows.route_badge(route),
        tags=rows.tag_badges(route.tag_ids, showing.tags),
        tracker=tracker,
        person=person,
        tracker_id=route.tracker_id,
        window=rows.dated_window(route.start, route.end, showing.clock, showing.now),
        progress=timeline.share(how.counts, how.total),
        words=how.words,
        length=lengths.words(_length(whole.stops), imperial=imperial),
        seen=tuple(f"{stop.id}:{mark(stop)}" for stop in whole.stops),
        mark=route_mark(route),
        items=_items(whole, shown, showing, contested),
        layers=_layers(whole, proposed, showing),
        proposal=_proposal(whole, shown, imperial=imperial, optimised=optimised) if order else None,
        may_change=account.has(WRITE_RIGHT),
        locked=locked(whole, account),
        can_add=can_add,
        can_import=can_add and route.is_editable,
        conflicts=tuple(conflict_words(one) for one in contested),
    )


def _layers(whole: WholeRoute, proposed: WholeRoute, showing: Showing) -> tuple[dict[str, Any], ...]:
    """The route as proposed, and the way it takes now beside it."""
    before = [[stop.lat, stop.lng] for stop in whole.stops]
    return tuple({**layer, "before": before} for layer in route_layers([proposed], showing))


def locked(whole: WholeRoute, account: Account) -> str:
    """Why Navixy would not take another order (255, 13); "" when it should."""
    if not account.has(WRITE_RIGHT):
        return _("Changing routes needs the right “task_update”. The owner of the account grants it.")
    if not whole.route.is_editable:
        return state_sentence(whole.route.status, _("route"))
    if closed := [stop for stop in whole.stops if not stop.is_editable]:
        words = {"label": closed[0].label, "status": status_label(closed[0].status).lower()}
        return (
            _(
                "Navixy rewrites a route only while all its stops are planned, and “%(label)s” is already"
                " %(status)s. Stops that are still planned can be changed one by one."
            )
            % words
        )
    return ""


def _items(
    whole: WholeRoute, shown: Sequence[Stop], showing: Showing, contested: Sequence[Conflict]
) -> tuple[Item, ...]:
    was = {stop.id: place for place, stop in enumerate(whole.stops, 1)}
    notes = {one.stop_id: _note(one) for one in contested}
    ids = [stop.id for stop in shown]
    return tuple(
        _item(stop, number, was[stop.id], ids, whole.route, showing, notes.get(stop.id, ""))
        for number, stop in enumerate(shown, 1)
    )


def _item(
    stop: Stop, number: int, was: int, ids: list[int], route: Route, showing: Showing, note: str
) -> Item:
    day = route.start or showing.now  # the day stands above the list
    copied = urlencode({"route": route.id, "at": number + 1, "copy": stop.id})
    return Item(
        id=stop.id,
        number=number,
        was=was if was != number else 0,
        mark=mark(stop),
        label=stop.label or _("Stop %d") % stop.id,
        address=stop.address,
        window=rows.dated_window(stop.start, stop.end, showing.clock, day),
        badge=rows.badge(stop, showing.now),
        stand=stand(stop, showing.now),
        why="" if _is_ahead(stop, showing) else why(stop, showing.clock, showing.now),
        lat=f"{stop.lat:.6f}",
        lng=f"{stop.lng:.6f}",
        url=showing.stop_url(stop.id),
        copy_url=f"{reverse('checkpoints:new')}?{copied}",
        up_query=_swapped(ids, number - 1, number - 2) if number > 1 else "",
        down_query=_swapped(ids, number - 1, number) if number < len(ids) else "",
        form=stop.form.label if stop.form else "",
        external=stop.external_id or "",
        note=note,
    )


def _is_ahead(stop: Stop, showing: Showing) -> bool:
    """Planned for later: there is nothing to explain yet."""
    return stop.is_editable and stop.start is not None and showing.now < stop.start


def _swapped(ids: Sequence[int], one: int, other: int) -> str:
    """The query that proposes the order with two stops changed; works without any script."""
    order = list(ids)
    order[one], order[other] = order[other], order[one]
    return urlencode({"order": ",".join(map(str, order))})


def _proposal(whole: WholeRoute, shown: Sequence[Stop], *, imperial: bool, optimised: bool) -> Proposal:
    before, after = _length(whole.stops), _length(shown)
    return Proposal(
        moved=sum(one.id != other.id for one, other in zip(whole.stops, shown, strict=True)),
        before=lengths.words(before, imperial=imperial),
        after=lengths.words(after, imperial=imperial),
        shorter=after < before,
        problem=order_problem(shown),
        optimised=optimised,
    )


def order_problem(shown: Sequence[Stop]) -> str:
    """What of the windows forbids this order (ref 7.5), in a sentence; "" when nothing does."""
    try:
        routes.check_windows([stops.draft_of(stop) for stop in shown])
    except NotSendable as error:
        return error.message
    return ""


def _length(shown: Sequence[Stop]) -> float:
    return lengths.metres([(stop.lat, stop.lng) for stop in shown])


def _note(conflict: Conflict) -> str:
    return {
        "new": _("new: somebody added it meanwhile"),
        "changed": _("somebody changed it meanwhile"),
        "moved": _("somebody moved it meanwhile"),
    }.get(conflict.kind, "")


def conflict_words(conflict: Conflict) -> str:
    words = {"label": conflict.label, "id": conflict.stop_id}
    return {
        "new": _("“%(label)s” was added."),
        "gone": _("Stop %(id)d was taken out."),
        "changed": _("“%(label)s” was changed."),
        "moved": _("“%(label)s” stands in another place."),
    }[conflict.kind] % words
