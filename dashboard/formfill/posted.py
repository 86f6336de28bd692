"""What a person put into the controls of a form, as value objects of ref 6.5. No Django.

Nothing is refused here: what is wrong stays as it was typed, so that it is kept in a draft and shown again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from dashboard.navixy.fields import (
    CheckboxGroup,
    DateField,
    Dropdown,
    Field,
    RadioGroup,
    Rating,
    TextField,
)

LONGEST_KEPT = 20_000  # characters: a text far over its limit is still the person's text


class Data(Protocol):
    """Django's QueryDict fits."""

    def getlist(self, key: str, /) -> list[Any]: ...


def name_of(field: Field) -> str:
    """What the control of a field is called in a request."""
    return f"answer-{field.id}"


def read(fields: Sequence[Field], data: Data) -> dict[str, dict[str, Any]]:
    """Value objects by field id, files apart. Questions without an answer are left out (ref 5.4)."""
    found = ((field, _value(field, data.getlist(name_of(field)))) for field in fields)
    return {field.id: {"type": field.type, **value} for field, value in found if value}


def _value(field: Field, texts: list[str]) -> dict[str, Any] | None:
    match field:
        case TextField():
            return _text(texts)
        case CheckboxGroup():
            return _checks(len(field.options), texts)
        case Dropdown() | RadioGroup():
            return _number("value_index", texts)
        case DateField():
            day = texts[-1].strip() if texts else ""
            return {"value": day[:40]} if day else None
        case Rating():
            return _number("value", texts)
    return None


def _text(texts: list[str]) -> dict[str, Any] | None:
    """Browsers send line ends as CR LF, which would count as two characters; blanks alone are no answer."""
    text = texts[-1].replace("\r\n", "\n")[:LONGEST_KEPT] if texts else ""
    return {"value": text} if text.strip() else None


def _checks(options: int, texts: list[str]) -> dict[str, Any] | None:
    chosen = {int(text) for text in texts if _is_number(text)}
    checked = [index in chosen for index in range(options)]
    return {"values": checked} if any(checked) else None


def _number(member: str, texts: list[str]) -> dict[str, Any] | None:
    text = texts[-1].strip() if texts else ""
    return {member: int(text)} if _is_number(text) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
