"""The site's addresses and three views that let every error of the API through."""

from django.http import HttpResponse, JsonResponse
from django.urls import path

from dashboard.accounts import account_denied, signed_in
from dashboard.http import DashboardRequest
from dashboard.urls import handler403, handler404, handler500
from dashboard.urls import urlpatterns as site

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]


@signed_in
def read(request: DashboardRequest) -> HttpResponse:
    return JsonResponse(request.navixy.read("tag/list").body)


@signed_in
def denied(request: DashboardRequest, action: str) -> HttpResponse:
    return HttpResponse(str(account_denied(request, action)))


@signed_in
def crash(request: DashboardRequest) -> HttpResponse:
    raise RuntimeError(f"broken for {request.account.name}")


urlpatterns = [*site, path("read/", read), path("denied/<path:action>/", denied), path("crash/", crash)]
