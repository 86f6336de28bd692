import threading
from collections.abc import Callable, Generator
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.navixy.paging import Page, iter_pages


class Shelf:
    """A list that may change before each fetch."""

    def __init__(self, rows: list[int], *, cap: int | None = None) -> None:
        self.rows = rows
        self.asked: list[tuple[int, int]] = []
        self.before: dict[int, Callable[[list[int]], None]] = {}
        self.cap = cap
        self.lock = threading.Lock()

    def fetch(self, limit: int, offset: int) -> Page[int]:
        with self.lock:
            if change := self.before.get(len(self.asked)):
                change(self.rows)
            self.asked.append((limit, offset))
            items = tuple(self.rows[offset : offset + min(limit, self.cap or limit)])
            return Page(items=items, total=len(self.rows), offset=offset, limit=limit)

    def walk(self, limit: int, at_once: int = 1) -> list[int]:
        pages = iter_pages(self.fetch, limit=limit, key=lambda row: row, at_once=at_once)
        return [row for page in pages for row in page]


def test_page_knows_whether_there_is_more() -> None:
    assert Page(items=(1, 2), total=3, offset=0, limit=2).has_more
    assert not Page(items=(3,), total=3, offset=2, limit=2).has_more
    assert not Page(items=(), total=9, offset=20, limit=2).has_more


@pytest.mark.parametrize("at_once", [1, 3])
def test_one_page_is_one_call(at_once: int) -> None:
    shelf = Shelf([1, 2, 3])
    assert shelf.walk(10, at_once) == [1, 2, 3]
    assert shelf.asked == [(10, 0)]


@pytest.mark.parametrize("at_once", [1, 3])
def test_an_empty_list_is_one_call(at_once: int) -> None:
    shelf = Shelf([])
    assert shelf.walk(10, at_once) == []
    assert len(shelf.asked) == 1


@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.parametrize(("limit", "cap", "calls"), [(10, 10, 4), (10, 4, 10), (2, 2, 30), (1, 1, 31)])
def test_no_call_is_made_in_vain(at_once: int, limit: int, cap: int, calls: int) -> None:
    """Also of a server that gives less than asked."""
    shelf = Shelf(list(range(31)), cap=cap)
    assert shelf.walk(limit, at_once) == list(range(31))
    assert len(shelf.asked) == calls


def test_a_server_that_ignores_the_limit_is_believed() -> None:
    class Everything(Shelf):
        def fetch(self, limit: int, offset: int) -> Page[int]:
            return Page(items=tuple(self.rows), total=len(self.rows), offset=offset, limit=limit)

    assert Everything(list(range(30))).walk(10) == list(range(30))


def test_rows_that_vanish_skip_no_other_row() -> None:
    shelf = Shelf(list(range(30)))
    shelf.before[1] = lambda rows: rows.__delitem__(slice(0, 5))
    assert set(shelf.walk(10)) == set(range(30))


def test_a_vanished_row_and_a_new_one_do_not_hide_each_other() -> None:
    shelf = Shelf(list(range(30)))

    def swap(rows: list[int]) -> None:
        del rows[0]
        rows.append(99)

    shelf.before[1] = swap
    assert set(shelf.walk(10)) == {*range(30), 99}


def test_rows_that_arrive_in_front_repeat_none() -> None:
    shelf = Shelf(list(range(30)))
    shelf.before[1] = lambda rows: rows.__setitem__(slice(0, 0), [100, 101])
    walked = shelf.walk(10)
    assert len(walked) == len(set(walked))
    assert set(walked) >= set(range(30))


def test_a_list_that_empties_meanwhile_ends() -> None:
    shelf = Shelf(list(range(30)))
    shelf.before[1] = lambda rows: rows.clear()
    assert shelf.walk(10) == list(range(10))


@given(
    size=st.integers(0, 60),
    limit=st.integers(1, 12),
    changes=st.dictionaries(
        st.integers(1, 8), st.tuples(st.booleans(), st.integers(0, 59), st.integers(1, 15)), max_size=4
    ),
    at_once=st.sampled_from([1, 3]),
)
def test_rows_that_stay_are_given_exactly_once(
    size: int, limit: int, changes: dict[int, tuple[bool, int, int]], at_once: int
) -> None:
    shelf = Shelf(list(range(size)))
    staying, new = set(range(size)), count(1000)

    def change(grow: bool, at: int, number: int) -> Callable[[list[int]], None]:
        def apply(rows: list[int]) -> None:
            if grow:
                rows[at:at] = [next(new) for _ in range(number)]
            else:
                staying.difference_update(rows[at : at + number])
                del rows[at : at + number]

        return apply

    shelf.before = {call: change(*how) for call, how in changes.items()}
    walked = shelf.walk(limit, at_once)
    assert len(walked) == len(set(walked))
    assert staying <= set(walked)


# --- several calls at once ---------------------------------------------------------------------------------


def test_as_many_calls_as_allowed_are_under_way_together() -> None:
    together = threading.Barrier(3, timeout=10)

    class Slow(Shelf):
        def fetch(self, limit: int, offset: int) -> Page[int]:
            if offset:
                together.wait()
            return super().fetch(limit, offset)

    shelf = Slow(list(range(28)))
    assert shelf.walk(5, at_once=3) == list(range(28))
    assert sorted(offset for _, offset in shelf.asked) == [0, 4, 8, 12, 16, 20, 24]


@pytest.mark.parametrize("arrive", [True, False])
def test_a_page_that_was_read_before_the_one_in_front_of_it_hides_no_row(arrive: bool) -> None:
    """Between the two the list changes."""
    third_was_read = threading.Event()

    class Overtaking(Shelf):
        def fetch(self, limit: int, offset: int) -> Page[int]:
            if offset == 4 and not third_was_read.is_set():
                assert third_was_read.wait(10)
                self.rows[:2] = [100, 101, 0, 1] if arrive else []
            page = super().fetch(limit, offset)
            if offset == 8:
                third_was_read.set()
            return page

    walked = Overtaking(list(range(28))).walk(5, at_once=2)
    assert set(range(28)) <= set(walked)
    assert len(walked) == len(set(walked))


def test_what_a_call_raises_reaches_whoever_walks_after_the_pages_before_it() -> None:
    class Broken(Shelf):
        def fetch(self, limit: int, offset: int) -> Page[int]:
            if offset >= 8:
                raise LookupError(offset)
            return super().fetch(limit, offset)

    pages = iter_pages(Broken(list(range(28))).fetch, limit=5, key=lambda row: row, at_once=3)
    assert [next(pages), next(pages)] == [(0, 1, 2, 3, 4), (5, 6, 7, 8)]
    with pytest.raises(LookupError, match="8"):
        next(pages)


def test_who_stops_walking_leaves_no_thread() -> None:
    pages = iter_pages(Shelf(list(range(28))).fetch, limit=5, key=lambda row: row, at_once=3)
    assert isinstance(pages, Generator)
    next(pages), next(pages)
    pages.close()
    for thread in threading.enumerate():
        if thread.name.startswith("pages"):
            thread.join(10)
            assert not thread.is_alive()
