"""Jobs as their person sees them, and what a worker makes of them; no process of its own is needed here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browserless
from django_tasks_db.models import DBTaskResult

from dashboard import accounts, sessions
from dashboard.clock import frozen, now
from dashboard.jobs import desk, files, housekeeping, kinds, leases, queue, runner, running
from dashboard.jobs.kinds import JobFailed, Kind, Result
from dashboard.jobs.models import Job, State
from dashboard.jobs.running import Running
from dashboard.navixy import users
from dashboard.sandbox import Fault, Sandbox
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Browserless]
Make = Callable[..., None]
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/jobs/"}


@pytest.fixture
def make() -> Iterator[Make]:
    """make(run) → the kind of job named "test" does that."""
    made: list[Kind] = []

    def register(run: Callable[[Running], Result], **options: Any) -> None:
        made.append(Kind(name="test", label="Test", icon="package", unit="things", run=run, **options))
        kinds.register(made[-1])

    yield register
    for kind in made:
        kinds.forget(kind)


def ask(web: Browserless, title: str = "Things counted", **arguments: object) -> Job:
    """A job of whoever is signed in there."""
    found = accounts.recall(web.session)
    assert found
    return desk.ask(
        found[0], sessions.hash_of(web.session), kind="test", title=title, arguments=arguments | {"of": title}
    )


def after(job: Job) -> Job:
    """The job once a worker has had a go at it."""
    runner.run_next()
    job.refresh_from_db()
    return job


def fine(_job: Running) -> Result:
    return Result(message="All counted.")


def asking(job: Running) -> Result:
    users.get_info(job.client)
    return fine(job)


def noting(into: list[str], what: Callable[[Running], str]) -> Callable[[Running], Result]:
    def run(job: Running) -> Result:
        into.append(what(job))
        return fine(job)

    return run


def with_file(job: Running) -> Result:
    path = job.folder / "result.txt"
    path.write_text("counted")
    return Result(message="All counted.", files=(job.store(path, 'Büro "1".txt'),))


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


# --- running -----------------------------------------------------------------------------------------------


def test_a_job_runs_as_the_person_who_asked(signed_in: SignedIn, make: Make) -> None:
    said: list[str] = []
    make(noting(said, lambda job: job.account.login))
    web = signed_in("dispatcher")
    assert after(ask(web)).state == State.DONE
    assert said == ["dispatcher@demo.example"]
    assert "All counted." in text(web.get("/jobs/"))


def test_calls_of_a_job_leave_people_the_better_part_of_the_rate(signed_in: SignedIn, make: Make) -> None:
    said: list[str] = []
    make(noting(said, lambda job: job.client.priority))
    after(ask(signed_in()))
    assert said == ["job"]


def test_no_credential_is_in_the_row(signed_in: SignedIn, make: Make, sandbox: Sandbox) -> None:
    secrets: list[str] = []

    def run(job: Running) -> Result:
        assert job.client.credential
        secrets.append(job.client.credential.value)
        job.save(1, 2, "half", place="there")
        secrets.append(str(Job.objects.filter(pk=job.job_id).values().get()))
        return fine(job)

    make(run)
    after(ask(signed_in()))
    assert secrets[0]
    assert secrets[0] not in secrets[1]


def test_a_fault_of_ours_ends_one_job_with_a_true_sentence(signed_in: SignedIn, make: Make) -> None:
    def run(_job: Running) -> Result:
        raise ZeroDivisionError

    make(run)
    job = after(ask(signed_in()))
    assert job.state == State.FAILED
    assert "a fault of this site" in job.message


def test_a_job_may_fail_with_its_own_sentence(signed_in: SignedIn, make: Make) -> None:
    def run(_job: Running) -> Result:
        raise JobFailed("There is no room.")

    make(run)
    job = after(ask(signed_in()))
    assert (job.state, job.message) == (State.FAILED, "There is no room.")


def test_a_refusal_of_navixy_is_told_in_its_words(signed_in: SignedIn, make: Make, sandbox: Sandbox) -> None:
    make(asking)
    job = ask(signed_in())
    sandbox.faults.add(Fault(action="user/get_info", kind="error", code=13))
    assert after(job).state == State.FAILED
    assert job.message


def test_a_passing_fault_is_tried_again_later_and_then_given_up(
    signed_in: SignedIn, make: Make, sandbox: Sandbox
) -> None:
    make(asking)
    job = ask(signed_in())
    sandbox.faults.add(Fault(action="user/get_info", kind="error_500", times=None))
    waits, moment = [], NOW
    while job.state == State.QUEUED:
        with frozen(moment):
            after(job)
        waits.append((job.not_before - moment).total_seconds() if job.not_before else None)
        with frozen((job.not_before or moment) - timedelta(seconds=1)):
            assert not runner.run_next()
        moment = job.not_before or moment
    assert waits == [15, 30, 60, 120, None]
    assert job.state == State.FAILED
    assert "Given up after 5 tries" in job.message


def test_progress_makes_good_for_failures_before(signed_in: SignedIn, make: Make, sandbox: Sandbox) -> None:
    def run(job: Running) -> Result:
        at = job.saved.get("at", 0) + 1
        job.save(at, 9, at=at)
        users.get_info(job.client)
        return fine(job)

    make(run)
    job = ask(signed_in())
    sandbox.faults.add(Fault(action="user/get_info", kind="error_500", times=None))
    for _ in range(8):
        after(job)
        Job.objects.update(not_before=None)
    assert (job.state, job.done) == (State.QUEUED, 8)


# --- leases ------------------------------------------------------------------------------------------------


def test_nobody_gets_a_job_that_is_held(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    ask(signed_in())
    assert leases.take()
    assert leases.take() is None


def test_an_expired_lease_is_taken_up_and_the_old_one_writes_no_more(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    ask(signed_in())
    first = leases.take()
    with frozen(NOW + leases.length() + timedelta(seconds=1)):
        second = leases.take()
    assert first
    assert second
    assert first.job_id == second.job_id
    with pytest.raises(leases.LeaseLost):
        first.write(done=5)
    with pytest.raises(leases.LeaseLost):
        first.close(State.DONE)
    second.write(done=6)
    assert Job.objects.get().done == 6


def test_a_heartbeat_keeps_a_lease(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    ask(signed_in())
    lease = leases.take()
    assert lease
    with frozen(NOW + leases.length() - timedelta(seconds=1)):
        leases.renew([lease.token])
    with frozen(NOW + leases.length() + timedelta(seconds=1)):
        assert leases.take() is None


def test_a_job_that_kills_its_worker_is_not_tried_for_ever(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    job = ask(signed_in())
    moment = NOW
    for _ in range(runner.MOST_STRIKES):
        with frozen(moment):
            assert leases.take()
        moment += leases.length() + timedelta(seconds=1)
    with frozen(moment):
        assert after(job).state == State.FAILED
    assert "Given up" in job.message


# --- fairness ----------------------------------------------------------------------------------------------


def owned_by(job: Job, account_id: int, user_id: int = 0) -> Job:
    Job.objects.filter(pk=job.pk).update(account_id=account_id, user_id=user_id or account_id)
    return job


def takes(number: int) -> list[int]:
    """Whose jobs are taken, each finished before the next."""
    served = []
    for n in range(number):
        with frozen(NOW + timedelta(minutes=n + 1)):
            lease = leases.take()
            assert lease
            served.append(Job.objects.get(pk=lease.job_id).account_id)
            lease.close(State.DONE)
    return served


def test_accounts_take_turns_however_many_jobs_one_has(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    for n in range(4):
        owned_by(ask(web, f"many {n}"), 1)
    owned_by(ask(web, "one"), 2)
    owned_by(ask(web, "another"), 3)
    assert takes(6) == [1, 2, 3, 1, 1, 1]


def test_one_account_never_holds_every_place(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    for n in range(5):
        owned_by(ask(web, f"many {n}"), 1)
    assert leases.take()
    assert leases.take()
    assert leases.take() is None
    owned_by(ask(web, "one"), 2)
    lease = leases.take()
    assert lease
    assert Job.objects.get(pk=lease.job_id).account_id == 2


def test_people_of_one_account_take_turns_too(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    for n in range(3):
        owned_by(ask(web, f"many {n}"), 1, user_id=10)
    owned_by(ask(web, "one"), 1, user_id=11)
    assert takes(2) == [1, 1]
    assert Job.objects.get(user_id=11).state == State.DONE


@pytest.mark.parametrize(("pausable", "state"), [(True, State.QUEUED), (False, State.DONE)])
def test_a_long_job_makes_room_for_another_account(
    signed_in: SignedIn, make: Make, monkeypatch: pytest.MonkeyPatch, pausable: bool, state: State
) -> None:
    monkeypatch.setattr(running, "SLICE", 0.0)
    monkeypatch.setattr(running, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(leases, "PATIENCE", timedelta())
    web = signed_in()

    def run(job: Running) -> Result:
        owned_by(ask(web, "of somebody else"), 999)
        for step in range(job.saved.get("step", 0), 5):
            job.save(step + 1, 5, step=step + 1)
        return fine(job)

    make(run, pausable=pausable)
    job = after(ask(web))
    assert job.state == state
    assert job.done == (1 if pausable else 5)


# --- the credential ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["us", "navixy"])
def test_a_job_waits_for_the_next_sign_in_and_goes_on(
    signed_in: SignedIn, make: Make, sandbox: Sandbox, by: str
) -> None:
    make(asking)
    web = signed_in()
    job = ask(web)
    if by == "us":
        web.post("/sign-out/")
    else:
        sandbox.end_sessions()
    assert after(job).state == State.WAITING
    assert "sign in again" in job.message
    assert not runner.run_next()
    signed_in("dispatcher")
    assert not runner.run_next()
    web = signed_in()
    assert after(job).state == State.DONE


def test_another_session_of_the_same_person_takes_over(
    signed_in: SignedIn, make: Make, sandbox: Sandbox
) -> None:
    make(asking)
    web = signed_in()
    job = ask(web)
    signed_in()
    web.post("/sign-out/")
    assert after(job).state == State.DONE


# --- cancel, again, remove ---------------------------------------------------------------------------------


def test_a_waiting_job_is_cancelled_at_once(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    job = ask(web)
    web.post(f"/jobs/{job.pk}/cancel/")
    assert after(job).state == State.CANCELLED


def test_a_running_job_stops_at_its_next_step_and_keeps_nothing(signed_in: SignedIn, make: Make) -> None:
    web = signed_in()

    def run(job: Running) -> Result:
        path = job.folder / "part"
        path.write_text("half of it")
        job.store(path, "part")
        web.post(f"/jobs/{job.job_id}/cancel/")
        job.save(1, 2)
        raise AssertionError("it went on")

    make(run)
    job = after(ask(web))
    assert job.state == State.CANCELLED
    assert files._storage().exists(str(job.pk)) is False


def test_without_scripts_one_stays_where_one_cancelled(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    job = ask(web)
    for headers, where in (({"Referer": "http://testserver/jobs/7/"}, "/jobs/7/"), ({}, "/jobs/")):
        answer: Any = web.post(f"/jobs/{job.pk}/cancel/", headers=headers)
        assert answer.url == where


def test_a_job_of_a_dead_worker_can_be_cancelled(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    job = ask(web)
    leases.take()
    with frozen(NOW + timedelta(minutes=5)):
        web.post(f"/jobs/{job.pk}/cancel/")
        assert after(job).state == State.CANCELLED


def test_again_asks_for_the_same_at_the_same_moment(signed_in: SignedIn, make: Make) -> None:
    make(with_file)
    web = signed_in()
    first = after(ask(web, things=[1, 2]))
    with frozen(NOW + timedelta(days=2)):
        web.post(f"/jobs/{first.pk}/again/")
    second = Job.objects.exclude(pk=first.pk).get()
    assert (second.arguments, second.as_of) == (first.arguments, first.as_of)


def test_remove_takes_the_files_too(signed_in: SignedIn, make: Make) -> None:
    make(with_file)
    web = signed_in()
    job = after(ask(web))
    key = job.results[0]["key"]
    assert files._storage().exists(key)
    web.post(f"/jobs/{job.pk}/remove/")
    assert not files._storage().exists(key)
    assert not Job.objects.exists()


def test_a_running_job_is_not_removed(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    job = ask(web)
    web.post(f"/jobs/{job.pk}/remove/")
    assert Job.objects.filter(pk=job.pk).exists()


def test_enough_is_enough(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    first = ask(web, "0")
    for n in range(1, desk.MOST_ACTIVE):
        ask(web, str(n))
    with pytest.raises(desk.TooMany):
        ask(web, "one more")
    assert ask(web, "0") == first


# --- whose, and for how long -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "download/", "download/1/"])
def test_a_job_is_nobody_elses(signed_in: SignedIn, make: Make, path: str) -> None:
    make(with_file)
    job = after(ask(signed_in()))
    other = signed_in("dispatcher").get(f"/jobs/{job.pk}/{path}")
    assert other.status_code == 404
    assert not getattr(other, "streaming", False)


def test_a_card_that_is_gone_is_empty(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    job = ask(signed_in())
    assert signed_in("dispatcher").get(f"/jobs/{job.pk}/row/").content == b""


@pytest.mark.parametrize("verb", ["cancel", "again", "remove"])
def test_nobody_else_changes_a_job(signed_in: SignedIn, make: Make, verb: str) -> None:
    make(with_file)
    job = after(ask(signed_in()))
    assert signed_in("mfa").post(f"/jobs/{job.pk}/{verb}/").status_code == 404
    assert Job.objects.get().state == State.DONE


def test_a_download_is_private_and_safely_named(signed_in: SignedIn, make: Make) -> None:
    make(with_file)
    web = signed_in()
    job = after(ask(web))
    response: Any = web.get(f"/jobs/{job.pk}/download/")
    assert b"".join(response.streaming_content) == b"counted"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''B%C3%BCro")


@pytest.mark.parametrize("number", [0, 2, 99])
def test_there_is_no_other_part(signed_in: SignedIn, make: Make, number: int) -> None:
    make(with_file)
    web = signed_in()
    job = after(ask(web))
    assert web.get(f"/jobs/{job.pk}/download/{number}/").status_code == 404


def test_results_go_after_their_days_and_the_row_after_a_month(signed_in: SignedIn, make: Make) -> None:
    make(with_file)
    web = signed_in()
    job = after(ask(web))
    key = job.results[0]["key"]
    with frozen(NOW + timedelta(days=6, hours=23)):
        housekeeping.tidy()
        assert files._storage().exists(key)
    with frozen(NOW + timedelta(days=7, hours=1)):
        housekeeping.tidy()
        assert not files._storage().exists(key)
        assert "gone now" in text(web.get("/jobs/"))
        assert web.get(f"/jobs/{job.pk}/download/").status_code == 404
    with frozen(NOW + timedelta(days=31)):
        housekeeping.tidy()
    assert not Job.objects.exists()


def test_a_file_that_vanished_is_said_to_be_gone(signed_in: SignedIn, make: Make) -> None:
    make(with_file)
    web = signed_in()
    job = after(ask(web))
    files.remove(job.results[0]["key"])
    assert web.get(f"/jobs/{job.pk}/download/").status_code == 410


def test_scratch_of_jobs_that_ended_elsewhere_is_cleared(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    job = ask(signed_in())
    here, stray = files.scratch(job.pk), files.scratch(job.pk + 1000)
    housekeeping.tidy()
    assert here.is_dir()
    assert not stray.exists()


# --- wake-ups ----------------------------------------------------------------------------------------------


def test_a_lost_wake_up_is_made_good(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    ask(signed_in())
    DBTaskResult.objects.all().delete()
    queue.wake_if_needed()
    queue.wake_if_needed()
    assert DBTaskResult.objects.count() == 1


def test_wake_ups_carry_nothing_and_are_tidied_away(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    ask(signed_in(), secret_of_mine=1)
    row = DBTaskResult.objects.get()
    assert row.args_kwargs == {"args": [], "kwargs": {}}
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=now() - timedelta(hours=2))
    queue.tidy()
    assert not DBTaskResult.objects.exists()


# --- pages -------------------------------------------------------------------------------------------------


def test_without_jobs_the_page_says_how_to_get_one(signed_in: SignedIn) -> None:
    assert "No jobs yet" in text(signed_in().get("/jobs/"))


def test_only_active_jobs_ask_again(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    job = ask(web)
    assert "every 2s" in text(web.get(f"/jobs/{job.pk}/row/"))
    after(job)
    assert "every 2s" not in text(web.get(f"/jobs/{job.pk}/row/"))


def test_a_card_shows_how_far_and_how_long(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    job = ask(web)
    leases.take()
    Job.objects.update(done=300, total=1200, words="700 files so far")
    with frozen(NOW + timedelta(seconds=20)):
        page = text(web.get(f"/jobs/{job.pk}/row/"))
    for words in ("300 of 1,200 things", "about 1 minute left", 'value="25"', "700 files so far", "Cancel"):
        assert words in page


def test_the_head_polls_only_while_something_runs(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    assert "every 3s" not in text(web.get("/account/"))
    job = ask(web)
    page = text(web.get("/account/"))
    assert "every 3s" in page
    assert "1 job" in page
    after(job)
    page = text(web.get("/account/"))
    assert "every 3s" not in page
    assert 'hx-trigger="load"' in page  # the news


def test_the_end_is_told_once(signed_in: SignedIn, make: Make) -> None:
    make(with_file)
    web = signed_in()
    after(ask(web))
    first, second = (text(web.get("/jobs/tray/", headers=HTMX)) for _ in range(2))
    assert 'hx-swap-oob="beforeend:#toasts"' in first
    assert "All counted." in first
    assert "toast" not in second


def test_whoever_looks_at_the_list_needs_no_telling(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    after(ask(web))
    web.get("/jobs/")
    assert "toast" not in text(web.get("/jobs/tray/", headers=HTMX))


def test_cancel_by_htmx_answers_the_card_and_the_head(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    job = ask(web)
    answer = text(web.post(f"/jobs/{job.pk}/cancel/", headers=HTMX))
    assert 'data-state="cancelled"' in answer
    assert 'id="jobs-tray" hx-swap-oob="true"' in answer


def test_titles_are_escaped(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    job = ask(web, "<script>alert(1)</script>")
    for path in ("/jobs/", f"/jobs/{job.pk}/", "/jobs/tray/"):
        assert "<script>alert" not in text(web.get(path))


def test_a_kind_nobody_knows_any_more_fails_plainly(signed_in: SignedIn) -> None:
    web = signed_in()
    job = after(ask(web))
    assert job.state == State.FAILED
    assert "does not know this kind" in text(web.get("/jobs/"))


def test_many_jobs_are_paged(signed_in: SignedIn, make: Make) -> None:
    make(fine)
    web = signed_in()
    for n in range(30):
        after(ask(web, f"job {n}"))
    page = text(web.get("/jobs/"))
    assert page.count("data-job-id") == 25
    assert "Page 1 of 2" in page
    assert text(web.get("/jobs/?page=2")).count("data-job-id") == 5
