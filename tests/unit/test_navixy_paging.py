from collections.abc import Callable

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

    def fetch(self, limit: int, offset: int) -> Page[int]:
        if change := self.before.get(len(self.asked)):
            change(self.rows)
        self.asked.append((limit, offset))
        items = tuple(self.rows[offset : offset + min(limit, self.cap or limit)])
        return Page(items=items, total=len(self.rows), offset=offset, limit=limit)

    def walk(self, limit: int) -> list[int]:
        return [row for page in iter_pages(self.fetch, limit=limit, key=lambda row: row) for row in page]


def test_page_knows_whether_there_is_more() -> None:
    assert Page(items=(1, 2), total=3, offset=0, limit=2).has_more
    assert not Page(items=(3,), total=3, offset=2, limit=2).has_more
    assert not Page(items=(), total=9, offset=20, limit=2).has_more


def test_one_page_is_one_call() -> None:
    shelf = Shelf([1, 2, 3])
    assert shelf.walk(10) == [1, 2, 3]
    assert shelf.asked == [(10, 0)]


def test_an_empty_list_is_one_call() -> None:
    shelf = Shelf([])
    assert shelf.walk(10) == []
    assert len(shelf.asked) == 1


def test_a_server_that_gives_less_than_asked_is_walked_to_the_end() -> None:
    assert Shelf(list(range(30)), cap=4).walk(10) == list(range(30))


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
)
def test_rows_that_stay_are_given_exactly_once(
    size: int, limit: int, changes: dict[int, tuple[bool, int, int]]
) -> None:
    shelf = Shelf(list(range(size)))
    staying = set(range(size))

    def change(grow: bool, at: int, number: int) -> Callable[[list[int]], None]:
        def apply(rows: list[int]) -> None:
            if grow:
                rows[at:at] = [1000 * at + 100 * number + n for n in range(number)]
            else:
                staying.difference_update(rows[at : at + number])
                del rows[at : at + number]

        return apply

    shelf.before = {call: change(*how) for call, how in changes.items()}
    walked = shelf.walk(limit)
    assert len(walked) == len(set(walked))
    assert staying <= set(walked)
