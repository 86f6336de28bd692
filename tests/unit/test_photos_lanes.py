"""Lanes: a crowd gets through, a standstill is told soon."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from dashboard.photos.lanes import Lanes, Stuck


def test_a_crowd_gets_through_however_long_it_takes() -> None:
    lanes, inside, most = Lanes(most=2, patience=0.5), [], []

    def pass_through(n: int) -> None:
        with lanes.hold():
            inside.append(n)
            most.append(len(inside))
            time.sleep(0.1)
            inside.remove(n)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(pass_through, range(20)))  # a second in all, twice the patience
    assert (len(most), max(most)) == (20, 2)


def test_a_standstill_is_told_and_then_at_once() -> None:
    lanes, go_on = Lanes(most=1, patience=0.2), Event()

    def stand() -> None:
        with lanes.hold():
            go_on.wait(5)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(stand)
        time.sleep(0.05)
        assert 0.1 < refused_after(lanes) < 1
        assert refused_after(lanes) < 0.1
        go_on.set()
    with lanes.hold():
        pass


def refused_after(lanes: Lanes) -> float:
    start = time.monotonic()
    with pytest.raises(Stuck), lanes.hold():
        pass
    return time.monotonic() - start
