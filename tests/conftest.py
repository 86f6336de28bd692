"""Fixtures for every test: the sandbox over real HTTP, a client on it, people signed in, calls counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.core.cache import caches
from django.test import Client as Browserless

from dashboard import connect
from dashboard.clock import frozen
from dashboard.navixy import users
from dashboard.navixy.client import Client, Credential, RetryPolicy, Transport
from dashboard.navixy.limiter import NoLimiter
from dashboard.navixy.transport import Timeouts

if TYPE_CHECKING:
    from pytest_django import Settings

    from dashboard.sandbox import Sandbox
    from dashboard.sandbox.people import Person

NOW = datetime(2026, 3, 12, 14, 30, tzinfo=UTC)  # a Thursday afternoon, in winter time
CHECKINS = 1500
AT_ONCE = RetryPolicy(sleep=lambda _seconds: None)

# The same examples every time: a test that fails now and then says nothing.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("repeatable")


@dataclass
class Made:
    """The calls that reached the sandbox inside a `with api_calls() as made` block."""

    actions: list[str] = field(default_factory=list)

    def count(self, action: str) -> int:
        return self.actions.count(action)


def pytest_unconfigure() -> None:
    for cache in caches.all():
        cache.clear()


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[tuple[Sandbox, str]]:
    """One emulated API for the whole run: (sandbox, base URL)."""
    from dashboard.sandbox import Sandbox, serve
    from dashboard.sandbox.clock import FrozenClock

    box = Sandbox(seed=7, checkins=CHECKINS, clock=FrozenClock(NOW))
    box.world.prepare()
    with serve(box, port=0) as url:
        yield box, url


@pytest.fixture(scope="session")
def hasty() -> Transport:
    """A transport for all tests that gives up after a second: the sandbox is next door."""
    return Transport(timeouts=Timeouts(connect=1, read=1, file_read=5))


@pytest.fixture
def sandbox(
    sandbox_server: tuple[Sandbox, str],
    hasty: Transport,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Sandbox]:
    """The sandbox as at the start, and the site pointed at it: same clock, short time-outs, no pauses."""
    box, url = sandbox_server
    box.reset()
    settings.NAVIXY_API_URL = url
    monkeypatch.setattr(connect, "transport", lambda: hasty)
    monkeypatch.setattr(connect, "RETRY", AT_ONCE)
    for cache in caches.all(initialized_only=True):
        cache.clear()
    with frozen(NOW):
        yield box
    box.faults.clear()


@pytest.fixture
def sandbox_url(sandbox: Sandbox, sandbox_server: tuple[Sandbox, str]) -> str:
    return sandbox_server[1]


@pytest.fixture
def person(sandbox: Sandbox) -> Callable[[str], Person]:
    """person("viewer") → that demo person: login, password, zone …"""
    people = {one.key: one for one in sandbox.people}
    return people.__getitem__


@pytest.fixture
def navixy(sandbox_url: str, hasty: Transport, person: Callable[[str], Person]) -> Callable[[str], Client]:
    """navixy("dispatcher") → a client of ours, signed in at the sandbox as that person."""

    def connected(key: str = "owner") -> Client:
        nobody = Client(
            base_url=sandbox_url, credential=None, transport=hasty, limiter=NoLimiter(), retry=AT_ONCE
        )
        signed_in = users.sign_in(nobody, login=person(key).login, password=person(key).password)
        return nobody.acting_as(Credential(value=signed_in.hash, kind="session"))

    return connected


@pytest.fixture
def signed_in(db: None, sandbox: Sandbox, person: Callable[[str], Person]) -> Callable[..., Browserless]:
    """signed_in("viewer") → Django's test client after the sign-in form; the calls it took are forgotten."""

    def enter(key: str = "owner", **options: Any) -> Browserless:
        who, web = person(key), Browserless(**options)
        if who.api_key:
            web.post("/sign-in/", {"api_key": who.api_key})
        else:
            web.post("/sign-in/", {"login": who.login, "password": who.password})
        if who.second_factor_code:
            web.post("/sign-in/", {"code": who.second_factor_code})
        assert web.get("/account/").status_code == 200, f"{key} could not sign in"
        sandbox.clear_calls()
        return web

    return enter


@pytest.fixture
def api_calls(sandbox: Sandbox) -> Callable[[], AbstractContextManager[Made]]:
    """`with api_calls() as made:` … `assert made.actions == ["checkin/list"]`"""

    @contextmanager
    def watching() -> Iterator[Made]:
        before, made = len(sandbox.calls), Made()
        yield made
        made.actions += [call.action for call in sandbox.calls[before:]]

    return watching
