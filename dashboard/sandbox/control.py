"""The control endpoint under /_sandbox/: faults, calls, sessions, arrivals. Loopback peers only."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from dashboard.sandbox.faults import Fault
from dashboard.sandbox.switches import Switches

if TYPE_CHECKING:
    from dashboard.sandbox.box import Sandbox

PREFIX = "/_sandbox/"
Json = dict[str, Any]
MOST_ARRIVALS = 1000
SPOKEN_FOR = ("Origin", "Forwarded", "X-Forwarded-For", "X-Real-IP")


def answer(box: Sandbox, request: Request) -> Response:
    if not _is_local(request):
        return _json({"error": "loopback only"}, 403)
    run = ROUTES.get((request.method, request.path.removeprefix(PREFIX).strip("/")))
    if run is None:
        return _json({"error": "unknown control"}, 404)
    try:
        body = json.loads(request.get_data() or b"{}")
        if not isinstance(body, dict):
            raise TypeError("the body must be an object")
        return _json(run(box, body))
    except (KeyError, TypeError, ValueError) as error:
        return _json({"error": str(error)}, 400)


def _health(box: Sandbox, _: Json) -> Json:
    return {"ok": True, "checkins": len(box.world.checkins), "sessions": box.sessions.count()}


def _calls(box: Sandbox, _: Json) -> Json:
    return {"calls": [asdict(call) for call in box.calls]}


def _forget_calls(box: Sandbox, _: Json) -> Json:
    box.clear_calls()
    return {}


def _add_faults(box: Sandbox, body: Json) -> Json:
    """One rule, or several under `faults`."""
    for rule in body.get("faults", [body]):
        box.faults.add(Fault(**rule))
    return {"faults": [asdict(fault) for fault in box.faults.all()]}


def _list_faults(box: Sandbox, _: Json) -> Json:
    return {"faults": [asdict(fault) for fault in box.faults.all()]}


def _clear_faults(box: Sandbox, _: Json) -> Json:
    box.faults.clear()
    return {}


def _end_sessions(box: Sandbox, body: Json) -> Json:
    return {"ended": box.end_sessions(body.get("login"))}


def _arrive(box: Sandbox, body: Json) -> Json:
    number = int(body.get("n", 1))
    if not 1 <= number <= MOST_ARRIVALS:
        raise ValueError(f"n must be between 1 and {MOST_ARRIVALS}")
    return {"ids": [one.id for one in box.arrive(number)]}


def _set_switches(box: Sandbox, body: Json) -> Json:
    """`max_time_span` is given in days; the others as they are."""
    unknown = body.keys() - Switches.__dataclass_fields__.keys()
    if unknown:
        raise ValueError(f"unknown switches: {', '.join(sorted(unknown))}")
    for name, value in body.items():
        setattr(box.switches, name, timedelta(days=value) if name == "max_time_span" else value)
    return {"switches": asdict(box.switches)}


def _set_latency(box: Sandbox, body: Json) -> Json:
    box.latency_ms = float(body["ms"])
    return {"ms": box.latency_ms}


def _reset(box: Sandbox, _: Json) -> Json:
    box.reset()
    return {}


ROUTES: dict[tuple[str, str], Callable[[Sandbox, Json], Json]] = {
    ("GET", "health"): _health,
    ("GET", "calls"): _calls,
    ("DELETE", "calls"): _forget_calls,
    ("GET", "faults"): _list_faults,
    ("POST", "faults"): _add_faults,
    ("DELETE", "faults"): _clear_faults,
    ("POST", "sessions/end"): _end_sessions,
    ("POST", "arrive"): _arrive,
    ("POST", "switches"): _set_switches,
    ("POST", "latency"): _set_latency,
    ("POST", "reset"): _reset,
}


def _is_local(request: Request) -> bool:
    """A peer on this machine that speaks for itself: no proxy, no page of another site in a browser here."""
    name = urlsplit(f"//{request.host}").hostname
    speaks_for_others = any(header in request.headers for header in SPOKEN_FOR)
    return _is_loopback(request.remote_addr) and _is_loopback(name) and not speaks_for_others


def _is_loopback(address: str | None) -> bool:
    try:
        return address == "localhost" or ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def _json(content: Json, status: int = 200) -> Response:
    return Response(json.dumps(content, default=str), status, content_type="application/json")
