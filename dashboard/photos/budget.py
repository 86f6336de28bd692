"""How much memory, and how many at once, the decoding of pictures may take in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Budget:
    """A semaphore that counts bytes as well as heads."""

    def __init__(self, *, memory: int, slots: int) -> None:
        self.memory = memory
        self._free_memory = memory
        self._free_slots = slots
        self._changed = Condition()

    @contextmanager
    def hold(self, cost: int) -> Iterator[None]:
        """Waits until `cost` bytes are free; more than `memory` never will be, so ask first."""
        with self._changed:
            self._changed.wait_for(lambda: self._free_slots and cost <= self._free_memory)
            self._take(cost, 1)
        try:
            yield
        finally:
            with self._changed:
                self._take(-cost, -1)
                self._changed.notify_all()

    def _take(self, cost: int, slots: int) -> None:
        self._free_memory -= cost
        self._free_slots -= slots
