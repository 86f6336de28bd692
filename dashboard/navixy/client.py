"""The client: one call to the Navixy API, from parameters to a checked envelope (ref 1.2 to 1.5).

`Client._call` is the only place that speaks HTTP. Resource modules (checkins, forms, people, …) are plain
functions that take a client first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from typing import TypeVar

from dashboard.navixy import envelope
from dashboard.navixy.downloads import Download
from dashboard.navixy.errors import NavixyError
from dashboard.navixy.limiter import Limiter, Priority
from dashboard.navixy.replies import Reply
from dashboard.navixy.retry import RetryPolicy
from dashboard.navixy.transport import Credential, Secret, Transport

__all__ = ["CallRecord", "Client", "Credential", "Reply", "RetryPolicy", "Secret", "Transport"]

log = logging.getLogger("fielddesk.navixy")
T = TypeVar("T")
_FILE_DEADLINE = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """What became of one call, tries included; holds no parameter and no credential."""

    action: str
    outcome: str  # "ok" or the class of the error
    code: int | None
    http_status: int | None
    ms: float
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Calls for one credential. Cheap to make, safe for threads; transport and limiter are the shared parts.

    `base_url` holds the whole prefix (ref 1.1). `zone` reads times that come without an offset.
    """

    base_url: str
    credential: Credential | None
    transport: Transport
    limiter: Limiter
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    on_call: Callable[[CallRecord], None] | None = None
    priority: Priority = "interactive"
    zone: tzinfo = UTC

    def acting_as(self, credential: Credential | None) -> Client:
        return replace(self, credential=credential)

    def for_jobs(self) -> Client:
        """The same client with the lower claim on the shared rate budget and more patience."""
        return replace(self, priority="job", retry=replace(self.retry, deadline=120.0))

    def read(self, action: str, params: Mapping[str, object] | None = None, *, again: bool = True) -> Reply:
        """A call that changes nothing; asked `again` as the retry policy says. Raises NavixyError."""
        retry = self.retry if again else replace(self.retry, tries=1)
        return self._call(action, params or {}, self._envelope, retry=retry, write=False)

    def write(self, action: str, params: Mapping[str, object] | None = None) -> Reply:
        """A call that changes something: sent once, never repeated. See `NavixyError.maybe_applied`."""
        once = replace(self.retry, tries=1)
        return replace(self._call(action, params or {}, self._envelope, retry=once, write=True), write=True)

    def download(self, action: str, params: Mapping[str, object]) -> Download:
        """A call answered by a file (ref 1.4), streamed. An error envelope in its place raises."""
        patient = replace(self.retry, deadline=max(self.retry.deadline, _FILE_DEADLINE))
        return self._call(action, params, self._file, retry=patient, write=False)

    def _call(
        self,
        action: str,
        params: Mapping[str, object],
        exchange: Callable[[str, Mapping[str, object], Callable[[], float]], T],
        *,
        retry: RetryPolicy,
        write: bool,
    ) -> T:
        started = retry.clock()
        tries = 0

        def left() -> float:
            return max(0.001, started + retry.deadline - retry.clock())

        while True:
            tries += 1
            try:
                found = exchange(action, params, left)
            except NavixyError as error:
                self._complete(error, action, params, write=write)
                pause = retry.pause(error, tries, left())
                if pause is None:
                    self._record(action, error, started, tries)
                    raise
            else:
                self._record(action, None, started, tries)
                return found
            retry.sleep(pause)

    def _envelope(self, action: str, params: Mapping[str, object], left: Callable[[], float]) -> Reply:
        self.limiter.acquire(self.base_url, priority=self.priority, at_most=left())
        answer = self.transport.post(self._url(action), params, self.credential, left())
        return envelope.opened(action, answer, at_most=self.transport.largest_json)

    def _file(self, action: str, params: Mapping[str, object], left: Callable[[], float]) -> Download:
        self.limiter.acquire(self.base_url, priority=self.priority, at_most=left())
        answer = self.transport.post_for_file(self._url(action), params, self.credential, left())
        return envelope.file(action, answer, at_most=self.transport.largest_json)

    def _url(self, action: str) -> str:
        return f"{self.base_url.rstrip('/')}/{action}"

    def _complete(
        self, error: NavixyError, action: str, params: Mapping[str, object], *, write: bool
    ) -> None:
        """Tell the error which call it was; the API's texts must not quote a credential or a password."""
        error.action = action
        error.write = write
        if self.credential is not None:
            error.redact(self.credential.value)
        for value in params.values():
            if isinstance(value, Secret):
                error.redact(value.value)

    def _record(self, action: str, error: NavixyError | None, started: float, tries: int) -> None:
        record = CallRecord(
            action=action,
            outcome=type(error).__name__ if error else "ok",
            code=error.code if error else None,
            http_status=error.http_status if error else 200,
            ms=(self.retry.clock() - started) * 1000,
            tries=tries,
        )
        level = logging.INFO if error is None else logging.WARNING
        log.log(
            level,
            "%s %s code=%s http=%s %.0f ms tries=%d",
            action,
            record.outcome,
            record.code,
            record.http_status,
            record.ms,
            tries,
        )
        if self.on_call is not None:
            self.on_call(record)
