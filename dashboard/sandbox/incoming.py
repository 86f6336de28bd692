"""A request read off the wire: action, parameters and credential from their three places (ref 1.2, 1.3)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request

from dashboard.sandbox.auth import HEADER
from dashboard.sandbox.errors import ApiError

BASE = "/v2/"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    action: str
    method: str
    params: Mapping[str, Any]
    textual: frozenset[str]
    transport: str  # json | form | query | multipart | none
    credential: str | None
    credential_in: str | None
    iso: bool
    peer: str
    origin: str
    fault: ApiError | None = None  # the body could not be read: error 5


def read(request: Request) -> Incoming:
    query = request.args.to_dict()
    transport, body, fault = _body(request)
    params = query | body
    credential, where = _credential(request, body, query)
    return Incoming(
        action=request.path.removeprefix(BASE).strip("/"),
        method=request.method,
        params=params,
        textual=frozenset(params if transport != "json" else query.keys() - body.keys()),
        transport=transport if transport != "none" or not query else "query",
        credential=credential,
        credential_in=where,
        iso=_is_true(params.get("iso_datetime")) or _is_true(request.headers.get("NVX-ISO-DateTime")),
        peer=request.remote_addr or "",
        origin=request.host_url.rstrip("/"),
        fault=fault,
    )


def _body(request: Request) -> tuple[str, dict[str, Any], ApiError | None]:
    if request.method != "POST":
        return "none", {}, None
    if request.mimetype == "application/json":
        try:
            return "json", _json_object(request.get_data()), None
        except (ValueError, RecursionError):
            return "json", {}, ApiError(5)
    if request.mimetype == FORM:
        return "form", request.form.to_dict(), None
    if request.mimetype == "multipart/form-data":
        return "multipart", {}, ApiError(5)
    return "none", {}, ApiError(5) if request.get_data() else None


def _json_object(data: bytes) -> dict[str, Any]:
    found = json.loads(data or b"{}", parse_constant=_no_json)
    if not isinstance(found, dict):
        raise ValueError("parameters are root-level keys")
    return found


def _no_json(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _credential(
    request: Request, body: Mapping[str, Any], query: Mapping[str, Any]
) -> tuple[str | None, str | None]:
    header = request.headers.get("Authorization")
    if header is not None:
        match = HEADER.fullmatch(header)
        return (match[1] if match else ""), "header"
    for where, place in (("body", body), ("query", query)):
        if place.get("hash") is not None:
            return str(place["hash"]), where
    return None, None


def _is_true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")
