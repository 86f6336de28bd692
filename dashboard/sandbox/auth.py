"""Credentials: session hashes with an absolute deadline, API keys, second factors (ref 1.3, 2.1)."""

from __future__ import annotations

import re
import secrets
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from dashboard.sandbox.errors import ApiError
from dashboard.sandbox.people import Person

HASH = re.compile(r"[0-9a-f]{32}", re.ASCII)
HEADER = re.compile(r"NVX (\S+)", re.ASCII)  # one space is mandatory
RESEND_PAUSE = timedelta(minutes=5)


@dataclass(slots=True, kw_only=True)
class Session:
    hash: str = field(repr=False)
    person: Person
    kind: str  # session | api_key | second_factor
    deadline: datetime | None
    code_sent: datetime | None = None


class Sessions:
    """Hands out credentials and says whose one is. Logged-out hashes are revoked (3), ended ones gone (4)."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._live: dict[str, Session] = {}
        self._revoked: set[str] = set()
        self._lock = threading.Lock()
        self._keys = {
            one.api_key: Session(hash=one.api_key, person=one, kind="api_key", deadline=None)
            for one in people
            if one.api_key
        }

    def open(self, person: Person, *, kind: str, now: datetime, life: timedelta) -> Session:
        session = Session(
            hash=secrets.token_hex(16), person=person, kind=kind, deadline=now + life, code_sent=now
        )
        with self._lock:
            self._live[session.hash] = session
        return session

    def find(self, credential: str | None, *, now: datetime) -> Session:
        """ApiError 3 for no, a malformed or a revoked hash; 4 for an unknown or expired one."""
        if credential is None or not HASH.fullmatch(credential) or credential in self._revoked:
            raise ApiError(3)
        session = self._keys.get(credential) or self._live.get(credential)
        if session is None or (session.deadline is not None and session.deadline <= now):
            raise ApiError(4)
        return session

    def revoke(self, session: Session) -> None:
        with self._lock:
            self._live.pop(session.hash, None)
            self._revoked.add(session.hash)

    def end(self, login: str | None = None) -> int:
        """Ends every session, or those of one login, as a changed password would. API keys live on."""
        with self._lock:
            ended = [one for one in self._live.values() if login in (None, one.person.login)]
            for session in ended:
                del self._live[session.hash]
        return len(ended)

    def drop(self, credential: str | None) -> None:
        with self._lock:
            self._live.pop(credential or "", None)

    def count(self) -> int:
        return len(self._live)


class RateLimit:
    """At most so many calls in any second, counted for each name apart (ref 1.6)."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def admit(self, names: Iterable[str], per_second: int) -> None:
        """ApiError 15 when one of the names has used up its second."""
        now = monotonic()
        with self._lock:
            for name in names:
                self._admit_one(self._seen.setdefault(name, deque()), now, per_second)

    def _admit_one(self, times: deque[float], now: float, per_second: int) -> None:
        while times and times[0] <= now - 1:
            times.popleft()
        if len(times) >= per_second:
            raise too_many_requests(1)
        times.append(now)

    def clear(self) -> None:
        with self._lock:
            self._seen.clear()


def too_many_requests(seconds: float) -> ApiError:
    error = ApiError(15)
    error.headers["Retry-After"] = str(max(1, round(seconds)))
    return error
