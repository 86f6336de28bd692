"""`/checkins/<id>/`, its card, its answers, earlier visits and its sheet of paper."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from html import unescape
from math import cos, hypot, radians
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.sandbox import Fault, Sandbox
from dashboard.sandbox.awkward import UNKNOWN_FIELD

if TYPE_CHECKING:
    from django.test import Client as Browserless

    from dashboard.sandbox.model import Checkin
    from tests.conftest import Made

SignedIn = Callable[..., "Browserless"]
Calls = Callable[[], AbstractContextManager["Made"]]
LOOKUPS = ["department/list", "employee/list", "form/template/list", "tracker/list"]
EVERY_TYPE = 134  # the awkward check-in whose form has every field answered


def text(response: Any) -> str:
    return unescape(response.content.decode())


def newest(sandbox: Sandbox, person: str = "owner") -> list[Checkin]:
    return sorted(sandbox.visible_checkins(person), key=lambda one: one.marker_time, reverse=True)


@pytest.fixture
def warm(signed_in: SignedIn) -> Browserless:
    """The owner, names already in the cache."""
    web = signed_in()
    web.get(f"/checkins/{EVERY_TYPE}/")
    return web


# --- the page ----------------------------------------------------------------------------------------------


def test_all_members_are_shown(warm: Browserless, sandbox: Sandbox) -> None:
    one = next(
        each
        for each in newest(sandbox)
        if each.address and each.comment and each.employee_id and each.precision
    )
    page = text(warm.get(f"/checkins/{one.id}/"))
    tracker = sandbox.world.trackers[one.tracker_id]
    employee = sandbox.world.employees[one.employee_id or 0]
    for words in (one.address, one.comment, tracker.label, employee.last_name, f"Within {one.precision} m"):
        assert str(words) in page
    assert f"{one.lat:.6f}, {one.lng:.6f}" in page
    assert f'data-checkin-id="{one.id}"' in page


@pytest.mark.parametrize(
    ("key", "zone"),
    [("owner", "Europe/Madrid (UTC+1)"), ("viewer", "America/New_York (UTC−")],
)
def test_the_time_is_the_accounts_own(signed_in: SignedIn, sandbox: Sandbox, key: str, zone: str) -> None:
    one = newest(sandbox, key)[0]
    page = text(signed_in(key).get(f"/checkins/{one.id}/"))
    assert zone in page
    assert " ago" in page or "just now" in page


def test_a_bare_address_makes_one_call(warm: Browserless, sandbox: Sandbox, api_calls: Calls) -> None:
    one = next(each for each in newest(sandbox) if each.form_id is None)
    with api_calls() as made:
        page = text(warm.get(f"/checkins/{one.id}/"))
    assert made.actions == ["checkin/read"]
    assert "No form was filled in" in page
    assert "data-step" not in page


def test_a_place_in_the_list_costs_one_list_call(
    warm: Browserless, sandbox: Sandbox, api_calls: Calls
) -> None:
    one = next(each for each in newest(sandbox) if each.form_id is None)
    at = newest(sandbox).index(one) + 1
    with api_calls() as made:
        page = text(warm.get(f"/checkins/{one.id}/?period=month&at={at}"))
    assert sorted(made.actions) == ["checkin/list", "checkin/read"]
    assert f"{at:,} of " in page


def test_a_cold_page_adds_the_lookups_only(signed_in: SignedIn, sandbox: Sandbox, api_calls: Calls) -> None:
    web, one = signed_in(), next(each for each in newest(sandbox) if each.form_id)
    with api_calls() as made:
        web.get(f"/checkins/{one.id}/")
    assert sorted(made.actions) == sorted([*LOOKUPS, "checkin/read", "form/read"])


@pytest.mark.parametrize(
    "query", ["at=-1", "at=0", "at=x", "at=99999999999999", "at=%D9%A3", "period=never&at=1"]
)
def test_a_wrong_place_in_the_list_is_no_error(warm: Browserless, sandbox: Sandbox, query: str) -> None:
    assert warm.get(f"/checkins/{newest(sandbox)[0].id}/?{query}").status_code == 200


# --- through the list --------------------------------------------------------------------------------------


def test_neighbours_cross_the_pages_of_the_list(warm: Browserless, sandbox: Sandbox) -> None:
    before, here, after = newest(sandbox)[24:27]
    page = text(warm.get(f"/checkins/{here.id}/?period=month&per_page=25&at=26"))
    assert f"/checkins/{before.id}/?period=month&per_page=25&at=25" in page
    assert f"/checkins/{after.id}/?period=month&per_page=25&at=27" in page
    assert f"/checkins/?period=month&page=2&per_page=25#checkin-{here.id}" in page


def test_neighbours_are_found_although_others_came_in_above(warm: Browserless, sandbox: Sandbox) -> None:
    before, here, after = newest(sandbox)[5:8]
    page = text(warm.get(f"/checkins/{here.id}/?period=month&at=3"))
    assert "7 of " in page
    assert f"/checkins/{before.id}/" in page
    assert f"/checkins/{after.id}/" in page


@pytest.mark.parametrize("at", [6, 8])
def test_a_list_that_moved_by_one_row_hides_no_neighbour(
    warm: Browserless, sandbox: Sandbox, at: int
) -> None:
    before, here, after = newest(sandbox)[5:8]
    page = text(warm.get(f"/checkins/{here.id}/?period=month&at={at}"))
    assert f"/checkins/{before.id}/?period=month&at=6" in page
    assert f"/checkins/{after.id}/?period=month&at=8" in page


def test_a_check_in_the_filter_no_longer_holds_says_so(warm: Browserless, sandbox: Sandbox) -> None:
    one = newest(sandbox)[0]
    page = text(warm.get(f"/checkins/{one.id}/?period=month&comment=qqqqqq&at=1"))
    assert "No longer in this list" in page


def test_an_error_of_the_list_costs_the_neighbours_only(warm: Browserless, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(action="checkin/list", kind="error", code=211, times=None))
    sandbox.faults.add(Fault(action="dealer/get_ui_config", kind="error", code=1, times=None))
    one = newest(sandbox)[0]
    response = warm.get(f"/checkins/{one.id}/?period=month&at=1")
    assert response.status_code == 200
    assert "The place in the list is not known" in text(response)
    assert f"{one.lat:.6f}" in text(response)


# --- what is not there -------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["", "print/"])
def test_a_deleted_check_in_is_a_page_with_words(warm: Browserless, part: str) -> None:
    response = warm.get(f"/checkins/999999999/{part}?period=month&at=3")
    assert response.status_code == 404
    assert "This check-in is not there" in text(response)
    assert "/checkins/?period=month#checkin-999999999" in text(response)


def test_a_check_in_of_a_strange_tracker_is_not_there(signed_in: SignedIn, sandbox: Sandbox) -> None:
    own = {one.id for one in newest(sandbox, "dispatcher")}
    strange = next(one for one in newest(sandbox) if one.id not in own)
    assert signed_in("dispatcher").get(f"/checkins/{strange.id}/").status_code == 404


def test_the_card_says_in_its_place_what_is_gone(warm: Browserless) -> None:
    response = warm.get("/checkins/999999999/card/", headers={"HX-Request": "true"})
    assert response.status_code == 404
    assert "HX-Retarget" not in response.headers
    assert "no longer there" in text(response)


@pytest.mark.parametrize("part", ["", "card/", "answers/", "earlier/", "print/"])
def test_strangers_sign_in_first(part: str, signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    web.post("/sign-out/")
    response = web.get(f"/checkins/{EVERY_TYPE}/{part}")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/?next=%2Fcheckins%2F")


@pytest.mark.parametrize("part", ["", "card/", "answers/", "earlier/", "print/"])
def test_an_ended_session_leads_to_sign_in(part: str, warm: Browserless, sandbox: Sandbox) -> None:
    sandbox.end_sessions()
    response = warm.get(f"/checkins/{EVERY_TYPE}/{part}?period=month&at=3")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/?next=%2Fcheckins%2F")


def test_without_the_right_the_api_decides_and_the_page_says_so(
    signed_in: SignedIn, sandbox: Sandbox
) -> None:
    sandbox.switches.enforce_checkin_read_right = True
    one = newest(sandbox, "viewer")[0]
    response = signed_in("viewer").get(f"/checkins/{one.id}/")
    assert response.status_code == 403
    assert "code 13" in text(response)


# --- answers -----------------------------------------------------------------------------------------------


def test_every_type_of_answer_has_its_own_look(warm: Browserless) -> None:
    page = text(warm.get(f"/checkins/{EVERY_TYPE}/"))
    for kind in ("text", "choice", "ticks", "date", "signature"):
        assert f'data-kind="{kind}"' in page
    assert "answers-heading" in page


def test_an_unknown_type_is_shown_plainly(warm: Browserless, sandbox: Sandbox) -> None:
    found = sandbox.world.checkin(UNKNOWN_FIELD)
    assert found
    page = text(warm.get(f"/checkins/{found.id}/"))
    assert 'data-kind="unknown"' in page
    assert "A kind of answer this page does not know" in page


def test_an_error_of_the_form_leaves_the_rest_standing(warm: Browserless, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(action="form/read", kind="error", code=201, times=None))
    one = sandbox.world.checkin(EVERY_TYPE)
    assert one
    response = warm.get(f"/checkins/{EVERY_TYPE}/")
    assert response.status_code == 200
    assert "Navixy code 201" in text(response)
    assert f'hx-get="/checkins/{EVERY_TYPE}/answers/"' in text(response)
    assert f"{one.lat:.6f}" in text(response)


def test_answers_can_be_asked_for_again(warm: Browserless, api_calls: Calls) -> None:
    with api_calls() as made:
        page = text(warm.get(f"/checkins/{EVERY_TYPE}/answers/", headers={"HX-Request": "true"}))
    assert made.actions == ["checkin/read", "form/read"]
    assert 'class="answers"' in page
    assert "<html" not in page


@pytest.mark.parametrize("part", ["card/", "answers/", "earlier/"])
@pytest.mark.parametrize("kind", ["error_500", "html_502", "reset", "truncated", "bad_json", "rate_limit"])
def test_a_part_tells_its_own_error_in_its_place(
    part: str, kind: str, warm: Browserless, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault(action="*", kind=kind, times=None))
    response = warm.get(f"/checkins/{EVERY_TYPE}/{part}", headers={"HX-Request": "true"})
    assert response.status_code in {502, 503, 504}
    assert "HX-Retarget" not in response.headers
    assert "data-section-problem" in text(response)
    assert "Try again" in text(response)


# --- earlier visits ----------------------------------------------------------------------------------------


def around(sandbox: Sandbox, one: Checkin, metres: int) -> list[int]:
    """An independent search of 90 days: equirectangular distance, good to a metre so near."""

    def far(other: Checkin) -> float:
        east = (other.lng - one.lng) * 111_320 * cos(radians(one.lat))
        return hypot(east, (other.lat - one.lat) * 111_320)

    return [
        other.id
        for other in newest(sandbox)
        if timedelta(0) < one.marker_time - other.marker_time <= timedelta(days=90) and far(other) <= metres
    ]


def busiest(sandbox: Sandbox) -> Checkin:
    return max(newest(sandbox)[:60], key=lambda one: len(around(sandbox, one, 100)))


def earlier_url(page: str) -> str:
    return page.split('id="earlier"')[1].split('hx-get="')[1].split('"')[0]


def test_earlier_visits_are_one_call_and_the_right_rows(
    warm: Browserless, sandbox: Sandbox, api_calls: Calls
) -> None:
    one = busiest(sandbox)
    url = earlier_url(text(warm.get(f"/checkins/{one.id}/")))
    with api_calls() as made:
        page = text(warm.get(url))
    assert made.actions == ["checkin/list"]
    expected = around(sandbox, one, 100)
    shown = [int(piece.split('"')[0]) for piece in page.split('data-checkin-id="')[1:]]
    assert shown == expected[:10]
    assert f"of {len(expected)} earlier" in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("step=0", "25 m"),
        ("step=7", "5 km"),
        ("radius=300", "250 m"),
        ("radius=2400", "2.5 km"),
        ("step=99", "100 m"),
        ("step=x&radius=y", "100 m"),
        ("lat=x&lng=0&before=1772323200", "100 m"),
        ("lat=1&lng=999&before=1772323200", "100 m"),
        ("lat=1&lng=1&before=yesterday", "100 m"),
        ("lat=1&lng=1&before=99999999999999999999", "100 m"),
        ("lat=1&lng=1&before=-62135596800", "100 m"),
        ("lat=nan&lng=1&before=1772323200", "100 m"),
    ],
)
def test_the_distance_is_a_step_of_the_slider(warm: Browserless, query: str, words: str) -> None:
    response = warm.get(f"/checkins/{EVERY_TYPE}/earlier/?{query}")
    assert response.status_code == 200
    assert f"within {words}" in text(response)


def test_a_shorter_limit_of_the_api_shortens_the_look_back(
    warm: Browserless, sandbox: Sandbox, api_calls: Calls
) -> None:
    sandbox.switches.max_time_span = timedelta(days=20)
    with api_calls() as made:
        response = warm.get(f"/checkins/{EVERY_TYPE}/earlier/")
    assert response.status_code == 200
    assert made.actions[-1] == "checkin/list"
    assert "Looked back to" in text(response)


# --- paper -------------------------------------------------------------------------------------------------


def test_the_sheet_holds_facts_photos_answers_and_who_printed_it(warm: Browserless) -> None:
    page = text(warm.get(f"/checkins/{EVERY_TYPE}/print/"))
    assert 'data-small-map="still"' in page
    assert "Printed 12/03/2026 15:30" in page
    assert 'class="answers"' in page
    assert "<figure>" in page


def test_the_sheet_is_white_whatever_the_theme(warm: Browserless) -> None:
    warm.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in text(warm.get(f"/checkins/{EVERY_TYPE}/"))
    assert 'data-theme="light"' in text(warm.get(f"/checkins/{EVERY_TYPE}/print/"))
