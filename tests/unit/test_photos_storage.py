"""The guarded fetch: what is not followed, how much and how long is waited for, what is told."""

from __future__ import annotations

import hashlib
import logging
import socket
import time
from io import BytesIO
from typing import Any

import pytest

from dashboard.navixy.errors import BadReply, NavixyError, Unavailable, Unreachable
from dashboard.navixy.filehosts import FileHosts, HostRefused
from dashboard.navixy.pools import Bounds
from dashboard.navixy.storage import FileGone, FileTooLarge, Storage
from tests.unit.peer import Behaviour, answer, drip, head_drip, peer, raw, reset, silence

BODY = b"\xff\xd8 some bytes of a picture" * 1000


def fetched(behaviour: Behaviour, **bounds: Any) -> bytes:
    with peer(behaviour) as storage:
        into = BytesIO()
        found = reach(storage.url, **bounds).fetch(storage.url + "/s3cret/photo.jpg", into)
        assert found.sha256 == hashlib.sha256(into.getvalue()).hexdigest()
        assert found.size == len(into.getvalue())
        return into.getvalue()


def reach(api_url: str, *named: str, **bounds: Any) -> Storage:
    return Storage(FileHosts.of(api_url, named), bounds=Bounds(**bounds))


def test_a_file_arrives_whole_with_its_digest() -> None:
    assert fetched(answer(BODY, kind="image/jpeg")) == BODY


def test_no_credential_and_no_cookie_travel() -> None:
    with peer(answer(BODY, "Set-Cookie: a=b")) as storage:
        for _ in range(2):
            reach(storage.url).fetch(storage.url + "/a", BytesIO())
    assert not any(b"authorization" in r.lower() or b"cookie" in r.lower() for r in storage.requests)


def test_connections_are_kept() -> None:
    with peer(answer(BODY)) as storage:
        one = reach(storage.url)
        for _ in range(5):
            one.fetch(storage.url + "/a", BytesIO())
        assert storage.connections == 1


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[::1]:1/",
        "file:///etc/passwd",
        "/elsewhere",
    ],
)
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
def test_no_redirect_is_followed(target: str, status: str) -> None:
    with peer(answer(b"", f"Location: {target}", status=status)) as storage:
        with pytest.raises(HostRefused):
            reach(storage.url).fetch(storage.url + "/a", BytesIO())
        assert len(storage.requests) == 1


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0"),
        *("::1", "fe80::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1"),
    ],
)
def test_a_permitted_name_that_leads_inside_is_not_connected_to(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with peer(answer(BODY)) as inside:
        port = int(inside.url.split(":")[2].split("/")[0])
        resolves_to(monkeypatch, address, port)
        with pytest.raises(HostRefused):
            reach("http://api.example", f".amazonaws.com:{port}").fetch(
                f"http://bucket.amazonaws.com:{port}/a", BytesIO()
            )
        assert inside.connections == 0


def test_a_name_is_resolved_once_so_a_second_answer_cannot_lead_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with peer(answer(BODY)) as inside:
        port = int(inside.url.split(":")[2].split("/")[0])
        asked = resolves_to(monkeypatch, "203.0.113.7", port, then="127.0.0.1")
        named = f"files.example:{port}"
        with pytest.raises(HostRefused):
            reach("http://api.example", named).fetch(f"http://{named}/a", BytesIO())
        assert (asked, inside.connections) == (["files.example"], 0)


def test_a_named_address_is_reached_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with peer(answer(BODY)) as inside:
        port = int(inside.url.split(":")[2].split("/")[0])
        resolves_to(monkeypatch, "127.0.0.1", port)
        into = BytesIO()
        named = f"files.local:{port}"
        reach("http://api.example", named, "127.0.0.1").fetch(f"http://{named}/a", into)
        assert into.getvalue() == BODY


def test_a_body_over_the_bound_is_cut_whether_announced_or_not() -> None:
    endless = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + bytes(300_000)
    for behaviour in (answer(bytes(200_000)), raw(endless)):
        with pytest.raises(FileTooLarge):
            fetched(behaviour, size=100_000)


def test_a_compressed_bomb_is_not_unpacked() -> None:
    assert fetched(answer(b"\x1f\x8b bomb", "Content-Encoding: gzip")) == b"\x1f\x8b bomb"


@pytest.mark.parametrize(
    ("behaviour", "bounds"),
    [
        (silence(3), {"read": 0.2}),
        (drip(50, 0.05), {"total": 0.4}),
        (head_drip(50, 0.05), {"total": 0.4}),
        (silence(3, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nstart"), {"total": 0.4, "read": 2}),
        (reset(), {}),
        (reset(b"HTTP/1.1 200"), {}),
    ],
)
def test_silence_dripping_and_resets_end_in_unreachable(
    behaviour: Behaviour, bounds: dict[str, float]
) -> None:
    start = time.monotonic()
    with pytest.raises(Unreachable):
        fetched(behaviour, **bounds)
    assert time.monotonic() - start < 1.5


def test_a_connection_that_is_kept_has_its_whole_time_again() -> None:
    with peer(answer(BODY)) as storage:
        one = reach(storage.url, total=0.5)
        for _ in range(3):
            one.fetch(storage.url + "/a", BytesIO())
            time.sleep(0.3)
        assert storage.connections == 1


def test_a_body_shorter_than_announced_is_no_file() -> None:
    with pytest.raises(BadReply):
        fetched(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort"))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((f"{status} X", FileGone) for status in (403, 404, 410)),
        *((f"{status} X", Unavailable) for status in (429, 500, 503)),
        *((f"{status} X", BadReply) for status in (204, 206, 400, 401)),
    ],
)
def test_statuses_become_errors(status: str, error: type[NavixyError]) -> None:
    with pytest.raises(error):
        fetched(answer(b"<html>", status=status))


@pytest.mark.parametrize("behaviour", [answer(b"", status="404 X"), reset(), answer(b"", status="302 X")])
def test_neither_log_nor_error_holds_the_url(behaviour: Behaviour, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "fielddesk")
    with pytest.raises(NavixyError) as caught:
        fetched(behaviour)
    assert "file 127.0.0.1" in caplog.text
    chain = (caught.value, caught.value.__cause__, caught.value.__context__)
    assert not any("s3cret" in repr(link) for link in chain)
    assert "s3cret" not in caplog.text + str(caught.value) + caught.value.message


def resolves_to(
    monkeypatch: pytest.MonkeyPatch, address: str, port: int, then: str | None = None
) -> list[str]:
    """Every name leads to `address`, from the second question on to `then`; gives the names asked for."""
    asked: list[str] = []

    def resolver(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        found = then if then and len(asked) > 1 else address
        family = socket.AF_INET6 if ":" in found else socket.AF_INET
        place = (found, port, 0, 0) if ":" in found else (found, port)
        return [(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", place)]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    return asked
