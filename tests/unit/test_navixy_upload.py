"""The guarded upload: the bytes on the wire, what stops it, and what its failures say about the effect."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest

from dashboard.navixy.errors import NavixyError, StorageRefused, Unavailable, Unreachable
from dashboard.navixy.filehosts import FileHosts, HostRefused
from dashboard.navixy.files import UploadTarget
from dashboard.navixy.multipart import FileChanged
from dashboard.navixy.pools import Bounds
from dashboard.navixy.storage import Storage
from tests.unit.peer import answer, peer, raw, reset, silence

BODY = b"\xff\xd8 some bytes of a picture" * 1000
FIELDS = {"policy": "cG9s", "key": "a/${filename}", "x-amz-signature": "s3cret-signature"}
SERVICE = "https://api.eu.navixy.com/v2"


def target(url: str, *, fields: Mapping[str, str] = FIELDS, part: str = "file") -> UploadTarget:
    return UploadTarget(
        file_id=1, url=url + "/s3cret-path", expires=None, file_field_name=part, fields=fields
    )


def send(where: UploadTarget, api_url: str = "", content: bytes = BODY, **options: Any) -> None:
    bounds = Bounds(**{name: options.pop(name) for name in ("connect", "read") if name in options})
    storage = Storage(FileHosts.of(api_url or where.url, options.pop("named", ())), bounds=bounds)
    known: dict[str, Any] = {"filename": "roof.jpg", "mime_type": "image/jpeg", "size": len(content)}
    storage.upload(where, BytesIO(content), **known | options)


def received(**options: Any) -> bytes:
    where = {name: options.pop(name) for name in ("fields", "part") if name in options}
    with peer(answer(b"", status="204 No Content")) as storage:
        send(target(storage.url, **where), **options)
        return storage.requests[0]


def parts(request: bytes) -> list[tuple[bytes, bytes]]:
    """(head, content) of each part, in the order of the wire."""
    head, _, body = request.partition(b"\r\n\r\n")
    boundary = head.split(b"boundary=")[1].split(b"\r\n")[0]
    inside = body.split(b"--" + boundary)[1:-1]
    return [tuple(one.strip(b"\r\n").split(b"\r\n\r\n", 1)) for one in inside]  # type: ignore[misc]


def test_the_fields_come_first_unchanged_and_the_file_last() -> None:
    sent = parts(received())
    assert [head for head, _ in sent[:-1]] == [
        f'Content-Disposition: form-data; name="{name}"'.encode() for name in FIELDS
    ]
    assert [content.decode() for _, content in sent[:-1]] == list(FIELDS.values())
    assert sent[-1][0] == (
        b'Content-Disposition: form-data; name="file"; filename="roof.jpg"\r\nContent-Type: image/jpeg'
    )
    assert sent[-1][1] == BODY


def test_its_length_is_known_and_nothing_says_who_sends_it() -> None:
    head = received().partition(b"\r\n\r\n")[0].lower()
    assert b"\r\ncontent-length: " in head
    for word in (b"authorization", b"cookie", b"transfer-encoding", b"nvx"):
        assert word not in head


def test_the_part_is_named_as_it_was_asked_for() -> None:
    assert b'name="example.png"; filename="roof.jpg"' in parts(received(part="example.png"))[-1][0]


def test_a_type_the_policy_wants_is_the_files_type() -> None:
    sent = parts(received(fields={"Content-Type": "image/png"}, mime_type="image/jpeg"))
    assert sent[-1][0].endswith(b"Content-Type: image/png")


@pytest.mark.parametrize(
    ("name", "written"),
    [('a"b.jpg', b'"a%22b.jpg"'), ("a\r\nb.jpg", b'"a%0D%0Ab.jpg"'), ("Dach über.jpg", "Dach über".encode())],
)
def test_a_file_name_cannot_break_out_of_its_header(name: str, written: bytes) -> None:
    assert written in parts(received(filename=name))[-1][0]


def test_who_watches_hears_every_byte() -> None:
    heard: list[int] = []
    received(content=bytes(200_000), on_sent=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 200_000


def test_whoever_watches_may_stop_it() -> None:
    class Enough(Exception):
        pass

    def stop(gone: int) -> None:
        raise Enough

    with peer(answer(b"")) as storage, pytest.raises(Enough):
        send(target(storage.url), on_sent=stop)
    assert storage.requests == []


@pytest.mark.parametrize("size", [len(BODY) - 1, len(BODY) + 1])
def test_a_file_that_changed_meanwhile_is_not_sent(size: int) -> None:
    with peer(answer(b"")) as storage, pytest.raises(FileChanged):
        send(target(storage.url), size=size)
    assert storage.requests == []


@pytest.mark.parametrize(
    ("status", "error", "maybe"),
    [
        ("400 Bad Request", StorageRefused, False),
        ("403 Forbidden", StorageRefused, False),
        ("413 Too Large", StorageRefused, False),
        ("302 Found", HostRefused, False),
        ("429 Slow Down", Unavailable, True),
        ("500 Internal", Unavailable, True),
        ("503 Slow Down", Unavailable, True),
    ],
)
def test_an_answer_is_judged_by_its_status(status: str, error: type[NavixyError], maybe: bool) -> None:
    body = b"<Error><Code>AccessDenied</Code></Error>"
    with peer(answer(body, status=status, kind="application/xml")) as storage:
        with pytest.raises(error) as caught:
            send(target(storage.url))
        assert len(storage.requests) == 1
    assert caught.value.maybe_applied is maybe


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "204 No Content"])
def test_any_success_is_one(status: str) -> None:
    with peer(answer(b"", status=status)) as storage:
        send(target(storage.url))


def test_a_storage_that_is_down_has_got_nothing() -> None:
    with pytest.raises(Unreachable) as caught:
        send(target("http://127.0.0.1:9"), connect=0.5)
    assert (caught.value.sent, caught.value.maybe_applied) == (False, False)


@pytest.mark.parametrize("behaviour", [reset(), silence(1.5), raw(b"")], ids=["reset", "silence", "close"])
def test_no_answer_after_all_was_sent_leaves_it_open(behaviour: Any) -> None:
    with peer(behaviour) as storage, pytest.raises(Unreachable) as caught:
        send(target(storage.url), read=0.3)
    assert caught.value.maybe_applied


def test_a_host_that_is_not_in_the_list_gets_nothing() -> None:
    with peer(answer(b"")) as storage, pytest.raises(HostRefused):
        send(target(storage.url), api_url=SERVICE)
    assert storage.connections == 0


def test_an_address_inside_is_not_sent_to(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.5", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)
    with pytest.raises(HostRefused):
        send(target("https://bucket.s3.amazonaws.com"), api_url=SERVICE, named=(".amazonaws.com",))


def test_no_secret_of_the_target_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with peer(answer(b"", status="500 Oops")) as storage, pytest.raises(Unavailable) as caught:
        send(target(storage.url))
    assert "s3cret" not in caplog.text + str(caught.value) + repr(target(storage.url))
