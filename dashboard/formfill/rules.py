"""Would Navixy take these answers? Each bad field with its code (ref 6.5, 6.6). No Django.

Where the reference leaves room, the stricter reading counts: what passes here passes there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

from dashboard.navixy.fields import (
    CheckboxGroup,
    DateField,
    Dropdown,
    Field,
    FileField,
    PhotoField,
    RadioGroup,
    Rating,
    Separator,
    Signature,
    TextField,
    UnknownField,
)
from dashboard.navixy.texts import forbidden_character

Value = Mapping[str, Any]  # a value object of ref 6.5, without files
LONGEST_TEXT = 1024
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Code(IntEnum):
    """Codes of ref 6.6; from 100 on our own, for what Navixy answers with another error or not at all."""

    REQUIRED = 1
    TYPE = 2
    NULL = 3
    INDEX = 4
    SIZE = 5
    BELOW = 6
    ABOVE = 7
    REFERENCE = 8
    FILE_TYPE = 9
    FILE_STATE = 10
    CHARACTER = 101
    UNKNOWN_KIND = 102


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that would go with an answer. `picture`: its bytes are a picture, whatever its name."""

    name: str
    size: int
    picture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the installation allows (ref 1.6), and the day it is where the person is."""

    today: date
    max_file_size: int = 16_777_216
    max_files: int = 6


Files = Mapping[str, Sequence[Attached]]
FILE_KINDS = (FileField, PhotoField, Signature)


def wrong(
    fields: Sequence[Field], values: Mapping[str, Value], files: Files, limits: Limits
) -> dict[str, Code]:
    """The first thing wrong with each field, in the form's order."""
    found = ((field.id, _code(field, values, files, limits)) for field in fields)
    return {field_id: code for field_id, code in found if code}


def most_files(field: Field, limits: Limits) -> int:
    """How many files an answer to this field may hold."""
    if isinstance(field, Signature):
        return 1
    own = field.max_files if isinstance(field, PhotoField) else None
    return min(own or limits.max_files, limits.max_files)


def largest_file(field: Field, limits: Limits) -> int:
    own = field.max_file_size if isinstance(field, FileField) else None
    return min(own or limits.max_file_size, limits.max_file_size)


def length(text: str) -> int:
    """As JavaScript and Java count: a character beyond the basic plane is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _code(field: Field, values: Mapping[str, Value], files: Files, limits: Limits) -> Code | None:
    if isinstance(field, Separator):
        return None
    if isinstance(field, UnknownField):
        return Code.UNKNOWN_KIND if field.required else None
    attached = files.get(field.id, ()) if isinstance(field, FILE_KINDS) else ()
    value = values.get(field.id)
    if not attached and (value is None or isinstance(field, FILE_KINDS)):
        return Code.REQUIRED if field.required else None
    return _file_code(field, attached, limits) if attached else _value_code(field, value or {}, limits)


def _value_code(field: Field, value: Value, limits: Limits) -> Code | None:
    if value.get("type") != field.type:
        return Code.TYPE
    match field:
        case TextField():
            return _text(field, value.get("value"))
        case CheckboxGroup():
            return _checks(field, value.get("values"))
        case Dropdown() | RadioGroup():
            return _choice(len(field.options), value.get("value_index"))
        case DateField():
            return _date(field, value.get("value"), limits.today)
        case Rating():
            return _rating(field, value.get("value"))
    return Code.TYPE


def _text(field: TextField, text: object) -> Code | None:
    if not isinstance(text, str):
        return Code.TYPE
    if forbidden_character(text, lines=True):
        return Code.CHARACTER
    most = min(field.max_length or LONGEST_TEXT, LONGEST_TEXT)
    too_short = len(text) < (field.min_length or 0)
    return Code.SIZE if too_short or length(text) > most else None


def _checks(field: CheckboxGroup, checked: object) -> Code | None:
    if not isinstance(checked, list) or not all(isinstance(one, bool) for one in checked):
        return Code.TYPE
    if len(checked) != len(field.options):
        return Code.SIZE
    return _bounds(sum(checked), field.min_checked, field.max_checked)


def _choice(options: int, index: object) -> Code | None:
    if not isinstance(index, int):
        return Code.TYPE
    return None if 0 <= index < options else Code.INDEX


def _date(field: DateField, text: object, today: date) -> Code | None:
    try:
        day = date.fromisoformat(text if isinstance(text, str) and _DATE.fullmatch(text) else "")
    except ValueError:
        return Code.TYPE
    if field.disable_past and day < today:
        return Code.BELOW
    return Code.ABOVE if field.disable_future and day > today else None


def _rating(field: Rating, stars: object) -> Code | None:
    return _bounds(stars, 1, field.max_stars) if isinstance(stars, int) else Code.TYPE


def _file_code(field: Field, attached: Sequence[Attached], limits: Limits) -> Code | None:
    if len(attached) > most_files(field, limits):
        return Code.SIZE
    return next((code for file in attached if (code := file_code(field, file, limits))), None)


def file_code(field: Field, file: Attached, limits: Limits) -> Code | None:
    """What is wrong with one file in this field."""
    if isinstance(field, PhotoField | Signature) and not file.picture:
        return Code.FILE_TYPE
    if isinstance(field, FileField) and not extension_allowed(field, file.name):
        return Code.FILE_TYPE
    least = field.min_file_size if isinstance(field, FileField) else None
    return _bounds(file.size, max(1, least or 1), largest_file(field, limits))


def extension_allowed(field: FileField, name: str) -> bool:
    allowed = {one.casefold().lstrip(".") for one in field.allowed_extensions}
    return not allowed or name.rpartition(".")[2].casefold() in allowed


def _bounds(number: int, least: int | None, most: int | None) -> Code | None:
    if least is not None and number < least:
        return Code.BELOW
    return Code.ABOVE if most is not None and number > most else None
