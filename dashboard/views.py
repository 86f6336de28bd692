from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dashboard import accounts, sessions
from dashboard.accounts import signed_in
from dashboard.forms import PreferencesForm
from dashboard.http import DashboardRequest
from dashboard.navixy import files
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.rights import mirror
from dashboard.shell import THEMES

YEAR = 365 * 86_400


@require_GET
@signed_in
def home(request: DashboardRequest) -> HttpResponse:
    return redirect("checkins:index")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Also for somebody whose session is over already: the button must never lead to an error."""
    if account := accounts.account_of(request):
        sessions.end_own(request, account, request.navixy)  # type: ignore[attr-defined]  # as AccountMiddleware left it
    messages.success(request, _("You are signed out, here and at Navixy."))
    return redirect("sign-in")


@require_GET
@signed_in
def account(request: DashboardRequest) -> HttpResponse:
    context = {
        "rights": mirror(request.account),
        "sessions": sessions.of(request.account),
        "this_session": sessions.hash_of(request.session),
        "themes": THEMES,
    }
    return render(request, "account.html", context)


@require_GET
@signed_in
def storage(request: DashboardRequest) -> HttpResponse:
    """The storage meter, loaded by the account page on its own so that its error stays in its place."""
    try:
        context = {"stats": files.storage_stats(request.navixy)}
    except SessionEnded:
        raise
    except NavixyError as error:
        return render(request, "partials/_storage.html", {"error": error}, status=200)
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
