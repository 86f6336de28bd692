"""Fetching in a thread of its own while somebody else writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from dashboard.reports.prefetch import ahead


def threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name == "ahead"]


def test_items_come_in_order_from_another_thread() -> None:
    def items() -> Iterator[tuple[int, str]]:
        for n in range(50):
            yield n, threading.current_thread().name

    found = list(ahead(items()))
    assert [n for n, _ in found] == list(range(50))
    assert {name for _, name in found} == {"ahead"}
    assert not threads()


def test_what_goes_wrong_there_is_raised_here_after_what_came_before() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise LookupError("the page")

    found = ahead(items())
    assert next(found) == 1
    with pytest.raises(LookupError, match="the page"):
        next(found)
    assert not threads()


def test_only_a_few_are_fetched_ahead() -> None:
    made: list[int] = []
    third = threading.Event()

    def items() -> Iterator[int]:
        for n in range(100):
            made.append(n)
            if n == 3:
                third.set()
            yield n

    with closing(ahead(items(), depth=2)) as found:
        assert next(found) == 0
        assert third.wait(10)
        assert len(made) == 4  # one taken, two waiting, one in hand
    assert len(made) == 4
    assert not threads()
