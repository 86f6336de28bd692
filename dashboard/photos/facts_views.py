"""`/photos/<token>/facts/`: what the file says of itself, as a piece of HTML for the lightbox."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import connect
from dashboard.accounts import signed_in
from dashboard.htmx import problem
from dashboard.http import DashboardRequest
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.photos import album, facts
from dashboard.photos.pictures import Desk
from dashboard.photos.tokens import BadToken

TEMPLATE = "photos/_facts.html"


@require_safe
@signed_in
def show(request: DashboardRequest, token: str) -> HttpResponse:
    """`when` and `point` are the check-in's own, as the page has them: no call is made for them.

    A file that cannot be read is said in the answer itself; the picture beside it stays.
    """
    try:
        ref = album.signer_of(request).read(token)
    except BadToken:
        return problem(request, _("This link to a photo is not valid here."), status=HTTPStatus.NOT_FOUND)
    account = request.account
    desk = Desk(
        account_key=account.cache_key, client=request.navixy, storage=connect.storage(account.api_url)
    )
    try:
        found = facts.of(desk, ref)
    except SessionEnded:
        raise
    except NavixyError as error:
        return render(request, TEMPLATE, {"error": error, "turn": 1})
    record = facts.record_of(request.GET.get("when", ""), request.GET.get("point", ""))
    lines = facts.lines(found, record, account.clock)
    return render(request, TEMPLATE, {"lines": lines, "turn": found.turn, "zone": account.clock.zone_label})
