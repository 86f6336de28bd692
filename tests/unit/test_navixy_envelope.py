from datetime import UTC, datetime
from typing import Any

import pytest

from dashboard.navixy.downloads import clean_filename, is_file
from dashboard.navixy.envelope import retry_after
from dashboard.navixy.errors import BadReply, NavixyError, RateLimited, Unavailable
from tests.unit.canned import Reply, answering

HTML = {"Content-Type": "text/html"}


def raised(reply: Reply) -> NavixyError:
    with pytest.raises(NavixyError) as caught:
        answering(reply, retry={"tries": 1}).client.read("checkin/list")
    return caught.value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Welcome</body></html>",
        b'{"success": true, "list": [',
        b"[" * 200_000,
        b"\xff\xfe\x00",
        [],
        "text",
        7,
        None,
        {},
        {"success": False},
        {"success": "true"},
        {"success": False, "status": "no"},
        {"success": False, "status": {"description": "no code"}},
    ],
)
def test_what_is_no_envelope_is_a_bad_reply(body: Any) -> None:
    assert type(raised(Reply(body))) is BadReply


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (rb'{"success": true, "value": "leak \ud83d"}', "leak ?"),  # cut in the middle of an emoji
        (rb'{"success": true, "value": "\ud83d\udca7 leak"}', "\U0001f4a7 leak"),
        (rb'{"success": true, "value": "x", "more": NaN}', "x"),
        (b'{"success": true, "value": 123456789012345678901234567890}', 123456789012345678901234567890),
    ],
)
def test_what_is_not_quite_json_is_still_read(body: bytes, value: object) -> None:
    found = answering(Reply(body)).client.read("checkin/list").body["value"]
    assert found == pytest.approx(value) if isinstance(value, int) else found == value
    assert str(found).encode()


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_5xx_page_without_an_envelope_means_trouble_over_there(status: int) -> None:
    error = raised(Reply(b"<html>502 Bad Gateway</html>", status=status, headers=HTML))
    assert type(error) is Unavailable
    assert error.code is None
    assert error.http_status == status


def test_a_gateways_429_without_an_envelope_is_a_rate_limit() -> None:
    headers = {**HTML, "Retry-After": "4"}
    error = raised(Reply(b"<html>Too many requests</html>", status=429, headers=headers))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 4


def test_a_redirect_is_a_bad_reply() -> None:
    assert type(raised(Reply(b"", status=302, headers={"Location": "https://elsewhere.test/"}))) is BadReply


def test_success_is_read_whatever_the_content_type_says() -> None:
    reply = answering(Reply({"success": True, "id": 3}, headers=HTML)).client.read("checkin/form/create")
    assert reply.number("id") == 3


def test_a_missing_list_is_an_empty_one() -> None:
    assert answering({}).client.read("tag/list").records() == ()


@pytest.mark.parametrize(
    "read",
    [
        lambda reply: reply.records("odd"),
        lambda reply: reply.record("gone"),
        lambda reply: reply.record("odd"),
        lambda reply: reply.number("odd"),
        lambda reply: reply.text("gone"),
    ],
)
def test_a_success_of_the_wrong_shape_is_a_bad_reply(read: Any) -> None:
    reply = answering({"odd": "text"}).client.read("x/y")
    with pytest.raises(BadReply, match="x/y"):
        read(reply)


def test_a_strange_count_falls_back() -> None:
    assert answering({"count": "12"}).client.read("x").count(5) == 12
    assert answering({"count": -1}).client.read("x").count(5) == 5
    assert answering({}).client.read("x").count(5) == 5


def test_a_reply_does_not_show_what_it_holds() -> None:
    assert "secret" not in repr(answering({"hash": "secret"}).client.read("user/auth"))


def test_retry_after_may_be_a_date() -> None:
    now = datetime(2026, 3, 12, 12, 0, 0, tzinfo=UTC)
    assert retry_after("Thu, 12 Mar 2026 12:00:07 GMT", now) == 7.0
    assert retry_after("Thu, 12 Mar 2026 11:00:00 GMT", now) == 0.0


def test_a_retry_date_without_zone_is_not_understood() -> None:
    assert retry_after("Thu, 12 Mar 2026 12:00:07 -0000") is None


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="report.xlsx"', "report.xlsx"),
        ("attachment; filename=report.xlsx", "report.xlsx"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        (r'attachment; filename="..\\..\\boot.ini"', "boot.ini"),
        ("attachment; filename*=UTF-8''%D0%BB%D0%B8%D1%84%D1%82.pdf", "лифт.pdf"),
        ("attachment; filename=\"a.pdf\"; filename*=UTF-8''b%2Fc.pdf", "c.pdf"),
        ('attachment; filename="a\r\nSet-Cookie: x"', "aSet-Cookie x"),
        ('attachment; filename="..."', "file"),
        ("attachment", "file"),
        ("", "file"),
    ],
)
def test_file_names_are_base_names(disposition: str, name: str) -> None:
    assert clean_filename(disposition) == name


@pytest.mark.parametrize("kind", ["application/pdf", "application/octet-stream", "image/png"])
def test_files_are_known_by_their_type(kind: str) -> None:
    assert is_file(kind)


@pytest.mark.parametrize("kind", ["application/json", "text/html", "", "application/problem+json"])
def test_json_and_pages_are_no_files(kind: str) -> None:
    assert not is_file(kind)


def test_json_in_place_of_a_file_is_a_bad_reply() -> None:
    with pytest.raises(BadReply, match="in place of a file"):
        answering({}).client.download("form/download", {})
