"""Every call of the flow × all that can happen to it: one check-in in the end, never two, never half."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import pytest
from django.test import Client as Browserless

from checkins import creation_job
from checkins.models import Draft, DraftState
from dashboard import connect
from dashboard.clock import frozen
from dashboard.jobs.models import State
from dashboard.navixy.client import Transport
from dashboard.navixy.filehosts import FileHosts
from dashboard.navixy.files import UploadTarget
from dashboard.navixy.pools import Bounds
from dashboard.navixy.storage import Storage
from dashboard.sandbox import Fault, FrozenClock, Sandbox
from tests.conftest import NOW
from tests.drafting import Drafting, assert_equal_upstream

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Browserless]

API_CALLS = (
    "checkin/form/create",
    "form/read",
    "checkin/image/create",
    "checkin/form/file/create",
    "checkin/create",
)
UPLOADS = ("storage/upload", "storage/upload#3")  # of the first photo; of the form's file
ON_THE_WIRE = (
    *("refused", "timeout", "effect_timeout", "reset", "effect_reset"),
    *("error_500", "html_502", "bad_json", "rate_limit"),
)
KILLS = ("killed before", "killed after")
CASES = [
    *((call, kind) for call in API_CALLS for kind in (*ON_THE_WIRE, "session_end", *KILLS)),
    *((call, kind) for call in UPLOADS for kind in (*ON_THE_WIRE, "midway", *KILLS)),
]
SOONER_THAN_THE_PEER = 0.25  # seconds a call waits whose peer hangs
HANG = 0.4
MOST_ROUNDS = 8
LONGER_THAN_A_LEASE = timedelta(minutes=3)  # and than a job waits before it goes on


class Killed(BaseException):
    """What a worker's process dies of; nothing of ours catches it."""


@dataclass
class Trouble:
    """Happens to one call, once."""

    call: str
    kind: str
    spent: bool = False
    seen: dict[str, int] = field(default_factory=dict)

    def strikes(self, action: str) -> bool:
        name, _, which = self.call.partition("#")
        self.seen[action] = self.seen.get(action, 0) + 1
        if self.spent or action != name or self.seen[action] != int(which or 1):
            return False
        self.spent = True
        return True


class Unlucky(Transport):
    """Calls of the API, one of which meets its trouble."""

    trouble: Trouble

    def post(self, url: str, params: Any, credential: Any, left: float) -> Any:
        if not self.trouble.strikes(url.partition("/v2/")[2]):
            return super().post(url, params, credential, left)
        if self.trouble.kind == "refused":
            return super().post(url.replace(url.split("/")[2], "127.0.0.1:9"), params, credential, left)
        if self.trouble.kind.endswith("timeout"):
            return super().post(url, params, credential, SOONER_THAN_THE_PEER)
        if self.trouble.kind == "killed before":
            raise Killed
        answer = super().post(url, params, credential, left)
        if self.trouble.kind == "killed after":
            raise Killed
        return answer


class UnluckyStorage(Storage):
    """Uploads, one of which meets its trouble."""

    trouble: Trouble

    def upload(self, target: UploadTarget, content: Any, **options: Any) -> None:
        strikes = self.trouble.strikes("storage/upload")
        if strikes and self.trouble.kind == "killed before":
            raise Killed
        if strikes and self.trouble.kind == "refused":
            host = target.url.split("/")[2]
            target = UploadTarget(
                file_id=1, url=target.url.replace(host, "127.0.0.1:443"), expires=None, fields=target.fields
            )
        super().upload(target, content, **options)
        if strikes and self.trouble.kind == "killed after":
            raise Killed


@pytest.fixture
def person(sandbox: Sandbox, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drafting]:
    monkeypatch.setattr(creation_job, "rest", lambda job, _seconds: job.check())
    yield Drafting(sandbox, signed_in())
    clock_of(sandbox).set(NOW)


@pytest.fixture
def befall(
    sandbox: Sandbox, hasty: Transport, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], Trouble]:
    """befall(call, kind): that happens to the call when it is next made."""

    def arm(call: str, kind: str) -> Trouble:
        trouble = Trouble(call, kind)
        transport = Unlucky(timeouts=hasty.timeouts)
        transport.trouble = trouble
        hurried = kind.endswith("timeout") and call.startswith("storage/")
        bounds = Bounds(read=SOONER_THAN_THE_PEER) if hurried else Bounds()
        storage = UnluckyStorage(FileHosts.of(connect.region_named("").url, ()), bounds=bounds)
        storage.trouble = trouble
        monkeypatch.setattr(connect, "transport", lambda: transport)
        monkeypatch.setattr(connect, "storage", lambda _api_url: storage)
        name, _, which = call.partition("#")
        if kind != "refused" and kind not in KILLS:
            seconds = HANG if kind.endswith("timeout") else None
            sandbox.faults.add(Fault(action=name, kind=kind, seconds=seconds, after=int(which or 1) - 1))
        return trouble

    return arm


def clock_of(sandbox: Sandbox) -> FrozenClock:
    return cast(FrozenClock, sandbox.clock)


def finish(person: Drafting, draft: Draft) -> Draft:
    """Time goes by, workers come back, and the person does what the page offers."""
    person.start(draft)
    for _ in range(MOST_ROUNDS):
        with frozen(clock_of(person.box).now()):
            draft = round_of_work(person, draft)
        if draft.state == DraftState.DONE:
            break
        clock_of(person.box).advance(LONGER_THAN_A_LEASE)
    return draft


def round_of_work(person: Drafting, draft: Draft) -> Draft:
    try:
        draft = person.worked(draft)
    except Killed:
        return person.fresh(draft)
    if draft.job and draft.job.state == State.WAITING:
        who = person.box.person("owner")
        person.web.post("/sign-in/", {"login": who.login, "password": who.password})
    elif not draft.is_under_way and draft.state != DraftState.DONE:
        assert draft.problem, "a draft that stopped says why"
        person.start(draft)
    return draft


def made_since(sandbox: Sandbox, before: set[int]) -> list[int]:
    return [one.id for one in sandbox.world.checkins if one.id not in before]


@pytest.mark.parametrize(("call", "kind"), CASES, ids=lambda one: one.replace(" ", "-"))
def test_every_fault_ends_in_one_whole_checkin(
    call: str, kind: str, person: Drafting, befall: Callable[[str, str], Trouble]
) -> None:
    before = {one.id for one in person.box.world.checkins}
    draft = person.small()
    trouble = befall(call, kind)
    draft = finish(person, draft)
    assert trouble.spent, "it came about"
    assert made_since(person.box, before) == [draft.checkin_id]
    assert_equal_upstream(person, draft)


@pytest.mark.parametrize("kind", [*ON_THE_WIRE, "session_end", *KILLS])
@pytest.mark.parametrize("photos", [0, 2], ids=["plain", "photos"])
def test_a_checkin_without_a_form_is_found_again(
    photos: int, kind: str, person: Drafting, befall: Callable[[str, str], Trouble]
) -> None:
    before = {one.id for one in person.box.world.checkins}
    draft = person.with_photos(photos)
    trouble = befall("checkin/create", kind)
    draft = finish(person, draft)
    assert trouble.spent
    assert made_since(person.box, before) == [draft.checkin_id]
    assert_equal_upstream(person, draft)
