from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dashboard import accounts, sessions
from dashboard.account_page import meter, session_rows
from dashboard.accounts import signed_in
from dashboard.clock import now
from dashboard.forms import PreferencesForm
from dashboard.http import DashboardRequest
from dashboard.navixy import files
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.rights import mirror
from dashboard.shell import THEMES

YEAR = 365 * 86_400


@require_GET
@signed_in
def home(_request: DashboardRequest) -> HttpResponse:
    return redirect("checkins:index")  # which opens the person's start view


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Also for somebody whose session is over already: the button must never lead to an error."""
    ours = cast(DashboardRequest, request)
    if accounts.account_of(request) and not sessions.end_own(request, ours.account, ours.navixy):
        messages.warning(
            request,
            _("You are signed out here. Navixy could not be told, so its own session ends by itself later."),
        )
    else:
        messages.success(request, _("You are signed out."))
    return redirect("sign-in")


@require_GET
@signed_in
def account(request: DashboardRequest) -> HttpResponse:
    rights = mirror(request.account)
    here = sessions.hash_of(request.session)
    context = {
        "used_rights": [item for item in rights if item.right.here],
        "other_rights": [item for item in rights if not item.right.here],
        "rights_count": len(rights),
        "held_count": sum(item.held for item in rights),
        "sessions": session_rows(request.account, sessions.of(request.account), here),
        "moment": request.account.clock.moment(now()),
        "since": request.account.since,
        "themes": THEMES,
    }
    return render(request, "account.html", context)


@require_GET
@signed_in
def storage(request: DashboardRequest) -> HttpResponse:
    """The storage meter, loaded by the account page on its own so that its error stays in its place."""
    try:
        context: dict[str, object] = {"meter": meter(files.storage_stats(request.navixy))}
    except SessionEnded:
        raise
    except NavixyError as error:
        context = {"error": error}
    return render(request, "partials/_storage.html", context)


@require_POST
@signed_in
def end_session(request: DashboardRequest, pk: int) -> HttpResponse:
    row = sessions.one(request.account, pk)
    if row is None:
        raise Http404
    if row.session_hash == sessions.hash_of(request.session):
        return sign_out(request)
    sessions.end(row)
    messages.success(request, _("That session is signed out."))
    return redirect("account")


@require_POST
@signed_in
def preferences(request: DashboardRequest) -> HttpResponse:
    form = PreferencesForm(request.POST)
    response = redirect("account")
    if form.is_valid():
        chosen = {
            "theme": form.cleaned_data["theme"],
            "shortcuts": "on" if form.cleaned_data["shortcuts"] else "off",
        }
        for name, value in chosen.items():
            response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure())
        messages.success(request, _("Preferences of this browser saved."))
    return response
