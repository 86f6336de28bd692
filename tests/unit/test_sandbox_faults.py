"""Faults over real HTTP: each kind does to a caller what it says."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests
from werkzeug.test import Client

from dashboard.sandbox import Fault, Sandbox, serve
from dashboard.sandbox.app import Platform
from dashboard.sandbox.faults import KINDS
from tests.unit.sandbox_calls import fresh_box

HERE = {"REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with fresh_box() as box:
        yield box


@pytest.fixture
def url(box: Sandbox) -> Iterator[str]:
    with serve(box) as url:
        yield url


@pytest.fixture
def web(box: Sandbox) -> Iterator[requests.Session]:
    with requests.Session() as web:
        web.trust_env = False
        web.headers["Authorization"] = f"NVX {box.sign_in('owner').hash}"
        yield web


def ask(web: requests.Session, url: str, action: str = "base/nothing", **params: object) -> requests.Response:
    return web.post(f"{url}/{action}", json=params, timeout=2)


def test_connections_are_kept_alive(url: str) -> None:
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=2)) as wire:
        used = []
        for _ in range(3):
            wire.request("POST", "/v2/base/nothing", body=b"{}", headers={"Content-Type": "application/json"})
            wire.getresponse().read()
            used.append(wire.sock)
    assert used[0] is not None
    assert used == [used[0]] * 3


def test_an_error_answers_its_code_so_many_times(web: requests.Session, url: str, box: Sandbox) -> None:
    box.faults.add(Fault(action="checkin/list", kind="error", code=211, times=2, after=1))
    codes = [ask(web, url, "checkin/list", limit=1).json().get("status", {}).get("code") for _ in range(4)]
    assert codes == [None, 211, 211, None]
    assert [call.code for call in box.calls] == codes
    assert box.calls[1].faults == ["error"]


def test_a_rule_strikes_its_action_only(web: requests.Session, url: str, box: Sandbox) -> None:
    box.faults.add(Fault(action="checkin/*", kind="error_500", times=None))
    assert ask(web, url).json()["success"]
    response = ask(web, url, "checkin/read", checkin_id=1)
    assert (response.status_code, response.json()["status"]["code"]) == (500, 6)


def test_a_gateway_answers_html(web: requests.Session, url: str, box: Sandbox) -> None:
    box.faults.add(Fault(kind="html_502"))
    response = ask(web, url)
    assert (response.status_code, response.headers["Content-Type"][:9]) == (502, "text/html")


def test_rate_limit_names_a_pause(web: requests.Session, url: str, box: Sandbox) -> None:
    box.faults.add(Fault(kind="rate_limit", seconds=3))
    response = ask(web, url)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "3")


def test_reset_kills_the_connection(web: requests.Session, url: str, box: Sandbox) -> None:
    box.faults.add(Fault(kind="reset"))
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        ask(web, url)
    assert (box.calls[0].http_status, box.calls[0].faults) == (None, ["reset"])
    assert ask(web, url).json()["success"]


def test_timeout_hangs_longer_than_the_caller_waits(web: requests.Session, url: str, box: Sandbox) -> None:
    box.faults.add(Fault(kind="timeout"))
    with pytest.raises(requests.ReadTimeout):
        web.post(f"{url}/base/nothing", json={}, timeout=0.2)


def test_truncated_and_bad_json_cannot_be_read(web: requests.Session, url: str, box: Sandbox) -> None:
    box.faults.add(Fault(kind="truncated"))
    with pytest.raises(requests.RequestException):
        ask(web, url, "checkin/list", limit=20)
    box.faults.add(Fault(kind="bad_json"))
    with pytest.raises(json.JSONDecodeError):
        ask(web, url).json()


def test_slow_is_late_and_right(web: requests.Session, url: str, box: Sandbox) -> None:
    box.faults.add(Fault(kind="slow", seconds=0.15))
    started = time.monotonic()
    assert ask(web, url).json()["success"]
    assert time.monotonic() - started >= 0.15


@pytest.mark.parametrize("kind", ["effect_timeout", "effect_reset"])
def test_the_effect_stays_though_no_answer_comes(
    web: requests.Session, url: str, box: Sandbox, kind: str
) -> None:
    gone = box.visible_checkins()[0].id
    box.faults.add(Fault(action="checkin/delete", kind=kind, seconds=0.05))
    with pytest.raises(requests.ConnectionError):
        ask(web, url, "checkin/delete", checkin_ids=[gone])
    assert box.world.checkin(gone) is None


@pytest.mark.parametrize("kind", ["timeout", "reset"])
def test_nothing_happens_when_the_connection_dies_first(
    web: requests.Session, url: str, box: Sandbox, kind: str
) -> None:
    kept = box.visible_checkins()[0].id
    box.faults.add(Fault(action="checkin/delete", kind=kind, seconds=0.05))
    with pytest.raises(requests.ConnectionError):
        ask(web, url, "checkin/delete", checkin_ids=[kept])
    assert box.world.checkin(kept)


def test_session_end_ends_that_session(web: requests.Session, url: str, box: Sandbox) -> None:
    box.faults.add(Fault(action="checkin/list", kind="session_end"))
    assert ask(web, url, "checkin/list").json()["status"]["code"] == 4
    assert ask(web, url).json()["status"]["code"] == 4


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        Fault(kind="nonsense")
    assert len(KINDS) == 13


def test_latency_is_added_to_every_call(web: requests.Session, url: str, box: Sandbox) -> None:
    box.latency_ms = 60
    started = time.monotonic()
    ask(web, url)
    assert time.monotonic() - started >= 0.06


def test_the_control_endpoint_arms_faults_and_reads_calls(web: requests.Session, url: str) -> None:
    control = url.replace("/v2", "/_sandbox")
    web.post(f"{control}/faults", json={"action": "base/nothing", "kind": "error", "code": 14}, timeout=2)
    assert ask(web, url).status_code == 503
    assert [call["code"] for call in web.get(f"{control}/calls", timeout=2).json()["calls"]] == [14]
    web.delete(f"{control}/calls", timeout=2)
    assert web.get(f"{control}/calls", timeout=2).json()["calls"] == []


def test_the_control_endpoint_brings_in_checkins_and_ends_sessions(
    web: requests.Session, url: str, box: Sandbox
) -> None:
    control, before = url.replace("/v2", "/_sandbox"), len(box.world.checkins)
    ids = web.post(f"{control}/arrive", json={"n": 2}, timeout=2).json()["ids"]
    assert len(box.world.checkins) == before + 2
    newest = ask(web, url, "checkin/list", sort=["marker_time=desc"], limit=2).json()["list"]
    assert {one["id"] for one in newest} == set(ids)
    assert web.post(f"{control}/sessions/end", json={}, timeout=2).json() == {"ended": 1}
    assert ask(web, url).json()["status"]["code"] == 4


def test_the_control_endpoint_sets_switches_and_says_what_is_wrong(
    web: requests.Session, url: str, box: Sandbox
) -> None:
    control = url.replace("/v2", "/_sandbox")
    web.post(f"{control}/switches", json={"max_time_span": 7, "checkin_update": False}, timeout=2)
    assert (box.switches.max_time_span.days, box.switches.checkin_update) == (7, False)
    assert web.post(f"{control}/switches", json={"nonsense": 1}, timeout=2).status_code == 400
    assert web.post(f"{control}/faults", json={"kind": "nonsense"}, timeout=2).status_code == 400


def test_only_this_machine_may_control(box: Sandbox) -> None:
    outside = Client(Platform(box)).get("/_sandbox/health", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert outside.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"X-Forwarded-For": "192.0.2.7"},
        {"Host": "rebound.example:8001"},
    ],
    ids=str,
)
def test_nobody_controls_through_a_browser_or_proxy_of_this_machine(
    box: Sandbox, headers: dict[str, str]
) -> None:
    outside = Client(Platform(box)).post("/_sandbox/sessions/end", headers=headers, environ_base=HERE)
    assert outside.status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8001", "[::1]:8001", "localhost:8001"])
def test_this_machine_controls_by_any_of_its_names(box: Sandbox, host: str) -> None:
    told = Client(Platform(box)).get("/_sandbox/health", headers={"Host": host}, environ_base=HERE)
    assert told.status_code == 200


@pytest.mark.parametrize("body", ["[1]", '"text"', "{"])
def test_a_control_that_is_no_object_is_told_so(box: Sandbox, body: str) -> None:
    told = Client(Platform(box)).post("/_sandbox/switches", data=body, environ_base=HERE)
    assert told.status_code == 400


@pytest.mark.parametrize("length", ["abc", "-5"])
def test_a_length_that_is_none_ends_the_connection_with_an_answer(url: str, length: str) -> None:
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port or 80), timeout=2) as wire:
        wire.sendall(f"POST /v2/base/nothing HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
        told = b"".join(iter(lambda: wire.recv(4096), b""))
    assert told.startswith(b"HTTP/1.1 400 ")
    assert told.count(b"HTTP/1.1") == 1


def test_an_unread_body_does_not_spoil_the_next_call(web: requests.Session, url: str) -> None:
    for body in (b"x" * 300_000, iter([b"{", b"}"])):
        web.post(f"{url}/nonsense/list", data=body, timeout=2)
        assert ask(web, url).json()["success"]
