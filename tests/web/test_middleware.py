"""What becomes of an error nobody mended: a page, a fragment or JSON, true and with a way on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dashboard.models import SignIn
from dashboard.sandbox import Fault, Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.failing_urls")]
SignedIn = Callable[..., Client]
LIST = "http://testserver/checkins/?tracker=4&page=3"
HTMX = {"HX-Request": "true", "HX-Current-URL": LIST}
FAULTS = [
    ("error_500", None, 503, "Navixy has a problem of its own"),
    ("html_502", None, 503, "Navixy has a problem of its own"),
    ("bad_json", None, 502, "could not be read"),
    ("truncated", None, 502, "could not be read"),
    ("reset", None, 504, "The connection to Navixy broke off"),
    ("timeout", None, 504, "Navixy did not answer in time"),
    ("rate_limit", None, 503, "Navixy is limiting requests"),
    ("error", 13, 403, "You do not have the right"),
    ("error", 201, 404, "not there any more"),
    ("error", 211, 422, "That period is too long"),
    ("error", 7, 422, "did not accept these values"),
    ("error", 255, 409, "no longer in a state"),
    ("error", 268, 507, "storage is full"),
    ("error", 999, 502, "Navixy refused this request"),
]


def text(response: Any) -> str:
    return str(response.content.decode())


def fail(sandbox: Sandbox, kind: str, code: int | None = None) -> None:
    sandbox.faults.add(Fault(action="tag/list", kind=kind, code=code, times=None, seconds=3))


@pytest.mark.parametrize(("kind", "code", "status", "sentence"), FAULTS)
def test_a_page_says_what_happened(
    signed_in: SignedIn, sandbox: Sandbox, kind: str, code: int | None, status: int, sentence: str
) -> None:
    web = signed_in()
    fail(sandbox, kind, code)
    answer = web.get("/read/")
    assert answer.status_code == status
    assert sentence in text(answer)
    assert "<nav" in text(answer)
    assert "What you see is kept" not in text(answer), "nothing is seen"


@pytest.mark.parametrize(("kind", "code", "status", "sentence"), FAULTS)
def test_a_fragment_goes_to_the_problem_region(
    signed_in: SignedIn, sandbox: Sandbox, kind: str, code: int | None, status: int, sentence: str
) -> None:
    web = signed_in()
    fail(sandbox, kind, code)
    answer = web.get("/read/", headers=HTMX)
    assert (answer.status_code, answer["HX-Retarget"]) == (status, "#problem")
    assert answer["HX-Push-Url"] == answer["HX-Replace-Url"] == "false"
    assert sentence in text(answer)
    assert "<html" not in text(answer)


@pytest.mark.parametrize("headers", [{"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}])
def test_boosted_and_restored_pages_are_whole(
    signed_in: SignedIn, sandbox: Sandbox, headers: dict[str, str]
) -> None:
    web = signed_in()
    fail(sandbox, "error_500")
    answer = web.get("/read/", headers=HTMX | headers)
    assert "<html" in text(answer)
    assert "HX-Retarget" not in answer


def test_a_passing_trouble_offers_another_try_of_the_page_one_is_on(
    signed_in: SignedIn, sandbox: Sandbox
) -> None:
    web = signed_in()
    fail(sandbox, "error_500")
    assert 'href="/checkins/?tracker=4&amp;page=3"' in text(web.get("/read/", headers=HTMX))
    assert 'href="/read/?a=1"' in text(web.get("/read/?a=1"))


def test_what_will_not_pass_offers_no_other_try(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    fail(sandbox, "error", 13)
    assert "Try again" not in text(web.get("/read/", headers=HTMX))


def test_scripts_get_json(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    fail(sandbox, "error", 211)
    answer = web.get("/read/", headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["code"] == 211


def test_a_missing_right_is_remembered_for_the_session(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    assert text(web.get("/denied/tag/list/")) == "False"
    sandbox.faults.add(Fault(action="tag/list", kind="error", code=13))
    web.get("/read/")
    assert text(web.get("/denied/tag/list/")) == "True"
    assert text(signed_in("viewer").get("/denied/tag/list/")) == "False"


# --- the session ends --------------------------------------------------------------------------------------


def test_an_ended_session_leads_to_sign_in_and_back(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    sandbox.end_sessions()
    answer = web.get("/read/?a=1&b=2")
    assert answer["Location"] == "/sign-in/?next=%2Fread%2F%3Fa%3D1%26b%3D2"
    page = text(web.get(answer["Location"]))
    assert "Navixy ended your session. Sign in again to continue where you were." in page
    assert 'value="/read/?a=1&amp;b=2"' in page
    assert SignIn.objects.count() == 0


def test_an_ended_session_in_a_swap_leads_to_sign_in_and_back_to_the_list(
    signed_in: SignedIn, sandbox: Sandbox
) -> None:
    web = signed_in()
    sandbox.end_sessions()
    answer = web.get("/read/", headers=HTMX)
    assert (answer.status_code, text(answer)) == (200, "")
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Fcheckins%2F%3Ftracker%3D4%26page%3D3"
    assert "Navixy ended your session" in text(web.get(answer["HX-Redirect"]))


def test_an_ended_session_in_a_form_leads_back_to_the_forms_page(
    signed_in: SignedIn, sandbox: Sandbox
) -> None:
    web = signed_in()
    sandbox.end_sessions()
    answer = web.post("/read/", headers={"Referer": LIST})
    assert answer["Location"] == "/sign-in/?next=%2Fcheckins%2F%3Ftracker%3D4%26page%3D3"


def test_a_page_elsewhere_is_no_way_back(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    sandbox.end_sessions()
    strangers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/checkins/"}
    assert web.get("/read/", headers=strangers)["HX-Redirect"] == "/sign-in/?next=%2Fread%2F"
    answer = web.post("/read/", headers={"Referer": "https://evil.example/x"})
    assert answer["Location"] == "/sign-in/?next=%2F"


def test_a_script_is_told_where_to_sign_in(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    sandbox.end_sessions()
    answer = web.get("/read/", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["sign_in"].startswith("/sign-in/?next=")


def test_a_revoked_api_key_says_so(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in("api")
    sandbox.faults.add(Fault(action="tag/list", kind="error", code=4))
    answer = web.get("/read/", follow=True)
    assert "Navixy no longer accepts this API key" in text(answer)


def test_one_ended_session_leaves_the_others_alone(signed_in: SignedIn, sandbox: Sandbox) -> None:
    first, second = signed_in("owner"), signed_in("viewer")
    sandbox.end_sessions("owner@demo.example")
    assert first.get("/read/").status_code == 302
    assert second.get("/read/").status_code == 200


# --- our own pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [None, "owner"])
def test_an_unknown_address_is_a_404_with_a_way_home(
    client: Client, signed_in: SignedIn, key: str | None
) -> None:
    answer = (signed_in(key) if key else client).get("/no-such-page/")
    assert answer.status_code == 404
    assert "Nothing here" in text(answer)
    assert 'href="/"' in text(answer)


def test_a_crash_tells_nothing_of_itself(signed_in: SignedIn) -> None:
    web = signed_in()
    web.raise_request_exception = False
    answer = web.get("/crash/")
    assert answer.status_code == 500
    assert "Something broke on our side" in text(answer)
    assert "Marta" not in text(answer)


def test_a_crash_in_a_swap_is_told_in_place(signed_in: SignedIn) -> None:
    web = signed_in()
    web.raise_request_exception = False
    answer = web.get("/crash/", headers=HTMX)
    assert (answer.status_code, answer["HX-Retarget"]) == (500, "#problem")
    assert "<html" not in text(answer)
