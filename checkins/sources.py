"""From a request to where its check-ins come from."""

from datetime import UTC, datetime, timedelta

from django.core.cache import cache

from checkins.services import Source
from dashboard import names
from dashboard.accounts import Account
from dashboard.clock import now
from dashboard.http import DashboardRequest
from dashboard.navixy.client import Client
from dashboard.near import Near

_YEARS_BACK = timedelta(days=3 * 366)
_names_at_hand = Near(cache)


def source_of(request: DashboardRequest) -> Source:
    """Begins to fetch names at once when they are not fresh, beside whatever is asked for next."""
    return source_for(request.account, request.navixy, now())


def source_for(account: Account, client: Client, moment: datetime) -> Source:
    """For work without a request: `moment` is the one that "today" means."""
    return Source(
        client=client,
        lookup=names.begin(client, _names_at_hand, account.cache_key, moment),
        store=cache,
        cache_key=account.cache_key,
        zone=account.zone,
        now=moment,
        since=_since(account, moment),
    )


def _since(account: Account, moment: datetime) -> datetime:
    """No check-in is older than the account; a sub-user may be younger than what it sees."""
    try:
        opened = datetime.fromisoformat(account.creation_date)
    except ValueError:
        return moment - _YEARS_BACK
    opened = opened if opened.tzinfo else opened.replace(tzinfo=UTC)
    return opened - timedelta(days=1) if account.is_owner else min(opened, moment - _YEARS_BACK)
