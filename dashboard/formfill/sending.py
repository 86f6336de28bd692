"""Answers as they go to Navixy (ref 5.4, 6.5). No Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.formfill.rules import FILE_KINDS, Value
from dashboard.navixy.answers import FileAnswer, SignatureAnswer, to_wire
from dashboard.navixy.fields import Field, Signature


def submission(
    fields: Sequence[Field], values: Mapping[str, Value], file_ids: Mapping[str, Sequence[int]]
) -> dict[str, dict[str, Any]]:
    """Value objects by field id, files by the ids Navixy gave them. What has no answer is left out."""
    found: dict[str, dict[str, Any]] = {}
    for field in fields:
        if isinstance(field, FILE_KINDS):
            if ids := file_ids.get(field.id):
                found[field.id] = _files(field, ids)
        elif field.id in values:
            found[field.id] = dict(values[field.id])
    return found


def _files(field: Field, ids: Sequence[int]) -> dict[str, Any]:
    return to_wire(SignatureAnswer(ids[0]) if isinstance(field, Signature) else FileAnswer(tuple(ids)), field)
