"""Where a rate budget is kept. The rule itself (GCRA, one timestamp per rate) is pyrate-limiter's.

Its buckets are not used: they hand out their last verdict, which is another thread's by then, and the one for
SQLite takes a row per request (1.3 ms here, against 9 µs for sixteen bytes under a kernel lock).
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pyrate_limiter import GCRA, Decision, Rate, RedisStateStore

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger("fielddesk.navixy")

_RULE = GCRA()
_Moments = tuple[int, int]
"""Microseconds of the clock when the shared rate, and the jobs' own, will have been worked off."""
_STATE = struct.Struct("<2q")


class Budget(Protocol):
    def take(self, key: str, rates: list[Rate]) -> float:
        """Take one request out of the budget of `key`: 0.0 when granted, else seconds until it may be."""


class MemoryBudget:
    """For the threads of one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._moments: dict[str, _Moments] = {}

    def take(self, key: str, rates: list[Rate]) -> float:
        with self._lock:
            moments, wait = _step(rates, self._moments.get(key, (0, 0)), self._clock())
            self._moments[key] = moments
        return wait


class FileBudget:
    """For all processes of one machine: sixteen bytes in a file, under a lock that dies with its process."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock  # the monotonic clock is the machine's, so processes may compare its times
        self._lock = threading.Lock()  # a kernel lock is held by the process, not by the thread
        self._open: dict[str, int] = {}
        self._alone = MemoryBudget(clock)
        self._has_complained = False

    def take(self, key: str, rates: list[Rate]) -> float:
        """By the file; while the disk is full or read-only each process counts alone, and says so."""
        try:
            return self._take(key, rates)
        except OSError as error:
            if not self._has_complained:
                log.warning("rate budget: no file (%s); this process counts alone", type(error).__name__)
            self._has_complained = True
            return self._alone.take(key, rates)

    def _take(self, key: str, rates: list[Rate]) -> float:
        with self._lock, _locked(self._file(key)) as file:
            raw = os.pread(file, _STATE.size, 0)
            before = _STATE.unpack(raw) if len(raw) == _STATE.size else (0, 0)
            moments, wait = _step(rates, before, self._clock())
            if moments != before:
                os.pwrite(file, _STATE.pack(*moments), 0)
        return wait

    def _file(self, key: str) -> int:
        if key not in self._open:
            self._folder.mkdir(parents=True, exist_ok=True)
            name = hashlib.sha256(key.encode()).hexdigest()[:16]
            self._open[key] = os.open(
                self._folder / f"rate-{name}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
        return self._open[key]


class RedisBudget:
    """For many machines, by Redis' clock. While it is away each process counts alone, and says so."""

    retry_seconds = 5.0

    def __init__(self, redis: Redis, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._clock = clock
        self._alone = MemoryBudget(clock)
        self._away_until = 0.0
        self._offset_ms = 0.0
        self._offset_until = 0.0
        self._stores: dict[str, RedisStateStore] = {}

    @classmethod
    def at(cls, url: str) -> RedisBudget:
        from redis import Redis

        return cls(Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5))

    def take(self, key: str, rates: list[Rate]) -> float:
        from redis.exceptions import RedisError

        if self._clock() < self._away_until:
            return self._alone.take(key, rates)
        try:
            verdict: Decision = self._store(key).check(_RULE, rates, self._now_ms(), 1)  # type: ignore[no-untyped-call]  # the library left it out
        except RedisError as error:
            log.warning("rate budget: Redis is away (%s); this process counts alone", type(error).__name__)
            self._away_until = self._clock() + self.retry_seconds
            return self._alone.take(key, rates)
        return _seconds(verdict)

    def _store(self, key: str) -> RedisStateStore:
        if key not in self._stores:
            name = hashlib.sha256(key.encode()).hexdigest()[:16]
            self._stores[key] = RedisStateStore(self._redis, f"fielddesk:rate:{name}", ttl_ms=10_000)
        return self._stores[key]

    def _now_ms(self) -> int:
        """Redis' time, asked once a minute: the clocks of machines differ by more than a burst lasts."""
        if self._clock() > self._offset_until:
            seconds, micros = self._redis.time()
            self._offset_ms = seconds * 1000 + micros / 1000 - self._clock() * 1000
            self._offset_until = self._clock() + 60
        return int(self._clock() * 1000 + self._offset_ms)


def _step(rates: list[Rate], moments: _Moments, now: float) -> tuple[_Moments, float]:
    """One request against one rate, or against both for jobs; a refusal changes nothing."""
    now_ms = int(now * 1000)
    horizon = now_ms * 1000 + 60_000_000
    # After a reboot the clock starts anew.
    sane = tuple(moment if moment < horizon else 0 for moment in moments)
    after, verdict = _RULE.step(rates, sane[: len(rates)], now_ms, 1)
    whole = [*map(int, after), *sane[len(after) :]]
    return (whole[0], whole[1]), _seconds(verdict)


def _seconds(verdict: Decision) -> float:
    return 0.0 if verdict.allowed else max(1, verdict.retry_after_ms or 1) / 1000


@contextmanager
def _locked(file: int) -> Iterator[int]:
    fcntl.lockf(file, fcntl.LOCK_EX)
    try:
        yield file
    finally:
        fcntl.lockf(file, fcntl.LOCK_UN)
