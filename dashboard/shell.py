"""What every page's frame shows: navigation, zone, who is signed in, preferences of this browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dashboard.accounts import Account, account_of
from dashboard.jobs.tray import tray_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

THEMES = {"auto": _("Like the system"), "light": _("Light"), "dark": _("Dark")}


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
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
    NavItem(label=_("Reports"), icon="file-spreadsheet", route="reports:index"),
    NavItem(label=_("Jobs"), icon="list-checks", route="jobs:index"),
    NavItem(label=_("Audit"), icon="scroll-text", route="audit:index", owner_only=True),
)


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
        "nav": _links(request, account) if account else (),
        "preferences": preferences(request),
        "demo": settings.DEMO,
    }


def _links(request: HttpRequest, account: Account) -> tuple[NavLink, ...]:
    return tuple(
        NavLink(
            label=item.label,
            icon=item.icon,
            url=reverse(item.route) + (f"?view={item.view}" if item.view else ""),
            current=_is_current(request, item),
        )
        for item in NAV
        if account.is_owner or not item.owner_only
    )


def _is_current(request: HttpRequest, item: NavItem) -> bool:
    if not request.path.startswith(reverse(item.route)):
        return False
    view = request.GET.get("view", "")
    return view == item.view if item.view else view not in {other.view for other in NAV if other.view}
