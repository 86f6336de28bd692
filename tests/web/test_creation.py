"""A draft becomes a check-in, by the worker's own code and over real HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client as Browserless

from checkins import creation_job
from dashboard.sandbox import Sandbox
from tests.drafting import Drafting, assert_equal_upstream

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Browserless]


@pytest.fixture
def person(sandbox: Sandbox, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> Drafting:
    monkeypatch.setattr(creation_job, "rest", lambda job, _seconds: job.check())
    return Drafting(sandbox, signed_in())


@pytest.mark.parametrize("mode", ["internal", "s3"])
def test_a_form_of_all_types_and_six_photos_read_back_equal(person: Drafting, mode: str) -> None:
    person.box.switches.storage_mode = mode
    person.box.switches.file_field_name = "example.png"
    assert_equal_upstream(person, person.sent(person.whole()))
