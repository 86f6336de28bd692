"""Who is signed in. The only reader of session keys."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Concatenate, Literal, ParamSpec, cast
from zoneinfo import ZoneInfo

from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

from dashboard import connect
from dashboard.clock import Clock, now
from dashboard.connect import Region
from dashboard.navixy import users
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.navixy.users import SecondFactor
from dashboard.seal import seal, unseal

if TYPE_CHECKING:
    from dashboard.http import DashboardRequest

P = ParamSpec("P")
log = logging.getLogger("fielddesk.accounts")
RENEW_EVERY = timedelta(days=1)
RETRY_RENEWAL = timedelta(hours=1)
RENEWING = 60  # seconds: longer than the call takes and the session's row is written
CODE_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Account:
    """A login of Navixy and how it wants to see times. `rights` is None for the owner, who has them all."""

    user_id: int
    account_id: int
    login: str
    name: str
    zone_name: str
    date_format: str
    hour_mode: str
    locale: str
    measurement_system: str
    rights: frozenset[str] | None
    kind: Literal["session", "api_key"]
    region: str
    api_url: str
    creation_date: str
    demo: bool

    @property
    def is_owner(self) -> bool:
        return self.rights is None or users.ADMIN in self.rights

    def has(self, right: str) -> bool:
        return self.is_owner or right in (self.rights or ())

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @cached_property
    def clock(self) -> Clock:
        return Clock(zone=self.zone, date_format=self.date_format, hour_mode=self.hour_mode)

    @cached_property
    def cache_key(self) -> str:
        """Two logins never share what is cached: scope and rights differ within one account."""
        return sha256(f"{self.api_url} {self.user_id} {self.kind}".encode()).hexdigest()[:16]

    @property
    def since(self) -> str:
        """The day the account was made, in words; empty when Navixy did not say."""
        return self.clock.date(datetime.fromisoformat(self.creation_date)) if self.creation_date else ""

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper() or "?"


def account_of(request: HttpRequest) -> Account | None:
    return cast("Account | None", getattr(request, "account", None))


# --- the session -------------------------------------------------------------------------------------------


def remember(session: SessionBase, account: Account, credential: str) -> None:
    """The account signs in here; the old session's key dies, what it held goes."""
    session.flush()
    session["account"] = _packed(account)
    session["credential"] = seal(credential)
    session["renewed"] = now().isoformat()
    session.save()


def recall(session: SessionBase) -> tuple[Account, Client] | None:
    """Account and client of this session. None: nobody, another SECRET_KEY, an API no longer configured."""
    packed, sealed = session.get("account"), session.get("credential")
    if not packed or not sealed or not connect.known(packed["api_url"]):
        return None
    credential = unseal(sealed)
    account = _unpacked(packed)
    return (account, connect.client_for(account, credential)) if credential else None


def forget(request: HttpRequest) -> None:
    """Nobody is signed in here any more; says nothing to Navixy."""
    request.session.flush()
    request.account = None  # type: ignore[attr-defined]


def _packed(account: Account) -> dict[str, Any]:
    fields = {name: getattr(account, name) for name in Account.__dataclass_fields__}
    return fields | {"rights": sorted(account.rights) if account.rights is not None else None}


def _unpacked(packed: dict[str, Any]) -> Account:
    rights = packed["rights"]
    return Account(**packed | {"rights": frozenset(rights) if rights is not None else None})


def keep_alive(session: SessionBase, account: Account, client: Client) -> None:
    """Once a day ask Navixy for another full lifetime (ref 1.3); saving slides our own session too.

    Pictures of a page come in side by side: the first request asks, the others go on with what they have.
    """
    if account.kind != "session" or now() - datetime.fromisoformat(session["renewed"]) < RENEW_EVERY:
        return
    if not cache.add(f"renewing:{sha256((session.session_key or '').encode()).hexdigest()}", 1, RENEWING):
        return
    try:
        users.renew(client)
    except SessionEnded:
        raise
    except NavixyError as error:
        log.warning("renewal put off: %s", error.log)
        session["renewed"] = (now() - RENEW_EVERY + RETRY_RENEWAL).isoformat()
    else:
        session["renewed"] = now().isoformat()


# --- between password and code -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A sign-in that waits for the code of the second factor."""

    region: Region
    login: str
    factor_type: str
    since: datetime
    secret: str = field(repr=False)

    def client(self) -> Client:
        return connect.client_with(self.region.url, self.secret, "second_factor")


def await_code(request: HttpRequest, region: Region, login: str, factor: SecondFactor) -> None:
    request.session.flush()  # nobody is signed in while a code is awaited, least of all somebody else
    request.session["pending"] = {
        "region": region.name,
        "login": login,
        "factor_type": factor.factor_type,
        "since": now().isoformat(),
        "sealed": seal(factor.hash),
    }


def pending_of(request: HttpRequest) -> Pending | None:
    """What waits for a code in this session, unless it has waited too long."""
    kept = request.session.get("pending")
    secret = unseal(kept["sealed"]) if kept else None
    if not kept or not secret or now() - datetime.fromisoformat(kept["since"]) > CODE_WITHIN:
        return None
    return Pending(
        region=connect.region_named(kept["region"]),
        login=kept["login"],
        factor_type=kept["factor_type"],
        since=datetime.fromisoformat(kept["since"]),
        secret=secret,
    )


def drop_pending(request: HttpRequest) -> None:
    request.session.pop("pending", None)


# --- what Navixy refused -----------------------------------------------------------------------------------


def account_denied(request: HttpRequest, action: str) -> bool:
    """Whether Navixy said in this session that this person may not do this (error 13)."""
    return action in request.session.get("denied", ())


def remember_denied(request: HttpRequest, action: str) -> None:
    denied = request.session.get("denied", [])
    if action and action not in denied:
        request.session["denied"] = [*denied, action]


# --- the door ----------------------------------------------------------------------------------------------


def signed_in(
    view: Callable[Concatenate[DashboardRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Only for people signed in; others go to sign-in and come back to the page they looked at."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        from dashboard.htmx import to_sign_in  # htmx knows DashboardRequest, which knows Account

        ours = cast("DashboardRequest", request)
        if account_of(request) is None:
            return to_sign_in(ours)
        keep_alive(ours.session, ours.account, ours.navixy)
        return view(ours, *args, **kwargs)

    return guarded
