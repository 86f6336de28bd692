"""The platform's answers: JSON envelopes without null members, and files (ref 1.4)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Response

from dashboard.sandbox.errors import ApiError

JSON = "application/json;charset=utf-8"
FEATURE = {"sandbox_extra": {"since": "next", "beta": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAnswer:
    content: bytes
    content_type: str
    filename: str


Answer = dict[str, Any] | FileAnswer


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
            record["sandbox_revision"] = 3
    value = answer.get("value")
    if isinstance(value, dict):
        value["sandbox_revision"] = 3
    return answer | FEATURE


def success(answer: dict[str, Any], *, unknown_members: bool) -> Response:
    content = without_nulls({"success": True} | answer)
    return Response(_dumped(strewn(content) if unknown_members else content), 200, content_type=JSON)


def file(answer: FileAnswer) -> Response:
    response = Response(answer.content, 200, content_type=answer.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{answer.filename}"'
    return response


def failure(error: ApiError) -> Response:
    status = {"code": error.code, "description": error.text}
    content = without_nulls({"success": False, "status": status} | error.extra)
    return Response(_dumped(content), error.http, headers=error.headers, content_type=JSON)


def _dumped(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
