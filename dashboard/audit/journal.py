"""Writing down who did which write, on what, with which result. Whatever writes to Navixy calls this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.accounts import Account
from dashboard.audit.models import Entry
from dashboard.clock import now

RESULTS = ("done", "failed", "unknown")
_LONGEST_SUBJECT = 300
_SECRET = ("password", "secret", "token", "credential", "api_key", "authorization", "session_key")


def record(
    account: Account,
    *,
    action: str,
    kind: str,
    subject: str,
    ids: Sequence[int] = (),
    result: str,
    message: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """`subject` names the thing in words, `ids` are Navixy's; `before` and `after` are what JSON can hold.

    No credential goes in here: what is named like one is left out, at any depth.
    """
    if result not in RESULTS:
        raise ValueError(f"no result of a write: {result!r}")
    Entry.objects.create(
        api_url=account.api_url,
        account_id=account.account_id,
        user_id=account.user_id,
        who=(account.name or account.login)[:200],
        at=now(),
        action=action,
        kind=kind,
        subject=_storable(subject)[:_LONGEST_SUBJECT],
        ids=list(ids),
        result=result,
        message=_storable(message),
        before=_harmless(before),
        after=_harmless(after),
    )


def _harmless(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_storable(str(key)): _harmless(one) for key, one in value.items() if not _is_secret(str(key))}
    if isinstance(value, list | tuple):
        return [_harmless(one) for one in value]
    return _storable(value) if isinstance(value, str) else value


def _is_secret(name: str) -> bool:
    return name == "hash" or any(word in name.casefold() for word in _SECRET)


def _storable(text: str) -> str:
    """PostgreSQL refuses NUL; half a surrogate pair no database can encode."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
