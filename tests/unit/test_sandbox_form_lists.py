"""Filled forms in bulk, as the sandbox reads ref 7.8."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.sandbox import Sandbox
from dashboard.sandbox.templates import ARCHIVED, LIFT_VISIT
from tests.unit.sandbox_calls import Caller, filled, fresh_box


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with fresh_box() as box:
        yield box


@pytest.fixture
def owner(box: Sandbox) -> Caller:
    return Caller(box)


def listed(caller: Caller, **params: Any) -> list[dict[str, Any]]:
    answer = caller.ask("task/form/list", **{"include_unsubmitted": False, "ascending": True} | params)
    assert answer["success"], answer
    return list(answer["list"])


def of_template(box: Sandbox, template_id: int) -> list[int]:
    """Filled ones, of check-ins and of tasks, by the moment of submission."""
    return [one.id for one in filled(box.world, template_id)]


def of_checkins(box: Sandbox, template_id: int) -> list[int]:
    return [one.form_id or 0 for one in box.world.checkins if one.template_id == template_id]


def test_forms_come_by_template_with_their_answers(box: Sandbox, owner: Caller) -> None:
    everything = listed(owner, template_id=LIFT_VISIT)
    assert [one["form"]["id"] for one in everything] == of_template(box, LIFT_VISIT)
    found = [one for one in everything if "checkin_id" in one["form"]]
    assert [one["form"]["id"] for one in found] == of_checkins(box, LIFT_VISIT)
    single = owner.ask("form/read", id=found[0]["form"]["id"])["value"]
    assert found[0]["form"]["values"] == single["values"]
    assert "files" not in found[0]
    assert "task" not in found[0]


def test_the_period_counts_the_moment_of_submission(box: Sandbox, owner: Caller) -> None:
    period = {"from": "2026-01-10T00:00:00Z", "to": "2026-02-10T23:59:59Z"}
    found = listed(owner, template_id=LIFT_VISIT, submit_period=period)
    assert 0 < len(found) < len(of_template(box, LIFT_VISIT))
    assert all("2026-01-10" <= one["form"]["submitted"] <= "2026-02-11T01" for one in found)


def test_pages_join_and_the_count_ignores_them(box: Sandbox, owner: Caller) -> None:
    first = owner.ask(
        "task/form/list", include_unsubmitted=False, ascending=False, template_id=LIFT_VISIT, limit=3
    )
    rest = listed(owner, template_id=LIFT_VISIT, ascending=False, offset=3)
    assert first["count"] == len(of_template(box, LIFT_VISIT))
    ids = [one["form"]["id"] for one in [*first["list"], *rest]]
    assert ids == of_template(box, LIFT_VISIT)[::-1]


def test_a_sub_user_gets_those_of_its_trackers(box: Sandbox) -> None:
    viewer = Caller(box, "viewer")
    scope = box.world.scopes["viewer"] or frozenset()
    found = listed(viewer, template_id=LIFT_VISIT)
    assert found
    assert {one["tracker"]["id"] for one in found} <= scope


def test_filters_are_partial_and_joined(box: Sandbox, owner: Caller) -> None:
    found = listed(owner, template_id=LIFT_VISIT, filters={"tracker_label": "madrid", "task_label": ""})
    assert found
    assert all("Madrid" in one["tracker"]["label"] for one in found)
    assert not listed(owner, template_id=LIFT_VISIT, filters={"task_label": "x"})


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"include_unsubmitted": None}, 7),
        ({"template_id": 999}, 204),
        ({"template_id": ARCHIVED}, 204),
        ({"task_ids": []}, 7),
        ({"order_by": "weather"}, 7),
        ({"limit": 100_001}, 7),
        ({"filters": {"weather": "x"}}, 7),
        ({"submit_period": {"from": "2026-03-10T00:00:00Z"}}, 7),
    ],
)
def test_wrong_parameters_are_refused(owner: Caller, params: dict[str, Any], code: int) -> None:
    usual = {"include_unsubmitted": False, "ascending": True, "template_id": LIFT_VISIT}
    assert owner.code("task/form/list", **usual | params) == code


def test_without_a_template_there_is_nothing(owner: Caller) -> None:
    assert listed(owner) == []


def test_an_installation_may_leave_check_ins_out(box: Sandbox, owner: Caller) -> None:
    box.switches.checkin_forms_are_listed = False
    assert all("task" in one for one in listed(owner, template_id=LIFT_VISIT))
