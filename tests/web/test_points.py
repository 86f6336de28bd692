"""`/checkins/points/`: the filtered list as points of the map, piece by piece."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from checkins import points
from dashboard.sandbox import Fault, Sandbox

if TYPE_CHECKING:
    from django.test import Client as Browserless

    from tests.conftest import Made

SignedIn = Callable[..., "Browserless"]
Calls = Callable[[], AbstractContextManager["Made"]]
FIRST_OF_MARCH = datetime(2026, 2, 28, 23, tzinfo=UTC)  # midnight in Madrid
JSON = {"Accept": "application/json"}


@pytest.fixture
def warm(signed_in: SignedIn) -> Browserless:
    web = signed_in()
    web.get("/checkins/points/")
    return web


def read(web: Browserless, query: str) -> list[dict[str, Any]]:
    """All pieces, as the map reads them."""
    pieces = [web.get(f"/checkins/points/?{query}&start=0", headers=JSON).json()]
    while pieces[-1]["next"] is not None:
        pieces.append(web.get(f"/checkins/points/?{query}&start={pieces[-1]['next']}", headers=JSON).json())
    return pieces


def ids(pieces: list[dict[str, Any]]) -> list[int]:
    return [point["id"] for piece in pieces for point in piece["points"]]


def test_a_piece_is_one_call(warm: Browserless, api_calls: Calls) -> None:
    with api_calls() as made:
        piece = warm.get("/checkins/points/?period=7d", headers=JSON).json()
    assert made.actions == ["checkin/list"]
    assert piece["next"] is None
    assert piece["cut"] is False
    assert piece["total"] == len(piece["points"])


def test_the_pieces_are_the_whole_list_in_order(
    warm: Browserless, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "AT_ONCE", 40)
    pieces = read(warm, "period=month")
    expected = [
        one.id
        for one in sorted(sandbox.visible_checkins("owner"), key=lambda one: one.marker_time, reverse=True)
        if one.marker_time >= FIRST_OF_MARCH
    ]
    assert len(pieces) > 2
    assert ids(pieces) == expected


def test_more_than_the_map_takes_is_cut_and_said(warm: Browserless, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(points, "AT_ONCE", 20)
    monkeypatch.setattr(points, "MOST", 50)
    pieces = read(warm, "period=month")
    assert len(ids(pieces)) == 50
    assert [piece["cut"] for piece in pieces] == [False, False, True]
    assert pieces[-1]["total"] > 50


def test_a_point_has_words_for_the_list_beside_the_map(warm: Browserless, sandbox: Sandbox) -> None:
    point = warm.get("/checkins/points/?period=7d", headers=JSON).json()["points"][0]
    one = sandbox.world.checkin(point["id"])
    assert one
    assert point["at"] == [one.lat, one.lng]
    assert point["address"] == (one.address or "")
    assert point["photos"] == len(one.file_ids)
    assert point["who"]
    assert "/2026 " in point["time"]


def test_the_card_of_a_point_knows_its_place_in_the_list(warm: Browserless) -> None:
    point = warm.get("/checkins/points/?period=7d&view=map", headers=JSON).json()["points"][2]
    assert point["card"] == f"/checkins/{point['id']}/card/?period=7d&view=map&at=3"
    page = warm.get(point["card"]).content.decode()
    assert f"/checkins/{point['id']}/?period=7d&amp;view=map&amp;at=3" in page


def test_the_radius_reaches_the_api(warm: Browserless, sandbox: Sandbox) -> None:
    sandbox.clear_calls()
    warm.get("/checkins/points/?period=7d&lat=40.4&lng=-3.7&radius=900", headers=JSON)
    (call,) = sandbox.calls_of("checkin/list")
    assert call.params["location"] == {"lat": 40.4, "lng": -3.7, "radius": 900}


@pytest.mark.parametrize("start", ["-1", "x", "999999", "1e3", "4999"])
def test_a_wrong_start_is_no_error(warm: Browserless, start: str) -> None:
    assert warm.get(f"/checkins/points/?start={start}", headers=JSON).status_code == 200


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("error_500", "problem of its own"),
        ("html_502", "problem of its own"),
        ("timeout", "in time"),
        ("reset", "broke off"),
        ("truncated", "could not be read"),
        ("bad_json", "could not be read"),
        ("rate_limit", "limiting requests"),
    ],
)
def test_each_fault_is_a_true_sentence_in_json(
    kind: str, words: str, warm: Browserless, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault(action="checkin/list", kind=kind, times=None, seconds=1.5))
    response = warm.get("/checkins/points/?period=7d", headers=JSON)
    assert response.status_code in {502, 503, 504}
    assert words in response.json()["message"]


def test_an_ended_session_is_told_apart(warm: Browserless, sandbox: Sandbox) -> None:
    sandbox.end_sessions()
    assert warm.get("/checkins/points/", headers=JSON).status_code == 401


def test_without_the_right_the_sentence_says_so(signed_in: SignedIn, sandbox: Sandbox) -> None:
    sandbox.switches.enforce_checkin_read_right = True
    response = signed_in("viewer").get("/checkins/points/", headers=JSON)
    assert response.status_code == 403
    assert response.json()["code"] == 13


def test_everybody_sees_their_own_points(signed_in: SignedIn, sandbox: Sandbox) -> None:
    seen = set(ids(read(signed_in("dispatcher"), "period=7d")))
    assert seen
    assert seen <= {one.id for one in sandbox.visible_checkins("dispatcher")}
    assert seen < set(ids(read(signed_in("owner"), "period=7d")))
