"""Lenient readers of JSON members: what is missing, null or of a wrong type becomes None (ref 1.4, 1.7).

Every reader takes the record and the key. Numbers written as text and text written as numbers are understood.
JSON knows exact types only, so these compare types where `isinstance` would do: a page reads thousands of
members.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Any, TypeVar

log = logging.getLogger("fielddesk.navixy")

Record = Mapping[str, Any]
T = TypeVar("T")
_NUMBERS = frozenset({int, float})
_NOTHING: Record = MappingProxyType({})


class Unreadable(ValueError):
    """A record lacks a member without which it means nothing, such as its id."""


def text(record: Record, key: str) -> str | None:
    value = record.get(key)
    if type(value) is str or value is None:
        return value
    return str(value) if type(value) in _NUMBERS else None


def number(record: Record, key: str) -> float | None:
    value: Any = record.get(key)
    if type(value) is not str and type(value) not in _NUMBERS:
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def integer(record: Record, key: str) -> int | None:
    value = record.get(key)
    if type(value) is int or value is None:
        return value
    if type(value) is str and re.fullmatch(r"\s*[+-]?\d{1,19}\s*", value):
        return int(value)
    found = number(record, key)
    return int(found) if found is not None and found.is_integer() else None


def boolean(record: Record, key: str) -> bool | None:
    value = record.get(key)
    if isinstance(value, bool):
        return value
    return {"true": True, "1": True, "false": False, "0": False}.get(str(value).strip().lower())


def identity(record: Record, key: str = "id") -> int:
    """The id of a record (>= 1). Raises Unreadable."""
    value = integer(record, key)
    if value is None or value < 1:
        raise Unreadable(f"no {key}")
    return value


def child(record: Record, key: str) -> Record:
    """A nested object; an empty one when it is missing."""
    value = record.get(key)
    return value if type(value) is dict else _NOTHING


def children(record: Record, key: str) -> tuple[Record, ...]:
    value = record.get(key)
    return tuple([item for item in value if type(item) is dict]) if type(value) is list else ()


def integers(record: Record, key: str) -> tuple[int, ...]:
    value = record.get(key)
    if not isinstance(value, list):
        return ()
    found = (integer({"": item}, "") for item in value)
    return tuple(item for item in found if item is not None)


def texts(record: Record, key: str) -> tuple[str, ...]:
    value = record.get(key)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def moment(record: Record, key: str, zone: tzinfo = UTC) -> datetime | None:
    """A date and time as aware UTC. Text without an offset is read in `zone`, the account's (ref 1.7)."""
    value = record.get(key)
    if type(value) is not str:
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        if found.tzinfo is UTC:
            return found
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day(record: Record, key: str) -> date | None:
    """A plain date; a time after it is ignored."""
    value = record.get(key)
    try:
        return date.fromisoformat(value.strip()[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


_DURATION = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.IGNORECASE,
)


def duration(record: Record, key: str) -> timedelta | None:
    """An ISO 8601 duration such as P90D; a month counts 30 days, a year 365."""
    value = record.get(key)
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or not any(match.groups()):
        return None
    part = {name: float(found or 0) for name, found in match.groupdict().items()}
    days = part["years"] * 365 + part["months"] * 30 + part["weeks"] * 7 + part["days"]
    try:
        return timedelta(days=days, hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"])
    except OverflowError:
        return None


def read_all(records: Iterable[Record], read: Callable[[Record], T], *, what: str) -> tuple[T, ...]:
    """Read each record; those that are Unreadable are dropped and counted in one log line."""
    found: list[T] = []
    dropped = 0
    for record in records:
        try:
            found.append(read(record))
        except Unreadable:
            dropped += 1
    if dropped:
        log.warning("%s: %d unreadable record(s) left out", what, dropped)
    return tuple(found)
