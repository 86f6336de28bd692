"""The route at Navixy that rows of a sheet are added to: which it may be, and what of it changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from checkpoints.changes import Conflict, conflicts, mark
from checkpoints.import_map import window_words
from checkpoints.queries import REACH
from checkpoints.sheet_rows import Onto
from checkpoints.wrong import state_sentence
from dashboard.clock import Clock
from dashboard.navixy import routes
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NotFound
from dashboard.navixy.routes import MOST_STOPS, Route, WholeRoute
from dashboard.navixy.stops import EDITABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A route to choose, in words."""

    route_id: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """As a job keeps it: what it looked like when its person saw the preview."""

    onto: Onto
    seen: Mapping[int, str]

    def packed(self) -> dict[str, Any]:
        latest = self.onto.latest.isoformat() if self.onto.latest else None
        return {
            "id": self.onto.route_id,
            "label": self.onto.label,
            "size": self.onto.size,
            "latest": latest,
            "seen": [[stop_id, known] for stop_id, known in self.seen.items()],
        }


def unpacked(packed: Mapping[str, Any]) -> Target:
    latest = datetime.fromisoformat(packed["latest"]) if packed["latest"] else None
    onto = Onto(route_id=packed["id"], label=packed["label"], size=packed["size"], latest=latest)
    return Target(onto=onto, seen=dict(packed["seen"]))


def target_of(whole: WholeRoute) -> Target:
    begins = [moment for stop in whole.stops if (moment := stop.start or stop.end)]
    label = whole.route.label or _("Route %d") % whole.route.id
    onto = Onto(route_id=whole.route.id, label=label, size=len(whole.stops), latest=max(begins, default=None))
    return Target(onto=onto, seen={stop.id: mark(stop) for stop in whole.stops})


def refusal(route: Route) -> str:
    """Why nothing can be added to it, or ""."""
    if not route.is_editable:
        return state_sentence(route.status, _("route"))
    if len(route.checkpoint_ids) >= MOST_STOPS:
        return _("A route has at most %d stops.") % MOST_STOPS
    return ""


def changed(
    target: Target, present: WholeRoute, *, beside: frozenset[int] = frozenset()
) -> tuple[Conflict, ...]:
    """What of the route is not as it was seen; `beside`: stops that the import itself has added."""
    stops = tuple(stop for stop in present.stops if stop.id not in beside)
    return conflicts(target.seen, replace(present, stops=stops))


def choices(
    client: Client, clock: Clock, now: datetime, chosen: int | None
) -> tuple[tuple[Choice, ...], str]:
    """Routes of the coming month that may be added to, the chosen one among them or why it is not."""
    found = routes.list_routes(client, start=now, end=now + REACH, statuses=sorted(EDITABLE))
    refused = ""
    if chosen and chosen not in {one.id for one in found}:
        route = _chosen(client, chosen)
        refused = refusal(route) if route else gone()
        found += (route,) if route and not refused else ()
    ordered = sorted(found, key=lambda one: (one.start or now, one.label.casefold()))
    return tuple(Choice(route_id=one.id, words=_words(one, clock)) for one in ordered), refused


def gone() -> str:
    return _("This route is not there any more, or you may not see it.")


def _chosen(client: Client, route_id: int) -> Route | None:
    try:
        return routes.read(client, route_id)
    except NotFound:
        return None


def _words(route: Route, clock: Clock) -> str:
    label = route.label or _("Route %d") % route.id
    return f"{label} · {window_words(route.start, route.end, clock)}"
