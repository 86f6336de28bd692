"""The platform's answers: JSON envelopes without null members, and files (ref 1.4)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Response

from dashboard.sandbox.errors import ApiError

JSON = "application/json;charset=utf-8"
RECORD_EXTRA = {"sandbox_revision": 3}
FEATURE = {"sandbox_extra": {"since": "next", "beta": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAnswer:
    content: bytes
    content_type: str
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAnswer:
    """A `list` and its `count`, the records already JSON text: check-ins are written once and remembered."""

    records: list[str]
    count: int


Answer = dict[str, Any] | FileAnswer | ListAnswer


def without_nulls(value: Any) -> Any:
    """Null members are left out to save space, at every depth; a null inside an array stays."""
    if isinstance(value, dict):
        return {name: without_nulls(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [without_nulls(one) for one in value]
    return value


def strewn(answer: dict[str, Any]) -> dict[str, Any]:
    """Members nobody documented, at the root and in every third record: readers have to ignore them."""
    for record in answer.get("list", ())[::3]:
        if isinstance(record, dict):
            record |= RECORD_EXTRA
    value = answer.get("value")
    if isinstance(value, dict):
        value |= RECORD_EXTRA
    return answer | FEATURE


def success(answer: dict[str, Any], *, unknown_members: bool) -> Response:
    content = without_nulls({"success": True} | answer)
    return Response(dumped(strewn(content) if unknown_members else content), 200, content_type=JSON)


def listing(answer: ListAnswer, *, unknown_members: bool) -> Response:
    rest = dumped({"count": answer.count} | (FEATURE if unknown_members else {}))
    content = f'{{"success":true,"list":[{",".join(answer.records)}],{rest[1:]}'
    return Response(content.encode(), 200, content_type=JSON)


def record(content: dict[str, Any], *, unknown_members: bool) -> str:
    """One record of a `ListAnswer` as JSON text."""
    return dumped(without_nulls(content | (RECORD_EXTRA if unknown_members else {})))


def file(answer: FileAnswer) -> Response:
    response = Response(answer.content, 200, content_type=answer.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{answer.filename}"'
    return response


def failure(error: ApiError) -> Response:
    status = {"code": error.code, "description": error.text}
    content = without_nulls({"success": False, "status": status} | error.extra)
    return Response(dumped(content), error.http, headers=error.headers, content_type=JSON)


def dumped(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
