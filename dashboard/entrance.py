"""`/sign-in/`: one address, four ways in (password, code, API key, demo person), told by what is posted."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dashboard import accounts, connect, signing_in
from dashboard.forms import ApiKeyForm, CodeForm, DemoForm, PasswordForm
from dashboard.htmx import status_of
from dashboard.navixy import users
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.throttle import Throttled

Attempt = Callable[[HttpRequest, dict[str, Any]], None]


@sensitive_post_parameters("password", "api_key", "code")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _try(request)
    if accounts.account_of(request):
        return redirect(next_url(request))
    return _page(request)


def _try(request: HttpRequest) -> HttpResponse:
    kind, attempt = _way(request)
    form = kind(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        attempt(request, form.cleaned_data)
    except Throttled as error:
        return _throttled(request, form, error)
    except SessionEnded as error:
        return _page(request, form, problem=_unknown_credential(request, form), code=error.code, status=422)
    except NavixyError as error:
        return _page(request, form, problem=error.message, code=error.code, status=status_of(error))
    return redirect(next_url(request) if _is_in(request) else _again(request))


def _way(request: HttpRequest) -> tuple[type[forms.Form], Attempt]:
    for name, way in WAYS.items():
        if name in request.POST:
            return way
    return PasswordForm, _with_password


def _with_password(request: HttpRequest, data: dict[str, Any]) -> None:
    signing_in.with_password(request, data["region"], data["login"], data["password"])


def _with_api_key(request: HttpRequest, data: dict[str, Any]) -> None:
    signing_in.with_api_key(request, data["region"], data["api_key"])


def _with_code(request: HttpRequest, data: dict[str, Any]) -> None:
    if pending := accounts.pending_of(request):
        signing_in.with_code(request, pending, data["code"])


def _as_demo_person(request: HttpRequest, data: dict[str, Any]) -> None:
    person = next((one for one in connect.demo_people() if one.key == data["person"]), None)
    if person:
        signing_in.as_demo_person(request, person)


def _resend(request: HttpRequest, _data: dict[str, Any]) -> None:
    """Raises WrongState (264) within five minutes of the last code."""
    if pending := accounts.pending_of(request):
        users.resend_code(pending.client())
        messages.success(request, _("A new code is on its way."))


def _start_over(request: HttpRequest, _data: dict[str, Any]) -> None:
    accounts.drop_pending(request)


WAYS: dict[str, tuple[type[forms.Form], Attempt]] = {
    "person": (DemoForm, _as_demo_person),
    "api_key": (ApiKeyForm, _with_api_key),
    "resend": (forms.Form, _resend),
    "start_over": (forms.Form, _start_over),
    "code": (CodeForm, _with_code),
}


def next_url(request: HttpRequest) -> str:
    """Where to go after signing in: a path of this site, or the start page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else reverse("home")


def _is_in(request: HttpRequest) -> bool:
    return accounts.recall(request.session) is not None


def _again(request: HttpRequest) -> str:
    wanted = next_url(request)
    query = f"?{urlencode({'next': wanted})}" if wanted != reverse("home") else ""
    return reverse("sign-in") + query


def _unknown_credential(request: HttpRequest, form: forms.Form) -> str:
    if isinstance(form, ApiKeyForm):
        return _("Navixy does not know this API key. Check that all 32 characters are there, and the region.")
    accounts.drop_pending(request)
    return _("The code came too late: this sign-in is over. Start again with your password.")


def _throttled(request: HttpRequest, form: forms.Form, error: Throttled) -> HttpResponse:
    minutes = -(-error.seconds // 60)
    wait = (
        ngettext("%(n)d second", "%(n)d seconds", error.seconds) % {"n": error.seconds}
        if error.seconds < 60
        else ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    )
    told = _("Too many tries. Wait %(wait)s, then try again; nothing is locked.") % {"wait": wait}
    response = _page(request, form, problem=told, status=429)
    response["Retry-After"] = str(error.seconds)
    return response


def _page(
    request: HttpRequest,
    form: forms.Form | None = None,
    *,
    problem: str = "",
    code: int | None = None,
    status: int = 200,
) -> HttpResponse:
    pending = accounts.pending_of(request)
    context = {
        "form": form,
        "problem": problem,
        "code": code,
        "pending": pending,
        "way": "api-key" if isinstance(form, ApiKeyForm) else request.GET.get("way", "password"),
        "next": next_url(request),
        "regions": connect.regions(),
        "region": request.POST.get("region", ""),
        "people": connect.demo_people(),
        "demo_code": next(
            (one.code for one in connect.demo_people() if pending and one.login == pending.login), ""
        ),
    }
    return render(request, "sign_in.html", context, status=status)
