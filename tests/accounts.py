"""Accounts: one without a sign-in, for what speaks to no Navixy, and that of somebody signed in."""

from __future__ import annotations

from typing import Any

from django.test import Client as Browserless

from dashboard import accounts
from dashboard.accounts import Account


def account(**facts: Any) -> Account:
    known: dict[str, Any] = {
        "user_id": 1,
        "account_id": 1,
        "login": "a@b.example",
        "name": "Ann",
        "zone_name": "Europe/Madrid",
        "date_format": "yyyyMMdd_hyphens",
        "hour_mode": "TWENTY_FOUR_HOURS",
        "locale": "en",
        "measurement_system": "metric",
        "rights": None,
        "kind": "session",
        "region": "",
        "api_url": "http://127.0.0.1:9/v2",
        "creation_date": "",
        "demo": False,
    }
    return Account(**known | facts)


def account_of(web: Browserless) -> Account:
    """Who is signed in there."""
    found = accounts.recall(web.session)
    assert found, "nobody is signed in"
    return found[0]
