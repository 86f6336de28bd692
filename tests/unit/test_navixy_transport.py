"""The one place that speaks HTTP, against a peer that misbehaves to order."""

import gzip
import logging
import socket
import ssl
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
import urllib3

from dashboard.navixy import users
from dashboard.navixy.client import Client, Credential, RetryPolicy, Transport
from dashboard.navixy.errors import BadReply, NavixyError, NotFound, SessionEnded, Unreachable
from dashboard.navixy.failures import translated
from dashboard.navixy.limiter import NoLimiter
from dashboard.navixy.transport import Timeouts
from tests.unit.canned import HASH
from tests.unit.peer import Behaviour, answer, drip, peer, raw, reset, silence

WORDS = "private" + " words"  # apart, so that tracebacks quoting this file do not hold it
OK = answer(b'{"success": true, "id": 1}')
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n"
QUICK = Timeouts(connect=0.3, read=0.3, file_read=0.3)


def client(url: str, *, timeouts: Timeouts = QUICK, deadline: float = 25, **options: Any) -> Client:
    return Client(
        base_url=url,
        credential=Credential(HASH),
        transport=Transport(timeouts=timeouts, **options),
        limiter=NoLimiter(),
        retry=RetryPolicy(tries=1, deadline=deadline),
    )


@contextmanager
def plain_speaker() -> Iterator[str]:
    """An https address where somebody answers in clear, whatever was said."""
    listener = socket.create_server(("127.0.0.1", 0))

    def speak() -> None:
        connection, _ = listener.accept()
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.close()

    speaker = threading.Thread(target=speak)
    speaker.start()
    yield f"https://127.0.0.1:{listener.getsockname()[1]}/v2"
    speaker.join()
    listener.close()


def failure(behaviour: Behaviour, **options: Any) -> NavixyError:
    with peer(behaviour) as one, pytest.raises(NavixyError) as caught:
        client(one.url, **options).read("checkin/list", {"comment": WORDS})
    return caught.value


def test_a_call_is_a_json_post_with_the_credential_in_a_header() -> None:
    with peer(OK) as one:
        client(one.url).read("checkin/list", {"limit": 5})
    head, _, body = one.requests[0].decode().partition("\r\n\r\n")
    lines = head.split("\r\n")
    assert lines[0] == "POST /v2/checkin/list HTTP/1.1"
    assert f"Authorization: NVX {HASH}" in lines
    assert "NVX-ISO-DateTime: true" in lines
    assert "Content-Type: application/json" in lines
    assert body == '{"limit": 5}'


def test_without_credential_there_is_no_authorization() -> None:
    with peer(OK) as one:
        client(one.url).acting_as(None).read("dealer/get_ui_config")
    assert b"Authorization" not in one.requests[0]


def test_a_slash_at_the_end_of_the_address_does_no_harm() -> None:
    with peer(OK) as one:
        client(one.url + "/").read("tag/list")
    assert one.requests[0].startswith(b"POST /v2/tag/list ")


def test_connections_are_kept_and_cookies_are_not() -> None:
    with peer(answer(b'{"success": true}', "Set-Cookie: sid=other-person; Path=/")) as one:
        api = client(one.url)
        api.read("tag/list")
        api.read("tag/list")
    assert one.connections == 1
    assert b"ookie" not in one.requests[1]


def test_the_environment_is_not_asked_for_proxies_or_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with peer(OK) as one:
        assert client(one.url).read("tag/list").number("id") == 1


def test_compressed_answers_are_understood() -> None:
    with peer(answer(gzip.compress(b'{"success": true, "id": 4}'), "Content-Encoding: gzip")) as one:
        assert client(one.url).read("tag/list").number("id") == 4


def test_certificates_are_verified() -> None:
    assert Transport()._session.verify is True


def test_redirects_are_not_followed() -> None:
    with peer(OK) as other:
        error = failure(answer(b"", f"Location: {other.url}/tag/list", status="302 Found"))
    assert type(error) is BadReply
    assert other.requests == []


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (silence(1), "timeout"),
        (silence(1, HEAD), "timeout"),
        (silence(1, b"HTTP/1.1 200"), "timeout"),
        (reset(), "reset"),
        (reset(HEAD + b"{"), "reset"),
        (raw(b""), "reset"),
        (raw(b"no http at all\r\n\r\n"), "reset"),
    ],
)
def test_a_peer_that_breaks_off_may_have_acted(behaviour: Behaviour, reason: str) -> None:
    error = failure(behaviour)
    assert isinstance(error, Unreachable)
    assert (error.reason, error.sent) == (reason, True)


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (raw(HEAD + b'{"success": true'), "body cut short"),
        (answer(b"no gzip", "Content-Encoding: gzip"), "cannot be decompressed"),
        (answer(b'{"success": tr'), "not JSON"),
        (answer(b"<html>", kind="text/html"), "text/html, not JSON"),
    ],
)
def test_a_body_that_makes_no_sense_is_a_bad_reply(behaviour: Behaviour, words: str) -> None:
    error = failure(behaviour)
    assert type(error) is BadReply
    assert words in error.log


@pytest.mark.parametrize("rest", [b"5\r\n{}", b"zz\r\n", b""])
def test_a_broken_chunk_is_a_bad_reply(rest: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert type(failure(raw(head + rest))) is BadReply


def test_a_body_that_is_too_large_is_not_read_to_the_end() -> None:
    error = failure(answer(b'{"success": true}' + b" " * 500_000), largest_json=100_000)
    assert type(error) is BadReply
    assert "more than 100000 bytes" in error.log


def test_a_body_that_drips_meets_the_deadline() -> None:
    started = time.monotonic()
    error = failure(drip(200, 0.05), deadline=0.4, timeouts=Timeouts(read=5))
    assert time.monotonic() - started < 3
    assert isinstance(error, Unreachable)
    assert error.reason == "timeout"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1/v2", "refused"),
        ("http://no-such-host.invalid/v2", "name"),
        ("ftp://127.0.0.1/v2", "address"),
        ("http://[bad/v2", "address"),
        ("no address", "address"),
    ],
)
def test_an_address_that_does_not_answer_was_never_sent_anything(url: str, reason: str) -> None:
    with pytest.raises(Unreachable) as caught:
        client(url).read("tag/list")
    assert (caught.value.reason, caught.value.sent) == (reason, False)


def test_a_peer_that_speaks_no_tls_is_not_trusted() -> None:
    with plain_speaker() as url, pytest.raises(Unreachable) as caught:
        client(url).read("tag/list")
    assert (caught.value.reason, caught.value.sent) == ("tls", False)


@pytest.mark.parametrize("kind", [ssl.SSLEOFError, ssl.SSLZeroReturnError])
def test_a_tls_connection_that_ends_midway_may_have_carried_the_request(kind: type[ssl.SSLError]) -> None:
    below = urllib3.exceptions.SSLError(kind(8, "EOF occurred in violation of protocol"))
    error = translated(requests.exceptions.SSLError(below))
    assert isinstance(error, Unreachable)
    assert (error.reason, error.sent) == ("reset", True)


def test_a_certificate_that_is_not_trusted_stops_the_request() -> None:
    below = urllib3.exceptions.SSLError(ssl.SSLCertVerificationError(1, "certificate verify failed"))
    error = translated(requests.exceptions.SSLError(below))
    assert isinstance(error, Unreachable)
    assert (error.reason, error.sent) == ("tls", False)


@pytest.mark.parametrize("value", ["ключ", "a\r\nX-Evil: 1", "", "tab\t"])
def test_a_credential_that_cannot_be_a_header_never_leaves(value: str) -> None:
    with peer(OK) as one:
        with pytest.raises(SessionEnded):
            client(one.url).acting_as(Credential(value)).read("user/get_info")
        assert one.requests == []


def test_a_file_is_streamed_with_name_and_type() -> None:
    content = b"%PDF-" + bytes(300_000)
    named = 'Content-Disposition: attachment; filename="../check-ins.pdf"'
    with peer(answer(content, named, kind="application/pdf")) as one:
        file = client(one.url).download("form/download", {"id": 1, "format": "pdf"})
        with file:
            assert (file.filename, file.content_type, file.length) == (
                "check-ins.pdf",
                "application/pdf",
                300_005,
            )
            assert b"".join(file.iter_bytes()) == content


def test_an_error_in_place_of_a_file_raises() -> None:
    body = b'{"success": false, "status": {"code": 201, "description": "Not found"}}'
    with peer(answer(body, status="400 Bad Request")) as one, pytest.raises(NotFound):
        client(one.url).download("form/download", {"id": 1, "format": "pdf"})


def test_a_file_that_breaks_off_raises_midway_and_names_its_call() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: 500000\r\n\r\n"
    with peer(raw(head + bytes(1000))) as one:
        file = client(one.url).download("form/download", {"id": 1, "format": "pdf"})
        with pytest.raises(BadReply, match="form/download"):
            list(file.iter_bytes())


def test_a_length_that_is_no_number_is_not_known() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nTransfer-Encoding: chunked\r\n"
    odd = raw(head + b"Content-Length: \xb2\r\n\r\n0\r\n\r\n")  # a superscript two is a digit to Python
    with peer(odd) as one, client(one.url).download("form/download", {"id": 1, "format": "pdf"}) as file:
        assert file.length is None


def test_a_file_may_be_bounded() -> None:
    with peer(answer(bytes(200_000), kind="application/pdf")) as one:
        file = client(one.url).download("form/download", {"id": 1, "format": "pdf"})
        with pytest.raises(BadReply, match="more than 100000 bytes"):
            list(file.iter_bytes(at_most=100_000))


# Nothing that escapes leads to the credential, the password or to requests' own exceptions.

FAILURES: dict[str, Callable[[], NavixyError]] = {
    "silence": lambda: failure(silence(1)),
    "reset": lambda: failure(reset()),
    "cut": lambda: failure(raw(HEAD + b"{")),
    "html": lambda: failure(answer(b"<html>", kind="text/html")),
    "refused": lambda: _escaped("http://127.0.0.1:1/v2"),
    "name": lambda: _escaped("http://no-such-host.invalid/v2"),
    "address": lambda: _escaped("ftp://x/v2"),
    "error": lambda: failure(
        answer(b'{"success": false, "status": {"code": 4, "description": "%s"}}' % HASH.encode())
    ),
    "sign in": lambda: _sign_in_failed(),
}


def _escaped(url: str) -> NavixyError:
    with pytest.raises(NavixyError) as caught:
        client(url).read("tag/list", {"comment": WORDS})
    return caught.value


def _sign_in_failed() -> NavixyError:
    with peer(silence(1)) as one, pytest.raises(NavixyError) as caught:
        users.sign_in(client(one.url), login="a@b.example", password=WORDS)
    return caught.value


@pytest.mark.parametrize("what", FAILURES)
def test_no_exception_text_chain_or_log_shows_a_secret(what: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    error = FAILURES[what]()
    assert error.__cause__ is None
    assert error.__context__ is None
    shown = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error)) + error.message
    for secret in (HASH, WORDS):
        assert secret not in shown
        assert secret not in caplog.text


@pytest.mark.parametrize("what", FAILURES)
def test_no_frame_of_the_traceback_shows_the_credential(what: str) -> None:
    error = FAILURES[what]()
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    ours = [frame for frame in frames if "/dashboard/" in frame.f_code.co_filename]
    assert ours
    assert not [f for f in frames if "site-packages/requests" in f.f_code.co_filename]
    for frame in ours:
        for name, value in frame.f_locals.items():
            assert HASH not in repr(value) or name in ("raw", "body", "answer"), (
                frame.f_code.co_qualname,
                name,
            )


def test_a_password_is_in_no_frame() -> None:
    error = _sign_in_failed()
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if "/dashboard/navixy/" in frame.f_code.co_filename:  # the test's own frames hold it of course
            assert WORDS not in repr(frame.f_locals)


def kinds_of(base: type[Exception]) -> list[type[Exception]]:
    return [base, *(kind for child in base.__subclasses__() for kind in kinds_of(child))]


@pytest.mark.parametrize("kind", kinds_of(requests.RequestException), ids=lambda kind: kind.__name__)
def test_whatever_requests_may_raise_is_translated(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    _raises_ours(kind.__new__(kind), monkeypatch)


@pytest.mark.parametrize(
    "error",
    [
        urllib3.exceptions.LocationParseError("x"),
        urllib3.exceptions.ProtocolError("Connection aborted."),
        urllib3.exceptions.DecodeError("x"),
        OSError(5, "x"),
        ConnectionResetError(),
        TimeoutError(),
    ],
)
def test_whatever_lies_below_requests_is_translated(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    _raises_ours(error, monkeypatch)


def _raises_ours(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    api = client("http://127.0.0.1:1/v2")

    def fail(*_args: Any, **_kwargs: Any) -> Any:
        raise error

    monkeypatch.setattr(api.transport._session, "post", fail)
    with pytest.raises((Unreachable, BadReply)):
        api.read("tag/list")
