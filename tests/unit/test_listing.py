"""Orders and pagers, shared by every list."""

from __future__ import annotations

import pytest

from dashboard.listing import sorting
from dashboard.listing.paging import numbers, pager
from dashboard.listing.sorting import Sort

TIME = Sort(field="marker_time", descending=True)
NAME = Sort(field="employee")


def test_a_click_orders_by_this_alone() -> None:
    assert sorting.clicked((TIME, NAME), "comment") == (Sort(field="comment"),)


def test_a_second_click_turns_the_order_round() -> None:
    assert sorting.clicked((NAME,), "employee") == (Sort(field="employee", descending=True),)


def test_time_begins_with_the_newest() -> None:
    assert sorting.clicked((NAME,), "marker_time", descending_first=True) == (TIME,)


def test_shift_adds_turns_and_takes_away() -> None:
    once = sorting.added((TIME,), "employee")
    twice = sorting.added(once, "employee")
    assert once == (TIME, NAME)
    assert twice == (TIME, Sort(field="employee", descending=True))
    assert sorting.added(twice, "employee") == (TIME,)


def test_a_level_keeps_its_place_when_it_turns() -> None:
    assert sorting.placed((TIME, NAME), "marker_time", descending=False)[0] == Sort(field="marker_time")


@pytest.mark.parametrize(
    ("page", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 33, [1, 2, 33]),
        (4, 33, [1, 2, 3, 4, 5, 33]),
        (17, 33, [1, 16, 17, 18, 33]),
        (33, 33, [1, 32, 33]),
    ],
)
def test_pages_around_the_one_shown(page: int, pages: int, shown: list[int]) -> None:
    assert numbers(page, pages) == shown


def test_a_pager_says_where_one_is() -> None:
    found = pager(page=2, pages=33, per_page=100, shown=100, total=3214, query="page={}".format)
    assert (found.range, found.total) == ("101–200", "3,214")
    assert (found.previous, found.next) == ("page=1", "page=3")
    assert [link.label for link in found.pages] == ["1", "2", "3", "…", "33"]
    assert [link.query for link in found.pages if link.current] == [""]


def test_one_page_needs_no_links() -> None:
    found = pager(page=1, pages=1, per_page=100, shown=31, total=31, query=str)
    assert (found.pages, found.previous, found.next) == ((), "", "")


def test_a_list_without_rows_has_no_range() -> None:
    assert pager(page=1, pages=1, per_page=100, shown=0, total=0, query=str).range == "0"
