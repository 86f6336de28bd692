"""Cells of a sheet as people fill them: numbers, moments, names; what cannot be read is told in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from dashboard.navixy.forms import FormTemplate
from dashboard.navixy.people import Tag, Tracker

_DAYS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"),
    re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"),
)
_AMERICAN = re.compile(r"(?P<m>\d{1,2})[-/](?P<d>\d{1,2})[-/](?P<y>\d{4})")
_TIME = re.compile(r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::\d\d)?\s*(?P<half>[ap]m)?", re.IGNORECASE)
_ZONE = re.compile(r"(?:\.\d+)?\s*(?:Z\b|UTC|GMT|[+-]\d\d:?\d\d\b)", re.IGNORECASE)


class Wrong(Exception):
    """What is wrong with a row, as a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Who reads: zone and date format of the account, what it calls things, and the moment that is now."""

    zone: ZoneInfo
    now: datetime
    trackers: tuple[Tracker, ...] = ()
    tags: tuple[Tag, ...] = ()
    templates: tuple[FormTemplate, ...] = ()
    american: bool = False  # month before day


def decimal(text: str, what: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        words = {"what": what, "text": text[:40]}
        raise Wrong(_("The %(what)s “%(text)s” is no number.") % words) from error


def whole(text: str, what: str) -> int:
    number = decimal(text, what)
    if not number.is_integer():
        raise Wrong(_("The %(what)s “%(text)s” is no whole number.") % {"what": what, "text": text[:40]})
    return int(number)


def moment(text: str, day: str, setting: Setting) -> datetime:
    """A time of the account's zone; without a day it is of that in the column of days. Raises Wrong.

    In UTC: of an hour that comes twice, moments of two zones are never equal (PEP 495).
    """
    found, rest = _day(text, setting)
    if found is None:
        found = _day_alone(day, setting)
    if found is None:
        raise Wrong(_("“%s” has no date.") % text[:40])
    clock = _TIME.search(rest)
    if clock is None:
        raise Wrong(_("“%s” has no time of day.") % text[:40])
    if _ZONE.match(rest, clock.end()):
        raise Wrong(_("“%s” names a zone of its own; write the time of the account's zone.") % text[:40])
    try:
        local = datetime.combine(datetime(*found), _time(clock), setting.zone)  # noqa: DTZ001 - the zone is beside it
        universal = local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Wrong(_("“%s” is no date and time.") % text[:40]) from error
    if universal.astimezone(setting.zone).replace(fold=0) != local:
        raise Wrong(_("“%s” does not exist: the clocks skip that hour.") % text[:40])
    return universal


def tracker(text: str, trackers: Iterable[Tracker]) -> int | None:
    """By label, else by number."""
    if not text:
        return None
    found = _called(text, ((one.id, one.label) for one in trackers))
    if not found:
        raise Wrong(_("You see no tracker “%s”.") % text[:60])
    if len(found) > 1:
        raise Wrong(_("Several trackers are called “%s”.") % text[:60])
    return found[0]


def template(text: str, templates: Iterable[FormTemplate]) -> int | None:
    """By label, else by number."""
    if not text:
        return None
    found = _called(text, ((one.id, one.label) for one in templates))
    if not found:
        raise Wrong(_("There is no form “%s”.") % text[:60])
    if len(found) > 1:
        raise Wrong(_("Several forms are called “%s”.") % text[:60])
    return found[0]


def tags(text: str, known: Sequence[Tag]) -> tuple[int, ...]:
    """Names between commas or semicolons; a name may hold one itself when it stands alone."""
    if not text:
        return ()
    names = [(one.id, one.name) for one in known]
    alone = _called(text, names)
    parts = [text] if alone else filter(None, map(str.strip, re.split(r"[,;\n]", text)))
    found, wrong = [], []
    for part in parts:
        try:
            found.append(_tag(part, names))
        except Wrong as error:
            wrong.append(str(error))
    if wrong:
        raise Wrong(" ".join(dict.fromkeys(wrong)))
    return tuple(dict.fromkeys(found))


def _tag(text: str, names: Iterable[tuple[int, str]]) -> int:
    found = _called(text, names)
    if not found:
        raise Wrong(_("There is no tag “%s”.") % text[:60])
    if len(found) > 1:
        raise Wrong(_("Several tags are called “%s”.") % text[:60])
    return found[0]


def _called(text: str, named: Iterable[tuple[int, str]]) -> list[int]:
    wanted = text.casefold()
    return [number for number, name in named if name.strip().casefold() == wanted or str(number) == wanted]


def _day(text: str, setting: Setting) -> tuple[tuple[int, int, int] | None, str]:
    for pattern in (_AMERICAN, *_DAYS) if setting.american else _DAYS:
        if found := pattern.search(text):
            rest = text[: found.start()] + " " + text[found.end() :]
            return (int(found["y"]), int(found["m"]), int(found["d"])), rest
    return None, text


def _day_alone(text: str, setting: Setting) -> tuple[int, int, int] | None:
    """Of the column of days; one that no calendar has is told once, not with each time of the row."""
    found, _rest = _day(text, setting)
    if found is None:
        return None
    try:
        date(*found)
    except ValueError as error:
        raise Wrong(_("“%s” is no date.") % text[:40]) from error
    return found


def _time(found: re.Match[str]) -> time:
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, int(found["minute"]))
