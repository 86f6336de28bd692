"""Was this check-in made? Looking for one whose creation got no clear answer (ref 5.4). Knows no Django."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians
from typing import Any

from dashboard.navixy import checkins as api
from dashboard.navixy import forms
from dashboard.navixy.checkins import Checkin, Query
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NotFound

PAGE = 500
MOST_PAGES = 20
BY_FILES = timedelta(days=1)  # file ids are certain, so the clocks need not agree
BY_PLACE = timedelta(minutes=5)  # how far the clocks may be apart
SAME_PLACE = 1.0  # metres: a degree may come back rounded
NEARBY = 100.0
DEGREE = 111_195.0  # metres of latitude


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was sent, and when the sending began."""

    at: datetime
    tracker_id: int
    lat: float
    lng: float
    comment: str = ""
    form_id: int | None = None
    file_ids: tuple[int, ...] = ()

    def packed(self) -> dict[str, Any]:
        found = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return found | {"at": self.at.isoformat(), "file_ids": list(self.file_ids)}

    @classmethod
    def unpacked(cls, packed: dict[str, Any]) -> Sent:
        at, file_ids = datetime.fromisoformat(packed["at"]), tuple(packed["file_ids"])
        return cls(**packed | {"at": at, "file_ids": file_ids})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """`checkin_id`: it was made and is that one. `candidates`: one of them may be it. Neither: it was not."""

    checkin_id: int | None = None
    candidates: tuple[int, ...] = ()


def look(client: Client, sent: Sent, *, known: Collection[int], now: datetime) -> Seen:
    """By its form, else by its files, else by tracker, time, place and comment.

    `known` are check-ins that came of other drafts. Raises NavixyError when nobody can tell.
    """
    if sent.form_id is not None:
        return _by_form(client, sent, now)
    if sent.file_ids:
        return _by_files(client, sent, now)
    return _by_place(client, sent, known, now)


def _by_form(client: Client, sent: Sent, now: datetime) -> Seen:
    """A form is submitted once and knows its check-in; one that is gone was never submitted."""
    try:
        form = forms.read_form(client, sent.form_id or 0)
    except NotFound:
        return Seen()
    if form.checkin_id is not None or form.submitted is None:
        return Seen(checkin_id=form.checkin_id)
    around = _around(client, sent, BY_FILES, now)
    return Seen(checkin_id=next((one.id for one in around if one.form_id == sent.form_id), None))


def _by_files(client: Client, sent: Sent, now: datetime) -> Seen:
    ours = set(sent.file_ids)
    for checkin in _around(client, sent, BY_FILES, now):
        if ours & {file.id for file in checkin.files}:
            return Seen(checkin_id=checkin.id)
    return Seen()


def _by_place(client: Client, sent: Sent, known: Collection[int], now: datetime) -> Seen:
    """One that is equal in all is it. Several, one at another hour, or one that only resembles it are for a
    person to judge: the clocks may be apart, and people repeat themselves."""
    plain = [
        one
        for one in _around(client, sent, BY_FILES, now)
        if one.id not in known and one.form_id is None and not one.files
    ]
    equal = [one for one in plain if _far(one, sent) <= SAME_PLACE and _same_words(one, sent)]
    timely = [one for one in equal if _is_timely(one, sent, now)]
    if len(timely) == 1:
        return Seen(checkin_id=timely[0].id)
    alike = [one for one in plain if _far(one, sent) <= NEARBY and _is_timely(one, sent, now)]
    return Seen(candidates=tuple(one.id for one in timely or equal or alike))


def _is_timely(one: Checkin, sent: Sent, now: datetime) -> bool:
    return sent.at - BY_PLACE <= one.marker_time <= now + BY_PLACE


def _around(client: Client, sent: Sent, reach: timedelta, now: datetime) -> list[Checkin]:
    """Check-ins of its tracker from the time it was sent to now, and `reach` on both sides."""
    query = Query(trackers=(sent.tracker_id,), start=sent.at - reach, end=now + reach)
    found: list[Checkin] = []
    for page in range(MOST_PAGES):
        got = api.search(client, query, limit=PAGE, offset=page * PAGE)
        found += got.items
        if len(found) >= got.total or not got.items:
            break
    return found


def _far(one: Checkin, sent: Sent) -> float:
    """Metres, near enough for places that are near."""
    over = (one.lng - sent.lng) * cos(radians(sent.lat))
    return DEGREE * hypot(one.lat - sent.lat, over)


def _same_words(one: Checkin, sent: Sent) -> bool:
    return one.comment.split() == sent.comment.split()
