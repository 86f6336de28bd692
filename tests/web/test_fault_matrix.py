"""Every kind of fault on every call of the table and of the detail: never a 500, always a true sentence."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.sandbox import Fault, Sandbox
from dashboard.sandbox.faults import KINDS

if TYPE_CHECKING:
    from django.test import Client as Browserless
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from tests.conftest import Made

SAYS = {
    "error": "Navixy has a problem of its own",
    "error_500": "Navixy has a problem of its own",
    "html_502": "Navixy has a problem of its own",
    "timeout": "Navixy did not answer in time",
    "effect_timeout": "Navixy did not answer in time",
    "reset": "The connection to Navixy broke off",
    "midway": "The connection to Navixy broke off",
    "effect_reset": "The connection to Navixy broke off",
    "truncated": "Navixy's answer could not be read",
    "bad_json": "Navixy's answer could not be read",
    "rate_limit": "Navixy is limiting requests",
}
LOOKUPS = ("tracker/list", "employee/list", "department/list", "form/template/list")
LIST = ("checkin/list", *LOOKUPS)
DETAIL = ("checkin/read", "form/read", "checkin/list", *LOOKUPS)
PATIENT = 0.3  # seconds of a slow answer
MATRIX = sorted(KINDS)


def broken(kind: str, action: str) -> Fault:
    seconds = PATIENT if kind == "slow" else 1.5 if "timeout" in kind else None
    return Fault(action=action, kind=kind, times=None, code=1 if kind == "error" else None, seconds=seconds)


def text(response: Response) -> str:
    return unescape(response.content.decode())


def check(response: Response, kind: str) -> None:
    """What the person must see, whichever call it was."""
    assert response.status_code != 500
    if kind == "session_end":
        where = response.headers.get("Location") or response.headers["HX-Redirect"]
        assert where.startswith("/sign-in/?next=%2Fcheckins%2F")
    elif kind == "slow":
        assert response.status_code == 200
        assert not any(sentence in text(response) for sentence in SAYS.values())
    else:
        assert SAYS[kind] in text(response)


@pytest.fixture
def a_checkin(sandbox: Sandbox) -> str:
    """The path of a detail that makes every call: it has a form, and a place in the filtered list."""
    position, found = next(
        (position, one) for position, one in enumerate(reversed(sandbox.world.checkins), 1) if one.form_id
    )
    return f"/checkins/{found.id}/?period=month&at={position}"


def test_every_kind_of_fault_is_in_the_matrix() -> None:
    assert SAYS.keys() | {"slow", "session_end"} == KINDS


def test_the_table_makes_the_calls_of_the_matrix(
    signed_in: Callable[..., Browserless], api_calls: Callable[[], AbstractContextManager[Made]]
) -> None:
    web = signed_in()
    with api_calls() as made:
        web.get("/checkins/")
    assert set(made.actions) == set(LIST)


def test_the_detail_makes_the_calls_of_the_matrix(
    signed_in: Callable[..., Browserless],
    api_calls: Callable[[], AbstractContextManager[Made]],
    a_checkin: str,
) -> None:
    web = signed_in()
    with api_calls() as made:
        assert web.get(a_checkin).status_code == 200
    assert set(made.actions) == set(DETAIL)


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
@pytest.mark.parametrize("action", LIST)
@pytest.mark.parametrize("kind", MATRIX)
def test_table(
    kind: str, action: str, htmx: dict[str, Any], signed_in: Callable[..., Browserless], sandbox: Sandbox
) -> None:
    web = signed_in()
    sandbox.faults.add(broken(kind, action))
    response = web.get("/checkins/", headers=htmx)
    check(response, kind)
    if action in LOOKUPS and kind != "session_end":
        assert response.status_code == 200
        assert "data-checkin-id" in text(response)


@pytest.mark.parametrize("action", DETAIL)
@pytest.mark.parametrize("kind", MATRIX)
def test_detail(
    kind: str, action: str, signed_in: Callable[..., Browserless], sandbox: Sandbox, a_checkin: str
) -> None:
    web = signed_in()
    sandbox.faults.add(broken(kind, action))
    check(web.get(a_checkin), kind)


@pytest.mark.parametrize("kind", sorted(KINDS - {"slow", "session_end"}))
def test_rows_stay_when_a_fragment_fails(
    kind: str, signed_in: Callable[..., Browserless], sandbox: Sandbox
) -> None:
    web = signed_in()
    sandbox.faults.add(broken(kind, "checkin/list"))
    response = web.get("/checkins/", headers={"HX-Request": "true"})
    assert response["HX-Retarget"] == "#problem"


@pytest.mark.parametrize("kind", ["error", "error_500", "html_502", "reset", "rate_limit"])
def test_a_fault_that_passes_is_not_seen(
    kind: str, signed_in: Callable[..., Browserless], sandbox: Sandbox
) -> None:
    web = signed_in()
    sandbox.faults.add(Fault(action="checkin/list", kind=kind, code=1 if kind == "error" else None))
    response = web.get("/checkins/")
    assert response.status_code == 200
    assert "data-checkin-id" in text(response)
