"""The shared rate budget: all processes together stay below what the API allows (ref 1.6).

The API counts 50 requests a second per user *and* per IP address, and all our processes of a machine share
one address: so there is one budget for each API address, whoever is signed in. It is kept as one number (GCRA
of pyrate-limiter) in memory, in a file that the processes of a machine share, or in Redis for several
machines.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from pyrate_limiter import Rate

from dashboard.navixy.budgets import Budget, FileBudget, MemoryBudget, RedisBudget
from dashboard.navixy.errors import RateLimited

Priority = Literal["interactive", "job"]


class Limiter(Protocol):
    """What the client asks before each request."""

    def acquire(self, key: str, *, priority: Priority = "interactive", at_most: float | None = None) -> None:
        """Wait for one request of the budget of `key`, `at_most` so many seconds. Raises RateLimited."""


class NoLimiter:
    """For one-off scripts and tests of other things."""

    def acquire(self, key: str, *, priority: Priority = "interactive", at_most: float | None = None) -> None:
        """Never waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How one budget is divided.

    Interactive calls may burst by a fifth above the steady rate: 40/s never become more than 48 in a second,
    below the API's 50. Jobs get at most `job_part` of the rate, and only while half of the burst is free:
    when people need everything, jobs wait.
    """

    per_second: int
    job_part: float = 0.5

    @property
    def interactive(self) -> list[Rate]:
        return [Rate(self.per_second, 1000, burst=self._burst)]

    @property
    def job(self) -> list[Rate]:
        own = max(1, int(self.per_second * self.job_part))
        return [
            Rate(self.per_second, 1000, burst=max(1, self._burst // 2)),
            Rate(own, 1000, burst=max(1, self._burst // 4)),
        ]

    @property
    def _burst(self) -> int:
        return max(1, self.per_second // 5)


class RateLimiter:
    """A Limiter over a budget. Safe for threads; the budget makes it safe for processes."""

    def __init__(
        self,
        budget: Budget,
        shares: Shares,
        *,
        patience: float = 10.0,
        job_patience: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._budget = budget
        self._rates = {"interactive": shares.interactive, "job": shares.job}
        self._patience = {"interactive": patience, "job": job_patience}
        # Threads wait in turn, so that one at a time asks the budget.
        self._turns: dict[tuple[str, Priority], threading.Lock] = {}
        self._step = 1.0 / shares.per_second
        self._sleep, self._clock, self._jitter = sleep, clock, jitter

    def acquire(self, key: str, *, priority: Priority = "interactive", at_most: float | None = None) -> None:
        patience = self._patience[priority]
        patience = patience if at_most is None else min(patience, at_most)
        give_up = self._clock() + patience
        turn = self._turns.setdefault((key, priority), threading.Lock())
        if not turn.acquire(timeout=max(0.0, patience)):
            raise _used_up(patience)
        try:
            self._take(key, priority, give_up)
        finally:
            turn.release()

    def _take(self, key: str, priority: Priority, give_up: float) -> None:
        while (wait := self._budget.take(key, self._rates[priority])) > 0:
            wait += self._jitter() * self._step  # processes that wait together do not wake together
            if self._clock() + wait > give_up:
                raise _used_up(wait)
            self._sleep(wait)


def _used_up(wait: float) -> RateLimited:
    return RateLimited(description="our own rate budget is used up", retry_after=wait)


def shared_limiter(
    *, per_second: int, redis_url: str | None = None, folder: Path | None = None, job_part: float = 0.5
) -> RateLimiter:
    """An installation's limiter: over Redis when it has one, else a file in `folder`, else in memory."""
    shares = Shares(per_second=per_second, job_part=job_part)
    budget: Budget
    if redis_url:
        budget = RedisBudget.at(redis_url)
    elif folder is not None:
        budget = FileBudget(folder)
    else:
        budget = MemoryBudget()
    return RateLimiter(budget, shares)
