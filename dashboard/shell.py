"""What every page's frame shows: navigation, zone, who is signed in, preferences of this browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dashboard.accounts import Account, account_denied, account_of
from dashboard.jobs.tray import tray_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CREATE = "checkin/create"  # what the button of every page asks of Navixy
THEMES = {"auto": _("Like the system"), "light": _("Light"), "dark": _("Dark")}


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """`route` also names who counts, in `COUNTS`."""

    label: StrOrPromise
    icon: str
    route: str
    view: str = ""
    owner_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NavLink:
    label: StrOrPromise
    icon: str
    url: str
    current: bool
    count: str = ""  # of what waits there; empty for none


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Kept in cookies of this browser, so that the first byte of a page already has the right colours."""

    theme: str
    shortcuts: bool
    nav_collapsed: bool


NAV = (
    NavItem(label=_("Check-ins"), icon="table-2", route="checkins:index"),
    NavItem(label=_("Gallery"), icon="layout-grid", route="checkins:index", view="gallery"),
    NavItem(label=_("Map"), icon="map", route="checkins:index", view="map"),
    NavItem(label=_("Routes"), icon="route", route="routes:index"),
    NavItem(label=_("Checkpoints"), icon="map-pinned", route="checkpoints:index"),
    NavItem(label=_("Drafts"), icon="file-pen", route="checkins:drafts"),
    NavItem(label=_("Reports"), icon="file-spreadsheet", route="reports:index"),
    NavItem(label=_("Archive"), icon="archive", route="archive:index"),
    NavItem(label=_("Jobs"), icon="list-checks", route="jobs:index"),
    NavItem(label=_("Audit"), icon="scroll-text", route="audit:index", owner_only=True),
)


COUNTS: dict[str, Callable[[Account], int]] = {}  # by route; apps put theirs in when they are ready


def preferences(request: HttpRequest) -> Preferences:
    theme = request.COOKIES.get("theme", "auto")
    return Preferences(
        theme=theme if theme in THEMES else "auto",
        shortcuts=request.COOKIES.get("shortcuts") != "off",
        nav_collapsed=request.COOKIES.get("nav") == "collapsed",
    )


def context(request: HttpRequest) -> dict[str, Any]:
    account = account_of(request)
    return {
        "account": account,
        "clock": account.clock if account else None,
        "jobs_tray": (lambda: tray_of(account)) if account else None,  # asked for by whole pages only
        "nav": (lambda: _links(request, account)) if account else (),  # counts: for whole pages only
        "cannot_create": account is not None and account_denied(request, CREATE),
        "preferences": preferences(request),
        "demo": settings.DEMO,
    }


def _links(request: HttpRequest, account: Account) -> tuple[NavLink, ...]:
    items = [item for item in NAV if account.is_owner or not item.owner_only]
    paths = [reverse(item.route) for item in items]
    here = max((path for path in paths if request.path.startswith(path)), key=len, default="")
    return tuple(
        NavLink(
            label=item.label,
            icon=item.icon,
            url=path + (f"?view={item.view}" if item.view else ""),
            current=path == here and _shows(request, item),
            count=_count(account, item),
        )
        for item, path in zip(items, paths, strict=True)
    )


def _shows(request: HttpRequest, item: NavItem) -> bool:
    """Is it this one of several views of one list?"""
    view = request.GET.get("view", "")
    return view == item.view if item.view else view not in {other.view for other in NAV if other.view}


def _count(account: Account, item: NavItem) -> str:
    found = COUNTS[item.route](account) if item.route in COUNTS and not item.view else 0
    return f"{found:,}" if found else ""
