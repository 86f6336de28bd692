"""A worker's process is killed in the middle of sending a check-in; another one finishes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client as Browserless

from checkins.models import Draft, DraftState
from dashboard.sandbox import Fault, Sandbox
from tests.drafting import Drafting, assert_equal_upstream
from tests.workers import until, worker

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[..., Browserless]
CALLS = {
    "while a photo is on its way": "storage/upload",
    "while a place is being reserved": "checkin/image/create",
    "while the check-in is being made": "checkin/create",
}


@pytest.mark.parametrize("call", CALLS.values(), ids=[name.replace(" ", "-") for name in CALLS])
def test_another_worker_finishes_it_once(call: str, sandbox: Sandbox, signed_in: SignedIn) -> None:
    before = len(sandbox.world.checkins)
    person = Drafting(sandbox, signed_in())
    draft = person.small()
    sandbox.faults.add(Fault(action=call, kind="slow", seconds=3))  # done, and the answer is long in coming
    person.start(draft)
    with worker() as first:
        until(lambda: sandbox.calls_of(call))
        first.kill()
        first.wait(10)
        with worker():
            until(lambda: Draft.objects.get(pk=draft.pk).state == DraftState.DONE)
    assert_equal_upstream(person, person.fresh(draft))
    assert len(sandbox.world.checkins) == before + 1


def test_many_workers_make_each_checkin_once(sandbox: Sandbox, signed_in: SignedIn) -> None:
    before = len(sandbox.world.checkins)
    person = Drafting(sandbox, signed_in())
    made = [person.with_photos(1, comment=f"Number {number}") for number in range(8)]
    for draft in made:
        person.start(draft)
    with worker(slots=2), worker(slots=2):
        until(lambda: Draft.objects.filter(state=DraftState.DONE).count() == len(made))
    assert len(sandbox.world.checkins) == before + len(made)
    for draft in made:
        assert_equal_upstream(person, person.fresh(draft))
