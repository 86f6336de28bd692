"""The check-in list when the API refuses, fails, or knows less than it should; and two people at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client as Browserless

from dashboard.clock import frozen
from dashboard.sandbox import Fault
from tests.conftest import NOW
from tests.web.desk import HTMX, Test, day_in, expected, ids_in, total_in, words_in
from tests.web.test_checkins_list import key_of

if TYPE_CHECKING:
    from dashboard.sandbox import Sandbox
    from tests.conftest import Made

Enter = Callable[..., Browserless]
Watch = Callable[[], AbstractContextManager["Made"]]
LONG = "from=2026-01-01&to=2026-03-12"
IN_LONG: Test = day_in("Europe/Madrid", "2026-01-01", "2026-03-12")


@pytest.fixture
def desk(signed_in: Enter) -> Browserless:
    return signed_in("owner")


@pytest.fixture
def short(sandbox: Sandbox) -> Sandbox:
    """An API that takes 20 days at once: what is asked for here needs four parts."""
    sandbox.switches.max_time_span = timedelta(days=20)
    return sandbox


@pytest.mark.parametrize(
    "order",
    ["marker_time=desc", "marker_time=asc", "employee=asc", "comment=desc", "tracker_id=desc", "form=asc"],
)
def test_a_period_in_parts_is_the_whole_list_in_order(desk: Browserless, short: Sandbox, order: str) -> None:
    field, direction = order.split("=")
    by_id = {one.id: one for one in short.world.checkins}
    seen: list[int] = []
    for page in (1, 2, 3):
        response = desk.get(f"/checkins/?{LONG}&per_page=100&sort={order}&page={page}")
        assert total_in(response) == len(expected(short, IN_LONG))
        assert "Loaded in 4 parts." in words_in(response)
        seen += ids_in(response)
    keys = [key_of(short, field)(by_id[one]) for one in seen]
    assert len(seen) == len(set(seen)) == 300
    assert keys == sorted(keys, reverse=direction == "desc")


def test_a_page_across_two_parts(desk: Browserless, short: Sandbox) -> None:
    whole = sorted(expected(short, IN_LONG))
    last = -(-len(whole) // 100)
    seen = [one for n in range(1, last + 1) for one in ids_in(desk.get(f"/checkins/?{LONG}&page={n}"))]
    assert sorted(seen) == whole


def test_the_refusal_is_remembered(desk: Browserless, short: Sandbox) -> None:
    desk.get(f"/checkins/?{LONG}")
    short.clear_calls()
    desk.get(f"/checkins/?{LONG}")
    assert all(call.code is None for call in short.calls)


def test_all_time_stays_in_reach_after_another_period_was_refused(desk: Browserless, short: Sandbox) -> None:
    before = total_in(desk.get("/checkins/?period=all"))
    desk.get(f"/checkins/?{LONG}")
    after = desk.get("/checkins/?period=all")
    assert after.status_code == 200
    assert total_in(after) == before > 0


def test_an_open_start_says_where_the_list_begins(desk: Browserless, sandbox: Sandbox) -> None:
    response = desk.get("/checkins/?to=2026-03-12&sort=marker_time=desc")
    assert response.status_code == 200
    assert total_in(response) == len(expected(sandbox, day_in("Europe/Madrid", "2000-01-01", "2026-03-12")))
    assert "The list begins on" in words_in(response)


def test_a_period_beyond_all_parts_is_told(desk: Browserless, sandbox: Sandbox) -> None:
    sandbox.switches.max_time_span = timedelta(days=1)
    response = desk.get("/checkins/?from=2001-01-01&to=2026-03-12")
    assert response.status_code == 422
    assert "choose a shorter period" in words_in(response)


def test_who_may_not_read_is_told_which_right_is_missing(signed_in: Enter, sandbox: Sandbox) -> None:
    sandbox.switches.enforce_checkin_read_right = True
    response = signed_in("viewer").get("/checkins/")
    assert response.status_code == 403
    words = words_in(response)
    assert "You may not see check-ins" in words
    assert "employee_update" in words
    assert "/account/" in response.content.decode()


def test_two_people_see_their_own_rows_and_their_own_clock(signed_in: Enter, sandbox: Sandbox) -> None:
    dispatcher, viewer = signed_in("dispatcher"), signed_in("viewer")
    canary = dispatcher.get("/checkins/?per_page=250")
    york = viewer.get("/checkins/?per_page=250")
    assert set(ids_in(canary)) == expected(
        sandbox, day_in("Atlantic/Canary", "2026-03-12"), scope="dispatcher"
    )
    assert set(ids_in(york)) == expected(sandbox, day_in("America/New_York", "2026-03-12"), scope="viewer")
    assert "Atlantic/Canary" in words_in(canary)
    assert "America/New_York" in words_in(york)
    assert " PM " in words_in(york) or " AM " in words_in(york)


def test_an_ended_session_leads_back_to_the_same_list(desk: Browserless, sandbox: Sandbox) -> None:
    sandbox.end_sessions()
    response = desk.get("/checkins/?period=7d&comment=lift")
    assert response.status_code == 302
    assert response["Location"] == "/sign-in/?next=%2Fcheckins%2F%3Fperiod%3D7d%26comment%3Dlift"


def test_an_ended_session_in_a_lookup_leads_to_sign_in(desk: Browserless, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(action="tracker/list", kind="session_end"))
    assert desk.get("/checkins/").status_code == 302


LOOKUPS = ["tracker/list", "employee/list", "department/list", "form/template/list"]


@pytest.mark.parametrize("action", LOOKUPS)
def test_a_failed_lookup_does_not_take_the_rows(desk: Browserless, sandbox: Sandbox, action: str) -> None:
    sandbox.faults.add(Fault(action=action, kind="error_500", times=None))
    response = desk.get("/checkins/")
    assert response.status_code == 200
    assert ids_in(response)
    assert "could not be loaded" in words_in(response)


def test_older_names_serve_while_a_lookup_fails(desk: Browserless, sandbox: Sandbox) -> None:
    desk.get("/checkins/")
    sandbox.faults.add(Fault(action="tracker/list", kind="error_500", times=None))
    with frozen(NOW + timedelta(minutes=11)):
        words = words_in(desk.get("/checkins/"))
    assert "Name not loaded" not in words
    assert "could not be loaded" not in words


def test_names_are_asked_for_again_after_ten_minutes(desk: Browserless, api_calls: Watch) -> None:
    desk.get("/checkins/")
    with frozen(NOW + timedelta(minutes=9)), api_calls() as made:
        desk.get("/checkins/")
    assert made.actions == ["checkin/list"]
    with frozen(NOW + timedelta(minutes=11)), api_calls() as made:
        desk.get("/checkins/")
    assert sorted(made.actions) == sorted(["checkin/list", *LOOKUPS])


def test_somebody_new_is_looked_up_once(desk: Browserless, sandbox: Sandbox, api_calls: Watch) -> None:
    desk.get("/checkins/")
    newcomer = replace(next(iter(sandbox.world.employees.values())), id=99_001, last_name="Newcomer")
    sandbox.world.employees[newcomer.id] = newcomer
    for checkin in sandbox.arrive(2):
        checkin.employee_id = newcomer.id
    sandbox.touch()
    with frozen(NOW + timedelta(seconds=30)), api_calls() as made:
        desk.get("/checkins/")
    assert made.actions == ["checkin/list"]  # asked less than a minute ago
    with frozen(NOW + timedelta(minutes=2)), api_calls() as made:
        page = desk.get("/checkins/")
    assert made.count("employee/list") == 1
    assert "Newcomer" in words_in(page)


def test_somebody_who_left_is_not_looked_up_again_and_again(
    desk: Browserless, sandbox: Sandbox, api_calls: Watch
) -> None:
    checkin = next(one for one in sandbox.arrive(1))
    checkin.employee_id = 99_002
    sandbox.touch()
    desk.get("/checkins/")
    with frozen(NOW + timedelta(minutes=5)), api_calls() as made:
        page = desk.get("/checkins/")
    assert made.actions == ["checkin/list"]
    assert "Employee no longer listed" in words_in(page)


def test_a_filter_by_department_needs_the_employees(desk: Browserless, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(action="employee/list", kind="error_500", times=None))
    response = desk.get("/checkins/?department=1")
    assert response.status_code == 503
    assert "filter by department cannot be applied" in words_in(response)


FAULTS = ["error_500", "html_502", "timeout", "reset", "truncated", "bad_json", "rate_limit"]


@pytest.mark.parametrize("kind", FAULTS)
def test_a_failed_list_keeps_the_filters_in_reach(desk: Browserless, sandbox: Sandbox, kind: str) -> None:
    sandbox.faults.add(Fault(action="checkin/list", kind=kind, times=None, seconds=2))
    response = desk.get("/checkins/?period=7d&comment=lift")
    assert 500 < response.status_code < 600
    page = response.content.decode()
    assert 'value="lift"' in page
    assert "The check-ins could not be loaded" in page
    assert total_in(response) == 0


@pytest.mark.parametrize("kind", FAULTS)
def test_for_htmx_the_old_rows_stay(desk: Browserless, sandbox: Sandbox, kind: str) -> None:
    sandbox.faults.add(Fault(action="checkin/list", kind=kind, times=None, seconds=2))
    response = desk.get("/checkins/?period=7d", headers=HTMX)
    assert response["HX-Retarget"] == "#problem"
    assert b'id="results"' not in response.content


def test_new_check_ins_are_counted_with_one_call(
    desk: Browserless, sandbox: Sandbox, api_calls: Watch
) -> None:
    page = desk.get("/checkins/")
    total = total_in(page)
    sandbox.arrive(3)
    with api_calls() as made:
        answer = desk.get(f"/checkins/new/count/?period=today&known={total}", headers={"HX-Request": "true"})
    assert made.actions == ["checkin/list"]
    assert "3 new check-ins, show" in words_in(answer)


@pytest.mark.parametrize("newest", ["2026-03-12T14:00:00Z", "9999-12-31T23:59:59Z", "2026-03-12", "x"])
def test_in_a_long_period_only_its_end_is_looked_at_for_new_ones(
    desk: Browserless, short: Sandbox, api_calls: Watch, newest: str
) -> None:
    total = total_in(desk.get(f"/checkins/?{LONG}"))
    with api_calls() as made:
        answer = desk.get(f"/checkins/new/count/?{LONG}&known={total}&newest={newest}", headers=HTMX)
    assert answer.status_code == 200
    assert made.actions == ["checkin/list"]


def test_a_long_period_that_is_over_gains_nothing(desk: Browserless, short: Sandbox) -> None:
    over = "from=2026-01-01&to=2026-02-28"
    total = total_in(desk.get(f"/checkins/?{over}"))
    short.arrive(3)
    asked = f"/checkins/new/count/?{over}&known={total}&newest=2026-02-28T20:00:00Z"
    assert words_in(desk.get(asked, headers=HTMX)).strip() == ""


def test_without_new_check_ins_the_banner_is_empty(desk: Browserless) -> None:
    total = total_in(desk.get("/checkins/"))
    answer = desk.get(f"/checkins/new/count/?period=today&known={total}", headers={"HX-Request": "true"})
    assert words_in(answer).strip() == ""


def test_counting_new_ones_wipes_no_message_off_the_page(desk: Browserless) -> None:
    page = desk.get("/checkins/").content.decode()
    assert re.search(r'id="new-checkins"[^>]*hx-trigger="poll"[^>]*data-background', page)


def test_a_failed_count_stays_quiet(desk: Browserless, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(action="checkin/list", kind="error_500", times=None))
    answer = desk.get("/checkins/new/count/?known=5", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "cannot be counted" in words_in(answer)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("period=today&comment=no-such-words-anywhere", "No check-in matches these filters"),
        ("from=2010-01-01&to=2010-01-02", "No check-ins in this period"),
    ],
)
def test_empty_lists_say_why(desk: Browserless, query: str, words: str) -> None:
    response = desk.get(f"/checkins/?{query}")
    assert words in words_in(response)
    assert "period=all" in response.content.decode()


def test_an_account_without_check_ins_says_nothing_yet(desk: Browserless, sandbox: Sandbox) -> None:
    sandbox.world.remove([one.id for one in sandbox.world.checkins])
    sandbox.touch()
    assert "No check-ins yet" in words_in(desk.get("/checkins/?period=all"))
