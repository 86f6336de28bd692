"""Composition root: from settings and a session to a Navixy client. The only reader of API settings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Literal

from django.conf import settings

from dashboard import metrics
from dashboard.navixy.client import Client, Credential, RetryPolicy, Transport
from dashboard.navixy.filehosts import FileHosts
from dashboard.navixy.limiter import Limiter, shared_limiter
from dashboard.navixy.storage import Storage

if TYPE_CHECKING:
    from dashboard.accounts import Account

CredentialKind = Literal["session", "api_key", "second_factor"]
RETRY = RetryPolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody the sandbox lets in, as a card of the sign-in page."""

    key: str
    name: str
    login: str
    shows: str
    password: str = field(repr=False)
    api_key: str = field(repr=False)
    code: str = field(repr=False)

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2])


def regions() -> tuple[Region, ...]:
    """Where one may sign in; the first is the default. A single API has the name ""."""
    if settings.NAVIXY_REGIONS:
        return tuple(Region(name=name, url=url) for name, url in settings.NAVIXY_REGIONS.items())
    return (Region(name="", url=settings.NAVIXY_API_URL),)


def region_named(name: str) -> Region:
    return next((region for region in regions() if region.name == name), regions()[0])


def known(api_url: str) -> bool:
    """Whether a credential may still be sent there: a session can outlive a change of settings."""
    return any(region.url == api_url for region in regions())


def anonymous_client(region: Region) -> Client:
    return _client(region.url, None)


def client_with(api_url: str, value: str, kind: CredentialKind) -> Client:
    return _client(api_url, Credential(value=value, kind=kind))


def client_for(account: Account, credential: str) -> Client:
    return replace(client_with(account.api_url, credential, account.kind), zone=account.zone)


def demo_people() -> tuple[DemoPerson, ...]:
    if not settings.DEMO:
        return ()
    from dashboard.sandbox.people import DEMO_PEOPLE  # the emulator is no part of a real installation

    return tuple(
        DemoPerson(
            key=person.key,
            name=person.name,
            login=person.login,
            shows=person.shows,
            password=person.password,
            api_key=person.api_key or "",
            code=person.second_factor_code or "",
        )
        for person in DEMO_PEOPLE
    )


@cache
def transport() -> Transport:
    """The pooled connections of this process."""
    return Transport()


@cache
def limiter() -> Limiter:
    """The rate budget all processes share: by Redis, or by a file in VAR_DIR."""
    return shared_limiter(
        per_second=settings.RATE_PER_SECOND, redis_url=settings.REDIS_URL, folder=settings.VAR_DIR / "rate"
    )


def storage(api_url: str) -> Storage:
    """Fetches files of that API, from its own host and NAVIXY_FILE_HOSTS."""
    return _storage(api_url, tuple(settings.NAVIXY_FILE_HOSTS))


def upload_pause() -> float:
    """Seconds between two uploads; Navixy asks for a short one (ref 8.2)."""
    return float(settings.UPLOAD_PAUSE_MS) / 1000


@cache
def _storage(api_url: str, hosts: tuple[str, ...]) -> Storage:
    return Storage(FileHosts.of(api_url, hosts))


def _client(api_url: str, credential: Credential | None) -> Client:
    return Client(
        base_url=api_url,
        credential=credential,
        transport=transport(),
        limiter=limiter(),
        retry=RETRY,
        on_call=metrics.record,
    )
