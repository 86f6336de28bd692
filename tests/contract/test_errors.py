"""Each documented answer that is no success, and each way a call can go wrong on its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.navixy import checkins, errors, forms, people, places, users
from dashboard.navixy.checkins import Circle, Query
from dashboard.navixy.client import Client, Credential, RetryPolicy, Transport
from dashboard.navixy.conditions import Eq
from dashboard.navixy.envelope import CODES
from dashboard.navixy.errors import (
    BadReply,
    InvalidRequest,
    NavixyError,
    NotAllowed,
    NotFound,
    RateLimited,
    Refused,
    SessionEnded,
    SignInFailed,
    TooBroad,
    Unavailable,
    Unreachable,
    WrongState,
)
from dashboard.navixy.limiter import NoLimiter, shared_limiter
from dashboard.navixy.transport import Timeouts
from dashboard.sandbox import Fault, Sandbox
from dashboard.sandbox.errors import KNOWN
from dashboard.sandbox.people import Person
from tests.conftest import NOW

Connect = Callable[..., Client]
People = Callable[[str], Person]


@pytest.fixture
def nobody(sandbox_url: str, hasty: Transport) -> Client:
    """A client without a credential, for signing in."""
    retry = RetryPolicy(sleep=lambda _seconds: None)
    return Client(base_url=sandbox_url, credential=None, transport=hasty, limiter=NoLimiter(), retry=retry)


def refused(kind: type[NavixyError], call: Callable[[], object], *, code: int | None = None) -> NavixyError:
    with pytest.raises(kind) as caught:
        call()
    assert type(caught.value) is kind
    if code is not None:
        assert caught.value.code == code
    return caught.value


# signing in (ref 2.1) ---------------------------------------------------------------------------------


def test_a_login_and_password_open_a_session(nobody: Client, person: People) -> None:
    who = person("owner")
    signed_in = users.sign_in(nobody, who.login, who.password)
    assert isinstance(signed_in, users.SignedIn)
    client = nobody.acting_as(Credential(signed_in.hash))
    assert users.get_info(client).login == who.login


def test_a_server_that_leaves_out_the_type_has_authenticated(
    nobody: Client, person: People, sandbox: Sandbox
) -> None:
    sandbox.switches.type_in_auth_answer = False
    who = person("owner")
    assert isinstance(users.sign_in(nobody, who.login, who.password), users.SignedIn)


def test_the_password_is_sent_without_a_credential_and_kept_nowhere(
    navixy: Connect, person: People, sandbox: Sandbox
) -> None:
    client, who = navixy(), person("owner")
    sandbox.clear_calls()
    users.sign_in(client, who.login, who.password)
    (call,) = sandbox.calls
    assert call.credential_in is None
    assert call.params == {"login": who.login, "password": "***"}


def test_a_wrong_password_is_a_failed_sign_in(nobody: Client, person: People) -> None:
    refused(SignInFailed, lambda: users.sign_in(nobody, person("owner").login, "wrong"), code=102)


@pytest.mark.parametrize("code", [11, 102, 103, 104, 105, 275])
def test_each_reason_of_a_failed_sign_in(code: int, nobody: Client, person: People, sandbox: Sandbox) -> None:
    sandbox.switches.auth_error = code
    who = person("owner")
    refused(SignInFailed, lambda: users.sign_in(nobody, who.login, who.password), code=code)
    assert len(sandbox.calls) == 1


def test_a_sign_in_is_never_tried_twice(nobody: Client, person: People, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(action="user/auth", kind="error_500", times=None))
    who = person("owner")
    refused(Unavailable, lambda: users.sign_in(nobody, who.login, who.password))
    assert len(sandbox.calls) == 1


def test_a_second_factor_is_asked_and_verified(nobody: Client, person: People) -> None:
    who = person("mfa")
    first = users.sign_in(nobody, who.login, who.password)
    assert isinstance(first, users.SecondFactor)
    assert first.factor_type == "email"
    halfway = nobody.acting_as(Credential(first.hash, kind="second_factor"))
    refused(SessionEnded, lambda: users.get_info(halfway), code=4)
    refused(SignInFailed, lambda: users.verify_code(halfway, "000000"), code=282)
    whole = users.verify_code(halfway, who.second_factor_code or "")
    assert users.get_info(nobody.acting_as(Credential(whole.hash))).login == who.login


def test_a_second_code_comes_every_five_minutes_only(nobody: Client, person: People) -> None:
    who = person("mfa")
    first = users.sign_in(nobody, who.login, who.password)
    halfway = nobody.acting_as(Credential(first.hash, kind="second_factor"))
    refused(WrongState, lambda: users.resend_code(halfway), code=264)


def test_an_api_key_works_and_cannot_be_renewed_or_signed_out(nobody: Client, person: People) -> None:
    client = nobody.acting_as(Credential(person("api").api_key or "", kind="api_key"))
    assert users.get_info(client).is_owner
    refused(SessionEnded, lambda: users.renew(client), code=4)
    refused(SessionEnded, lambda: users.sign_out(client), code=4)


def test_a_session_can_be_renewed(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    users.renew(client)
    assert sandbox.calls[-1].code is None


def test_a_signed_out_session_is_over(navixy: Connect) -> None:
    client = navixy()
    users.sign_out(client)
    refused(SessionEnded, lambda: users.get_info(client), code=3)


@pytest.mark.parametrize(("value", "code"), [("0" * 32, 4), ("nonsense", 3)])
def test_a_credential_nobody_gave_is_an_ended_session(value: str, code: int, nobody: Client) -> None:
    refused(SessionEnded, lambda: users.get_info(nobody.acting_as(Credential(value))), code=code)


def test_an_ended_session_is_never_asked_again(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    sandbox.end_sessions()
    sandbox.clear_calls()
    refused(SessionEnded, lambda: people.list_trackers(client), code=4)
    assert len(sandbox.calls) == 1


# what the calls themselves refuse ---------------------------------------------------------------------


def test_a_period_that_is_too_long_is_too_broad(navixy: Connect) -> None:
    query = Query(start=NOW - timedelta(days=100), end=NOW)
    refused(TooBroad, lambda: checkins.search(navixy(), query, limit=5), code=211)


def test_a_page_that_is_too_large_is_too_broad(navixy: Connect, sandbox: Sandbox) -> None:
    sandbox.switches.max_limit = 100
    query = Query(start=NOW - timedelta(days=1))
    refused(TooBroad, lambda: checkins.search(navixy(), query, limit=101), code=212)


def test_a_period_that_is_required_is_named(navixy: Connect, sandbox: Sandbox) -> None:
    sandbox.switches.require_period = True
    error = refused(InvalidRequest, lambda: checkins.search(navixy(), Query(), limit=5), code=7)
    assert isinstance(error, InvalidRequest)
    assert [one.parameter for one in error.parameters] == ["interval"]


def test_a_tracker_that_is_gone_is_an_invalid_request(navixy: Connect) -> None:
    query = Query(start=NOW - timedelta(days=1), trackers=(1,))
    refused(InvalidRequest, lambda: checkins.search(navixy(), query, limit=5), code=217)


def test_a_tracker_of_others_is_an_invalid_request(navixy: Connect, sandbox: Sandbox) -> None:
    visible = sandbox.listed_trackers(sandbox.person("viewer"))
    hidden = min(sandbox.listed_trackers(sandbox.person("owner")) - visible)
    query = Query(start=NOW - timedelta(days=1), trackers=(hidden,))
    refused(InvalidRequest, lambda: checkins.search(navixy("viewer"), query, limit=5), code=217)


def test_the_dealers_limit_is_not_allowed(navixy: Connect, sandbox: Sandbox) -> None:
    sandbox.switches.dealer_limit_exceeded = True
    refused(NotAllowed, lambda: checkins.search(navixy(), Query(), limit=5), code=221)


@pytest.mark.parametrize("call", ["search", "read", "export"])
def test_reading_without_the_right_is_not_allowed(call: str, navixy: Connect, sandbox: Sandbox) -> None:
    sandbox.switches.enforce_checkin_read_right = True
    client, query = navixy("viewer"), Query(start=NOW - timedelta(days=1))
    calls: dict[str, Callable[[], object]] = {
        "search": lambda: checkins.search(client, query, limit=5),
        "read": lambda: checkins.read(client, 101),
        "export": lambda: checkins.export(client, query, format="xlsx"),
    }
    refused(NotAllowed, calls[call], code=13)


def test_a_checkin_nobody_made_is_not_found(navixy: Connect) -> None:
    refused(NotFound, lambda: checkins.read(navixy(), 999_999_999), code=204)


def test_a_checkin_of_others_is_not_found(navixy: Connect, sandbox: Sandbox) -> None:
    visible = {one.id for one in sandbox.visible_checkins("viewer")}
    hidden = next(one.id for one in sandbox.visible_checkins("owner") if one.id not in visible)
    refused(NotFound, lambda: checkins.read(navixy("viewer"), hidden), code=204)


def test_a_form_nobody_filled_is_not_found(navixy: Connect) -> None:
    refused(NotFound, lambda: forms.read_form(navixy(), 999_999_999), code=201)
    refused(NotFound, lambda: forms.download_form(navixy(), 999_999_999, format="pdf"), code=201)


def test_a_template_that_is_gone_is_not_found(navixy: Connect) -> None:
    refused(NotFound, lambda: forms.read_template(navixy(), 999), code=201)


def test_deleting_what_is_gone_is_not_found_and_deletes_nothing(navixy: Connect, sandbox: Sandbox) -> None:
    refused(NotFound, lambda: checkins.delete(navixy(), [101, 999_999_999]), code=201)
    assert sandbox.world.checkin(101) is not None


def test_deleting_without_the_feature_is_not_allowed(navixy: Connect, sandbox: Sandbox) -> None:
    sandbox.switches.checkin_update = False
    refused(NotAllowed, lambda: checkins.delete(navixy(), [101]), code=13)


def test_deleting_nothing_is_not_sent(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    sandbox.clear_calls()
    refused(errors.NotSendable, lambda: checkins.delete(client, []))
    assert sandbox.calls == []


def test_an_unknown_call_is_refused(navixy: Connect) -> None:
    error = refused(Refused, lambda: navixy().read("checkin/update"))
    assert error.code in (111, 112)


def test_no_place_for_an_address_is_no_error(navixy: Connect) -> None:
    assert places.search_address(navixy(), "qqqqqqq zzzzzz") == ()


def test_too_many_requests_say_how_long_to_wait(navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    sandbox.faults.add(Fault(action="tag/list", kind="rate_limit", seconds=30))
    error = refused(RateLimited, lambda: people.list_tags(client), code=15)
    assert isinstance(error, RateLimited)
    assert error.retry_after == 30


def test_a_server_that_counts_requests_is_never_overrun(navixy: Connect, sandbox: Sandbox) -> None:
    client = replace(navixy(), limiter=shared_limiter(per_second=40))
    sandbox.switches.rate_per_second = 50
    for _ in range(70):
        people.list_tags(client)
    assert not [call for call in sandbox.calls if call.code == 15]


# what may happen on the way ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(KNOWN))
def test_each_error_of_the_platform_has_its_class(code: int, navixy: Connect, sandbox: Sandbox) -> None:
    client = replace(navixy(), retry=RetryPolicy(tries=1))
    sandbox.faults.add(Fault(action="tag/list", kind="error", code=code))
    refused(CODES.get(code, Refused), lambda: people.list_tags(client), code=code)


FAULTS: dict[str, tuple[type[NavixyError], bool]] = {
    "error_500": (Unavailable, True),
    "html_502": (Unavailable, True),
    "reset": (Unreachable, True),
    "rate_limit": (RateLimited, True),
    "timeout": (Unreachable, False),
    "truncated": (BadReply, False),
    "bad_json": (BadReply, False),
    "session_end": (SessionEnded, False),
}


def struck(kind: str, *, action: str = "tag/list", times: int | None = 1) -> Fault:
    return Fault(action=action, kind=kind, times=times, seconds=1.5 if "timeout" in kind else None)


@pytest.mark.parametrize("kind", FAULTS)
def test_each_fault_that_stays_has_its_class(kind: str, navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    sandbox.clear_calls()
    sandbox.faults.add(struck(kind, times=None))
    expected, retried = FAULTS[kind]
    error = refused(expected, lambda: people.list_tags(client))
    assert len(sandbox.calls) == (3 if retried else 1)
    assert error.message.endswith(".")


@pytest.mark.parametrize("kind", [kind for kind, (_, retried) in FAULTS.items() if retried])
def test_a_fault_that_passes_is_not_noticed_by_a_read(kind: str, navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    sandbox.faults.add(struck(kind))
    assert len(people.list_tags(client)) == len(sandbox.world.tags)


def test_a_slow_answer_is_the_right_answer(navixy: Connect, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(action="tag/list", kind="slow", seconds=0.3))
    assert len(people.list_tags(navixy())) == len(sandbox.world.tags)


@pytest.mark.parametrize(
    ("kind", "happened"),
    [
        ("error_500", False),
        ("html_502", False),
        ("reset", False),
        ("timeout", False),
        ("truncated", True),
        ("bad_json", True),
        ("effect_reset", True),
        ("effect_timeout", True),
    ],
)
def test_a_write_is_sent_once_and_tells_that_it_may_have_happened(
    kind: str, happened: bool, navixy: Connect, sandbox: Sandbox
) -> None:
    client = navixy()
    sandbox.clear_calls()
    sandbox.faults.add(struck(kind, action="checkin/delete"))
    with pytest.raises(NavixyError) as caught:
        checkins.delete(client, [101])
    assert len(sandbox.calls) == 1
    assert (sandbox.world.checkin(101) is None) == happened
    assert caught.value.maybe_applied
    assert "not known whether the change was made" in caught.value.message


def test_a_write_that_never_left_surely_did_nothing(navixy: Connect) -> None:
    away = replace(navixy(), base_url="http://127.0.0.1:1/v2")
    error = refused(Unreachable, lambda: checkins.delete(away, [101]))
    assert not error.maybe_applied


@pytest.mark.parametrize("kind", ["error_500", "html_502", "reset", "truncated", "session_end"])
def test_a_file_that_fails_raises_like_any_call(kind: str, navixy: Connect, sandbox: Sandbox) -> None:
    client = navixy()
    sandbox.faults.add(struck(kind, action="checkin/list", times=None))

    def fetch() -> bytes:
        with checkins.export(client, Query(start=NOW - timedelta(days=1)), format="pdf") as file:
            return b"".join(file.iter_bytes())

    refused(FAULTS[kind][0], fetch)


def test_a_peer_that_hangs_costs_its_time_out_once(navixy: Connect, sandbox: Sandbox) -> None:
    client = replace(navixy(), transport=Transport(timeouts=Timeouts(connect=0.2, read=0.2)))
    sandbox.clear_calls()
    sandbox.faults.add(Fault(action="tag/list", kind="timeout", times=None, seconds=0.6))
    error = refused(Unreachable, lambda: people.list_tags(client))
    assert isinstance(error, Unreachable)
    assert (error.reason, error.sent, len(sandbox.calls)) == ("timeout", True, 1)


def test_the_sandbox_itself_refuses_what_our_limits_forbid(navixy: Connect, sandbox: Sandbox) -> None:
    """Both readings of ref 4 agree: the same trees pass and fail on either side."""
    client = navixy()
    wire = [Eq("form", n).to_wire() for n in range(73)]
    refused(InvalidRequest, lambda: client.read("checkin/list", {"conditions": wire, "limit": 1}), code=7)
    refused(errors.InvalidRequest, lambda: client.read("checkin/list", {"sort": ["ssn=asc"]}), code=7)
    circle = {"lat": 91, "lng": 0, "radius": 5}
    refused(InvalidRequest, lambda: client.read("checkin/list", {"location": circle}), code=7)
    with pytest.raises(errors.NotSendable):
        Circle(**circle)
