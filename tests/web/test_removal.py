"""Deleting check-ins: archived first, each with a true result, nothing else touched, whatever goes wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client as Browserless

from checkins.removal import originals
from checkins.removal.models import TODO, ItemState, Removal
from dashboard.archive.models import Archived, State
from dashboard.audit.models import Entry
from dashboard.clock import frozen
from dashboard.jobs.models import Job
from dashboard.jobs.models import State as JobState
from dashboard.navixy import checkins
from dashboard.navixy.transport import Transport
from dashboard.sandbox import Fault, Sandbox, awkward, pictures, storage
from tests.conftest import NOW
from tests.removing import (
    asked,
    begun,
    check_archived,
    check_true,
    ids_of,
    states,
    wanted_files,
    work,
)
from tests.web.desk import ids_in, words_in
from tests.workers import until, worker

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Browserless]
ODD = sorted({found.checkin_id for found in awkward.describe().values()})


@pytest.fixture(autouse=True)
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing pictures is not what this is about."""
    for place in (storage, pictures):
        monkeypatch.setattr(place, "file_bytes", lambda file: f"file {file.id}".encode())
    monkeypatch.setattr(originals, "PAUSES", (0.0,))


def some(sandbox: Sandbox, number: int, key: str = "owner") -> list[int]:
    """Ordinary ones, the latest first."""
    found = [one.id for one in reversed(sandbox.visible_checkins(key)) if one.id not in ODD]
    return found[:number]


def text_of(ids: list[int]) -> str:
    return ",".join(map(str, ids))


def deleted(web: Browserless, ids: list[int]) -> Removal:
    removal = asked(web, ids=text_of(ids))
    begun(web, removal)
    work()
    removal.refresh_from_db()
    return removal


def test_every_deleted_one_is_in_the_archive_complete(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web, before = signed_in(), ids_of(sandbox)
    ids = some(sandbox, 6)
    wanted = wanted_files(sandbox, ids)

    removal = deleted(web, ids)

    assert set(states(removal).values()) == {ItemState.DELETED}
    check_true(removal, sandbox, before)
    check_archived(removal, wanted)
    assert removal.job is not None
    assert removal.job.message == "6 deleted and in the archive."
    page = web.get(f"/checkins/delete/{removal.pk}/").content.decode()
    assert all(f'<a href="/archive/{item.archived_id}/">' in page for item in removal.items.all())


def test_what_comes_in_after_the_confirmation_opened_is_not_touched(
    signed_in: SignedIn, sandbox: Sandbox
) -> None:
    web = signed_in()
    removal = asked(web, "period=today", all_matching="1")
    late = {one.id for one in sandbox.arrive(3)}
    before = ids_of(sandbox)

    begun(web, removal)
    work()

    assert late <= ids_of(sandbox)
    check_true(removal, sandbox, before)
    assert set(states(removal).values()) <= {ItemState.DELETED, ItemState.NOT_ARCHIVED}


def test_nothing_is_deleted_before_the_number_is_typed(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web, before = signed_in(), ids_of(sandbox)
    removal = asked(web, "period=today", all_matching="1")

    for typed in ("", "1", "all", str(removal.total + 1)):
        assert web.post(f"/checkins/delete/{removal.pk}/start/", {"number": typed}).status_code == 422
    work()

    assert ids_of(sandbox) == before
    assert not Removal.objects.get().started


def test_a_double_click_makes_one_job(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    removal = asked(web, ids=text_of(some(sandbox, 2)))

    assert begun(web, removal) == begun(web, removal)


def test_one_with_a_dead_file_stays_until_that_is_accepted(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web, before = signed_in(), ids_of(sandbox)
    dead = awkward.describe()["gone"].checkin_id

    removal = deleted(web, [dead, *some(sandbox, 1)])
    item = removal.items.get(checkin_id=dead)
    assert item.state == ItemState.NOT_ARCHIVED
    assert "gone.jpg: The storage no longer has it" in item.message
    check_true(removal, sandbox, before)
    assert Archived.objects.count() == 1

    assert web.post(f"/checkins/delete/{removal.pk}/again/", {"accepted": [dead]}).status_code == 302
    work()

    item.refresh_from_db()
    assert item.state == ItemState.DELETED
    check_true(removal, sandbox, before)
    kept = Archived.objects.get(upstream_id=dead)
    assert kept.missing > 0
    assert kept.files.filter(key="", problem="The storage no longer has it").exists()


@pytest.mark.parametrize("all_or_nothing", [True, False])
def test_what_others_deleted_meanwhile_is_told_and_the_rest_goes(
    signed_in: SignedIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, all_or_nothing: bool
) -> None:
    web, before = signed_in(), ids_of(sandbox)
    sandbox.switches.delete_all_or_nothing = all_or_nothing
    ids = some(sandbox, 9)
    wanted = wanted_files(sandbox, ids)
    removal = asked(web, ids=text_of(ids))
    sandbox.world.remove(ids[:2])
    _remove_before_delete(monkeypatch, sandbox, ids[2:4])

    begun(web, removal)
    work()

    check_true(removal, sandbox, before)
    check_archived(removal, wanted)
    assert set(ids[:2]) <= {one for one, state in states(removal).items() if state == ItemState.GONE}


def test_two_are_out_of_reach_and_the_confirmation_says_so(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    ids = some(sandbox, 3)
    sandbox.world.remove(ids[:1])

    removal = asked(web, ids=text_of([*ids, 999_999_999]))

    assert removal.total == 2
    assert removal.out_of_reach == [ids[0], 999_999_999]


def test_without_the_right_nothing_goes_and_each_says_so(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web, before = signed_in(), ids_of(sandbox)
    sandbox.switches.checkin_update = False

    removal = deleted(web, some(sandbox, 30))

    assert ids_of(sandbox) == before
    assert set(states(removal).values()) == {ItemState.NOT_ALLOWED}
    assert removal.denied
    assert not Archived.objects.exists()
    assert len(sandbox.calls_of("checkin/delete")) == 1


@pytest.mark.parametrize("kind", ["effect_timeout", "effect_reset", "truncated", "error_500", "reset"])
def test_an_open_answer_is_looked_into_before_anything_is_repeated(
    signed_in: SignedIn, sandbox: Sandbox, kind: str
) -> None:
    web, before = signed_in(), ids_of(sandbox)
    ids = some(sandbox, 4)
    wanted = wanted_files(sandbox, ids)
    sandbox.faults.add(Fault(action="checkin/delete", kind=kind, times=1))

    removal = asked(web, ids=text_of(ids))
    begun(web, removal)
    work()
    with frozen(NOW + timedelta(minutes=5)):
        work()

    assert set(states(removal).values()) == {ItemState.DELETED}
    check_true(removal, sandbox, before)
    check_archived(removal, wanted)
    had_effect = kind in ("effect_timeout", "effect_reset", "truncated")
    assert len(sandbox.calls_of("checkin/delete")) == (1 if had_effect else 2)


def test_every_outcome_is_in_the_audit(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    ids = some(sandbox, 3)
    removal = asked(web, ids=text_of(ids))
    sandbox.world.remove(ids[:1])
    begun(web, removal)
    work()

    found = {entry.ids[0]: entry.result for entry in Entry.objects.filter(action="delete", kind="checkin")}

    assert found == {ids[0]: "failed", ids[1]: "done", ids[2]: "done"}


def test_stopping_keeps_what_was_not_yet_deleted(
    signed_in: SignedIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    web, before = signed_in(), ids_of(sandbox)
    removal = asked(web, ids=text_of(some(sandbox, 45)))
    job = begun(web, removal)
    _cancel_after(monkeypatch, web, job.pk, groups=1)

    work()

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert job.message.startswith("Stopped. What was deleted until then is in the archive")
    check_true(removal, sandbox, before)
    found = Counter(states(removal).values())
    assert found == {ItemState.DELETED: 20, ItemState.WAITING: 25}


def test_a_refusal_is_remembered_in_the_session_and_explained(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    sandbox.switches.checkin_update = False
    removal = deleted(web, some(sandbox, 1))
    reason = "The right to delete check-ins comes with the tariff"
    hint = "this account cannot delete check-ins; the next page says why"
    assert hint not in words_in(web.get("/checkins/?period=today"))

    assert reason in words_in(web.get(f"/checkins/delete/{removal.pk}/"))
    assert hint in words_in(web.get("/checkins/?period=today"))
    again = asked(web, ids=text_of(some(sandbox, 1)))
    assert reason in words_in(web.get(f"/checkins/delete/{again.pk}/"))


def test_a_list_that_was_emptied_says_by_what(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    one = sandbox.world.checkin(some(sandbox, 1)[0])
    assert one
    query = f"tracker={one.tracker_id}&period=today&sort=comment%3Dasc"
    mine = [x for x in sandbox.visible_checkins("owner") if x.tracker_id == one.tracker_id]
    sandbox.world.remove([x.id for x in mine if x.id != one.id])
    removal = asked(web, query, all_matching="1")
    begun(web, removal)
    work()

    words = words_in(web.get(f"/checkins/?tracker={one.tracker_id}&period=today&view=gallery"))

    assert "Everything on this page was just deleted" in words
    assert "was just deleted" not in words_in(web.get("/checkins/?period=today&comment=no-such-words"))


def test_the_result_tells_each_and_leads_to_what_failed(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    dead = awkward.describe()["gone"].checkin_id
    removal = deleted(web, [dead, *some(sandbox, 2)])

    page = words_in(web.get(f"/checkins/delete/{removal.pk}/"))
    failed = web.get(f"/checkins/delete/{removal.pk}/?state=not_archived")

    assert "Deleted 2" in page
    assert "Still in Navixy: 1" in page
    assert ids_in(failed) == [dead]
    assert "Delete it without these files" in words_in(failed)


def test_the_confirmation_says_how_many_which_and_what_is_left_out(
    signed_in: SignedIn, sandbox: Sandbox
) -> None:
    web = signed_in()
    ids = some(sandbox, 7)
    sandbox.world.remove(ids[:1])
    removal = asked(web, ids=text_of(ids))

    words = words_in(web.get(f"/checkins/delete/{removal.pk}/"))

    assert "Delete 6 check-ins?" in words
    assert "and 1 more" in words
    assert f"left out: {ids[0]}" in words
    assert "The archive keeps them until" in words
    assert "to confirm" not in words


@pytest.mark.parametrize(
    "data", [{}, {"ids": "x"}, {"ids": "0"}, {"ids": "1,2", "all_matching": "0", "x": ""}]
)
def test_what_chooses_nothing_deletes_nothing(signed_in: SignedIn, sandbox: Sandbox, data: Any) -> None:
    web, before = signed_in(), ids_of(sandbox)

    assert web.post("/checkins/delete/?period=7d", data).status_code == 422

    assert ids_of(sandbox) == before
    assert not Removal.objects.exists()


def test_nobody_reaches_the_removal_of_somebody_else(signed_in: SignedIn, sandbox: Sandbox) -> None:
    removal = asked(signed_in("dispatcher"), ids=text_of(some(sandbox, 1, "dispatcher")))
    other = signed_in("owner")

    for method, tail in (
        (other.get, ""),
        (other.get, "outcome/"),
        (other.post, "start/"),
        (other.post, "again/"),
    ):
        assert method(f"/checkins/delete/{removal.pk}/{tail}").status_code == 404


@pytest.mark.parametrize("seed", range(3))
def test_random_faults_and_deaths_lose_nothing(
    signed_in: SignedIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Must hold: each deleted one archived complete, nobody else touched, each result true."""
    dice, web = Random(seed), signed_in()
    sandbox.switches.delete_all_or_nothing = bool(seed % 2)
    removal = asked(web, "period=7d", all_matching="1")
    if removal.total > 60:
        removal.items.filter(position__gte=60).delete()
        Removal.objects.update(total=60)
        removal.refresh_from_db()
    ids = list(states(removal))
    wanted, before = wanted_files(sandbox, ids), ids_of(sandbox)
    sandbox.world.remove(dice.sample(ids, 3))
    _random_faults(sandbox, dice)
    begun(web, removal)
    monkeypatch.setattr(Transport, "post", _deadly(Transport.post, dice))

    for hour in range(1, 60):
        with frozen(NOW + timedelta(hours=hour)):
            if _survived(web, removal) and not removal.items.filter(state__in=TODO).exists():
                break

    check_true(removal, sandbox, before)
    check_archived(removal, wanted)
    found = Counter(states(removal).values())
    assert found[ItemState.DELETED] > 40
    assert not found.keys() & {ItemState.WAITING, ItemState.ARCHIVED, ItemState.DELETING}
    assert Archived.objects.filter(state=State.REMOVED).count() == found[ItemState.DELETED]
    assert not Archived.objects.filter(state__in=(State.WRITING, State.KEPT)).exists()


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_is_followed_by_another_that_goes_on(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web, before = signed_in(), ids_of(sandbox)
    removal = asked(web, ids=text_of(some(sandbox, 45)))
    wanted = wanted_files(sandbox, states(removal))
    job = begun(web, removal)

    with worker(ARCHIVE_DAYS="3650") as first:  # its clock is not stopped
        until(lambda: removal.items.filter(state=ItemState.DELETED).exists())
        first.kill()
        first.wait()
    assert removal.items.filter(state=ItemState.WAITING).exists()
    with worker(slots=2, ARCHIVE_DAYS="3650"):
        until(lambda: Job.objects.get(pk=job.pk).state == JobState.DONE)

    check_true(removal, sandbox, before)
    check_archived(removal, wanted)
    assert Counter(states(removal).values())[ItemState.DELETED] >= 40


# --- what goes wrong ---------------------------------------------------------------------------------------


class Killed(BaseException):
    """The worker is gone from one moment to the next."""


def _deadly(post: Callable[..., Any], dice: Random) -> Callable[..., Any]:
    """Dies now and then, before or after a call took effect; eight times in all."""
    lives = [8]

    def posting(*args: Any, **kwargs: Any) -> Any:
        dies = lives[0] > 0 and dice.random() < 0.03
        lives[0] -= dies
        if dies and dice.random() < 0.5:
            raise Killed
        answer = post(*args, **kwargs)
        if dies:
            raise Killed
        return answer

    return posting


def _survived(web: Browserless, removal: Removal) -> bool:
    """When the job gave up its person tries again."""
    try:
        work()
        removal.refresh_from_db()  # each try is a job of its own
        if Job.objects.get(pk=removal.job_id or 0).state == JobState.FAILED:
            web.post(f"/checkins/delete/{removal.pk}/again/")
    except Killed:
        return False
    return True


def _random_faults(sandbox: Sandbox, dice: Random) -> None:
    kinds = ("effect_timeout", "effect_reset", "truncated", "error_500", "reset", "rate_limit", "bad_json")
    for action in ("checkin/delete", "checkin/read", "form/read", "storage/*"):
        for _ in range(3):
            kind = dice.choice(kinds if action != "storage/*" else ("error_500", "reset"))
            sandbox.faults.add(Fault(action=action, kind=kind, times=1, after=dice.randrange(6)))


def _remove_before_delete(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, ids: list[int]) -> None:
    """Somebody else is faster by a moment."""
    post = Transport.post

    def posting(self: Transport, url: str, *args: Any, **kwargs: Any) -> Any:
        if url.endswith("checkin/delete"):
            sandbox.world.remove(ids)
        return post(self, url, *args, **kwargs)

    monkeypatch.setattr(Transport, "post", posting)


def _cancel_after(monkeypatch: pytest.MonkeyPatch, web: Browserless, job: int, *, groups: int) -> None:
    """Asked for while that group is told to Navixy."""
    tell, told = checkins.delete, []

    def telling(*args: Any) -> None:
        tell(*args)
        told.append(args)
        if len(told) == groups:
            web.post(f"/jobs/{job}/cancel/")

    monkeypatch.setattr(checkins, "delete", telling)
