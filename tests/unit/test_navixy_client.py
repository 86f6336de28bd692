"""What the one call does around the envelope: retries, deadline, limiter, log, record."""

import logging
from typing import Any

import pytest

from dashboard.navixy.client import Credential, Secret
from dashboard.navixy.errors import (
    BadReply,
    NavixyError,
    NotAllowed,
    RateLimited,
    SessionEnded,
    Unavailable,
    Unreachable,
)
from dashboard.navixy.retry import RetryPolicy
from tests.unit.canned import HASH, Reply, answering, failing

OK = {"value": 1}
REFUSED = Unreachable(reason="refused", sent=False)


def limited(seconds: str) -> Reply:
    reply = failing(15, status=429)
    reply.headers = {"Retry-After": seconds}
    return reply


@pytest.mark.parametrize("code", [1, 6, 8, 14, 15])
def test_a_read_is_asked_again_after_passing_trouble(code: int) -> None:
    canned = answering(failing(code, status=500), failing(code, status=500), OK)
    assert canned.client.read("tag/list").number("value") == 1
    assert len(canned.actions) == 3
    assert canned.pauses == [0.25, 0.5]
    assert canned.records[0].tries == 3


@pytest.mark.parametrize(
    "reply",
    [
        Reply(error=REFUSED),
        Reply(error=Unreachable(reason="reset", sent=True)),
        Reply(error=Unreachable(reason="name", sent=False)),
        Reply(b"<html>", status=502),
    ],
)
def test_a_read_is_asked_again_when_no_answer_came(reply: Reply) -> None:
    canned = answering(reply, OK)
    assert canned.client.read("tag/list").number("value") == 1


@pytest.mark.parametrize("code", [2, 3, 4, 5, 7, 9, 13, 102, 201, 204, 211, 215, 217, 242, 268])
def test_final_answers_are_final(code: int) -> None:
    canned = answering(failing(code), OK)
    with pytest.raises(NavixyError):
        canned.client.read("tag/list")
    assert len(canned.actions) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"<html>"),
        Reply(error=Unreachable(reason="timeout", sent=True)),
        Reply(error=Unreachable(reason="tls", sent=False)),
    ],
)
def test_what_would_not_help_is_not_tried_again(reply: Reply) -> None:
    canned = answering(reply, OK)
    with pytest.raises((BadReply, Unreachable)):
        canned.client.read("tag/list")
    assert len(canned.actions) == 1


@pytest.mark.parametrize("reply", [failing(15, status=429), failing(6, status=500), Reply(error=REFUSED)])
def test_a_write_is_never_repeated(reply: Reply) -> None:
    canned = answering(reply, OK)
    with pytest.raises(NavixyError) as caught:
        canned.client.write("checkin/delete", {})
    assert caught.value.write
    assert len(canned.actions) == 1


def test_three_tries_are_the_end() -> None:
    canned = answering(failing(8, status=503))
    with pytest.raises(Unavailable):
        canned.client.read("tag/list")
    assert len(canned.actions) == 3


def test_a_call_may_be_asked_once_only() -> None:
    canned = answering(failing(8, status=503))
    with pytest.raises(Unavailable):
        canned.client.read("user/auth", again=False)
    assert len(canned.actions) == 1


def test_the_server_says_how_long_to_wait() -> None:
    canned = answering(limited("3"), OK)
    canned.client.read("tag/list")
    assert canned.pauses == [3.0]


def test_a_wait_that_is_too_long_is_told_instead() -> None:
    canned = answering(limited("60"), OK)
    with pytest.raises(RateLimited) as caught:
        canned.client.read("tag/list")
    assert caught.value.retry_after == 60
    assert canned.pauses == []


def test_jitter_only_shortens() -> None:
    policy = RetryPolicy(random=lambda: 1.0)
    assert policy.pause(Unavailable(code=6), tried=1, left=25) == 0.125


class Clock:
    """Time that passes only while somebody waits or the peer takes long."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_an_interactive_read_never_outlives_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    canned = answering(failing(6, status=500))
    slow = canned.transport.post

    def ten_seconds(*args: Any) -> Any:
        clock.sleep(10)
        return slow(*args)

    monkeypatch.setattr(canned.transport, "post", ten_seconds)
    policy = RetryPolicy(clock=clock, sleep=clock.sleep, random=lambda: 0.0, tries=9)
    client = canned.client.__class__(
        base_url=canned.client.base_url,
        credential=None,
        transport=canned.client.transport,
        limiter=canned.client.limiter,
        retry=policy,
    )
    with pytest.raises(Unavailable):
        client.read("tag/list")
    assert [round(left) for left in canned.transport.left] == [25, 15, 4]
    assert clock.now < 100 + 36


class Gate:
    """A limiter that notes what it is asked, and refuses when told to."""

    def __init__(self, error: NavixyError | None = None) -> None:
        self.asked: list[tuple[str, str]] = []
        self.error = error

    def acquire(self, key: str, *, priority: str = "interactive", at_most: float | None = None) -> None:
        self.asked.append((key, priority))
        if self.error is not None:
            raise self.error


def gated(gate: Gate) -> Any:
    canned = answering(OK)
    object.__setattr__(canned.client, "limiter", gate)
    return canned


def test_every_try_takes_its_share_of_the_budget() -> None:
    gate = Gate()
    canned = answering(failing(6, status=500), OK)
    object.__setattr__(canned.client, "limiter", gate)
    canned.client.read("tag/list")
    assert gate.asked == [("https://api.example.test/v2", "interactive")] * 2


def test_jobs_ask_as_jobs() -> None:
    gate = Gate()
    gated(gate).client.for_jobs().read("tag/list")
    assert gate.asked[0][1] == "job"


def test_a_budget_that_is_used_up_sends_nothing() -> None:
    canned = gated(Gate(RateLimited(retry_after=0.2)))
    with pytest.raises(RateLimited):
        canned.client.read("tag/list")
    assert canned.actions == []


def test_one_log_line_a_call_without_parameters_or_credential(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    canned = answering(failing(6, status=500), OK)
    canned.client.read("checkin/list", {"comment": "private words"})
    assert len(caplog.records) == 1
    assert "checkin/list ok code=None http=200" in caplog.text
    assert "tries=2" in caplog.text
    assert HASH not in caplog.text
    assert "private" not in caplog.text


def test_a_failed_call_is_logged_and_recorded_with_its_code(caplog: pytest.LogCaptureFixture) -> None:
    canned = answering(failing(13, status=403))
    with pytest.raises(NotAllowed):
        canned.client.read("checkin/list")
    assert "checkin/list NotAllowed code=13 http=403" in caplog.text
    (record,) = canned.records
    assert (record.action, record.outcome, record.code, record.http_status) == (
        "checkin/list",
        "NotAllowed",
        13,
        403,
    )


def test_acting_as_somebody_else_leaves_the_first_client_alone() -> None:
    canned = answering(OK)
    other = Credential("b" * 32, kind="api_key")
    canned.client.acting_as(other).read("tag/list")
    canned.client.acting_as(None).read("tag/list")
    canned.client.read("tag/list")
    assert [credential for _, _, credential in canned.transport.sent] == [other, None, Credential(HASH)]


def test_an_error_knows_its_call() -> None:
    with pytest.raises(SessionEnded) as caught:
        answering(failing(4)).client.read("tag/list")
    assert caught.value.action == "tag/list"


def test_secrets_do_not_show() -> None:
    for secret in (Secret("hunter2"), Credential("hunter2")):
        assert "hunter2" not in f"{secret} {secret!r} {[secret]}"


def test_a_client_does_not_show_its_credential() -> None:
    assert HASH not in repr(answering(OK).client)
