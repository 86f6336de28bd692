"""Search conditions (ref 4): a frozen tree, its limits, and its two JSON directions.

A condition is valid from the moment it exists; what would break a documented limit raises ConditionLimit,
whose `message` is a sentence. Limits of the whole (72 conditions, allowed fields) are `check_all`'s.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from dashboard.navixy.errors import NotSendable
from dashboard.navixy.texts import forbidden_character

MOST_CONDITIONS = 72
FEWEST_JOINED, MOST_JOINED = 2, 60
LONGEST_TEXT = 760
MOST_DECIMALS = 6
LARGEST_NUMBER = 2**63

TIME_FIELDS = frozenset({"marker_time", "from", "to", "status_change_date", "arrival_date"})
CHECKIN_FIELDS = ("employee", "tracker_id", "marker_time", "location", "comment", "form")


class ConditionLimit(NotSendable):
    """A documented limit of search conditions would be broken."""


Value = int | float | str


@dataclass(frozen=True, slots=True)
class Eq:
    """Equal to a number; for a linked entity its id."""

    field: str
    value: int | float

    def __post_init__(self) -> None:
        _check_field(self.field)
        _check_number(self.value)

    def to_wire(self) -> dict[str, Any]:
        return {"type": "eq", "field": self.field, "value": self.value}


@dataclass(frozen=True, slots=True)
class Contains:
    """Contains a text; for a linked entity its label or names are searched."""

    field: str
    value: str

    def __post_init__(self) -> None:
        _check_field(self.field)
        _check_text(self.value)

    def to_wire(self) -> dict[str, Any]:
        return {"type": "contains", "field": self.field, "value": self.value}


@dataclass(frozen=True, slots=True)
class In:
    """Any of the values, each by the rule of Eq or Contains."""

    field: str
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        _check_field(self.field)
        object.__setattr__(self, "values", tuple(self.values))
        if not self.values:
            raise ConditionLimit("Choose at least one value.")
        for value in self.values:
            _check_text(value) if isinstance(value, str) else _check_number(value)

    def to_wire(self) -> dict[str, Any]:
        return {"type": "in", "field": self.field, "value": list(self.values)}


@dataclass(frozen=True, slots=True)
class Period:
    """Between two moments, both included; kept as UTC in whole seconds, as the API reads no finer."""

    field: str
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        _check_field(self.field)
        object.__setattr__(self, "start", _whole_second(self.start))
        object.__setattr__(self, "end", _whole_second(self.end))
        if self.end < self.start:
            raise ConditionLimit("The end of the period is before its start.")

    def to_wire(self) -> dict[str, Any]:
        ends = {"from": wire_time(self.start), "to": wire_time(self.end)}
        return {"type": "period", "field": self.field, "value": ends}


@dataclass(frozen=True, slots=True)
class Not:
    condition: Condition

    def to_wire(self) -> dict[str, Any]:
        return {"type": "not", "condition": self.condition.to_wire()}


@dataclass(frozen=True, slots=True)
class And:
    conditions: tuple[Condition, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "conditions", tuple(self.conditions))
        _check_joined(self.conditions)

    def to_wire(self) -> dict[str, Any]:
        return {"type": "and", "conditions": [item.to_wire() for item in self.conditions]}


@dataclass(frozen=True, slots=True)
class Or:
    conditions: tuple[Condition, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "conditions", tuple(self.conditions))
        _check_joined(self.conditions)

    def to_wire(self) -> dict[str, Any]:
        return {"type": "or", "conditions": [item.to_wire() for item in self.conditions]}


Leaf = Eq | Contains | In | Period
Condition = Leaf | Not | And | Or


def all_of(*conditions: Condition) -> Condition:
    """Their AND; one alone is itself. Raises ConditionLimit for none."""
    return conditions[0] if len(conditions) == 1 else And(conditions)


def any_of(*conditions: Condition) -> Condition:
    """Their OR; one alone is itself. Raises ConditionLimit for none."""
    return conditions[0] if len(conditions) == 1 else Or(conditions)


def one_of(field: str, values: Iterable[Value]) -> Condition:
    """Eq for one number, Contains for one text, else In; repeated values once."""
    distinct = tuple(dict.fromkeys(values))
    if len(distinct) != 1:
        return In(field, distinct)
    only = distinct[0]
    return Contains(field, only) if isinstance(only, str) else Eq(field, only)


def walk(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """Every condition of the trees, parents first."""
    waiting = list(conditions)[::-1]
    while waiting:
        item = waiting.pop()
        yield item
        match item:
            case Not(condition=inner):
                waiting.append(inner)
            case And(conditions=inner) | Or(conditions=inner):
                waiting += inner[::-1]


def check_all(conditions: Iterable[Condition], fields: Iterable[str] = CHECKIN_FIELDS) -> None:
    """The limits of a whole list, nested ones included: number and fields. Raises ConditionLimit."""
    allowed = frozenset(fields)
    for number, item in enumerate(walk(conditions), start=1):
        if number > MOST_CONDITIONS:
            raise _too_many()
        if isinstance(item, Leaf):
            _check_kind(item, allowed)


def to_wire(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    return [item.to_wire() for item in conditions]


def to_json(conditions: Iterable[Condition]) -> str:
    """Compact text for a URL; `from_json` reads it back."""
    return json.dumps(to_wire(conditions), ensure_ascii=False, separators=(",", ":"))


def wire_time(moment: datetime) -> str:
    """ISO 8601 in UTC, whole seconds (ref 1.7)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


ReadMoment = Callable[[str, bool], datetime]
"""Text and whether it is the end of a period → an aware moment; raises ValueError with a sentence."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What could be read, and a sentence for each condition that could not."""

    conditions: tuple[Condition, ...]
    errors: tuple[str, ...]


def from_json(
    text: str, *, fields: Iterable[str] = CHECKIN_FIELDS, read_moment: ReadMoment | None = None
) -> Parsed:
    """Read conditions out of a URL: one object or a list of them. Never raises; a bad one is left out and
    told.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return Parsed((), ("The conditions are not readable.",))
    reader = _Reader(frozenset(fields), read_moment or iso_moment)
    kept: list[Condition] = []
    errors: list[str] = []
    for item in found if isinstance(found, list) else [found]:
        try:
            condition = reader.read(item)
            check_all([*kept, condition], reader.fields)
            kept.append(condition)
        except ConditionLimit as problem:
            errors.append(problem.message)
    return Parsed(tuple(kept), tuple(dict.fromkeys(errors)))


def iso_moment(text: str, is_end: bool) -> datetime:  # noqa: ARG001 - the shape of ReadMoment
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("The time has no zone.")
    return found


class _Reader:
    """JSON → conditions. Depth is bounded by the number of conditions that are allowed at all."""

    def __init__(self, fields: frozenset[str], read_moment: ReadMoment) -> None:
        self.fields = fields
        self._read_moment = read_moment

    def read(self, raw: Any, depth: int = 0) -> Condition:
        if not isinstance(raw, dict):
            raise ConditionLimit("A condition is not readable.")
        if depth > MOST_CONDITIONS:
            raise _too_many()
        match raw.get("type"):
            case "and":
                return And(self._joined(raw, depth))
            case "or":
                return Or(self._joined(raw, depth))
            case "not":
                return Not(self.read(raw.get("condition"), depth + 1))
        return self._leaf(raw)

    def _joined(self, raw: dict[str, Any], depth: int) -> tuple[Condition, ...]:
        items = raw.get("conditions")
        if not isinstance(items, list):
            raise ConditionLimit("A group has no conditions.")
        return tuple(self.read(item, depth + 1) for item in items)

    def _leaf(self, raw: dict[str, Any]) -> Leaf:
        field, value = raw.get("field"), raw.get("value")
        if not isinstance(field, str) or field not in self.fields:
            raise ConditionLimit(f"“{str(field)[:40]}” cannot be searched.")
        match raw.get("type"):
            case "eq":
                return Eq(field, _number_from(value))
            case "contains":
                return Contains(field, value if isinstance(value, str) else _no_text())
            case "in":
                return In(
                    field, tuple(_value_from(item) for item in value) if isinstance(value, list) else ()
                )
            case "period":
                return self._period(field, value)
        raise ConditionLimit("A condition is of an unknown type.")

    def _period(self, field: str, value: Any) -> Period:
        start = value.get("from") if isinstance(value, dict) else None
        end = value.get("to") if isinstance(value, dict) else None
        if not isinstance(start, str) or not isinstance(end, str):
            raise ConditionLimit("A period needs a start and an end.")
        try:
            return Period(field, self._read_moment(start, False), self._read_moment(end, True))
        except ConditionLimit:
            raise
        except (ValueError, OverflowError):
            problem = ConditionLimit("A period has a time that is not readable.")
        raise problem


def _number_from(value: Any) -> int | float:
    """A number, or text that holds one: what a form field or a person writing a URL gives."""
    if isinstance(value, str):
        try:
            return int(value) if value.strip().lstrip("+-").isdecimal() else float(value)
        except ValueError:
            pass
    if isinstance(value, int | float):
        return value
    raise ConditionLimit("A comparison needs a number.")


def _value_from(value: Any) -> Value:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return value
    raise ConditionLimit("A list may hold numbers and texts only.")


def _no_text() -> str:
    raise ConditionLimit("Write a text to search for.")


def _too_many() -> ConditionLimit:
    return ConditionLimit(f"At most {MOST_CONDITIONS} conditions can be searched at once.")


def _check_kind(item: Leaf, allowed: frozenset[str]) -> None:
    if item.field not in allowed:
        raise ConditionLimit(f"“{item.field[:40]}” cannot be searched.")
    if isinstance(item, Period) and item.field not in TIME_FIELDS:
        raise ConditionLimit("A period can be searched in times only.")
    if not isinstance(item, Period) and item.field in TIME_FIELDS:
        raise ConditionLimit("A time can be searched by a period only.")


def _check_field(field: str) -> None:
    if not field or len(field) > 100:
        raise ConditionLimit("A condition needs a field.")


def _check_number(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # not a number
        raise ConditionLimit("A comparison needs a number.")
    if not -LARGEST_NUMBER <= value < LARGEST_NUMBER:
        raise ConditionLimit("The number is too large.")
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MOST_DECIMALS:
        raise ConditionLimit(f"A number may have at most {MOST_DECIMALS} digits after the point.")


def _check_text(value: object) -> None:
    if not isinstance(value, str) or not value:
        raise ConditionLimit("Write a text to search for.")
    if len(value) > LONGEST_TEXT:
        raise ConditionLimit(f"The text has {len(value)} characters; at most {LONGEST_TEXT} can be searched.")
    if forbidden_character(value):
        raise ConditionLimit("The text has a character that cannot be searched.")


def _check_joined(conditions: tuple[Condition, ...]) -> None:
    if not FEWEST_JOINED <= len(conditions) <= MOST_JOINED:
        raise ConditionLimit(
            f"A group joins {FEWEST_JOINED} to {MOST_JOINED} conditions; this one has {len(conditions)}."
        )


def _whole_second(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ConditionLimit("The time has no zone.")
    return moment.astimezone(UTC).replace(microsecond=0)
