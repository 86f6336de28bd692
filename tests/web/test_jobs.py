"""Jobs as their person sees them, and what a worker makes of them; no process of its own is needed here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client as Browserless

from dashboard import accounts, sessions
from dashboard.jobs import desk, kinds, runner
from dashboard.jobs.kinds import Kind, Result
from dashboard.jobs.models import Job
from dashboard.jobs.running import Running

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Browserless]
Make = Callable[[Callable[[Running], Result]], None]


@pytest.fixture
def make() -> Iterator[Make]:
    """make(run) → the kind of job named "test" does that."""
    made: list[Kind] = []

    def register(run: Callable[[Running], Result]) -> None:
        made.append(Kind(name="test", label="Test", icon="package", unit="things", run=run))
        kinds.register(made[-1])

    yield register
    for kind in made:
        kinds.forget(kind)


def ask(web: Browserless, **arguments: object) -> Job:
    """A job of whoever is signed in there."""
    found = accounts.recall(web.session)
    assert found
    return desk.ask(
        found[0], sessions.hash_of(web.session), kind="test", title="Things counted", arguments=arguments
    )


def test_a_job_runs_as_the_person_who_asked(signed_in: SignedIn, make: Make) -> None:
    said: list[str] = []

    def run(job: Running) -> Result:
        said.append(job.account.login)
        return Result(message="All counted.")

    make(run)
    web = signed_in("dispatcher")
    ask(web)
    assert runner.run_next()
    assert said == ["dispatcher@demo.example"]
    assert b"All counted." in web.get("/jobs/").content
