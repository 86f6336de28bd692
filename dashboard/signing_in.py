"""From what somebody typed to a session: password, second factor, API key, demo person."""

from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from dashboard import accounts, connect, sessions, throttle
from dashboard.accounts import Account, Pending
from dashboard.connect import DemoPerson, Region
from dashboard.jobs import desk as jobs
from dashboard.navixy import users
from dashboard.navixy.users import SecondFactor, UserInfo

__all__ = ["Outcome", "as_demo_person", "with_api_key", "with_code", "with_password"]

Outcome = Literal["in", "code"]


def with_password(request: HttpRequest, region: Region, login: str, password: str) -> Outcome:
    """Raises Throttled, SignInFailed and the rest of NavixyError."""
    with throttle.counted(request, login):
        answer = users.sign_in(connect.anonymous_client(region), login, password)
    if isinstance(answer, SecondFactor):
        accounts.await_code(request, region, login, answer)
        return "code"
    _enter(request, region, answer.hash, "session", login=login)
    return "in"


def with_code(request: HttpRequest, pending: Pending, code: str) -> None:
    """Raises Throttled, SignInFailed (282), SessionEnded when the code took too long."""
    with throttle.counted(request, f"code {pending.login}"):
        answer = users.verify_code(pending.client(), code)
    _enter(request, pending.region, answer.hash, "session", login=pending.login)


def with_api_key(request: HttpRequest, region: Region, api_key: str) -> None:
    with throttle.counted(request, ""):
        _enter(request, region, api_key, "api_key", login="")


def as_demo_person(request: HttpRequest, person: DemoPerson) -> Outcome:
    region = connect.regions()[0]
    if person.api_key:
        with_api_key(request, region, person.api_key)
        return "in"
    return with_password(request, region, person.login, person.password)


def _enter(
    request: HttpRequest, region: Region, credential: str, kind: Literal["session", "api_key"], *, login: str
) -> None:
    client = connect.client_with(region.url, credential, kind)
    account = _account(users.get_info(client), region, kind, login)
    accounts.remember(request.session, account, credential)
    rotate_token(request)
    sessions.start(request, account)
    jobs.go_on(account)


def _account(info: UserInfo, region: Region, kind: Literal["session", "api_key"], login: str) -> Account:
    return Account(
        user_id=info.id,
        account_id=info.account_id,
        login=info.login or login,
        name=" ".join(filter(None, (info.first_name, info.last_name))) or info.title or info.login or login,
        zone_name=_zone_name(info.zone),
        date_format=info.date_format,
        hour_mode=info.hour_mode,
        locale=info.locale,
        measurement_system=info.measurement_system,
        rights=info.rights,
        kind=kind,
        region=region.name,
        api_url=region.url,
        creation_date=info.creation_date.isoformat() if info.creation_date else "",
        demo=info.demo,
    )


def _zone_name(name: str) -> str:
    """An unknown zone must not lock anybody out; the page names the zone it uses instead."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
