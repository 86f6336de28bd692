"""Trackers, where they are, and tags (ref 3.1, 3.4)."""

from __future__ import annotations

from datetime import datetime

from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import ApiError, invalid
from dashboard.sandbox.model import Tracker
from dashboard.sandbox.shapes import Shapes

MOST_LABELS, LONGEST_LABEL = 1024, 60
MOST_STATES = 2000


@action("tracker/list", get=True)
def list_trackers(asked: Asked) -> Answer:
    labels = _labels(asked)
    trackers = asked.box.trackers_of(asked.person)
    if labels is not None:
        trackers = [one for one in trackers if any(label in one.label for label in labels)]
    shapes = Shapes.of(asked)
    return {"list": [shapes.tracker(one, tags=True) for one in trackers]}


@action("tracker/read", get=True)
def read_tracker(asked: Asked) -> Answer:
    one = asked.world.trackers.get(asked.params.need_integer("tracker_id"))
    if one is None or not asked.sees(one.id):
        raise ApiError(201)
    return {"value": Shapes.of(asked).tracker(one, tags=False)}


@action("tracker/get_states")
def get_states(asked: Asked) -> Answer:
    ids = asked.params.need_integers("trackers")
    if not 1 <= len(ids) <= MOST_STATES:
        raise invalid("trackers", f"size must be between 1 and {MOST_STATES}")
    missing = [one for one in ids if one not in asked.world.trackers or not asked.sees(one)]
    known = [asked.world.trackers[one] for one in ids if one not in missing]
    blocked = [one.id for one in known if one.blocked]
    list_blocked, allow_missing = (
        asked.params.boolean("list_blocked"),
        asked.params.boolean("allow_not_exist"),
    )
    if missing and not allow_missing:
        raise ApiError(217)
    if blocked and not list_blocked:
        raise ApiError(208)
    return {
        "user_time": asked.moments.write(asked.box.clock.now()),
        "states": {str(one.id): _state(asked, one) for one in known if not one.blocked},
        "blocked": blocked if list_blocked else None,
        "not_exist": missing if allow_missing else None,
    }


@action("tag/list", get=True)
def list_tags(asked: Asked) -> Answer:
    wanted = asked.params.text("filter")
    if wanted is not None and not 3 <= len(wanted) <= 60:
        raise invalid("filter", "length must be between 3 and 60")
    shapes, needle = Shapes.of(asked), (wanted or "").casefold()
    return {"list": [shapes.tag(one) for one in asked.world.tags.values() if needle in one.name.casefold()]}


def _labels(asked: Asked) -> list[str] | None:
    labels = asked.params.texts("labels")
    if labels is None:
        return None
    if not 1 <= len(labels) <= MOST_LABELS or len(set(labels)) < len(labels):
        raise invalid("labels", f"must be 1 to {MOST_LABELS} unique strings")
    if not all(1 <= len(label) <= LONGEST_LABEL for label in labels):
        raise invalid("labels", f"each must be 1 to {LONGEST_LABEL} characters")
    return labels


def _state(asked: Asked, one: Tracker) -> dict[str, object]:
    """The world gives moments; the wire wants texts."""
    state = asked.world.state_of(one.id, asked.box.clock.now())
    return {"source_id": one.source_id} | _written(asked, state)


def _written(asked: Asked, value: dict[str, object]) -> dict[str, object]:
    written: dict[str, object] = {}
    for name, one in value.items():
        if isinstance(one, dict):
            written[name] = _written(asked, one)
        else:
            written[name] = asked.moments.write(one) if isinstance(one, datetime) else one
    return written
