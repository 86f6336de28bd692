"""The small sign of running jobs in every page's head."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.accounts import Account
from dashboard.jobs import desk
from dashboard.jobs.models import ACTIVE, Job, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Tray:
    """`polls` while something runs; `news`: something ended that its person has not been told of."""

    label: str
    detail: str
    percent: str
    polls: bool
    news: bool


def tray_of(account: Account) -> Tray | None:
    """None when there is nothing to show or to tell: one small query."""
    found = desk.tellable(account)
    if not found:
        return None
    active = [job for job in found if job.state in ACTIVE]
    under_way = [job for job in active if job.state != State.WAITING]
    return Tray(
        label=ngettext("%d job", "%d jobs", len(active)) % len(active) if active else "",
        detail=_detail(active),
        percent=_percent(under_way),
        polls=bool(under_way),
        news=len(active) < len(found),
    )


def _detail(active: list[Job]) -> str:
    if not active:
        return ""
    first = active[0]
    share = _percent([first])
    return f"{first.title}: {share} %" if share else _("%s: under way") % first.title


def _percent(jobs: list[Job]) -> str:
    """Of those that know how far they are."""
    known = [job.done / job.total for job in jobs if job.total]
    return str(int(100 * min(1.0, sum(known) / len(known)))) if known else ""
