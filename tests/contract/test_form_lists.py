"""Forms in bulk: client and sandbox agree, page by page, and each is what reading it alone gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.navixy import form_lists, forms
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NotFound, NotSendable
from dashboard.sandbox import Sandbox
from tests.conftest import NOW
from tests.unit.sandbox_calls import filled

Connect = Callable[..., Client]
LIFT_VISIT = 201
WEEK = NOW - timedelta(days=7)


def test_forms_of_a_period_are_those_read_one_by_one(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    page = form_lists.list_forms(client, template_id=LIFT_VISIT, start=WEEK, end=NOW, limit=5)
    of_week = (
        one for one in filled(sandbox.world, LIFT_VISIT) if one.submitted and WEEK <= one.submitted <= NOW
    )
    expected = [one.id for one in of_week]
    assert [one.id for one in page.items] == expected[:5]
    assert page.total == len(expected)
    alone = forms.read_form(client, page.items[0].id)
    assert page.items[0] == replace(alone, files=())


def test_what_is_sent_obeys_the_reference(navixy: Connect, sandbox: Sandbox) -> None:
    form_lists.list_forms(navixy(), template_id=LIFT_VISIT, start=WEEK, end=NOW, limit=1, offset=2)
    assert sandbox.calls_of("task/form/list")[-1].params == {
        "template_id": LIFT_VISIT,
        "include_unsubmitted": False,
        "submit_period": {"from": "2026-03-05T14:30:00Z", "to": "2026-03-12T14:30:00Z"},
        "order_by": "submitted",
        "ascending": True,
        "limit": 1,
        "offset": 2,
    }


def test_an_unknown_template_is_not_found(navixy: Connect) -> None:
    with pytest.raises(NotFound):
        form_lists.list_forms(navixy(), template_id=999, start=WEEK, end=NOW, limit=1)


def test_more_than_navixy_gives_is_not_asked_for(navixy: Connect) -> None:
    with pytest.raises(NotSendable):
        form_lists.list_forms(navixy(), template_id=1, start=WEEK, end=NOW, limit=100_001)
