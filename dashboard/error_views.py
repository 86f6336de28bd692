"""Pages for what goes wrong before or outside of a view."""

from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

from dashboard.htmx import problem
from dashboard.http import DashboardRequest


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django names it
    return _told(
        request,
        HTTPStatus.NOT_FOUND,
        _("Nothing here"),
        _("This address leads nowhere, or to something you may not see. Nothing was changed."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django names it
    return _told(
        request,
        HTTPStatus.FORBIDDEN,
        _("Not allowed"),
        _("You may not open this page. Ask the owner of the account if you need it."),
    )


def csrf_failure(request: HttpRequest, **_reason: str) -> HttpResponse:
    return _told(
        request,
        HTTPStatus.FORBIDDEN,
        _("This page is out of date"),
        _("It was opened before the last sign-in, so nothing was sent. Reload it and try again."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """The last resort: it asks nothing of session, account or API, any of which may be what broke."""
    in_a_swap = request.headers.get("HX-Request") == "true"
    template = loader.get_template("partials/_broken.html" if in_a_swap else "broken.html")
    response = HttpResponse(template.render({}), status=HTTPStatus.INTERNAL_SERVER_ERROR)
    if in_a_swap:
        response["HX-Retarget"], response["HX-Reswap"] = "#problem", "innerHTML show:window:top"
    return response


def _told(request: HttpRequest, status: HTTPStatus, title: str, message: str) -> HttpResponse:
    return problem(cast(DashboardRequest, request), message, status=status, title=title)
