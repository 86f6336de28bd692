"""Periods in parts: nothing twice, nothing lost, in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkins import parts
from checkins.parts import TooManyParts
from dashboard.listing.sorting import Sort
from dashboard.names import Names
from dashboard.navixy.checkins import Checkin, Query
from dashboard.navixy.paging import Page

START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = Names(fetched_at=START)


def checkin(number: int, seconds: int, comment: str = "") -> Checkin:
    moment = START + timedelta(seconds=seconds)
    return Checkin(id=number, marker_time=moment, tracker_id=1, lat=0.0, lng=0.0, comment=comment)


@given(st.integers(1, 40 * 86_400), st.integers(86_400, 30 * 86_400))
@settings(deadline=None)
def test_no_second_is_lost_and_none_belongs_to_two_parts(length: int, span: int) -> None:
    whole = Query(start=START, end=START + timedelta(seconds=length))
    found = parts.split(whole, timedelta(seconds=span))
    assert found[0].start == whole.start
    assert found[-1].end == whole.end
    for one, following in pairwise(found):
        assert one.end is not None
        assert following.start == one.end + timedelta(seconds=1)
    assert all(one.start and one.end and one.start < one.end for one in found)
    assert all(one.end - one.start <= timedelta(seconds=span) for one in found if one.start and one.end)


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(TooManyParts, match="code=211"):
        parts.split(Query(start=START, end=START + timedelta(days=1000)), timedelta(days=1))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> list[Checkin]:
    """Check-ins and an API over them that sorts by whatever is asked first."""
    made = [checkin(n, n * 7000 % 86_000 + n * 3600, comment=f"{n * 37 % 11:02}") for n in range(1, 120)]

    def search(client: Any, query: Query, *, limit: int, offset: int = 0) -> Page[Checkin]:
        field, _, direction = query.sort[0].partition("=")
        assert query.start is not None
        assert query.end is not None
        found = [one for one in made if query.start <= one.marker_time <= query.end]
        found.sort(key=lambda one: one.id)
        found.sort(key=lambda one: getattr(one, field), reverse=direction == "desc")
        return Page(items=tuple(found[offset : offset + limit]), total=len(found), offset=offset, limit=limit)

    monkeypatch.setattr(parts, "search", search)
    return made


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("offset", [0, 10, 45, 110, 200])
def test_pages_by_time(world: list[Checkin], descending: bool, offset: int) -> None:
    sort = Sort(field="marker_time", descending=descending)
    queries = parts.split(
        Query(start=START, end=START + timedelta(days=9), sort=(str(sort),)), timedelta(days=1, hours=5)
    )
    got = parts.by_time(None, queries[::-1] if descending else queries, offset=offset, limit=20)  # type: ignore[arg-type]  # the search is ours
    wanted = sorted(world, key=lambda one: one.marker_time, reverse=descending)
    assert [one.id for one in got.items] == [one.id for one in wanted[offset : offset + 20]]
    assert got.total == len(world)


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("offset", [0, 33, 110])
def test_pages_by_another_field(world: list[Checkin], descending: bool, offset: int) -> None:
    sort = Sort(field="comment", descending=descending)
    queries = parts.split(
        Query(start=START, end=START + timedelta(days=9), sort=(str(sort),)), timedelta(days=2)
    )
    key = parts.order_key((sort,), NAMES)
    got = parts.by_key(None, queries, key=key, offset=offset, limit=25)  # type: ignore[arg-type]  # the search is ours
    wanted = sorted(sorted(world, key=lambda one: one.id), key=lambda one: one.comment, reverse=descending)
    assert [one.id for one in got.items] == [one.id for one in wanted[offset : offset + 25]]


def test_how_deep_one_can_page_is_said(world: list[Checkin], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_ROWS", 100)
    queries = parts.split(
        Query(start=START, end=START + timedelta(days=9), sort=("comment=asc",)), timedelta(days=3)
    )
    key = parts.order_key((Sort(field="comment"),), NAMES)
    got = parts.by_key(None, queries, key=key, offset=50, limit=25)  # type: ignore[arg-type]  # the search is ours
    assert (got.items, got.total, got.reach) == ((), len(world), 33)
