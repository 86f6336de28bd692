"""What must never leave the server, and what every answer must say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.debug import ExceptionReporter
from lxml import html

from dashboard.entrance import sign_in
from dashboard.health import metrics
from dashboard.sandbox import Sandbox

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
PUBLIC = {"sign-in/", "sign-out/", "healthz", "readyz", "metrics"}
PUBLIC_PREFIXES = ("basemap/",)  # outlines and towns of the world


def text(response: Any) -> str:
    return b"".join(response).decode(errors="replace")


def test_a_crash_report_hides_what_was_typed() -> None:
    request = RequestFactory().post("/sign-in/", {"login": "x", "password": "my-secret-word"})
    try:
        sign_in(request)  # no session: it breaks
    except AttributeError as error:
        report = ExceptionReporter(request, type(error), error, error.__traceback__).get_traceback_text()
    assert "my-secret-word" not in report


# --- doors -------------------------------------------------------------------------------------------------


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address of the URLconf with something plausible in place of its parameters."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield re.sub(r"<(int:)?\w+>", "1", re.sub(r"<(str|slug|path|uuid):\w+>", "x", route))
        else:
            yield from addresses(one, route)


def closed() -> Iterator[str]:
    return (one for one in addresses() if one not in PUBLIC and not one.startswith(PUBLIC_PREFIXES))


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", list(closed()))
def test_no_address_answers_a_stranger(client: Client, sandbox: Sandbox, address: str, method: str) -> None:
    answer = getattr(client, method)(f"/{address}")
    assert answer.status_code in (302, 401, 403, 404, 405), address
    if answer.status_code == 302:
        assert answer["Location"].startswith("/sign-in/?next=")
    assert sandbox.calls == []


def test_a_stranger_in_a_swap_is_sent_to_sign_in(client: Client) -> None:
    answer = client.get("/account/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Faccount%2F"


@pytest.mark.parametrize(
    "url", ["/sign-in/", "/sign-out/", "/account/preferences/", "/account/sessions/1/end/"]
)
def test_a_post_without_our_token_is_refused(signed_in: SignedIn, url: str) -> None:
    web = signed_in()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = web.cookies
    answer = strict.post(url, {"person": "viewer", "theme": "dark"})
    assert answer.status_code == 403
    assert "This page is out of date" in text(answer)
    assert web.get("/account/").status_code == 200


def test_a_token_from_before_the_sign_in_is_stale(sandbox: Sandbox) -> None:
    strict = Client(enforce_csrf_checks=True)
    token = _token(strict, "/sign-in/")
    strict.post("/sign-in/", {"person": "owner", "csrfmiddlewaretoken": token})
    stale = strict.post("/account/preferences/", {"theme": "dark", "csrfmiddlewaretoken": token})
    assert stale.status_code == 403
    fresh = {"theme": "dark", "csrfmiddlewaretoken": _token(strict, "/account/")}
    assert strict.post("/account/preferences/", fresh).status_code == 302


def _token(web: Client, url: str) -> str:
    match = re.search(r'name="csrf-token" content="(\w+)"', text(web.get(url)))
    assert match
    return match[1]


def test_htmx_sends_the_token_as_a_header(sandbox: Sandbox) -> None:
    strict = Client(enforce_csrf_checks=True)
    token = _token(strict, "/sign-in/")
    answer = strict.post("/sign-in/", {"person": "owner"}, headers={"X-CSRFToken": token})
    assert answer.status_code == 302


def test_a_refused_token_in_a_swap_is_told_in_place(signed_in: SignedIn) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in().cookies
    answer = strict.post("/account/preferences/", {}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (403, "#problem")


@pytest.mark.parametrize("url", ["/sign-out/", "/account/preferences/", "/account/sessions/1/end/"])
def test_nothing_changes_by_get(signed_in: SignedIn, url: str) -> None:
    web = signed_in()
    assert web.get(url).status_code == 405
    assert web.get("/account/").status_code == 200


# --- headers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/sign-in/", "/account/", "/account/storage/", "/no-such-page/", "/healthz"])
def test_every_answer_carries_the_headers(signed_in: SignedIn, url: str) -> None:
    answer = signed_in().get(url)
    expected = {
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    assert {name: answer[name] for name in expected} == expected
    assert "camera=()" in answer["Permissions-Policy"]


def test_the_policy_lets_nothing_in_but_ours(client: Client) -> None:
    policy = client.get("/sign-in/")["Content-Security-Policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert directives["form-action"] == "'self'"
    assert "unsafe" not in policy


@pytest.mark.parametrize("url", ["/sign-in/", "/account/", "/checkins/", "/checkins/?view=map", "/no/"])
def test_no_page_has_inline_script_or_style(signed_in: SignedIn, url: str) -> None:
    page = html.document_fromstring((Client() if url == "/sign-in/" else signed_in()).get(url).content)
    assert page.xpath("//style | //script[not(@src) and not(@type='application/json')]") == []
    handlers = "//@*[starts-with(name(), 'on') or starts-with(name(), 'hx-on') or name() = 'style']"
    assert page.xpath(handlers) == []


def test_the_session_cookie_is_for_the_server_alone(client: Client, sandbox: Sandbox) -> None:
    cookie = client.post("/sign-in/", {"person": "owner"}).cookies["fielddesk-session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_long_pages_are_compressed_and_photos_are_not(signed_in: SignedIn) -> None:
    page = signed_in().get("/account/", headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"


# --- for machines ------------------------------------------------------------------------------------------


def test_healthy_and_ready(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"
    answer = client.get("/readyz")
    assert (answer.status_code, set(answer.json().values())) == (200, {True})


def test_not_ready_without_its_cache(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(cache, "set", fails)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.content)["cache"] is False


def test_metrics_are_off_unless_asked_for(client: Client) -> None:
    assert client.get("/metrics").status_code == 404


def test_metrics_count_calls_and_name_nobody(signed_in: SignedIn, settings: Settings) -> None:
    settings.METRICS = True
    signed_in().get("/account/storage/")
    told = metrics(RequestFactory().get("/metrics")).content.decode()
    assert 'fielddesk_navixy_calls_total{action="file/stats/read",outcome="ok"}' in told
    assert "demo.example" not in told
