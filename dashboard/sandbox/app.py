"""The emulated platform as a WSGI application: API calls, stored files, control endpoint."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any
from wsgiref.types import StartResponse, WSGIEnvironment
from zoneinfo import ZoneInfo

from werkzeug.wrappers import Request, Response

from dashboard.sandbox import control, envelope, incoming, storage
from dashboard.sandbox import faults as fault_rules
from dashboard.sandbox.actions import (  # noqa: F401 - importing a module registers its calls
    Action,
    Asked,
    checkins,
    checkpoints,
    creation,
    find,
    form_lists,
    forms,
    history,
    installation,
    people,
    places,
    routes,
    task_forms,
    tasks,
    trackers,
    users,
)
from dashboard.sandbox.auth import Session, too_many_requests
from dashboard.sandbox.calls import Call, recordable
from dashboard.sandbox.errors import AnswerNothing, ApiError
from dashboard.sandbox.faults import Fault
from dashboard.sandbox.incoming import Incoming
from dashboard.sandbox.moments import Moments
from dashboard.sandbox.params import Params
from dashboard.sandbox.uploads import settle

if TYPE_CHECKING:
    from dashboard.sandbox.box import Sandbox

log = logging.getLogger("fielddesk.sandbox")
BAD_GATEWAY = "<html><head><title>502</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class Platform:
    def __init__(self, box: Sandbox) -> None:
        self.box = box

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._respond(Request(environ))(environ, start_response)

    def _respond(self, request: Request) -> Response:
        if request.path.startswith(control.PREFIX):
            return control.answer(self.box, request)
        if request.path.startswith(storage.PREFIX):
            return self._stored(request)
        if request.path.startswith(incoming.BASE):
            return self._called(incoming.read(request))
        return Response(storage.GONE, 404, content_type="text/html")

    def _called(self, asked: Incoming) -> Response:
        call = Call(
            action=asked.action,
            params=recordable(asked.params),
            at=self.box.clock.now(),
            method=asked.method,
            transport=asked.transport,
            credential_in=asked.credential_in,
            iso=asked.iso,
        )
        return self._recorded(call, lambda: self._result(asked, call), credential=asked.credential)

    def _stored(self, request: Request) -> Response:
        action = "storage/upload" if request.method == "POST" else "storage/download"
        call = Call(
            action=action, params={}, at=self.box.clock.now(), method=request.method, transport="none"
        )
        return self._recorded(
            call, lambda: self._from_storage(request), credential=None, halve=lambda: _half(request)
        )

    def _from_storage(self, request: Request) -> Response:
        try:
            return storage.answer(self.box, request)
        except Exception:  # the storage says 500 as any web server would
            log.exception("%s failed inside the sandbox", request.path)
            return Response(storage.GONE, 500, content_type="text/html")

    def _recorded(
        self,
        call: Call,
        run: Callable[[], Response],
        *,
        credential: str | None,
        halve: Callable[[], object] = lambda: None,
    ) -> Response:
        """Runs the call into its fault, if one is armed; the record stays even when no answer is given."""
        started = perf_counter()
        self.box.log.begin(call)
        fault = self.box.faults.strike(call.action)
        if fault:
            call.faults.append(fault.kind)
        try:
            self._wait(self.box.latency_ms / 1000)
            if fault and fault.kind == "midway":
                halve()
            response = self._before(fault, call, credential) or self._after(fault, run())
            call.http_status = response.status_code
            return response
        finally:
            call.ms = (perf_counter() - started) * 1000

    def _before(self, fault: Fault | None, call: Call, credential: str | None) -> Response | None:
        """The answer of a fault that strikes before the call has any effect."""
        if fault is None or fault.kind not in fault_rules.BEFORE:
            return None
        if fault.kind in ("timeout", "reset", "midway"):
            self._break(fault)
        if fault.kind == "html_502":
            return Response(BAD_GATEWAY, 502, content_type="text/html")
        if fault.kind == "session_end":
            self.box.sessions.drop(credential)
            return None
        error = _error_of(fault)
        call.code = error.code
        return envelope.failure(error)

    def _after(self, fault: Fault | None, response: Response) -> Response:
        if fault is None or fault.kind not in fault_rules.AFTER:
            return response
        if fault.kind == "slow":
            self._wait(1 if fault.seconds is None else fault.seconds)
            return response
        if fault.kind == "bad_json":
            return Response(b'{"success": true, "list": [{"id": 1,', 200, content_type=envelope.JSON)
        if fault.kind == "truncated":
            content = response.get_data()
            response.response = [content[: len(content) // 2]]
            return response
        self._break(fault)
        return response

    def _break(self, fault: Fault) -> None:
        """Hangs when the kind says so, then kills the connection without an answer."""
        if fault.kind.endswith("timeout"):
            self._wait(fault_rules.LONG if fault.seconds is None else fault.seconds)
        raise AnswerNothing(fault.kind)

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self.box.closing.wait(seconds)

    def _result(self, asked: Incoming, call: Call) -> Response:
        try:
            answer = self._run(asked, call)
        except ApiError as error:
            call.code = error.code
            return envelope.failure(error)
        except AnswerNothing:
            raise
        except Exception:  # an emulator's own slip must look like the platform's error 6
            log.exception("%s failed inside the sandbox", asked.action)
            call.code = 6
            return envelope.failure(ApiError(6))
        if isinstance(answer, envelope.FileAnswer):
            return envelope.file(answer)
        if isinstance(answer, envelope.ListAnswer):
            return envelope.listing(answer, unknown_members=self.box.switches.unknown_members)
        return envelope.success(answer, unknown_members=self.box.switches.unknown_members)

    def _run(self, asked: Incoming, call: Call) -> envelope.Answer:
        action = find(asked.action)
        if asked.fault is not None:
            raise asked.fault
        if asked.method != "POST" and not (asked.method == "GET" and action.takes_get):
            raise ApiError(5)
        self._limit_rate(asked)
        session = self._session(asked, action)
        call.login = session.person.login if session else _login(asked.params)
        zone = ZoneInfo(session.person.zone if session else "UTC")
        moments = Moments(zone, asked.iso and self.box.switches.iso_datetime_support)
        settle(self.box)
        params = Params(raw=asked.params, textual=asked.textual, moments=moments)
        return action.run(
            Asked(box=self.box, params=params, moments=moments, origin=asked.origin, current_session=session)
        )

    def _limit_rate(self, asked: Incoming) -> None:
        if self.box.switches.rate_per_second is not None:
            names = [f"ip {asked.peer}", *([f"hash {asked.credential}"] if asked.credential else ())]
            self.box.rate.admit(names, self.box.switches.rate_per_second)

    def _session(self, asked: Incoming, action: Action) -> Session | None:
        """The caller's session; ApiError 4 when this kind of credential does not fit the call (ref 1.3)."""
        if action.credential == "none":
            return None
        session = self.box.sessions.find(asked.credential, now=self.box.clock.now())
        if session.kind == "second_factor" or action.credential == "second_factor":
            fits = session.kind == action.credential
        else:
            fits = action.credential == "any" or session.kind == "session"
        if not fits:
            raise ApiError(4)
        return session


def _half(request: Request) -> bytes:
    return request.stream.read((request.content_length or 0) // 2)


def _login(params: Any) -> str | None:
    login = params.get("login")
    return login if isinstance(login, str) else None


def _error_of(fault: Fault) -> ApiError:
    if fault.kind == "rate_limit":
        return too_many_requests(1 if fault.seconds is None else fault.seconds)
    code = 6 if fault.code is None else fault.code
    return ApiError(code, errors=[dict(one) for one in fault.errors]) if fault.errors else ApiError(code)
