"""Search conditions (ref 4): a frozen tree, its limits, and its form on the wire.

A condition is valid from the moment it exists; what would break a documented limit raises ConditionLimit,
whose `message` is a sentence. Limits of the whole (72 conditions, allowed fields) are `check_all`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
            raise ConditionLimit(f"At most {MOST_CONDITIONS} conditions can be searched at once.")
        if isinstance(item, Leaf):
            _check_kind(item, allowed)


def to_wire(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    return [item.to_wire() for item in conditions]


def wire_time(moment: datetime) -> str:
    """ISO 8601 in UTC, whole seconds (ref 1.7). Raises ConditionLimit."""
    return _whole_second(moment).replace(tzinfo=None).isoformat() + "Z"


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
    try:
        return moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ConditionLimit("The time is out of reach.") from None
