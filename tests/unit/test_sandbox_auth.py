"""Sign-in, credentials, rights and scope of the sandbox (ref 1.3, 1.8, 2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from dashboard.sandbox import FrozenClock, Sandbox
from dashboard.sandbox.people import person
from tests.unit.sandbox_calls import Caller, fresh_box


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with fresh_box() as box:
        yield box


def sign_in(box: Sandbox, login: str, password: str) -> Caller:
    caller = Caller(box, key=None)
    answer = caller.ask("user/auth", login=login, password=password)
    caller.headers["Authorization"] = f"NVX {answer.get('hash')}"
    return caller


def wait(box: Sandbox, by: timedelta) -> None:
    assert isinstance(box.clock, FrozenClock)
    box.clock.advance(by)


def test_the_right_password_opens_a_session(box: Sandbox) -> None:
    owner = person("owner")
    caller = sign_in(box, owner.login, owner.password)
    assert caller.ask("user/get_info")["user_info"]["login"] == owner.login


def test_a_wrong_password_is_102(box: Sandbox) -> None:
    assert Caller(box, key=None).code("user/auth", login=person("owner").login, password="no") == 102
    assert Caller(box, key=None).code("user/auth", login="nobody@demo.example", password="no") == 102


@pytest.mark.parametrize(
    ("login", "code", "http"),
    [
        ("inactive", 103, 400),
        ("too-many-sessions", 104, 400),
        ("too-many-attempts", 105, 400),
        ("blocked", 275, 403),
    ],
)
def test_special_logins_fail_in_their_way(box: Sandbox, login: str, code: int, http: int) -> None:
    response = Caller(box, key=None).post("user/auth", {"login": f"{login}@demo.example", "password": "x"})
    assert (response.get_json()["status"]["code"], response.status_code) == (code, http)


def test_the_second_factor_gates_everything_else(box: Sandbox) -> None:
    mfa = person("mfa")
    half = sign_in(box, mfa.login, mfa.password)
    assert half.code("user/get_info") == 4
    assert half.code("user/auth/code/verify", code="000000") == 282
    answer = half.ask("user/auth/code/verify", code=mfa.second_factor_code)
    half.headers["Authorization"] = f"NVX {answer['hash']}"
    assert half.code("user/get_info") is None


def test_the_code_is_sent_again_at_most_every_five_minutes(box: Sandbox) -> None:
    mfa = person("mfa")
    half = sign_in(box, mfa.login, mfa.password)
    assert half.code("user/auth/code/resend") == 264
    wait(box, timedelta(minutes=5))
    assert half.code("user/auth/code/resend") is None
    assert half.code("user/auth/code/resend") == 264


def test_a_session_ends_at_its_deadline_however_much_it_is_used(box: Sandbox) -> None:
    owner = Caller(box)
    wait(box, timedelta(days=29))
    assert owner.code("user/get_info") is None
    wait(box, timedelta(days=1))
    assert owner.code("user/get_info") == 4


def test_renewal_sets_a_new_deadline(box: Sandbox) -> None:
    owner = Caller(box)
    wait(box, timedelta(days=29))
    assert owner.code("user/session/renew") is None
    wait(box, timedelta(days=29))
    assert owner.code("user/get_info") is None


def test_logout_revokes_the_hash(box: Sandbox) -> None:
    owner = Caller(box)
    assert owner.code("user/logout") is None
    assert owner.code("user/get_info") == 3


def test_ended_sessions_answer_4_and_others_live_on(box: Sandbox) -> None:
    owner, viewer = Caller(box), Caller(box, "viewer")
    assert box.end_sessions(person("viewer").login) == 1
    assert (owner.code("user/get_info"), viewer.code("user/get_info")) == (None, 4)


def test_an_api_key_reads_but_neither_renews_nor_logs_out(box: Sandbox) -> None:
    key = Caller(box, key=None)
    key.headers["Authorization"] = f"NVX {person('api').api_key}"
    assert key.code("user/get_info") is None
    assert [key.code("user/session/renew"), key.code("user/logout")] == [4, 4]
    box.end_sessions()
    assert key.code("user/get_info") is None


@pytest.mark.parametrize("header", ["", "NVX short", "Bearer abc", "NVX  " + "a" * 32, "nvx " + "a" * 32])
def test_a_malformed_credential_is_3(box: Sandbox, header: str) -> None:
    caller = Caller(box, key=None)
    caller.headers["Authorization"] = header
    assert caller.code("user/get_info") == 3


def test_no_credential_is_3_and_an_unknown_one_4(box: Sandbox) -> None:
    caller = Caller(box, key=None)
    assert caller.code("user/get_info") == 3
    caller.headers["Authorization"] = f"NVX {'0' * 32}"
    assert caller.code("user/get_info") == 4


def test_the_credential_is_taken_from_three_places(box: Sandbox) -> None:
    value, caller = box.sign_in("owner").hash, Caller(box, key=None)
    assert caller.code("user/get_info", hash=value) is None
    assert caller.web.get(f"/v2/user/get_info?hash={value}").get_json()["success"]
    assert caller.web.post("/v2/user/get_info", data={"hash": value}).get_json()["success"]
    assert [call.credential_in for call in box.calls] == ["body", "query", "body"]


def test_calls_are_recorded_without_secrets(box: Sandbox) -> None:
    owner = person("owner")
    sign_in(box, owner.login, owner.password).ask("tracker/list", hash="f" * 32)
    told = repr(box.calls)
    assert owner.password not in told
    assert "f" * 32 not in told
    assert [call.action for call in box.calls] == ["user/auth", "tracker/list"]
    assert box.calls_of("tracker/list")[0].login == owner.login


def test_only_sub_users_learn_of_a_master_and_their_rights(box: Sandbox) -> None:
    owner, dispatcher = (Caller(box, key).ask("user/get_info") for key in ("owner", "dispatcher"))
    assert "master" not in owner
    assert "privileges" not in owner
    assert dispatcher["master"]["id"] == owner["user_info"]["id"]
    assert dispatcher["privileges"]["rights"] == ["employee_update", "task_update"]


def test_scope_makes_every_list_silently_shorter(box: Sandbox) -> None:
    scope = box.scope_of(person("dispatcher"))
    assert scope
    dispatcher = Caller(box, "dispatcher")
    assert {one["id"] for one in dispatcher.ask("tracker/list")["list"]} == scope
    assert {one["tracker_id"] for one in dispatcher.ask("checkin/list")["list"]} <= scope
    employees = dispatcher.ask("employee/list")["list"]
    assert {one["tracker_id"] for one in employees if "tracker_id" in one} <= scope
    assert dispatcher.ask("checkin/list")["count"] < Caller(box).ask("checkin/list")["count"]


def test_what_is_out_of_scope_is_not_there(box: Sandbox) -> None:
    scope = box.scope_of(person("dispatcher")) or frozenset()
    hidden = next(one for one in box.visible_checkins() if one.form_id and one.tracker_id not in scope)
    dispatcher = Caller(box, "dispatcher")
    assert dispatcher.code("checkin/read", checkin_id=hidden.id) == 204
    assert dispatcher.code("form/read", id=hidden.form_id) == 201
    assert dispatcher.code("tracker/read", tracker_id=hidden.tracker_id) == 201
    assert dispatcher.code("checkin/list", trackers=[hidden.tracker_id]) == 217
    assert dispatcher.code("checkin/delete", checkin_ids=[hidden.id]) == 201


def test_reading_asks_for_a_right_only_by_switch(box: Sandbox) -> None:
    viewer = Caller(box, "viewer")
    assert viewer.code("checkin/list") is None
    box.switches.enforce_checkin_read_right = True
    assert viewer.code("checkin/list") == 13
    assert viewer.code("checkin/read", checkin_id=1) == 13
    box.rights["viewer"] = frozenset({"employee_update"})
    assert viewer.code("checkin/list") is None


def test_deleting_is_all_or_nothing(box: Sandbox) -> None:
    first, second = (one.id for one in box.visible_checkins()[:2])
    owner = Caller(box)
    assert owner.code("checkin/delete", checkin_ids=[first, 5]) == 201
    assert owner.code("checkin/read", checkin_id=first) is None
    assert owner.code("checkin/delete", checkin_ids=[first, second]) is None
    assert owner.code("checkin/read", checkin_id=first) == 204
    assert not {first, second} & set(owner.found())


def test_deleting_may_take_the_valid_part(box: Sandbox) -> None:
    box.switches.delete_all_or_nothing = False
    first, owner = box.visible_checkins()[0].id, Caller(box)
    assert owner.code("checkin/delete", checkin_ids=[first, 5]) == 201
    assert owner.code("checkin/read", checkin_id=first) == 204


def test_an_account_may_let_nobody_delete_not_even_the_owner(box: Sandbox) -> None:
    box.switches.checkin_update = False
    assert Caller(box).code("checkin/delete", checkin_ids=[box.visible_checkins()[0].id]) == 13


def test_too_many_calls_a_second_are_15(box: Sandbox) -> None:
    box.switches.rate_per_second = 3
    owner = Caller(box)
    codes = [owner.code("base/nothing") for _ in range(5)]
    assert codes[:3] == [None] * 3
    response = owner.post("base/nothing")
    assert (codes[3], response.status_code, response.headers["Retry-After"]) == (15, 429, "1")


def test_reset_forgets_everything(box: Sandbox) -> None:
    owner = Caller(box)
    owner.ask("checkin/delete", checkin_ids=[box.visible_checkins()[0].id])
    box.switches.checkin_update = False
    before = len(box.world.checkins)
    box.reset()
    assert len(box.world.checkins) == before + 1
    assert (box.calls, box.switches.checkin_update, owner.code("user/get_info")) == ([], True, 4)


def test_the_life_of_a_session_is_the_installations(box: Sandbox) -> None:
    box.switches.session_days = 0.5
    owner = Caller(box)
    wait(box, timedelta(hours=12))
    assert owner.code("user/get_info") == 4
