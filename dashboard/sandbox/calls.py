"""What reached the emulated platform, in order of arrival."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

KEPT = 20_000
SECRETS = frozenset({"password", "code", "key"})


@dataclass(slots=True, kw_only=True)
class Call:
    """One request. `code` is the platform's error code, None on success or while no answer was given."""

    action: str
    params: dict[str, Any]
    at: datetime
    method: str = "POST"
    transport: str = "json"  # json | form | query | multipart | none
    credential_in: str | None = None  # header | body | query
    iso: bool = False
    login: str | None = None
    code: int | None = None
    http_status: int | None = None
    ms: float | None = None
    faults: list[str] = field(default_factory=list)


def recordable(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters without the credential; secrets are starred."""
    return {name: "***" if name in SECRETS else value for name, value in params.items() if name != "hash"}


class CallLog:
    """The latest calls; begun ones are there before their answer is."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def begin(self, call: Call) -> None:
        with self._lock:
            self._calls.append(call)

    def all(self) -> list[Call]:
        with self._lock:
            return list(self._calls)

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()
