"""The shared rate budget: all processes together stay below what the API allows (ref 1.6)."""

from __future__ import annotations

from typing import Literal, Protocol

Priority = Literal["interactive", "job"]


class Limiter(Protocol):
    def acquire(self, key: str, *, priority: Priority = "interactive", at_most: float | None = None) -> None:
        """Wait for one request's share of the budget of `key`, at most so many seconds. Raises RateLimited."""


class NoLimiter:
    def acquire(self, key: str, *, priority: Priority = "interactive", at_most: float | None = None) -> None:
        return None
