"""The board's and the list's filters between address bar, form and API."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from checkpoints import periods, queries
from checkpoints.filters import KINDS, SORT_FIELDS, STATUSES, VIEWS, Filters
from checkpoints.forms import FilterForm
from dashboard.listing.fields import LARGEST_ID
from dashboard.listing.query import LAST_PAGE
from dashboard.listing.sorting import Sort
from dashboard.names import Names
from dashboard.navixy.people import Employee

NOW = datetime(2026, 3, 12, 14, 30, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
ids = st.lists(st.integers(1, LARGEST_ID), max_size=3, unique=True).map(tuple)
texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Co")), max_size=40).map(str.strip)
orders = st.lists(st.sampled_from(SORT_FIELDS), min_size=1, max_size=3, unique=True).map(
    lambda fields: tuple(Sort(field=field, descending=len(field) % 2 == 0) for field in fields)
)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
spans = st.tuples(days, days).map(sorted)


@st.composite
def filters(draw: st.DrawFn) -> Filters:
    own = draw(st.booleans())
    start, end = draw(spans) if own else (None, None)
    return Filters(
        period="" if own else draw(st.sampled_from(sorted(periods.LABELS))),
        start=start,
        end=end,
        trackers=draw(ids),
        employees=draw(ids),
        statuses=tuple(draw(st.lists(st.sampled_from(STATUSES), max_size=3, unique=True))),
        tags=draw(ids),
        q=draw(texts),
        ids=draw(ids),
        external=draw(texts),
        kind=draw(st.sampled_from(KINDS)),
        sort=draw(orders),
        view=draw(st.sampled_from(VIEWS)),
        page=draw(st.integers(1, LAST_PAGE)),
    )


@given(filters())
def test_the_address_bar_holds_the_whole_filter(value: Filters) -> None:
    form = FilterForm(QueryDict(value.query()))
    assert form.filters() == value
    assert form.complaints() == []


def test_the_default_needs_no_query() -> None:
    assert Filters().query() == ""
    assert FilterForm(QueryDict("")).filters() == Filters()


def test_changing_a_filter_goes_back_to_the_first_page() -> None:
    assert Filters(page=3).replace(q="x").page == 1
    assert Filters(page=3).replace(page=4).page == 4


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("period=ever", "period"),
        ("from=12.03.2026", "from"),
        ("from=2026-03-12&to=2026-03-01", "to"),
        ("tracker=x", "tracker"),
        ("status=gone", "status"),
        ("q=" + "x" * 101, "q"),
        ("sort=colour=asc", "sort"),
        ("view=gallery", "view"),
        ("page=0", "page"),
        ("kind=route", "kind"),
        ("id=1,x", "id"),
        ("q=%00", "q"),
    ],
)
def test_a_bad_value_says_so_and_counts_as_unset(query: str, parameter: str) -> None:
    form = FilterForm(QueryDict(query))
    assert parameter in [name for name, _ in form.complaints()]
    form.filters()


def test_numbers_are_read_out_of_one_box() -> None:
    assert FilterForm(QueryDict("id=2977,%202978,2977")).filters().ids == (2977, 2978)


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        (Filters(), "2026-03-11T23:00:00", "2026-03-12T22:59:59"),
        (Filters(period="tomorrow"), "2026-03-12T23:00:00", "2026-03-13T22:59:59"),
        (Filters(period="week"), "2026-03-08T23:00:00", "2026-03-15T22:59:59"),
        (Filters(period="", start=date(2026, 3, 1)), "2026-02-28T23:00:00", "2026-03-31T23:00:00"),
        (Filters(period="", end=date(2026, 3, 1)), "2026-01-29T22:59:59", "2026-03-01T22:59:59"),
    ],
)
def test_a_period_is_closed_and_in_the_accounts_zone(value: Filters, start: str, end: str) -> None:
    found = queries.moments(value, zone=MADRID, now=NOW)
    assert [one.replace(tzinfo=None).isoformat() for one in found] == [start, end]


def test_employees_are_searched_by_their_trackers() -> None:
    people = {1: Employee(id=1, tracker_id=10), 2: Employee(id=2), 3: Employee(id=3, tracker_id=30)}
    names = Names(employees=people, fetched_at=NOW)
    assert queries.trackers(Filters(employees=(1, 3)), names) == (10, 30)
    assert queries.trackers(Filters(employees=(1, 3), trackers=(30,)), names) == (30,)
    assert queries.trackers(Filters(employees=(2,)), names) is None
    assert queries.trackers(Filters(trackers=(7,)), None) == (7,)
