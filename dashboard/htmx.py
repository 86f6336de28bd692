"""One URL, two renderings: the page, or the fragment htmx asked for."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from dashboard.http import DashboardRequest
from dashboard.navixy.errors import (
    BadReply,
    InvalidAnswers,
    InvalidRequest,
    NavixyError,
    NotAllowed,
    NotFound,
    RateLimited,
    SessionEnded,
    SignInFailed,
    StorageRefused,
    TooBroad,
    Unavailable,
    Unreachable,
    WrongState,
)

# Nobody's data can look like these: what people write is escaped.
ROWS = "<!--rows-->"
RESULTS = "<!--results-->"


def wants_fragment(request: DashboardRequest) -> bool:
    """A boosted link and a restored history entry need the whole page."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def frame(
    request: DashboardRequest, page_template: str, fragment_template: str, context: Mapping[str, Any]
) -> str:
    """What stands around a list's results, with RESULTS in their place.

    It needs no answer of the API, so it is made while that is under way.
    """
    template = fragment_template if wants_fragment(request) else page_template
    return render_to_string(template, dict(context), request)


def render_list(
    request: DashboardRequest,
    around: str,
    results_template: str,
    context: Mapping[str, Any],
    *,
    rows: str = "",
    status: int = 200,
) -> HttpResponse:
    """The frame with its results.

    `rows` is finished HTML and takes the place of ROWS at the end: every template node around them would copy
    them, and a page of rows is larger than all else.
    """
    results = render_to_string(results_template, dict(context), request).replace(ROWS, rows, 1)
    response = HttpResponse(around.replace(RESULTS, results, 1), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
    return response


def client_redirect(request: DashboardRequest, url: str) -> HttpResponse:
    """Sends the browser elsewhere, also from the middle of a swap."""
    if not request.htmx:
        return redirect(url)
    return HttpResponse(headers={"HX-Redirect": url})


def to_sign_in(request: DashboardRequest) -> HttpResponse:
    """Sign in first, then back to the page the person looks at; a script that wants JSON is told so."""
    url = f"{reverse('sign-in')}?{urlencode({'next': current_path(request)})}"
    if wants_json(request):
        return JsonResponse({"message": _("Sign in again to continue."), "sign_in": url}, status=401)
    return client_redirect(request, url)


def wants_json(request: DashboardRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def current_path(request: DashboardRequest) -> str:
    """Path and query of the page the person looks at, which for htmx is not the URL asked for."""
    if request.htmx and (shown := request.htmx.current_url_abs_path):
        return shown
    return request.get_full_path() if request.method == "GET" else _referring_path(request)


def _referring_path(request: DashboardRequest) -> str:
    parts = urlsplit(request.headers.get("Referer", ""))
    same_site = parts.netloc == request.get_host()
    return (f"{parts.path}?{parts.query}" if parts.query else parts.path) if same_site else "/"


def problem(
    request: DashboardRequest,
    error: NavixyError | str,
    *,
    status: int | None = None,
    title: str = "",
) -> HttpResponse:
    """An error as a page, or for htmx in the page's #problem region: list and address stay as they are."""
    told = error if isinstance(error, NavixyError) else None
    status = status or (status_of(told) if told else 400)
    context = {
        "title": title,
        "message": told.message if told else error,
        "code": told.code if told else None,
        "retry": isinstance(told, TRANSIENT) and request.method == "GET",
        "retry_url": current_path(request),
    }
    if wants_json(request):
        return JsonResponse({"message": context["message"], "code": context["code"]}, status=status)
    if not wants_fragment(request):
        context["message"] = told.message_on_its_own if told else error
        return render(request, "error.html", context, status=status)
    response = render(request, "partials/_problem.html", context, status=status)
    response["HX-Retarget"] = "#problem"
    response["HX-Reswap"] = "innerHTML show:window:top"
    response["HX-Push-Url"] = response["HX-Replace-Url"] = "false"
    return response


def status_of(error: NavixyError) -> int:
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


TRANSIENT = (Unreachable, Unavailable, RateLimited, BadReply)
STATUS: dict[type[NavixyError], int] = {
    Unreachable: 504,
    BadReply: 502,
    SessionEnded: 401,
    SignInFailed: 422,
    NotAllowed: 403,
    NotFound: 404,
    TooBroad: 422,
    InvalidRequest: 422,
    InvalidAnswers: 422,
    WrongState: 409,
    StorageRefused: 507,
    RateLimited: 503,
    Unavailable: 503,
    NavixyError: 502,
}
