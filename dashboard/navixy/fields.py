"""Fields of forms: what was asked (ref 6.4, 6.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboard.navixy import values
from dashboard.navixy.values import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What all field types share (ref 6.4). `id` is opaque text: the key of the answer."""

    id: str
    label: str
    description: str = ""
    required: bool = False
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField(Field):
    min_length: int | None = None
    max_length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckboxGroup(Field):
    options: tuple[str, ...] = ()
    min_checked: int | None = None
    max_checked: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropdown(Field):
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RadioGroup(Field):
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DateField(Field):
    disable_future: bool = False
    disable_past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating(Field):
    max_stars: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FileField(Field):
    """Sizes in bytes; no `allowed_extensions` means any."""

    max_file_size: int | None = None
    min_file_size: int | None = None
    allowed_extensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoField(Field):
    max_files: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature(Field):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Separator(Field):
    """A heading: never required, never answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownField(Field):
    """A type this edition does not know; `raw` is its definition, to be shown plainly."""

    raw: Mapping[str, Any] = field(default_factory=dict)


def fields_from(record: Record) -> tuple[Field, ...]:
    """The fields of a form or template in order; a field without an id or type is kept as UnknownField."""
    return tuple(field_from(item) for item in values.children(record, "fields"))


def field_from(record: Record) -> Field:
    kind = values.text(record, "type") or ""
    common: dict[str, Any] = {
        "id": values.text(record, "id") or "",
        "label": values.text(record, "label") or "",
        "description": values.text(record, "description") or "",
        "required": values.boolean(record, "required") or False,
        "type": kind,
    }
    read = _READERS.get(kind)
    return read(record, common) if read else UnknownField(**common, raw=record)


def _text(record: Record, common: dict[str, Any]) -> Field:
    return TextField(
        **common,
        min_length=values.integer(record, "min_length"),
        max_length=values.integer(record, "max_length"),
    )


def _checkbox_group(record: Record, common: dict[str, Any]) -> Field:
    return CheckboxGroup(
        **common,
        options=_labels(record, "group"),
        min_checked=values.integer(record, "min_checked"),
        max_checked=values.integer(record, "max_checked"),
    )


def _date(record: Record, common: dict[str, Any]) -> Field:
    return DateField(
        **common,
        disable_future=values.boolean(record, "disable_future") or False,
        disable_past=values.boolean(record, "disable_past") or False,
    )


def _file(record: Record, common: dict[str, Any]) -> Field:
    return FileField(
        **common,
        max_file_size=values.integer(record, "max_file_size"),
        min_file_size=values.integer(record, "min_file_size"),
        allowed_extensions=values.texts(record, "allowed_extensions"),
    )


_READERS: Mapping[str, Callable[[Record, dict[str, Any]], Field]] = {
    "text": _text,
    "checkbox_group": _checkbox_group,
    "dropdown": lambda record, common: Dropdown(**common, options=_labels(record, "options")),
    "radio_group": lambda record, common: RadioGroup(**common, options=_labels(record, "options")),
    "date": _date,
    "rating": lambda record, common: Rating(**common, max_stars=values.integer(record, "max_stars") or 5),
    "file": _file,
    "photo": lambda record, common: PhotoField(**common, max_files=values.integer(record, "max_files")),
    "signature": lambda record, common: Signature(**common),  # noqa: ARG005 - one shape for all readers
    "separator": lambda record, common: Separator(**common),  # noqa: ARG005
}


def _labels(record: Record, key: str) -> tuple[str, ...]:
    return tuple(values.text(item, "label") or "" for item in values.children(record, key))
