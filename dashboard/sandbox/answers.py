"""Are these answers fit for these fields? Every bad field with its code, all at once (ref 6.5, 6.6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.sandbox.model import File
from dashboard.sandbox.params import is_number

REQUIRED, TYPE, NULL, INDEX, SIZE, BELOW, ABOVE, REFERENCE, FILE_TYPE, FILE_STATE = range(1, 11)
TEXTS = {
    REQUIRED: "required but no value",
    TYPE: "value type differs from field type",
    NULL: "value is null",
    INDEX: "index out of bounds",
    SIZE: "bad size",
    BELOW: "below minimum",
    ABOVE: "above maximum",
    REFERENCE: "invalid references",
    FILE_TYPE: "wrong file type",
    FILE_STATE: "wrong file state",
}
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
Json = dict[str, Any]


class Bad(Exception):
    """One field's answer is refused with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """`find_file(field_id, file_id)` gives only files reserved for that field."""

    find_file: Callable[[str, int], File | None]
    most_files: int

    def errors(self, fields: list[Json], values: Mapping[str, Any]) -> list[Json]:
        known = {field["id"] for field in fields}
        found = [(field["id"], code) for field in fields for code in self._codes(field, values)]
        found += [(name, REFERENCE) for name in values if name not in known]
        return [{"field_id": name, "code": code, "error": TEXTS[code]} for name, code in found]

    def _codes(self, field: Json, values: Mapping[str, Any]) -> Iterator[int]:
        try:
            answered = field["id"] in values and self._is_answered(field, values[field["id"]])
        except Bad as bad:
            yield bad.code
            return
        if field.get("required") and not answered:
            yield REQUIRED

    def _is_answered(self, field: Json, value: Any) -> bool:
        """False for what counts as no answer; raises Bad for a wrong one."""
        if value is None:
            raise Bad(NULL)
        check = {
            "text": _text,
            "checkbox_group": _checkboxes,
            "dropdown": _choice,
            "radio_group": _choice,
            "date": _date,
            "rating": _rating,
            "file": self._files,
            "photo": self._files,
            "signature": self._signature,
        }.get(field["type"])
        accepted = (field["type"], "file") if field["type"] == "signature" else (field["type"],)
        if check is None or not isinstance(value, dict) or value.get("type") not in accepted:
            raise Bad(TYPE)
        return check(field, value)

    def _files(self, field: Json, value: Json) -> bool:
        ids = _member(value, "file_ids", list)
        if len(ids) > field.get("max_files", self.most_files):
            raise Bad(SIZE)
        for file_id in ids:
            self._file(field, file_id)
        return bool(ids)

    def _signature(self, field: Json, value: Json) -> bool:
        self._file(field, _member(value, "file_id", int))
        return True

    def _file(self, field: Json, file_id: Any) -> None:
        file = self.find_file(field["id"], file_id) if isinstance(file_id, int) else None
        if file is None:
            raise Bad(REFERENCE)
        if file.state != "uploaded":
            raise Bad(FILE_STATE)
        if field["type"] != "file":
            _check_is_picture(file)
            return
        _check_bounds(file.size, field.get("min_file_size"), field.get("max_file_size"))
        extensions = field.get("allowed_extensions")
        if extensions and file.name.rpartition(".")[2].casefold() not in map(str.casefold, extensions):
            raise Bad(FILE_TYPE)


def _text(field: Json, value: Json) -> bool:
    text = _member(value, "value", str)
    if text and not field.get("min_length", 0) <= len(text) <= field.get("max_length", 1024):
        raise Bad(SIZE)
    return bool(text)


def _checkboxes(field: Json, value: Json) -> bool:
    checked = _member(value, "values", list)
    if not all(isinstance(one, bool) for one in checked):
        raise Bad(TYPE)
    if len(checked) != len(field["group"]):
        raise Bad(SIZE)
    if any(checked):
        _check_bounds(sum(checked), field.get("min_checked"), field.get("max_checked"))
    return any(checked)


def _choice(field: Json, value: Json) -> bool:
    if not 0 <= _member(value, "value_index", int) < len(field["options"]):
        raise Bad(INDEX)
    return True


def _date(_: Json, value: Json) -> bool:
    text = _member(value, "value", str)
    try:
        date.fromisoformat(text if DATE.fullmatch(text) else "")
    except ValueError as error:
        raise Bad(TYPE) from error
    return True


def _rating(field: Json, value: Json) -> bool:
    _check_bounds(_member(value, "value", int), 1, field.get("max_stars"))
    return True


def _member(value: Json, name: str, kind: type) -> Any:
    found = value.get(name)
    if found is None:
        raise Bad(NULL)
    if not isinstance(found, kind) or (kind is int and not is_number(found)):
        raise Bad(TYPE)
    return found


def _check_bounds(number: int, least: int | None, most: int | None) -> None:
    if least is not None and number < least:
        raise Bad(BELOW)
    if most is not None and number > most:
        raise Bad(ABOVE)


def _check_is_picture(file: File) -> None:
    if not file.mime_type.startswith("image/"):
        raise Bad(FILE_TYPE)
