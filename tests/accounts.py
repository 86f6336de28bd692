"""An account without a sign-in, for what speaks to no Navixy."""

from __future__ import annotations

from typing import Any

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
