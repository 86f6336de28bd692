"""The whole flow against real S3 servers that check what is sent to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browserless
from pytest_django import Settings

from checkins import creation_job
from checkins.models import DraftState
from dashboard.sandbox import Sandbox
from dashboard.sandbox.s3_server import S3Server
from tests import s3_servers
from tests.drafting import Drafting, assert_equal_upstream, photo

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Browserless]


@pytest.fixture(scope="module", params=["seaweedfs", "s3rver"])
def server(request: pytest.FixtureRequest) -> Iterator[S3Server]:
    with s3_servers.running(getattr(s3_servers, request.param)) as server:
        yield server


@pytest.fixture
def person(
    server: S3Server,
    sandbox: Sandbox,
    signed_in: SignedIn,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Drafting:
    settings.NAVIXY_FILE_HOSTS = [urlsplit(server.endpoint).netloc]
    monkeypatch.setattr(creation_job, "rest", lambda job, _seconds: job.check())
    sandbox.switches.storage_mode = "s3"
    sandbox.s3_server = server
    return Drafting(sandbox, signed_in())


def test_a_form_of_all_types_and_six_photos_read_back_equal(person: Drafting) -> None:
    assert_equal_upstream(person, person.sent(person.whole()))


def test_names_that_are_awkward_arrive(person: Drafting) -> None:
    draft = person.plain()
    for name in ('Dach "Süd" über.jpg', "крыша 1.jpg", "a+b & c=d;e.jpg"):
        person.attach(draft, photo(len(name)), name)
    assert_equal_upstream(person, person.sent(draft))


def test_a_bucket_that_refuses_is_told_and_nothing_is_made(
    person: Drafting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By SeaweedFS for its signature, by s3rver for its shape: the key is not where it belongs."""
    usual = S3Server.form

    def spoilt(self: S3Server, folder: str, **options: object) -> tuple[str, dict[str, str]]:
        url, fields = usual(self, folder, **options)  # type: ignore[arg-type]
        return url, {name: text for name, text in fields.items() if name not in ("key", "policy")}

    monkeypatch.setattr(S3Server, "form", spoilt)
    draft = person.sent(person.with_photos(1))
    assert (draft.state, draft.reason) == (DraftState.PAUSED, "files")
    assert not person.box.calls_of("checkin/create")
    monkeypatch.setattr(S3Server, "form", usual)
    assert_equal_upstream(person, person.sent(draft))
