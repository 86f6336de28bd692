"""Two readings of ref 4: whatever tree the client lets exist, the sandbox's strict reader takes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from dashboard.navixy.conditions import (
    CHECKIN_FIELDS,
    And,
    Condition,
    Contains,
    Eq,
    In,
    Not,
    Or,
    Period,
    check_all,
    to_wire,
)
from dashboard.sandbox.listing import condition_fields
from dashboard.sandbox.moments import Moments
from dashboard.sandbox.search import Reader
from tests.unit.sandbox_calls import small_box

numbers = st.integers(-(2**63), 2**63 - 1) | st.integers(-(10**9), 10**9).map(lambda n: n / 10**6)
texts = st.text(st.characters(exclude_categories=["Cc", "Cs", "Co"]), min_size=1, max_size=20)
fields = st.sampled_from([field for field in CHECKIN_FIELDS if field != "marker_time"])
moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
leaves: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Eq, fields, numbers),
    st.builds(Contains, fields, texts),
    st.builds(In, fields, st.lists(numbers | texts, min_size=1, max_size=4).map(tuple)),
    st.tuples(moments, moments).map(lambda ends: Period("marker_time", min(ends), max(ends))),
)
trees: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=4).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=4).map(tuple)),
    ),
    max_leaves=12,
)


@given(st.lists(trees, min_size=1, max_size=3))
def test_every_tree_that_may_be_sent_is_understood(found: list[Condition]) -> None:
    check_all(found)
    box = small_box()
    reader = Reader(
        fields=condition_fields(box.world, tracker_is_linked=False),
        moments=Moments(ZoneInfo("Europe/Madrid"), iso=True),
    )
    test = reader.read("conditions", json.loads(json.dumps(to_wire(found))))
    assert isinstance(test(box.world.checkins[0]), bool)
