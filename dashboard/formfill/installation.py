"""The limits of the installation somebody is signed in to, as of today where they are."""

from __future__ import annotations

from django.core.cache import cache

from dashboard.accounts import Account
from dashboard.formfill.rules import Limits
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.navixy.users import UiConfig, ui_config

KEPT, KEPT_AFTER_FAILURE = 24 * 3600, 60  # seconds


def limits_of(account: Account, client: Client | None = None) -> Limits:
    """What Navixy says of itself, asked once a day; the documented defaults where it does not or nobody asks.

    Raises SessionEnded, and nothing else of the API.
    """
    config = _config(account, client)
    return Limits(
        today=account.clock.today(),
        max_file_size=config.max_file_size,
        max_files=config.max_files_per_field,
    )


def _config(account: Account, client: Client | None) -> UiConfig:
    key = f"ui-config:{account.cache_key}"
    kept: UiConfig | None = cache.get(key)
    if kept is not None or client is None:
        return kept or UiConfig()
    try:
        found, seconds = ui_config(client), KEPT
    except SessionEnded:
        raise
    except NavixyError:
        found, seconds = UiConfig(), KEPT_AFTER_FAILURE
    cache.set(key, found, seconds)
    return found
