"""Worker processes of their own: killed, frozen, asked to end, and several at the same queue."""

from __future__ import annotations

import signal
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client as Browserless

from dashboard import accounts, sessions
from dashboard.jobs import desk
from dashboard.jobs.models import Job, State
from tests.workers import until, worker

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[..., Browserless]


class Bench:
    """Jobs of the owner that leave a trace."""

    def __init__(self, web: Browserless, trace: Path) -> None:
        self.web, self.trace = web, trace
        trace.touch()

    def ask(self, *, steps: int, rest: float, name: str = "Tally") -> Job:
        found = accounts.recall(self.web.session)
        assert found
        return desk.ask(
            found[0],
            sessions.hash_of(self.web.session),
            kind="tally",
            title=name,
            arguments={"steps": steps, "rest": rest, "trace": str(self.trace), "name": name},
        )

    def steps(self) -> list[tuple[int, int, int]]:
        """(job, step, process) in the order they were begun."""
        lines = self.trace.read_text().splitlines()
        return [(int(job), int(step), int(pid)) for job, step, pid in (line.split() for line in lines)]


@pytest.fixture
def bench(signed_in: SignedIn, tmp_path: Path) -> Bench:
    return Bench(signed_in(), tmp_path / "trace")


def state(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def pids(bench: Bench) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for job, _, pid in bench.steps():
        found[job].add(pid)
    return found


def test_many_workers_do_each_job_once(bench: Bench) -> None:
    jobs = [bench.ask(steps=3, rest=0.02, name=f"Tally {n}") for n in range(12)]
    with worker(slots=3), worker(slots=3):
        until(lambda: all(state(job) == State.DONE for job in jobs))
    assert sorted((job, step) for job, step, _ in bench.steps()) == [
        (job.pk, step) for job in jobs for step in range(3)
    ]
    assert {job.attempts for job in Job.objects.all()} == {1}


def test_a_killed_workers_job_goes_on_from_where_it_was(bench: Bench) -> None:
    job = bench.ask(steps=8, rest=0.25)
    with worker() as first:
        until(lambda: len(bench.steps()) >= 3)
        first.kill()
        first.wait(10)
        with worker():
            until(lambda: state(job) == State.DONE)
    job.refresh_from_db()
    steps = [step for _, step, _ in bench.steps()]
    assert job.attempts == 2
    assert set(steps) == set(range(8))
    assert len(steps) <= 9  # at most the step it died in is done again


def test_a_frozen_worker_lets_go_when_it_wakes(bench: Bench) -> None:
    job = bench.ask(steps=30, rest=0.25)
    with worker() as first:
        until(lambda: len(bench.steps()) >= 2)
        first.send_signal(signal.SIGSTOP)
        with worker() as second:
            until(lambda: second.pid in pids(bench)[job.pk])
            before = len(bench.steps())
            first.send_signal(signal.SIGCONT)
            until(lambda: len(bench.steps()) >= before + 4)
            latest = bench.steps()[before + 2 :]
            assert {pid for _, _, pid in latest} == {second.pid}
            until(lambda: state(job) == State.DONE)


def test_a_worker_asked_to_end_puts_its_job_back(bench: Bench) -> None:
    job = bench.ask(steps=200, rest=0.1)
    with worker() as process:
        until(lambda: len(bench.steps()) >= 2)
        process.terminate()
        assert process.wait(10) == 0
    job.refresh_from_db()
    assert (job.state, job.lease_token) == (State.QUEUED, "")
    assert job.saved["step"] == job.done > 0


def test_an_end_does_not_wait_for_a_job_that_does_not_listen(bench: Bench) -> None:
    job = bench.ask(steps=2, rest=60)
    with worker() as process:
        until(lambda: bench.steps())
        process.terminate()
        assert process.wait(10) == 0
    assert state(job) == State.QUEUED


def test_cancel_reaches_a_running_job(bench: Bench) -> None:
    job = bench.ask(steps=200, rest=0.1)
    with worker():
        until(lambda: len(bench.steps()) >= 2)
        assert bench.web.post(f"/jobs/{job.pk}/cancel/").status_code == 302
        until(lambda: state(job) == State.CANCELLED, 5)
        made = len(bench.steps())
        assert made < 60


def test_an_idle_worker_ends_at_once(bench: Bench) -> None:
    job = bench.ask(steps=1, rest=0.0)
    with worker() as process:
        until(lambda: state(job) == State.DONE)
        process.terminate()
        assert process.wait(8) == 0
