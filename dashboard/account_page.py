"""What the account page shows, in words: storage and sessions."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.accounts import Account
from dashboard.agents import browser_name, is_handheld
from dashboard.models import SignIn
from dashboard.navixy.files import StorageStats

NEARLY_FULL, FULL = 85, 98


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    percent: int
    words: str
    tone: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    pk: int
    browser: str
    icon: str
    created: str
    seen: str
    current: bool


def meter(stats: StorageStats) -> Meter:
    """Without a quota in the answer there is no bar to draw, only a number to tell."""
    percent = min(100, round(100 * stats.total_size / stats.quota)) if stats.quota else 0
    return Meter(percent=percent, words=_words(stats), tone=_tone(percent), advice=_advice(percent))


def session_rows(account: Account, rows: list[SignIn], this_session: str) -> list[SessionRow]:
    return [
        SessionRow(
            pk=row.pk,
            browser=browser_name(row.user_agent),
            icon="smartphone" if is_handheld(row.user_agent) else "monitor",
            created=account.clock.moment(row.created),
            seen=account.clock.moment(row.last_seen),
            current=row.session_hash == this_session,
        )
        for row in rows
    ]


def size(count: int) -> str:
    """Bytes for people: `1.4 GB`."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def _words(stats: StorageStats) -> str:
    files = ngettext("%(n)s file", "%(n)s files", stats.file_count) % {"n": f"{stats.file_count:,}"}
    told = {"used": size(stats.total_size), "quota": size(stats.quota or 0), "files": files}
    if stats.quota is None:
        return _("%(used)s used, %(files)s; Navixy names no limit") % told
    return _("%(used)s of %(quota)s used, %(files)s") % told


def _tone(percent: int) -> str:
    if percent >= FULL:
        return "meter-danger"
    return "meter-warn" if percent >= NEARLY_FULL else ""


def _advice(percent: int) -> str:
    if percent < NEARLY_FULL:
        return ""
    return _("Nearly full: Navixy will refuse new photos or drop the oldest. Free space, or ask for more.")
