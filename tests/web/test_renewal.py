"""The daily renewal of Navixy's session (ref 1.3): by itself, once, and without harm when it fails."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection
from django.test import Client as Browserless

from dashboard import clock
from dashboard.sandbox import Fault, Sandbox
from tests.conftest import NOW

SignedIn = Callable[..., Browserless]
RENEWAL = "user/session/renew"


def test_a_session_in_use_is_renewed_once_a_day(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    web.get("/")
    assert sandbox.calls_of(RENEWAL) == []
    with clock.frozen(NOW + timedelta(hours=25)):
        web.get("/")
        web.get("/")
    assert len(sandbox.calls_of(RENEWAL)) == 1


def test_requests_side_by_side_renew_once(
    signed_in: SignedIn, sandbox: Sandbox, transactional_db: None
) -> None:
    web = signed_in()
    sandbox.faults.add(Fault(action=RENEWAL, kind="slow", seconds=0.3, times=None))

    def ask(_: int) -> int:
        one = Browserless()
        one.cookies = web.cookies
        try:
            return one.get("/photos/x/thumb/").status_code
        finally:
            connection.close()

    with clock.frozen(NOW + timedelta(hours=25)), ThreadPoolExecutor(6) as pool:
        assert set(pool.map(ask, range(12))) == {404}
    assert len(sandbox.calls_of(RENEWAL)) == 1


def test_a_renewal_that_fails_is_put_off_and_stops_nobody(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    sandbox.faults.add(Fault(action=RENEWAL, kind="error_500", times=1))
    with clock.frozen(NOW + timedelta(hours=25)):
        assert web.get("/account/").status_code == 200
        web.get("/account/")
    assert len(sandbox.calls_of(RENEWAL)) == 1


def test_an_api_key_has_nothing_to_renew(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in("api")
    with clock.frozen(NOW + timedelta(hours=25)):
        web.get("/")
    assert sandbox.calls_of(RENEWAL) == []
