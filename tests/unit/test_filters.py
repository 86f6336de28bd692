"""Filters, the query string and the form: one value, there and back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from checkins import columns, periods, queries, where
from checkins.filters import GROUPS, PER_PAGE, SORT_FIELDS, VIEWS, Area, Filters
from checkins.forms import WIDEST_RADIUS, FilterForm
from dashboard.listing import typed
from dashboard.listing.fields import LARGEST_ID
from dashboard.listing.query import LAST_PAGE
from dashboard.listing.sorting import Sort

ids = st.lists(st.integers(1, LARGEST_ID), max_size=4, unique=True).map(tuple)
texts = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Co")), min_size=1, max_size=40)
    .map(str.strip)
    .filter(bool)
)
dates = st.dates(date(2000, 1, 1), date(2099, 12, 31))
moments = st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-12-31")).map(
    lambda moment: moment.replace(microsecond=0)
)
typed_ends = dates | moments
linked_or_text = st.sampled_from([field for field in where.FIELDS if field != "marker_time"])
numbers = st.integers(-(2**53), 2**53) | st.integers(-(10**6), 10**6).map(lambda n: n + 0.125)
leaves = (
    st.builds(where.Equals, field=linked_or_text, value=numbers)
    | st.builds(where.Contains, field=linked_or_text, value=texts)
    | st.builds(
        where.OneOf, field=linked_or_text, values=st.lists(numbers | texts, min_size=1, max_size=4).map(tuple)
    )
    | st.tuples(typed_ends, typed_ends).map(
        lambda ends: where.Within(
            **dict(zip(("start", "end"), sorted(ends, key=typed.first_moment), strict=True))
        )
    )
)
trees: st.SearchStrategy[where.Node] = st.recursive(
    leaves,
    lambda inner: (
        st.builds(where.Not, child=inner)
        | st.builds(
            where.Group,
            kind=st.sampled_from(["and", "or"]),
            children=st.lists(inner, min_size=2, max_size=4).map(tuple),
        )
    ),
    max_leaves=12,
)


@st.composite
def spans(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.booleans()):
        return {"period": draw(st.sampled_from(list(periods.LABELS)))}
    start, end = draw(st.none() | typed_ends), draw(st.none() | typed_ends)
    if start and end and typed.last_moment(end) <= typed.first_moment(start):
        start, end = end, None
    return {"period": "" if start or end else "today", "start": start, "end": end}


@st.composite
def filters(draw: st.DrawFn) -> Filters:
    levels = draw(st.lists(st.sampled_from(SORT_FIELDS), min_size=1, max_size=6, unique=True))
    return Filters(
        **draw(spans()),
        trackers=draw(ids),
        employees=draw(ids),
        departments=draw(ids),
        forms=draw(ids),
        address=draw(st.just("") | texts),
        comment=draw(st.just("") | texts),
        circle=draw(
            st.none()
            | st.builds(
                Area,
                lat=st.integers(-90_000_000, 90_000_000).map(lambda n: n / 1e6),
                lng=st.integers(-180_000_000, 180_000_000).map(lambda n: n / 1e6),
                radius=st.integers(1, WIDEST_RADIUS),
            )
        ),
        where=draw(st.none() | trees),
        sort=tuple(Sort(field=field, descending=draw(st.booleans())) for field in levels),
        page=draw(st.integers(1, LAST_PAGE)),
        per_page=draw(st.sampled_from(PER_PAGE)),
        columns=tuple(draw(st.lists(st.sampled_from(list(columns.COLUMNS)), min_size=1, unique=True))),
        view=draw(st.sampled_from(VIEWS)),
        group=draw(st.sampled_from(GROUPS)),
    )


@given(filters())
@settings(max_examples=400, deadline=None)
def test_what_a_query_says_is_what_the_form_reads(value: Filters) -> None:
    form = FilterForm(QueryDict(value.query()))
    assert form.filters() == value
    assert form.complaints() == []


@given(filters())
@settings(max_examples=100, deadline=None)
def test_a_query_is_written_the_same_way_again(value: Filters) -> None:
    assert FilterForm(QueryDict(value.query())).filters().query() == value.query()


words = st.sampled_from(
    ["", " ", "0", "-1", "1e400", "nan", "inf", "9" * 30, "today", "2026-02-30", "2026-03-12T25:00", "asc",
     "marker_time=down", "\x00", "\ud800", "[]", "{}", "[[[[", '{"type":"not"}', "🙂", "٣", "custom", "1.5"]
)  # fmt: skip
names = st.sampled_from([
    "period", "from", "to", "tracker", "employee", "department", "form", "address", "comment", "lat", "lng",
    "radius", "where", "sort", "page", "per_page", "columns", "view", "unknown",
])  # fmt: skip


@given(st.lists(st.tuples(names, words | st.text(max_size=20)), max_size=12))
@settings(max_examples=400, deadline=None)
def test_any_query_string_gives_filters(pairs: list[tuple[str, str]]) -> None:
    data = QueryDict(mutable=True)
    for name, text in pairs:
        data.appendlist(name, text)
    value = FilterForm(data).filters()
    assert FilterForm(QueryDict(value.query())).filters() == value


def read(query: str) -> tuple[Filters, dict[str, str]]:
    form = FilterForm(QueryDict(query))
    return form.filters(), dict(form.complaints())


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("from=2026-13-01", "from"),
        ("to=yesterday", "to"),
        ("from=1999-12-31", "from"),
        ("from=2026-03-12T10:00%2B02:00", "from"),
        ("period=fortnight", "period"),
        ("tracker=abc", "tracker"),
        ("employee=0", "employee"),
        ("department=-4", "department"),
        ("form=99999999999999999999999", "form"),
        ("address=%00", "address"),
        ("comment=" + "x" * 761, "comment"),
        ("lat=91&lng=2&radius=100", "lat"),
        ("lat=nan&lng=2&radius=100", "lat"),
        ("lat=40&lng=181&radius=100", "lng"),
        ("lat=40&lng=2&radius=0", "radius"),
        ("lat=40&lng=2", "radius"),
        ("where=nonsense", "where"),
        ("sort=photos=asc", "sort"),
        ("page=0", "page"),
        ("page=two", "page"),
        ("per_page=33", "per_page"),
        ("columns=ssn", "columns"),
        ("view=cube", "view"),
        ("group=colour", "group"),
    ],
)
def test_a_bad_value_is_named_and_counts_as_unset(query: str, parameter: str) -> None:
    value, complaints = read(query)
    assert parameter in complaints
    assert value == Filters()


def test_good_values_beside_a_bad_one_are_kept() -> None:
    value, complaints = read("tracker=4&tracker=x&tracker=5&columns=time,ssn&sort=nope&sort=comment=asc")
    assert value.trackers == (4, 5)
    assert value.columns == ("time",)
    assert value.sort == (Sort(field="comment"),)
    assert set(complaints) == {"tracker", "columns", "sort"}


def test_unknown_parameters_are_ignored() -> None:
    assert read("utm_source=mail&q=1") == (Filters(), {})


def test_an_end_before_its_start_is_left_out() -> None:
    value, complaints = read("from=2026-03-12&to=2026-03-11")
    assert (value.start, value.end) == (date(2026, 3, 12), None)
    assert "before the start" in complaints["to"]


def test_an_hour_of_a_day_may_reach_to_its_end() -> None:
    value, complaints = read("from=2026-03-12T10:00&to=2026-03-12")
    assert value.end == date(2026, 3, 12)
    assert complaints == {}


def test_a_preset_wins_over_dates_and_says_so() -> None:
    value, complaints = read("period=7d&from=2026-03-01")
    assert (value.period, value.start) == ("7d", None)
    assert "Custom" in complaints["from"]


def test_custom_without_dates_is_the_default() -> None:
    assert read("period=custom&from=&to=") == (Filters(), {})


def test_of_a_field_sorted_twice_the_first_counts() -> None:
    value, _ = read("sort=comment=desc&sort=marker_time=asc&sort=comment=asc")
    assert [str(level) for level in value.sort] == ["comment=desc", "marker_time=asc"]


def test_conditions_beyond_the_limit_are_told_in_words() -> None:
    one = '{"type":"contains","field":"comment","value":"x"}'
    group = f'{{"type":"or","conditions":[{",".join([one] * 59)}]}}'
    fits = f"[{group},{','.join([one] * 10)}]"  # 70 of 72
    assert read(f"where={fits}")[1] == {}
    assert read(f"where={fits}&address=Calle&comment=x")[1] == {}
    value, complaints = read(f"where={fits}&address=Calle&comment=x&employee=5")
    assert "72" in complaints["where"]
    assert value.where is None
    assert value.address == "Calle"


def test_people_count_comparisons_and_not_what_joins_them() -> None:
    one, two, three = (where.Contains(field="comment", value=word) for word in ("a", "b", "c"))
    tree = where.Group(
        kind="and", children=(one, where.Group(kind="or", children=(two, where.Not(child=three))))
    )
    assert where.comparisons(None) == 0
    assert where.comparisons(tree) == 3
    assert where.sent(tree) == 5


def test_a_group_needs_two_conditions() -> None:
    _, complaints = read('where={"type":"and","conditions":[{"type":"eq","field":"form","value":1}]}')
    assert "2 to 60" in complaints["where"]


def test_changing_a_filter_goes_back_to_the_first_page() -> None:
    assert Filters(page=7).replace(comment="leak").page == 1
    assert Filters(page=7).replace(page=8).page == 8


def test_a_default_view_has_an_address_of_its_own() -> None:
    assert Filters().query() == ""
    assert Filters().url_query() == "period=today"


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("today", (date(2026, 3, 12), date(2026, 3, 12))),
        ("yesterday", (date(2026, 3, 11), date(2026, 3, 11))),
        ("7d", (date(2026, 3, 6), date(2026, 3, 12))),
        ("week", (date(2026, 3, 9), date(2026, 3, 15))),
        ("last-week", (date(2026, 3, 2), date(2026, 3, 8))),
        ("month", (date(2026, 3, 1), date(2026, 3, 31))),
        ("last-month", (date(2026, 2, 1), date(2026, 2, 28))),
        ("all", (None, None)),
    ],
)
def test_presets(preset: str, expected: tuple[date | None, date | None]) -> None:
    assert periods.days(preset, date(2026, 3, 12)) == expected


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["week", "month"]))
def test_periods_touch(today: date, name: str) -> None:
    last, this = periods.days(f"last-{name}", today), periods.days(name, today)
    assert last[1]
    assert this[0]
    assert this[1]
    assert last[1] + timedelta(days=1) == this[0] <= today <= this[1]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_weeks_begin_on_monday(today: date) -> None:
    first, last = periods.days("week", today)
    assert first
    assert last
    assert (first.weekday(), last.weekday()) == (0, 6)


@pytest.mark.parametrize(
    ("preset", "now", "start", "end"),
    [
        ("last-week", "2026-04-01T10:00:00Z", "2026-03-22T23:00:00", "2026-03-29T21:59:59"),
        ("week", "2026-03-29T21:30:00Z", "2026-03-22T23:00:00", "2026-03-29T21:59:59"),
        ("week", "2026-03-29T22:30:00Z", "2026-03-29T22:00:00", "2026-04-05T21:59:59"),
        ("week", "2026-10-25T22:30:00Z", "2026-10-18T22:00:00", "2026-10-25T22:59:59"),
        ("last-week", "2026-10-25T23:30:00Z", "2026-10-18T22:00:00", "2026-10-25T22:59:59"),
    ],
)
def test_weeks_when_the_clocks_change(preset: str, now: str, start: str, end: str) -> None:
    """Monday to Sunday by the clock of the account: 167 hours in spring, 169 in autumn."""
    at = datetime.fromisoformat(now)
    found = queries.moments(Filters(period=preset), zone=ZoneInfo("Europe/Madrid"), now=at)
    assert [one and one.replace(tzinfo=None).isoformat() for one in found] == [start, end]
