"""Telling Navixy to delete, and finding out what became of it. Nothing is told twice before somebody looked.

A group is told at once. 201 says that some of it are unknown there, and not whether the others went (ref
5.5): then each is looked at, and what is still there is told again in halves. An answer that leaves it open
whether the call took effect is never followed by the same call, but by a look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from dashboard.navixy import checkins as api
from dashboard.navixy.client import Client
from dashboard.navixy.errors import (
    NavixyError,
    NotAllowed,
    NotFound,
    RateLimited,
    SessionEnded,
    Unreachable,
)

AT_ONCE = 4


class Denied(Exception):
    """This account cannot delete check-ins at all (13, ref 1.8)."""

    def __init__(self, error: NotAllowed) -> None:
        super().__init__(error.log)
        self.error = error


@dataclass(slots=True)
class Outcome:
    """Ids by what became of them."""

    deleted: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    failed: dict[int, tuple[str, int | None]] = field(default_factory=dict)


def delete(client: Client, ids: Sequence[int], outcome: Outcome) -> None:
    """Raises Denied; and NavixyError when Navixy cannot be asked now. `outcome` holds what is known by then;
    of the others nobody knows: look before going on.
    """
    _delete(client, list(ids), outcome)


def there(client: Client, ids: Iterable[int]) -> set[int]:
    """Which of them Navixy still has. Raises NavixyError."""
    wanted = list(ids)
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="look") as pool:
        found = pool.map(lambda one: _is_there(client, one), wanted)
        return {one for one, present in zip(wanted, found, strict=True) if present}


def _delete(client: Client, ids: list[int], outcome: Outcome, tries: int = 2) -> None:
    try:
        api.delete(client, ids)
    except NotFound as error:
        _some_unknown(client, ids, error, outcome)
    except SessionEnded:
        raise
    except NotAllowed as error:
        raise Denied(error) from error
    except NavixyError as error:
        if not error.maybe_applied:
            _refused(client, ids, error, outcome)
            return
        still = _looked_after(client, ids, outcome)
        if still and tries == 1:
            raise
        if still:
            _delete(client, still, outcome, tries - 1)
    else:
        words = _("Navixy said that it is deleted, and still has it.")
        outcome.failed |= dict.fromkeys(_looked_after(client, ids, outcome), (words, None))


def _some_unknown(client: Client, ids: list[int], error: NotFound, outcome: Outcome) -> None:
    """When the others stay, what is missing was gone before; else they may all have gone just now."""
    still = there(client, ids)
    missing = set(ids) - still
    if not still and len(ids) > 1:
        outcome.deleted |= missing
        return
    outcome.gone |= missing
    rest = [one for one in ids if one in still]
    if len(rest) == 1 and len(ids) == 1:
        outcome.failed[rest[0]] = (_("Navixy does not let this login delete it."), error.code)
    elif missing and rest:
        _delete(client, rest, outcome)
    elif rest:
        _in_halves(client, rest, outcome)


def _refused(client: Client, ids: list[int], error: NavixyError, outcome: Outcome) -> None:
    """Without effect. What is wrong with one need not be wrong with the others."""
    if isinstance(error, Unreachable | RateLimited):
        raise error
    if len(ids) == 1:
        outcome.failed[ids[0]] = (error.message, error.code)
        return
    _in_halves(client, ids, outcome)


def _in_halves(client: Client, ids: list[int], outcome: Outcome) -> None:
    middle = len(ids) // 2
    _delete(client, ids[:middle], outcome)
    _delete(client, ids[middle:], outcome)


def _looked_after(client: Client, ids: list[int], outcome: Outcome) -> list[int]:
    """Those that are still there; the others were deleted."""
    still = there(client, ids)
    outcome.deleted |= set(ids) - still
    return [one for one in ids if one in still]


def _is_there(client: Client, checkin_id: int) -> bool:
    try:
        api.record(client, checkin_id)
    except NotFound:
        return False
    return True
