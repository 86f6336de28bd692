"""From a request to where its routes come from."""

from datetime import datetime

from django.core.cache import cache

from checkpoints import tags
from checkpoints.services import Source
from dashboard import names
from dashboard.accounts import Account
from dashboard.clock import now
from dashboard.http import DashboardRequest
from dashboard.navixy.client import Client
from dashboard.near import Near

_at_hand = Near(cache)


def source_of(request: DashboardRequest) -> Source:
    """Begins to fetch names at once when they are not fresh, beside whatever is asked for next."""
    return source_for(request.account, request.navixy, now())


def source_for(account: Account, client: Client, moment: datetime) -> Source:
    """For work without a request: `moment` is the one that "today" means."""
    return Source(
        client=client,
        lookup=names.begin(client, _at_hand, account.cache_key, moment),
        tags=tags.begin(client, _at_hand, account.cache_key),
        zone=account.zone,
        now=moment,
    )
