"""How many threads of this process may wait for pictures, so that pages always find one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Stuck(Exception):
    """Every lane is taken, and nothing has moved for a while."""


class Lanes:
    """A semaphore that stops waiting once it is plain that the storage has stopped answering."""

    def __init__(self, *, most: int, patience: float) -> None:
        self._most = most
        self._patience = patience
        self._entered: dict[object, float] = {}
        self._left = Condition()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Raises Stuck when nobody has come in for `patience` seconds, as then nobody has gone out."""
        ticket = object()
        with self._left:
            while len(self._entered) >= self._most:
                self._wait()
            self._entered[ticket] = time.monotonic()
        try:
            yield
        finally:
            with self._left:
                del self._entered[ticket]
                self._left.notify()

    def _wait(self) -> None:
        patience = max(self._entered.values()) + self._patience - time.monotonic()
        if patience <= 0:
            raise Stuck
        self._left.wait(patience)
