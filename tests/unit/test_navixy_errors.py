"""Every documented code (ref 1.5) has its place in the tree and a sentence for people."""

import pytest

from dashboard.navixy import errors, messages
from dashboard.navixy.client import Secret
from dashboard.navixy.envelope import CODES
from dashboard.navixy.errors import (
    BadReply,
    FieldError,
    InvalidAnswers,
    InvalidRequest,
    NavixyError,
    NotAllowed,
    NotFound,
    NotSendable,
    ParameterError,
    RateLimited,
    Refused,
    SessionEnded,
    SignInFailed,
    StorageRefused,
    TooBroad,
    Unavailable,
    Unreachable,
    WrongState,
)
from tests.unit.canned import HASH, Reply, answering, failing

DOCUMENTED = (
    *(1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15),
    *(101, 102, 103, 104, 105, 111, 112),
    *range(201, 283),
    284,
)
PLACES: dict[type[NavixyError], set[int]] = {
    Unavailable: {1, 6, 8, 14, 215},
    SessionEnded: {3, 4},
    InvalidRequest: {5, 7, 9, 202, 217, 218, 230, 231, 246, 262, 263, 279, 284},
    NotAllowed: {11, 13, 101, 219, 221, 225, 236, 237, 238, 239, 240, 249, 251, 257, 276},
    RateLimited: {15},
    SignInFailed: {102, 103, 104, 105, 275, 282},
    NotFound: {201, 204, 210},
    TooBroad: {211, 212},
    InvalidAnswers: {242},
    StorageRefused: {254, 267, 268, 271},
    WrongState: {
        *(203, 208, 213, 229, 247, 250, 252, 253, 255, 256, 261, 264, 265, 266, 269, 280, 281),
    },
}


def place(code: int) -> type[NavixyError]:
    return next((kind for kind, codes in PLACES.items() if code in codes), Refused)


def refused(reply: Reply, action: str = "checkin/list") -> NavixyError:
    canned = answering(reply, retry={"tries": 1})
    with pytest.raises(NavixyError) as caught:
        canned.client.read(action)
    return caught.value


@pytest.mark.parametrize("code", DOCUMENTED)
def test_each_documented_code_has_its_class(code: int) -> None:
    error = refused(failing(code, status=418))
    assert type(error) is place(code)
    assert error.code == code


@pytest.mark.parametrize("code", DOCUMENTED)
def test_each_documented_code_has_a_sentence(code: int) -> None:
    message = refused(failing(code)).message
    assert message.endswith(".")
    assert 40 < len(message) < 160
    assert str(code) not in message


def test_the_table_has_no_code_the_reference_lacks() -> None:
    assert set(CODES) <= set(DOCUMENTED)
    assert set(messages._BY_CODE) <= set(DOCUMENTED)


def test_a_code_with_another_meaning_at_a_call_has_a_sentence_of_its_own() -> None:
    assert "address" in refused(failing(210), "geocoder/search_address").message
    too_long = refused(failing(210), "task/route/points/optimize").message
    assert "5,000 km" in too_long
    assert "address" not in too_long


def test_an_unknown_code_is_refused() -> None:
    assert type(refused(failing(999))) is Refused


@pytest.mark.parametrize("action", ["user/auth", "user/auth/code/verify"])
def test_access_denied_while_signing_in_is_a_failed_sign_in(action: str) -> None:
    assert type(refused(failing(11, status=403), action)) is SignInFailed


def test_each_leaf_has_its_fallback_sentence() -> None:
    leaves = {kind.__name__ for kind in NavixyError.__subclasses__() if kind.__module__ == errors.__name__}
    assert leaves | {"NavixyError"} == set(messages.FALLBACK)


def test_the_http_number_decides_nothing() -> None:
    assert type(refused(failing(211, status=403))) is TooBroad
    assert type(refused(failing(201, status=500))) is NotFound


def test_error_7_names_its_parameters() -> None:
    error = refused(failing(7, errors=[{"parameter": "interval", "error": "must be set"}]))
    assert isinstance(error, InvalidRequest)
    assert error.parameters == (ParameterError("interval", "must be set"),)
    assert "interval: must be set" in error.log


def test_error_242_names_its_fields() -> None:
    error = refused(
        failing(242, errors=[{"field_id": "Text-1", "code": 6, "error": "too short"}, {"x": 1}, 7])
    )
    assert isinstance(error, InvalidAnswers)
    assert error.fields == (FieldError("Text-1", 6, "too short"),)
    assert "correct the marked fields" in error.message


def test_error_242_without_fields_sends_nobody_to_marks_that_are_not_there() -> None:
    message = refused(failing(242)).message
    assert "marked" not in message
    assert "does not say which" in message


def test_every_field_code_has_a_sentence() -> None:
    assert all(messages.for_field(code).endswith(".") for code in range(1, 12))


@pytest.mark.parametrize(
    ("header", "seconds"), [("3", 3.0), ("0.5", 0.5), ("", None), ("soon", None), ("-4", None)]
)
def test_a_rate_limit_says_how_long(header: str, seconds: float | None) -> None:
    reply = failing(15, status=429)
    reply.headers = {"Content-Type": "application/json", "Retry-After": header}
    error = refused(reply)
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


def test_a_rate_limit_rounds_its_seconds_up() -> None:
    assert "try again in 3 s" in RateLimited(retry_after=2.1).message
    assert "a moment" in RateLimited().message


def test_it_is_told_who_limits_the_rate() -> None:
    assert "Navixy is limiting" in RateLimited(http_status=429).message
    assert "Navixy is limiting" not in RateLimited(retry_after=1).message


def test_an_outside_service_that_fails_is_told_apart() -> None:
    assert refused(failing(215)).message == messages.for_code(215)


def test_a_missing_right_promises_no_grant() -> None:
    """No group grants `checkin_update`, and the owner may lack it too (ref 1.8, 5.5)."""
    assert "grant" not in NotAllowed(code=13).message


def test_a_write_whose_fate_is_unknown_says_so() -> None:
    for error in (
        Unreachable(reason="timeout", sent=True, write=True),
        BadReply(write=True),
        Unavailable(write=True, code=6),
    ):
        assert error.maybe_applied
        assert "not known whether the change was made" in error.message


@pytest.mark.parametrize(
    "error", [Unreachable(reason="refused", sent=False, write=True), NotAllowed(code=13), NotFound(code=201)]
)
def test_a_write_that_surely_did_nothing_is_no_riddle(error: NavixyError) -> None:
    assert not error.maybe_applied
    assert "not known" not in error.message


@pytest.mark.parametrize("reason", ["timeout", "reset", "tls", "address", "refused", "name", "connect"])
def test_every_way_of_no_answer_has_a_sentence(reason: str) -> None:
    message = Unreachable(reason=reason, sent=False).message
    assert message.startswith(("Navixy", "The con"))
    assert message.endswith(".")


def test_what_was_refused_here_is_both_an_invalid_request_and_a_value_error() -> None:
    error = NotSendable("The radius must be at least one metre.")
    assert isinstance(error, InvalidRequest)
    assert isinstance(error, ValueError)
    assert error.message == "The radius must be at least one metre."


def test_the_log_line_is_one_line_of_the_apis_words() -> None:
    error = refused(failing(13, description="No\nright\x1b[31m" + "x" * 500))
    assert "\n" not in error.log
    assert "\x1b" not in error.log
    assert len(error.log) < 300
    assert str(error) == error.log


def test_an_error_text_that_quotes_the_credential_does_not_pass_it_on() -> None:
    error = refused(failing(4, description=f"session {HASH} not found"))
    assert HASH not in error.log
    assert "session … not found" in error.log


@pytest.mark.parametrize(
    ("code", "item"),
    [
        (7, {"parameter": "password", "error": "“hunter2” is too short"}),
        (242, {"field_id": "Text-1", "code": 5, "error": "hunter2 is too short"}),
    ],
)
def test_an_error_about_a_parameter_does_not_pass_on_the_password(code: int, item: dict[str, object]) -> None:
    canned = answering(failing(code, errors=[item], description="hunter2?"))
    with pytest.raises(NavixyError) as caught:
        canned.client.read("user/auth", {"login": "a", "password": Secret("hunter2")})
    assert "hunter2" not in caught.value.log + repr(vars(caught.value))
