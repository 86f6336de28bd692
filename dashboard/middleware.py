"""Account and client onto the request; what Navixy refused into a page; the headers all answers share."""

import logging
from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from dashboard import accounts, sessions
from dashboard.htmx import problem, to_sign_in
from dashboard.http import DashboardRequest
from dashboard.navixy.errors import NavixyError, NotAllowed, SessionEnded

Next = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger("fielddesk.web")

PERMISSIONS = "camera=(), display-capture=(), geolocation=(self), microphone=(), payment=(), usb=()"


class AccountMiddleware:
    """`request.account` (None for strangers) and `request.navixy`, their client."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        ours = cast(DashboardRequest, request)
        ours.account, ours.navixy = accounts.recall(request.session) or (None, None)  # type: ignore[assignment]  # strangers never pass signed_in
        if accounts.account_of(request):
            sessions.seen(request.session)
        return self.get_response(request)


class NavixyErrorMiddleware:
    """What no view mended becomes a page or a fragment; an ended session leads to sign-in and back."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, NavixyError):
            return None
        ours = cast(DashboardRequest, request)
        log.warning("%s %s: %s", request.method, request.path, error.log)
        if isinstance(error, SessionEnded) and accounts.account_of(request):
            return _ended(ours)
        if isinstance(error, NotAllowed) and error.code == 13:
            accounts.remember_denied(request, error.action)
        return problem(ours, error)


def _ended(request: DashboardRequest) -> HttpResponse:
    api_key = request.account.kind == "api_key"
    sessions.close_own(request)
    messages.warning(
        request,
        _("Navixy no longer accepts this API key. Sign in again to continue where you were.")
        if api_key
        else _("Navixy ended your session. Sign in again to continue where you were."),
    )
    return to_sign_in(request)


class HeadersMiddleware:
    """What every answer says besides Django's own headers. Pages hold people's data, so nobody keeps them."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response
