"""Every way in, every way it can fail, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from dashboard import connect
from dashboard.clock import frozen, now
from dashboard.models import SignIn
from dashboard.sandbox import Fault, FrozenClock

if TYPE_CHECKING:
    from pytest_django import Settings

    from dashboard.sandbox import Sandbox
    from dashboard.sandbox.people import Person

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
WRONG = {"login": "owner@demo.example", "password": "wrong"}


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_demo_offers_its_people(client: Client, sandbox: Sandbox) -> None:
    page = text(client.get("/sign-in/"))
    for one in sandbox.people:
        assert one.shows.replace("'", "&#x27;") in page
        assert f'value="{one.key}"' in page


@pytest.mark.parametrize("key", ["owner", "dispatcher", "viewer", "api"])
def test_one_click_signs_a_demo_person_in(client: Client, sandbox: Sandbox, key: str) -> None:
    answer = client.post("/sign-in/", {"person": key})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 200


def test_a_real_installation_offers_nobody(client: Client, sandbox: Sandbox, settings: Settings) -> None:
    settings.DEMO = False
    assert 'name="person"' not in text(client.get("/sign-in/"))
    assert client.post("/sign-in/", {"person": "owner"})["Location"] == "/sign-in/"


def test_login_and_password(client: Client, person: Callable[[str], Person]) -> None:
    who = person("dispatcher")
    client.post("/sign-in/", {"login": who.login, "password": who.password})
    assert who.name in text(client.get("/account/"))


def test_an_api_key(client: Client, person: Callable[[str], Person]) -> None:
    client.post("/sign-in/", {"api_key": person("api").api_key or ""})
    assert "an API key" in text(client.get("/account/"))


def test_a_second_factor_asks_for_the_code(client: Client, person: Callable[[str], Person]) -> None:
    who = person("mfa")
    client.post("/sign-in/?next=/account/", {"login": who.login, "password": who.password})
    assert client.get("/account/").status_code == 302
    assert "Enter the code" in text(client.get("/sign-in/"))
    answer = client.post("/sign-in/", {"code": who.second_factor_code or "", "next": "/account/"})
    assert answer["Location"] == "/account/"
    assert who.name in text(client.get("/account/"))


def test_who_awaits_a_code_is_no_longer_somebody_else(
    client: Client, person: Callable[[str], Person]
) -> None:
    client.post("/sign-in/", {"person": "viewer"})
    asked = client.post("/sign-in/", {"login": person("mfa").login, "password": person("mfa").password})
    assert asked["Location"] == "/sign-in/"
    assert "Enter the code" in text(client.get("/sign-in/"))
    assert client.get("/account/").status_code == 302


def test_a_wrong_code_says_so_and_asks_again(client: Client, sandbox: Sandbox) -> None:
    client.post("/sign-in/", {"person": "mfa"})
    answer = client.post("/sign-in/", {"code": "000000"})
    assert answer.status_code == 422
    assert "The code is wrong" in text(answer)
    assert 'name="code"' in text(answer)


def test_a_code_that_comes_too_late_starts_over(client: Client, sandbox: Sandbox) -> None:
    client.post("/sign-in/", {"person": "mfa"})
    with frozen(now() + timedelta(minutes=16)):
        assert 'name="code"' not in text(client.get("/sign-in/"))


def test_another_login_can_be_chosen_instead_of_the_code(client: Client, sandbox: Sandbox) -> None:
    client.post("/sign-in/", {"person": "mfa"})
    client.post("/sign-in/", {"start_over": "1"})
    assert 'name="code"' not in text(client.get("/sign-in/"))


def test_a_new_code_can_be_sent_once_in_five_minutes(
    client: Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/sign-in/", {"person": "mfa"})
    too_soon = client.post("/sign-in/", {"resend": "1"})
    assert too_soon.status_code == 409
    assert "only a moment ago" in text(too_soon)
    assert 'name="code"' in text(too_soon)
    monkeypatch.setattr(sandbox, "clock", FrozenClock(now() + timedelta(minutes=6)))
    assert "A new code is on its way" in text(client.post("/sign-in/", {"resend": "1"}, follow=True))


@pytest.mark.parametrize(
    ("login", "sentence"),
    [
        ("nobody@demo.example", "Login or password is wrong"),
        ("inactive@demo.example", "not activated yet"),
        ("too-many-sessions@demo.example", "too many open sessions"),
        ("too-many-attempts@demo.example", "Too many attempts"),
        ("blocked@demo.example", "This login is blocked"),
        ("dealer-blocked@demo.example", "closed access"),
    ],
)
def test_each_refusal_has_its_sentence(client: Client, sandbox: Sandbox, login: str, sentence: str) -> None:
    answer = client.post("/sign-in/", {"login": login, "password": "secret-word"})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert login in text(answer)
    assert "secret-word" not in text(answer)


def test_an_unknown_api_key_is_named_as_such(client: Client, sandbox: Sandbox) -> None:
    answer = client.post("/sign-in/", {"api_key": "0" * 32})
    assert answer.status_code == 422
    assert "does not know this API key" in text(answer)
    assert SignIn.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"login": "", "password": "x"}, "Enter your login"),
        ({"login": "x", "password": ""}, "Enter your password"),
        ({"api_key": "short"}, "An API key is 32 characters"),
        ({}, "Enter your login"),
    ],
)
def test_bad_input_never_reaches_navixy(
    client: Client, sandbox: Sandbox, data: dict[str, str], sentence: str
) -> None:
    answer = client.post("/sign-in/", data)
    assert (answer.status_code, sandbox.calls) == (422, [])
    assert sentence in text(answer)
    assert 'aria-invalid="true"' in text(answer)


def test_navixy_out_of_reach_is_told_and_not_counted(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(action="user/auth", kind="html_502", times=8))
    for _ in range(8):
        answer = client.post("/sign-in/", WRONG)
        assert answer.status_code == 503
        assert "Navixy has a problem of its own" in text(answer)
    assert client.post("/sign-in/", {"person": "owner"}).status_code == 302


def test_someone_signed_in_need_not_sign_in_again(signed_in: SignedIn) -> None:
    assert signed_in().get("/sign-in/?next=/account/")["Location"] == "/account/"


# --- where to go next --------------------------------------------------------------------------------------


def test_the_way_back_keeps_the_whole_address(client: Client, sandbox: Sandbox) -> None:
    asked = client.get("/checkins/?tracker=4&sort=marker_time%3Dasc")
    assert asked["Location"] == "/sign-in/?next=%2Fcheckins%2F%3Ftracker%3D4%26sort%3Dmarker_time%253Dasc"
    page = client.get(asked["Location"])
    assert 'value="/checkins/?tracker=4&amp;sort=marker_time%3Dasc"' in text(page)
    answer = client.post(
        "/sign-in/", {"person": "owner", "next": "/checkins/?tracker=4&sort=marker_time%3Dasc"}
    )
    assert answer["Location"] == "/checkins/?tracker=4&sort=marker_time%3Dasc"


@pytest.mark.parametrize(
    "hostile",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "\t//evil.example",
    ],
)
def test_the_way_back_never_leaves_this_site(client: Client, sandbox: Sandbox, hostile: str) -> None:
    assert client.post("/sign-in/", {"person": "owner", "next": hostile})["Location"] == "/"


# --- regions -----------------------------------------------------------------------------------------------


def test_regions_are_a_choice_and_only_these(
    client: Client, sandbox: Sandbox, settings: Settings, person: Callable[[str], Person]
) -> None:
    settings.NAVIXY_REGIONS = {"EU": "http://127.0.0.1:9/v2", "Here": settings.NAVIXY_API_URL}
    assert '<option value="Here"' in text(client.get("/sign-in/"))
    form = {"login": person("owner").login, "password": person("owner").password}
    assert client.post("/sign-in/", form | {"region": "EU"}).status_code == 504
    assert client.post("/sign-in/", form | {"region": "https://evil.example"}).status_code == 504
    assert client.post("/sign-in/", form | {"region": "Here"}).status_code == 302
    assert "Here" in text(client.get("/account/"))


def test_a_region_that_is_no_longer_configured_gets_no_credential(
    signed_in: SignedIn, sandbox: Sandbox, settings: Settings
) -> None:
    web = signed_in()
    settings.NAVIXY_API_URL = "http://127.0.0.1:9/v2"
    assert web.get("/account/")["Location"].startswith("/sign-in/")


# --- throttling --------------------------------------------------------------------------------------------


def test_the_sixth_wrong_try_waits_and_says_how_long(client: Client, sandbox: Sandbox) -> None:
    for _ in range(5):
        assert client.post("/sign-in/", WRONG).status_code == 422
    answer = client.post("/sign-in/", WRONG)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 120
    assert "Wait 2 minutes" in text(answer)
    assert len(sandbox.calls_of("user/auth")) == 5


def test_the_wait_ends(client: Client, sandbox: Sandbox) -> None:
    for _ in range(6):
        client.post("/sign-in/", WRONG)
    with frozen(now() + timedelta(seconds=121)):
        assert client.post("/sign-in/", {"person": "owner"}).status_code == 302


def test_a_stranger_elsewhere_does_not_lock_the_owner_out(client: Client, sandbox: Sandbox) -> None:
    for _ in range(6):
        client.post("/sign-in/", WRONG, REMOTE_ADDR="198.51.100.7")
    assert client.post("/sign-in/", {"person": "owner"}).status_code == 302


def test_one_name_from_many_addresses_waits_minutes_at_most(client: Client, sandbox: Sandbox) -> None:
    for host in range(20):
        client.post("/sign-in/", WRONG, REMOTE_ADDR=f"198.51.100.{host}")
    answer = client.post("/sign-in/", WRONG, REMOTE_ADDR="203.0.113.1")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= 180


def test_tries_that_must_wait_do_not_keep_the_office_out(client: Client, sandbox: Sandbox) -> None:
    for _ in range(40):
        client.post("/sign-in/", WRONG)
    assert client.post("/sign-in/", {"person": "viewer"}).status_code == 302


def test_one_address_with_many_names_waits(client: Client, sandbox: Sandbox) -> None:
    for number in range(30):
        client.post("/sign-in/", {"login": f"guess-{number}", "password": "x"})
    assert client.post("/sign-in/", {"login": "one-more", "password": "x"}).status_code == 429


def test_success_wipes_the_slate(client: Client, sandbox: Sandbox) -> None:
    for _ in range(2):
        for _ in range(4):
            client.post("/sign-in/", WRONG)
        assert client.post("/sign-in/", {"person": "owner"}).status_code == 302


def test_an_office_behind_one_address_can_all_sign_in(sandbox: Sandbox) -> None:
    answers = [Client().post("/sign-in/", {"person": "viewer"}).status_code for _ in range(35)]
    assert set(answers) == {302}


def test_codes_are_throttled_too(client: Client, sandbox: Sandbox) -> None:
    client.post("/sign-in/", {"person": "mfa"})
    answers = [client.post("/sign-in/", {"code": f"{n:06}"}).status_code for n in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_forged_forwarded_header_changes_nothing(client: Client, sandbox: Sandbox) -> None:
    for n in range(5):
        client.post("/sign-in/", WRONG, headers={"X-Forwarded-For": f"192.0.2.{n}"})
    assert client.post("/sign-in/", WRONG, headers={"X-Forwarded-For": "192.0.2.9"}).status_code == 429


def test_behind_a_proxy_of_ours_its_word_counts(client: Client, sandbox: Sandbox, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    for n in range(6):
        client.post("/sign-in/", WRONG, headers={"X-Forwarded-For": f"203.0.113.{n}, 192.0.2.1"})
    told = {"X-Forwarded-For": "203.0.113.99, 192.0.2.1"}
    assert client.post("/sign-in/", WRONG, headers=told).status_code == 429
    assert client.post("/sign-in/", WRONG, headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 422


# --- the session -------------------------------------------------------------------------------------------


def test_signing_in_changes_the_session_key(client: Client, sandbox: Sandbox) -> None:
    client.post("/sign-in/", {"person": "mfa"})
    before = client.session.session_key
    client.post("/sign-in/", {"code": "246810"})
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_out_ends_both_sessions(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    old_cookie = web.cookies["fielddesk-session"].value
    assert web.post("/sign-out/")["Location"] == "/sign-in/"
    assert len(sandbox.calls_of("user/logout")) == 1
    assert SignIn.objects.count() == 0
    web.cookies["fielddesk-session"] = old_cookie
    assert web.get("/account/").status_code == 302


@pytest.mark.parametrize("kind", ["error_500", "html_502", "reset"])
def test_signing_out_works_without_navixy(signed_in: SignedIn, sandbox: Sandbox, kind: str) -> None:
    web = signed_in()
    sandbox.faults.add(Fault(action="user/logout", kind=kind, times=None))
    assert "Navixy could not be told" in text(web.post("/sign-out/", follow=True))
    assert web.get("/account/").status_code == 302


def test_an_api_key_is_not_logged_out(signed_in: SignedIn, sandbox: Sandbox) -> None:
    signed_in("api").post("/sign-out/")
    assert sandbox.calls_of("user/logout") == []


def test_signing_out_twice_is_no_error(signed_in: SignedIn) -> None:
    web = signed_in()
    web.post("/sign-out/")
    assert web.post("/sign-out/").status_code == 302


def test_the_session_is_renewed_once_a_day(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    web.get("/account/")
    assert sandbox.calls_of("user/session/renew") == []
    with frozen(now() + timedelta(hours=25)):
        web.get("/account/")
        web.get("/account/")
    assert len(sandbox.calls_of("user/session/renew")) == 1


def test_a_renewal_that_fails_is_put_off(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    sandbox.faults.add(Fault(action="user/session/renew", kind="error_500", times=None))
    with frozen(now() + timedelta(hours=25)):
        assert web.get("/account/").status_code == 200
        assert web.get("/account/").status_code == 200
    assert len(sandbox.calls_of("user/session/renew")) == 1


def test_an_api_key_is_never_renewed(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in("api")
    with frozen(now() + timedelta(days=3)):
        assert web.get("/account/").status_code == 200
    assert sandbox.calls_of("user/session/renew") == []


def test_a_session_over_at_renewal_leads_to_sign_in(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    sandbox.end_sessions()
    with frozen(now() + timedelta(hours=25)):
        assert web.get("/account/")["Location"] == "/sign-in/?next=%2Faccount%2F"


def test_an_unknown_zone_locks_nobody_out(
    client: Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.navixy import users

    told = users.get_info
    monkeypatch.setattr(users, "get_info", lambda client: _with_zone(told(client), "Mars/Olympus_Mons"))
    client.post("/sign-in/", {"person": "owner"})
    assert "UTC (UTC)" in text(client.get("/account/"))


def _with_zone(info: object, zone: str) -> object:
    from dataclasses import replace

    return replace(info, zone=zone)  # type: ignore[type-var]  # a UserInfo


def test_a_new_secret_key_signs_people_out(signed_in: SignedIn, settings: Settings) -> None:
    web = signed_in()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-" * 8, [settings.SECRET_KEY]
    assert web.get("/account/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert web.get("/account/").status_code == 302


def test_the_demo_people_come_from_the_sandbox_alone(settings: Settings) -> None:
    settings.DEMO = False
    assert connect.demo_people() == ()
