"""The history of events (ref 9): check-ins as they came in. Other events need rules nobody made here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import ApiError, invalid
from dashboard.sandbox.listing import in_period
from dashboard.sandbox.model import Checkin
from dashboard.sandbox.shapes import Json

CREATION = "checkin_creation"
YEAR = timedelta(days=365)
EVENT_OFFSET = 5_000_000_000  # ids of events are long (ref 1.4)


@action("history/user/list")
def list_user_history(asked: Asked) -> Answer:
    return _listed(asked, asked.box.listed_trackers(asked.person))


@action("history/tracker/list")
def list_tracker_history(asked: Asked) -> Answer:
    trackers = asked.params.need_integers("trackers")
    if not trackers:
        raise invalid("trackers", "must not be empty")
    if not asked.box.listed_trackers(asked.person).issuperset(trackers):
        raise ApiError(217)
    return _listed(asked, frozenset(trackers))


@action("history/unread/list", get=True)
def list_unread(asked: Asked) -> Answer:
    """Back to `from`, one year by itself; in the sandbox nobody has read anything."""
    now = asked.box.clock.now()
    found = _events(asked, asked.params.moment("from") or now - YEAR, now, None)
    limit = _limit(asked)
    return {"list": [_entry(asked, one) for one in found[::-1][:limit]], "max_limit": limit}


@action("history/type/list")
def list_types(asked: Asked) -> Answer:
    asked.params.need_text("locale")
    return {"list": [{"type": CREATION, "description": "Check-in created"}]}


def _listed(asked: Asked, trackers: frozenset[int]) -> Answer:
    start, end = (_need_moment(asked, name) for name in ("from", "to"))
    if end <= start:
        raise invalid("to", "must be after from")
    if end - start > asked.box.switches.max_time_span:
        raise ApiError(211)
    limit, found = _limit(asked), _events(asked, start, end, trackers)
    if asked.params.boolean("ascending") is False:
        found = found[::-1]
    return {
        "list": [_entry(asked, one) for one in found[:limit]],
        "limit_exceeded": len(found) > limit,
        "total": len(found),
    }


def _events(asked: Asked, start: datetime, end: datetime, trackers: Iterable[int] | None) -> list[Checkin]:
    events = asked.params.texts("events")
    if events is not None and CREATION not in events:
        return []
    seen = asked.box.listed_trackers(asked.person) if trackers is None else frozenset(trackers)
    return [one for one in in_period(asked.world.checkins, start, end) if one.tracker_id in seen]


def _need_moment(asked: Asked, name: str) -> datetime:
    moment = asked.params.moment(name)
    if moment is None:
        raise invalid("interval", "from and to must be given")
    return moment


def _limit(asked: Asked) -> int:
    most = asked.box.switches.max_history
    limit = asked.params.integer("limit") or most
    if limit > most:
        raise ApiError(212)
    return limit


def _entry(asked: Asked, one: Checkin) -> Json:
    tracker = asked.world.trackers.get(one.tracker_id)
    label = tracker.label if tracker else None
    return {
        "id": EVENT_OFFSET + one.id,
        "type": "tracker",
        "is_read": False,
        "message": f"Check-in: {one.address or f'{one.lat:.5f}, {one.lng:.5f}'}"[:256],
        "time": asked.moments.write(one.marker_time),
        "event": CREATION,
        "tracker_id": one.tracker_id,
        "track_id": 0,
        "location": {"lat": one.lat, "lng": one.lng, "precision": one.precision, "address": one.address},
        "address": one.address,
        "extra": {"checkin_id": one.id, "employee_id": one.employee_id, "tracker_label": label},
    }
