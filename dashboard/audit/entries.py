"""Finding entries of one account, and showing them: every word ready."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from dashboard.accounts import Account
from dashboard.audit import words
from dashboard.audit.filters import Filters
from dashboard.audit.models import Entry
from dashboard.clock import Clock, end_of, start_of
from dashboard.reports.cells import Column, Kind, Row

_WHOLE_SECOND = timedelta(seconds=1)
_FIELDS: tuple[tuple[str, Kind], ...] = (
    ("When", "moment"),
    ("Who", "text"),
    ("User no.", "number"),
    ("Action", "text"),
    ("Kind", "text"),
    ("What", "text"),
    ("Numbers", "text"),
    ("Result", "text"),
    ("Message", "text"),
    ("Before", "text"),
    ("After", "text"),
)
COLUMNS = tuple(Column(label=label, kind=kind) for label, kind in _FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    when: str
    iso: str
    who: str
    what: str
    subject: str
    numbers: str
    result: str
    badge: str
    message: str
    before: str
    after: str


def of(account: Account) -> QuerySet[Entry]:
    return Entry.objects.filter(api_url=account.api_url, account_id=account.account_id)


def found(account: Account, filters: Filters) -> QuerySet[Entry]:
    entries = of(account)
    if filters.start:
        entries = entries.filter(at__gte=start_of(filters.start, account.zone))
    if filters.end:
        entries = entries.filter(at__lt=end_of(filters.end, account.zone) + _WHOLE_SECOND)
    if filters.person:
        entries = entries.filter(user_id=filters.person)
    exact = {name: getattr(filters, name) for name in ("action", "kind", "result")}
    return entries.filter(**{name: value for name, value in exact.items() if value})


def rows(entries: Iterable[Entry], clock: Clock) -> tuple[EntryRow, ...]:
    return tuple(_row(entry, clock) for entry in entries)


def table(entries: Iterable[Entry]) -> Iterator[Row]:
    """For CSV, in the order of COLUMNS."""
    for entry in entries:
        yield [
            entry.at,
            entry.who,
            entry.user_id,
            words.action(entry.action),
            words.kind(entry.kind),
            entry.subject,
            _numbers(entry),
            words.result(entry.result),
            entry.message,
            _json(entry.before),
            _json(entry.after),
        ]


def _row(entry: Entry, clock: Clock) -> EntryRow:
    return EntryRow(
        when=clock.moment(entry.at),
        iso=entry.at.isoformat(),
        who=entry.who,
        what=f"{words.kind(entry.kind)}: {words.action(entry.action)}",
        subject=entry.subject,
        numbers=_numbers(entry),
        result=words.result(entry.result),
        badge=words.BADGES.get(entry.result, ""),
        message=entry.message,
        before=_json(entry.before),
        after=_json(entry.after),
    )


def _numbers(entry: Entry) -> str:
    return ", ".join(str(one) for one in entry.ids)


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, indent=1)
