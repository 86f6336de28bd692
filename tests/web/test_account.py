"""`/account/`: who, where, what one may do, and the sessions one has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from dashboard.account_page import meter, size
from dashboard.clock import frozen, now
from dashboard.models import SignIn
from dashboard.navixy.files import StorageStats
from dashboard.rights import RIGHTS
from dashboard.sandbox import Fault, Sandbox
from dashboard.sandbox.people import GRANTABLE_RIGHTS, Person

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize(
    ("key", "zone", "there"),
    [
        ("owner", "Europe/Madrid (UTC+1)", "12/03/2026 15:30"),
        ("dispatcher", "Atlantic/Canary (UTC)", "12.03.2026 14:30"),
        ("viewer", "America/New_York (UTC−4)", "03-12-2026 10:30 AM"),
    ],
)
def test_everybody_sees_their_own_clock(
    signed_in: SignedIn, person: Callable[[str], Person], key: str, zone: str, there: str
) -> None:
    page = text(signed_in(key).get("/account/"))
    for words in (person(key).name, person(key).login, there):
        assert words in page
    assert page.count(f"All times</span> {zone}") == 1


def test_the_owner_holds_every_right(signed_in: SignedIn) -> None:
    page = text(signed_in("owner").get("/account/"))
    assert "As the owner you hold every right" in page
    assert f"{len(RIGHTS)} of {len(RIGHTS)}" in page


def test_a_viewer_is_told_why_nothing_can_be_changed(signed_in: SignedIn) -> None:
    page = text(signed_in("viewer").get("/account/"))
    assert "belongs to no group, so it holds no right at all" in page
    assert f"0 of {len(RIGHTS)}" in page


def test_a_dispatcher_sees_which_rights_are_missing(signed_in: SignedIn) -> None:
    page = signed_in("dispatcher").get("/account/")
    held = {item.right.name: item.held for item in page.context["used_rights"] + page.context["other_rights"]}
    assert {name for name, is_held in held.items() if is_held} == {"task_update", "employee_update"}
    assert [item.depends for item in page.context["used_rights"] if item.right.name == "checkin_update"] == [
        True
    ]


def test_every_right_a_group_can_grant_has_its_words() -> None:
    assert {right.name for right in RIGHTS} >= GRANTABLE_RIGHTS | {"checkin_update", "admin"}


def test_a_right_nobody_documented_is_shown_by_its_name(signed_in: SignedIn, sandbox: Sandbox) -> None:
    sandbox.rights["dispatcher"] = frozenset({"teleport_update"})
    assert "teleport_update" in text(signed_in("dispatcher").get("/account/"))


# --- storage -----------------------------------------------------------------------------------------------


def test_the_page_itself_asks_navixy_nothing(signed_in: SignedIn, sandbox: Sandbox) -> None:
    signed_in().get("/account/")
    assert sandbox.calls == []


def test_the_storage_meter(signed_in: SignedIn, sandbox: Sandbox) -> None:
    page = text(signed_in().get("/account/storage/"))
    assert [call.action for call in sandbox.calls] == ["file/stats/read"]
    assert "<progress" in page
    assert "used" in page


def test_the_meters_own_error_stays_in_its_place(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    sandbox.faults.add(Fault(action="file/stats/read", kind="error_500", times=None))
    answer = web.get("/account/storage/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "HX-Retarget" not in answer
    assert "Navixy has a problem of its own" in text(answer)
    assert "Try again" in text(answer)


def test_an_ended_session_is_no_storage_error(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    sandbox.end_sessions()
    answer = web.get(
        "/account/storage/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/account/"},
    )
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Faccount%2F"


@pytest.mark.parametrize(
    ("used", "quota", "words", "tone"),
    [
        (250_000_000, 1_000_000_000, "250 MB of 1.0 GB used, 1,204 files", ""),
        (900_000_000, 1_000_000_000, "900 MB of 1.0 GB used, 1,204 files", "meter-warn"),
        (2_000_000_000, 1_000_000_000, "2.0 GB of 1.0 GB used, 1,204 files", "meter-danger"),
        (1_500, None, "1.5 kB used, 1,204 files; Navixy names no limit", ""),
    ],
)
def test_the_meter_in_words(used: int, quota: int | None, words: str, tone: str) -> None:
    shown = meter(StorageStats(file_count=1204, total_size=used, quota=quota))
    assert (shown.words, shown.tone) == (words, tone)
    assert 0 <= shown.percent <= 100


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (123_456, "123 kB"), (5_100_000_000_000, "5.1 TB")],
)
def test_sizes(count: int, words: str) -> None:
    assert size(count) == words


# --- sessions ----------------------------------------------------------------------------------------------


def test_two_browsers_are_two_sessions(signed_in: SignedIn) -> None:
    signed_in("owner", headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/145.0"})
    page = text(signed_in("owner").get("/account/"))
    assert "Firefox 145 on Linux" in page
    assert page.count("this one") == 1


def test_ending_another_session_ends_it_here_and_at_navixy(signed_in: SignedIn, sandbox: Sandbox) -> None:
    there, here = signed_in("owner"), signed_in("owner")
    row = SignIn.objects.exclude(session_hash=_hash(here)).get()
    assert here.post(f"/account/sessions/{row.pk}/end/")["Location"] == "/account/"
    assert len(sandbox.calls_of("user/logout")) == 1
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_ending_this_session_is_signing_out(signed_in: SignedIn) -> None:
    web = signed_in()
    answer = web.post(f"/account/sessions/{SignIn.objects.get().pk}/end/")
    assert answer["Location"] == "/sign-in/"
    assert web.get("/account/").status_code == 302


def test_nobody_ends_a_session_of_somebody_else(signed_in: SignedIn) -> None:
    victim = signed_in("owner")
    row = SignIn.objects.get()
    assert signed_in("viewer").post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert victim.get("/account/").status_code == 200


def test_a_session_that_ran_out_is_not_listed(signed_in: SignedIn) -> None:
    gone, here = signed_in("owner"), signed_in("owner")
    Session.objects.filter(session_key=gone.session.session_key).delete()
    assert len(here.get("/account/").context["sessions"]) == 1
    assert SignIn.objects.count() == 1


def test_when_it_was_last_used_is_noted_every_five_minutes(
    signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    web = signed_in()
    with frozen(now() + timedelta(hours=1)):
        from django.core.cache import cache

        cache.clear()
        web.get("/account/storage/")
        assert SignIn.objects.get().last_seen == now()
        with django_assert_num_queries(1):  # the session; nothing is written
            web.get("/account/storage/")


def _hash(web: Client) -> str:
    from dashboard.sessions import hash_of

    return hash_of(web.session)


# --- preferences -------------------------------------------------------------------------------------------


def test_the_first_byte_has_the_chosen_colours(signed_in: SignedIn) -> None:
    web = signed_in()
    assert 'data-theme="auto"' in text(web.get("/account/"))
    web.post("/account/preferences/", {"theme": "dark", "shortcuts": "on"})
    page = text(web.get("/account/"))
    assert 'data-theme="dark"' in page
    assert 'data-shortcuts="on"' in page


def test_shortcuts_can_be_switched_off(signed_in: SignedIn) -> None:
    web = signed_in()
    web.post("/account/preferences/", {"theme": "auto"})
    assert 'data-shortcuts="off"' in text(web.get("/account/"))


def test_a_strange_cookie_is_no_theme(signed_in: SignedIn) -> None:
    web = signed_in()
    web.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in text(web.get("/account/"))
