"""Success or failure is decided here, once, by `success` and `status.code` (ref 1.4, 1.5)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from dashboard.navixy import values
from dashboard.navixy.downloads import Download, is_file
from dashboard.navixy.errors import (
    BadReply,
    FieldError,
    InvalidAnswers,
    InvalidRequest,
    NavixyError,
    NotAllowed,
    NotFound,
    ParameterError,
    RateLimited,
    Refused,
    SessionEnded,
    SignInFailed,
    StorageRefused,
    TooBroad,
    Unavailable,
    WrongState,
)
from dashboard.navixy.replies import Reply
from dashboard.navixy.transport import Answer

CODES: dict[int, type[NavixyError]] = {
    **dict.fromkeys((1, 6, 8, 14, 215), Unavailable),
    **dict.fromkeys((3, 4), SessionEnded),
    **dict.fromkeys((5, 7, 9, 202, 217, 218, 230, 231, 246, 262, 263, 279, 284), InvalidRequest),
    **dict.fromkeys((11, 13, 101, 219, 221, 225, 236, 237, 238, 239, 240, 249, 251, 257, 276), NotAllowed),
    15: RateLimited,
    **dict.fromkeys((102, 103, 104, 105, 275, 282), SignInFailed),
    **dict.fromkeys((201, 204, 210), NotFound),
    **dict.fromkeys(
        (203, 208, 213, 229, 247, 250, 252, 253, 255, 256, 261, 264, 265, 266, 269, 280, 281), WrongState
    ),
    **dict.fromkeys((211, 212), TooBroad),
    242: InvalidAnswers,
    **dict.fromkeys((254, 267, 268, 271), StorageRefused),
}


def opened(action: str, answer: Answer, *, at_most: int) -> Reply:
    """The reply of a JSON call. Raises what the answer says, or BadReply."""
    raw = answer.body(at_most=at_most)
    body = _parsed(raw)
    if isinstance(body, dict) and body.get("success") is True:
        return Reply(action, body)
    raise refusal(action, answer, body)


def file(action: str, answer: Answer, *, at_most: int) -> Download:
    """The file of a file call; decided by content type, as errors come as JSON in its place."""
    if answer.status == 200 and is_file(answer.content_type):
        return Download(action, answer)
    body = _parsed(answer.body(at_most=at_most))
    if isinstance(body, dict) and body.get("success") is True:
        raise BadReply(action=action, http_status=answer.status, description="JSON in place of a file")
    raise refusal(action, answer, body)


def refusal(action: str, answer: Answer, body: Any) -> NavixyError:
    """The exception that says what a body without success means."""
    code = values.integer(values.child(body, "status"), "code") if isinstance(body, dict) else None
    if code is None:
        return _without_code(action, answer, body)
    description = tidy(values.text(values.child(body, "status"), "description") or "")
    common = {"action": action, "code": code, "http_status": answer.status, "description": description}
    kind = SignInFailed if code == 11 and action.startswith("user/auth") else CODES.get(code, Refused)
    return _built(kind, common, body, answer)


def _built(
    kind: type[NavixyError], common: Mapping[str, Any], body: Mapping[str, Any], answer: Answer
) -> NavixyError:
    parameters, fields = details(body)
    if issubclass(kind, InvalidAnswers):
        return kind(**common, fields=fields)
    if issubclass(kind, InvalidRequest):
        return kind(**common, parameters=parameters)
    if issubclass(kind, RateLimited):
        return kind(**common, retry_after=retry_after(answer.header("Retry-After")))
    return kind(**common)


def details(body: Mapping[str, Any]) -> tuple[tuple[ParameterError, ...], tuple[FieldError, ...]]:
    """`errors[]` comes in two shapes; an item with `field_id` is a form field's (ref 1.4)."""
    items = values.children(body, "errors")
    parameters = tuple(
        ParameterError(tidy(values.text(i, "parameter") or ""), tidy(values.text(i, "error") or ""))
        for i in items
        if "field_id" not in i
    )
    fields = tuple(
        FieldError(
            values.text(i, "field_id") or "",
            values.integer(i, "code") or 0,
            tidy(values.text(i, "error") or ""),
        )
        for i in items
        if "field_id" in i
    )
    return parameters, fields


def retry_after(header: str, now: datetime | None = None) -> float | None:
    """Seconds from a Retry-After header: a number or an HTTP date."""
    if re.fullmatch(r"\d{1,6}(\.\d+)?", header.strip()):
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - (now or datetime.now(UTC))).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


def tidy(text: str) -> str:
    """One short line of foreign text, fit for a log."""
    return "".join(c if c.isprintable() else " " for c in text)[:200].strip()


def _without_code(action: str, answer: Answer, body: Any) -> NavixyError:
    what = (
        f"{type(body).__name__} without status.code"
        if body is not None
        else f"{answer.content_type or 'no type'}, not JSON"
    )
    common: dict[str, Any] = {"action": action, "http_status": answer.status, "description": tidy(what)}
    if answer.status == 429:  # a gateway's own limit
        return RateLimited(**common, retry_after=retry_after(answer.header("Retry-After")))
    return Unavailable(**common) if answer.status >= 500 else BadReply(**common)


def _parsed(raw: bytes) -> Any:
    """None for what is no JSON."""
    with suppress(orjson.JSONDecodeError):
        return orjson.loads(raw)
    try:
        return _leniently(raw)
    except (ValueError, RecursionError):
        return None


def _leniently(raw: bytes) -> Any:
    """What orjson is too strict for: NaN; and half a character, where a text was cut inside an emoji.

    Half a character becomes "?": no page, file or database could take it.
    """
    whole = json.dumps(json.loads(raw), ensure_ascii=False).encode("utf-8", "replace")
    return json.loads(whole)
