"""The sessions of this site one person has: which, since when, and ending one from another."""

import logging
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest

from dashboard import accounts
from dashboard.accounts import Account
from dashboard.clock import now
from dashboard.models import SignIn
from dashboard.navixy import users
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.seal import seal, unseal

log = logging.getLogger("fielddesk.accounts")
SEEN_EVERY = timedelta(minutes=5)


def start(request: HttpRequest, account: Account) -> None:
    moment = now()
    SignIn.objects.create(
        session_hash=hash_of(request.session),
        sealed_key=seal(request.session.session_key or ""),
        user_id=account.user_id,
        api_url=account.api_url,
        login=account.login,
        user_agent=request.headers.get("User-Agent", "")[:300],
        created=moment,
        last_seen=moment,
    )


def seen(session: SessionBase) -> None:
    """Notes at most every five minutes that this session is in use; in between it writes nothing at all."""
    _seen(hash_of(session), int(now().timestamp() // 60))


@lru_cache(maxsize=4096)  # a page of pictures asks the cache of all processes once and not for each of them
def _seen(session_hash: str, _minute: int) -> None:
    key = f"seen-{session_hash[:32]}"
    if cache.get(key) is None and cache.add(key, 1, SEEN_EVERY.total_seconds()):
        SignIn.objects.filter(session_hash=session_hash).update(last_seen=now())


def of(account: Account) -> list[SignIn]:
    """Newest use first; rows whose session has run out are cleared away."""
    rows = list(_all(account))
    gone = [row.pk for row in rows if not _alive(row)]
    SignIn.objects.filter(pk__in=gone).delete()
    return [row for row in rows if row.pk not in gone]


def one(account: Account, pk: int) -> SignIn | None:
    return _all(account).filter(pk=pk).first()


def end(row: SignIn) -> None:
    """Signs that session out here and at Navixy, even when Navixy does not answer."""
    key = unseal(row.sealed_key)
    if key:
        store = SessionStore(key)
        if found := accounts.recall(store):
            end_upstream(*found)
        store.delete(key)
    row.delete()


def recalled(row: SignIn) -> tuple[Account, Client] | None:
    """Account and client of that session, for work done while its person is away; None when it is over."""
    key = unseal(row.sealed_key)
    return accounts.recall(SessionStore(key)) if key else None


def has_ended(row: SignIn) -> None:
    """Navixy ended it, so it is over here too."""
    if key := unseal(row.sealed_key):
        SessionStore(key).delete(key)
    row.delete()


def end_own(request: HttpRequest, account: Account, client: Client) -> bool:
    """Signs this session out; False when Navixy could not be told."""
    told = end_upstream(account, client)
    close_own(request)
    return told


def close_own(request: HttpRequest) -> None:
    """Only here: Navixy's session is over already, or has just been ended."""
    SignIn.objects.filter(session_hash=hash_of(request.session)).delete()
    accounts.forget(request)


def end_upstream(account: Account, client: Client) -> bool:
    """An API key has no session to end (ref 1.3). A failure leaves Navixy's session to its own deadline."""
    if account.kind != "session":
        return True
    try:
        users.sign_out(client)
    except SessionEnded:
        return True
    except NavixyError as error:
        log.warning("sign-out did not reach Navixy: %s", error.log)
        return False
    return True


def hash_of(session: SessionBase) -> str:
    return sha256((session.session_key or "").encode()).hexdigest()


def _all(account: Account) -> QuerySet[SignIn]:
    return SignIn.objects.filter(user_id=account.user_id, api_url=account.api_url)


def _alive(row: SignIn) -> bool:
    key = unseal(row.sealed_key)
    return bool(key) and SessionStore().exists(key or "")
