"""Reading the parameters of a call strictly: the wrong type or an impossible value is error 7."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeGuard, TypeVar

from dashboard.sandbox.errors import invalid
from dashboard.sandbox.moments import Moments

T = TypeVar("T")
INT_MAX = 2**31 - 1
REFUSED = frozenset({"Cc", "Cs", "Co"})  # control, surrogate, private use (ref 1.7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    lat: float
    lng: float
    radius: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """`textual` names what came as text of a form or a query: JSON inside, numbers as digits (ref 1.2)."""

    raw: Mapping[str, Any]
    textual: frozenset[str]
    moments: Moments

    def value(self, name: str) -> Any:
        """The value as sent, JSON text of a form field unpacked; None when absent or null."""
        found = self.raw.get(name)
        if name in self.textual and isinstance(found, str) and found[:1] in ("[", "{"):
            try:
                return json.loads(found)
            except ValueError as error:
                raise invalid(name, "malformed JSON") from error
        return found

    def has(self, name: str) -> bool:
        return self.raw.get(name) is not None

    def text(self, name: str, *, longest: int | None = None) -> str | None:
        found = self.raw.get(name)
        if found is None:
            return None
        found = check_text(name, found)
        if longest is not None and len(found) > longest:
            raise invalid(name, f"size must be at most {longest}")
        return found

    def integer(self, name: str, *, least: int = 1, most: int = INT_MAX) -> int | None:
        found = self.raw.get(name)
        if name in self.textual and isinstance(found, str):
            found = _digits(name, found)
        if found is None:
            return None
        return as_integer(name, found, least=least, most=most)

    def boolean(self, name: str) -> bool | None:
        found = self.raw.get(name)
        if name in self.textual and isinstance(found, str):
            found = {"true": True, "false": False}.get(found.lower(), found)
        if found is not None and not isinstance(found, bool):
            raise invalid(name, "must be a boolean")
        return found

    def items(self, name: str) -> list[Any] | None:
        found = self.value(name)
        if found is not None and not isinstance(found, list):
            raise invalid(name, "must be an array")
        return found

    def integers(self, name: str) -> list[int] | None:
        items = self.items(name)
        return None if items is None else [as_integer(name, item) for item in items]

    def texts(self, name: str) -> list[str] | None:
        items = self.items(name)
        if items is not None and not all(isinstance(item, str) for item in items):
            raise invalid(name, "must be an array of strings")
        return items

    def mapping(self, name: str) -> dict[str, Any] | None:
        found = self.value(name)
        if found is not None and not isinstance(found, dict):
            raise invalid(name, "must be an object")
        return found

    def moment(self, name: str) -> datetime | None:
        text = self.text(name)
        return None if text is None else read_moment(self.moments, name, text)

    def circle(self, name: str) -> Circle | None:
        found = self.mapping(name)
        if found is None:
            return None
        lat, lng = point(name, found)
        radius = found.get("radius")
        if not is_number(radius) or radius <= 0:
            raise invalid(f"{name}.radius", "must be a positive number")
        return Circle(lat=lat, lng=lng, radius=float(radius))

    def need_integer(self, name: str, *, least: int = 1, most: int = INT_MAX) -> int:
        return _given(name, self.integer(name, least=least, most=most))

    def need_text(self, name: str, *, longest: int | None = None) -> str:
        return _given(name, self.text(name, longest=longest))

    def need_integers(self, name: str) -> list[int]:
        return _given(name, self.integers(name))


def _given(name: str, found: T | None) -> T:
    if found is None:
        raise invalid(name, "must not be null")
    return found


def is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_text(name: str, value: object) -> str:
    """Line breaks and tabs pass: a field may refuse them, none that is known does (ref 1.7)."""
    if not isinstance(value, str):
        raise invalid(name, "must be a string")
    if any(letter not in "\n\r\t" and unicodedata.category(letter) in REFUSED for letter in value):
        raise invalid(name, "contains forbidden characters")
    return value


def as_integer(name: str, value: object, *, least: int = 1, most: int = INT_MAX) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid(name, "must be an integer")
    if not least <= value <= most:
        raise invalid(name, f"must be between {least} and {most}")
    return value


def read_moment(moments: Moments, name: str, text: object) -> datetime:
    try:
        return moments.read(text if isinstance(text, str) else "")
    except (ValueError, OverflowError) as error:
        raise invalid(name, "wrong date format") from error


def point(name: str, found: Mapping[str, Any]) -> tuple[float, float]:
    lat, lng = found.get("lat"), found.get("lng")
    if not is_number(lat) or not -90 <= lat <= 90:
        raise invalid(f"{name}.lat", "must be between -90 and 90")
    if not is_number(lng) or not -180 <= lng <= 180:
        raise invalid(f"{name}.lng", "must be between -180 and 180")
    return float(lat), float(lng)


def sort_expression(text: str, known: Container[str]) -> tuple[str, bool]:
    """`<field>=asc|desc` as (field, descending)."""
    name, _, direction = text.partition("=")
    if name not in known or direction not in ("asc", "desc"):
        raise invalid("sort", f"wrong sort expression {text[:80]}")
    return name, direction == "desc"


def _digits(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise invalid(name, "must be an integer") from error
