"""When to ask again. A policy object, apart from the call: it decides and waits, it sends nothing."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from dashboard.navixy.errors import NavixyError, RateLimited, Unavailable, Unreachable

RETRIED_CODES = frozenset({1, 6, 8, 14})


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """At most `tries` tries of a read within `deadline` seconds, waiting longer each time, with jitter.

    A time-out is not retried: whoever waited 20 s should hear of it. Nor is a reply that makes no sense.
    """

    tries: int = 3
    base: float = 0.25
    longest: float = 8.0
    deadline: float = 25.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    random: Callable[[], float] = random.random

    def pause(self, error: NavixyError, tried: int, left: float) -> float | None:
        """Seconds to wait before the next try, or None: give up and raise `error`."""
        if tried >= self.tries or not _passing(error):
            return None
        wait = self._wait(error, tried)
        return wait if wait is not None and wait < left else None

    def _wait(self, error: NavixyError, tried: int) -> float | None:
        """Full steps of 0.25, 0.5, 1 … s, each cut by up to a half; never less than the server asked for."""
        backoff = min(self.longest, self.base * float(2 ** (tried - 1))) * (1 - self.random() / 2)
        asked = error.retry_after if isinstance(error, RateLimited) else None
        if asked is None:
            return backoff
        return None if asked > self.longest else max(asked, backoff)


def _passing(error: NavixyError) -> bool:
    match error:
        case RateLimited():
            return not error.is_ours  # our own budget has already waited as long as it may
        case Unreachable():
            return error.reason in ("refused", "name", "reset", "connect")
        case Unavailable():
            return error.code is None or error.code in RETRIED_CODES
    return False
