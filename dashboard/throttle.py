"""How often one may try to sign in: counted by address, by name, and by name from one address.

Tries are counted before they are made, so that many at once do not slip through; those that
succeed are given back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from dashboard.clock import now
from dashboard.navixy.errors import NavixyError, SessionEnded, SignInFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """At most `tries` in `window`. Short windows: a stranger can keep somebody out for minutes, no longer."""

    tries: int
    window: timedelta


PAIR = Rule(tries=5, window=timedelta(minutes=2))
ADDRESS = Rule(tries=30, window=timedelta(minutes=10))
NAME = Rule(tries=20, window=timedelta(minutes=3))


class Throttled(Exception):
    def __init__(self, until: datetime) -> None:
        super().__init__(f"until {until.isoformat()}")
        self.until = until

    @property
    def seconds(self) -> int:
        return max(1, round((self.until - now()).total_seconds()))


def claim(request: HttpRequest, name: str) -> None:
    """One try for this name ("" when there is none, as with an API key). Raises Throttled."""
    rules = dict(_counters(address_of(request), name))
    seen, moment = cache.get_many(rules), now()
    recent = {key: _recent(seen.get(key, ()), rule, moment) for key, rule in rules.items()}
    for key, rule in rules.items():
        if len(recent[key]) >= rule.tries:
            raise Throttled(recent[key][-rule.tries] + rule.window)
    for key, rule in rules.items():
        cache.set(key, [*recent[key], moment], rule.window.total_seconds())


def forget(request: HttpRequest, name: str) -> None:
    """The try succeeded: the name is clean again, and the address is charged only for what failed."""
    take_back(request, name)
    cache.delete_many([_key("pair", address_of(request), name), _key("name", name)])


def take_back(request: HttpRequest, name: str) -> None:
    """The last try does not count."""
    for key, rule in _counters(address_of(request), name):
        if tries := cache.get(key):
            cache.set(key, tries[:-1], rule.window.total_seconds())


@contextmanager
def counted(request: HttpRequest, name: str) -> Iterator[None]:
    """Around one try: only those Navixy refused count. Raises Throttled before it is made."""
    claim(request, name)
    try:
        yield
    except (SignInFailed, SessionEnded):
        raise
    except NavixyError:
        take_back(request, name)
        raise
    forget(request, name)


def address_of(request: HttpRequest) -> str:
    """The client's address: of the hops before us only as many are believed as there are proxies of ours."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        return str(hops[-settings.TRUSTED_PROXIES])
    return str(request.META.get("REMOTE_ADDR", ""))


def _counters(address: str, name: str) -> Iterator[tuple[str, Rule]]:
    yield _key("address", address), ADDRESS
    if name:
        yield _key("pair", address, name), PAIR
        yield _key("name", name), NAME


def _recent(tries: list[datetime], rule: Rule, moment: datetime) -> list[datetime]:
    return [at for at in tries if moment - at < rule.window]


def _key(*parts: str) -> str:
    folded = "\n".join(part.strip().casefold() for part in parts)
    return "throttle-" + sha256(folded.encode()).hexdigest()[:32]
