from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from dashboard.accounts import Account
from dashboard.navixy.client import Client


class DashboardRequest(HttpRequest):
    """A request of somebody signed in, as AccountMiddleware leaves it."""

    htmx: HtmxDetails
    account: Account
    navixy: Client
