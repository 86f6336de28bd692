"""Search conditions: what ref 4 allows, read strictly, and what each means for a record."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from dashboard.sandbox.errors import invalid
from dashboard.sandbox.moments import Moments
from dashboard.sandbox.params import check_text, is_number, read_moment

MOST_CONDITIONS = 72  # in all, nested ones included
FEWEST_JOINED, MOST_JOINED = 2, 60
LONGEST_TEXT = 760
MOST_FRACTION_DIGITS = 6
BIGGEST = 2**63

Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """How conditions see one member of a record.

    `number` gives what `eq` compares (a linked entity's id), `text` what `contains` searches (its label
    or names); a time field has `time` only.
    """

    number: Callable[[Any], int | float | None] | None = None
    text: Callable[[Any], str | None] | None = None
    time: Callable[[Any], datetime] | None = None


@dataclass(slots=True, kw_only=True)
class Reader:
    """Turns the JSON of `conditions` into one test; each violation is error 7 naming the place."""

    fields: Mapping[str, Field]
    moments: Moments
    fold: Callable[[str], str] = str.casefold
    top_level_most: int | None = None  # task/list: 60
    seen: int = 0

    def read(self, name: str, conditions: list[Any]) -> Test:
        """All the conditions of the top level together."""
        if self.top_level_most is not None and len(conditions) > self.top_level_most:
            raise invalid(name, f"size must be at most {self.top_level_most}")
        tests = [self._one(f"{name}[{n}]", _unpacked(found)) for n, found in enumerate(conditions)]
        return _every(tests)

    def _one(self, where: str, found: Any) -> Test:
        self.seen += 1
        if self.seen > MOST_CONDITIONS:
            raise invalid("conditions", f"at most {MOST_CONDITIONS} conditions")
        if not isinstance(found, dict):
            raise invalid(where, "must be an object")
        kind = found.get("type")
        if kind in ("and", "or"):
            return self._joined(where, found, _every if kind == "and" else _any)
        if kind == "not":
            inner = self._one(f"{where}.condition", found.get("condition"))
            return lambda record: not inner(record)
        reader = {"eq": self._eq, "contains": self._contains, "in": self._in, "period": self._period}.get(
            str(kind)
        )
        if reader is None:
            raise invalid(f"{where}.type", "unknown condition type")
        return reader(where, self._field(where, found), found.get("value"))

    def _joined(self, where: str, found: dict[str, Any], join: Callable[[list[Test]], Test]) -> Test:
        inner = found.get("conditions")
        if not isinstance(inner, list) or not FEWEST_JOINED <= len(inner) <= MOST_JOINED:
            raise invalid(f"{where}.conditions", f"size must be between {FEWEST_JOINED} and {MOST_JOINED}")
        return join([self._one(f"{where}.conditions[{n}]", one) for n, one in enumerate(inner)])

    def _field(self, where: str, found: dict[str, Any]) -> Field:
        name = found.get("field")
        if not isinstance(name, str) or name not in self.fields:
            raise invalid(f"{where}.field", "unknown field")
        return self.fields[name]

    def _eq(self, where: str, field: Field, value: Any) -> Test:
        if not is_number(value) or not _sendable(value):
            raise invalid(f"{where}.value", "must be a number with at most 6 fraction digits within ±2^63")
        if field.number is not None:
            number = field.number
            return lambda record: number(record) == value
        if field.text is not None:
            text, digits = field.text, _digits(value)
            return lambda record: (text(record) or "").strip() == digits
        raise invalid(f"{where}.field", "cannot be compared with a number")

    def _contains(self, where: str, field: Field, value: Any) -> Test:
        if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_TEXT:
            raise invalid(f"{where}.value", f"must be a string of 1 to {LONGEST_TEXT} characters")
        check_text(f"{where}.value", value)
        fold, needle = self.fold, self.fold(value)
        if field.text is not None:
            text = field.text
            return lambda record: (found := text(record)) is not None and needle in fold(found)
        if field.number is not None:
            number = field.number
            return lambda record: (found := number(record)) is not None and needle in _digits(found)
        raise invalid(f"{where}.field", "cannot be searched for a text")

    def _in(self, where: str, field: Field, value: Any) -> Test:
        if not isinstance(value, list) or not value:
            raise invalid(f"{where}.value", "must be an array of numbers or strings")
        numbers = [one for one in value if is_number(one)]
        if field.number is not None and len(numbers) == len(value) and all(map(_sendable, numbers)):
            number, wanted = field.number, frozenset(numbers)
            return lambda record: number(record) in wanted
        rules = [self._contains if isinstance(one, str) else self._eq for one in value]
        return _any([rule(f"{where}.value[{n}]", field, value[n]) for n, rule in enumerate(rules)])

    def _period(self, where: str, field: Field, value: Any) -> Test:
        if field.time is None:
            raise invalid(f"{where}.field", "is not a time")
        if not isinstance(value, dict):
            raise invalid(f"{where}.value", "must be an object")
        start = read_moment(self.moments, f"{where}.value.from", value.get("from"))
        end = read_moment(self.moments, f"{where}.value.to", value.get("to"))
        if start > end:
            raise invalid(f"{where}.value", "to must not be before from")
        time = field.time
        return lambda record: start <= time(record) <= end


def _every(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda record: all(test(record) for test in tests)


def _any(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda record: any(test(record) for test in tests)


def _unpacked(found: Any) -> Any:
    """The check-in page calls `conditions` a string array: each may be JSON text (ref 10.5)."""
    if not isinstance(found, str):
        return found
    try:
        return json.loads(found)
    except (ValueError, RecursionError):
        return None


def _sendable(value: int | float) -> bool:
    if not -BIGGEST <= value <= BIGGEST:
        return False
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= MOST_FRACTION_DIGITS


def _digits(value: int | float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
