"""Answers of forms: what a person filled in, by field type (ref 6.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.navixy import values
from dashboard.navixy.fields import (
    CheckboxGroup,
    DateField,
    Dropdown,
    Field,
    FileField,
    PhotoField,
    RadioGroup,
    Rating,
    Signature,
    TextField,
)
from dashboard.navixy.values import Record


@dataclass(frozen=True, slots=True)
class TextAnswer:
    value: str


@dataclass(frozen=True, slots=True)
class CheckboxAnswer:
    """One truth for each option, in their order."""

    values: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class ChoiceAnswer:
    """Of a dropdown or radio group; zero-based. It may lie outside the options."""

    index: int


@dataclass(frozen=True, slots=True)
class DateAnswer:
    value: date


@dataclass(frozen=True, slots=True)
class RatingAnswer:
    value: int


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """Of a file or photo field."""

    file_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SignatureAnswer:
    file_id: int


@dataclass(frozen=True, slots=True)
class UnknownAnswer:
    """What could not be read as its field's type."""

    raw: Mapping[str, Any]


Answer = (
    TextAnswer
    | CheckboxAnswer
    | ChoiceAnswer
    | DateAnswer
    | RatingAnswer
    | FileAnswer
    | SignatureAnswer
    | UnknownAnswer
)


def answers_from(record: Record, fields: tuple[Field, ...]) -> dict[str, Answer]:
    """Answers by field id; null ones are left out, those of no known field are UnknownAnswer."""
    types = {one.id: one for one in fields}
    return {key: answer_from(raw, types.get(key)) for key, raw in record.items() if isinstance(raw, dict)}


def answer_from(raw: Record, field: Field | None) -> Answer:
    """Read by the field's type rather than the answer's own, which differs for signatures (ref 10.11)."""
    found: Answer | None = None
    match field:
        case TextField():
            text = values.text(raw, "value")
            found = TextAnswer(text) if text is not None else None
        case CheckboxGroup():
            found = _checkbox(raw)
        case Dropdown() | RadioGroup():
            index = values.integer(raw, "value_index")
            found = ChoiceAnswer(index) if index is not None else None
        case DateField():
            day = values.day(raw, "value")
            found = DateAnswer(day) if day is not None else None
        case Rating():
            stars = values.integer(raw, "value")
            found = RatingAnswer(stars) if stars is not None else None
        case FileField() | PhotoField():
            found = FileAnswer(_file_ids(raw)) if "file_ids" in raw or "file_id" in raw else None
        case Signature():
            found = next((SignatureAnswer(file_id) for file_id in _file_ids(raw)), None)
    return found if found is not None else UnknownAnswer(raw)


def to_wire(answer: Answer, field: Field) -> dict[str, Any]:
    """The value object to send for an answer to `field`."""
    match answer:
        case TextAnswer(value=text):
            return {"type": field.type, "value": text}
        case CheckboxAnswer(values=checked):
            return {"type": field.type, "values": list(checked)}
        case ChoiceAnswer(index=index):
            return {"type": field.type, "value_index": index}
        case DateAnswer(value=day):
            return {"type": field.type, "value": day.isoformat()}
        case RatingAnswer(value=stars):
            return {"type": field.type, "value": stars}
        case FileAnswer(file_ids=file_ids):
            return {"type": field.type, "file_ids": list(file_ids)}
        case SignatureAnswer(file_id=file_id):
            return {
                "type": "file",
                "file_id": file_id,
            }  # as documented, though the field's type differs (ref 10.11)
        case UnknownAnswer(raw=raw):
            return dict(raw)


def _checkbox(raw: Record) -> CheckboxAnswer | None:
    checked = raw.get("values")
    if not isinstance(checked, list):
        return None
    return CheckboxAnswer(tuple(values.boolean({"": item}, "") or False for item in checked))


def _file_ids(raw: Record) -> tuple[int, ...]:
    """Documents say `file_ids` for files and `file_id` for a signature; either is read for both."""
    one = values.integer(raw, "file_id")
    return values.integers(raw, "file_ids") or ((one,) if one is not None else ())
