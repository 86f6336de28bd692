"""Pages are compressed in a form the browser takes, and no two answers need be equally long."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
import pytest
from django.http import HttpRequest, HttpResponse

from dashboard.compression import CompressionMiddleware

PAGE = "<p>Check-in at Plaza de la Constitución</p>" * 400
OPENERS: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress}


def answered(accept: str, response: HttpResponse | None = None) -> HttpResponse:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = accept
    answer = CompressionMiddleware(lambda _: response or HttpResponse(PAGE))(request)
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("GZIP;q=0.5, br;q=0", "gzip"),
        ("br; q=0.000, gzip", "gzip"),
        ("gzip", "gzip"),
    ],
)
def test_the_page_comes_whole_in_what_the_browser_takes(accept: str, encoding: str) -> None:
    answer = answered(accept)
    assert answer["Content-Encoding"] == encoding
    assert OPENERS[encoding](answer.content).decode() == PAGE
    assert int(answer["Content-Length"]) == len(answer.content) < len(PAGE) / 10


@pytest.mark.parametrize("accept", ["", "identity", "gzip;q=0, br;q=0.0"])
def test_who_takes_neither_gets_the_plain_page(accept: str) -> None:
    answer = answered(accept)
    assert answer.content.decode() == PAGE
    assert not answer.has_header("Content-Encoding")
    assert answer["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accept", OPENERS)
def test_the_length_of_the_same_page_varies(accept: str) -> None:
    assert len({len(answered(accept).content) for _ in range(60)}) > 10


@pytest.mark.parametrize("accept", OPENERS)
@pytest.mark.parametrize("padding", [0, 1, 56, 99])
def test_any_padding_leaves_the_page_as_it_is(
    accept: str, padding: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.compression.secrets.randbelow", lambda _: padding)
    assert OPENERS[accept](answered(accept).content).decode() == PAGE


def test_what_varies_otherwise_still_varies() -> None:
    assert answered("br", HttpResponse(PAGE, headers={"Vary": "HX-Request"}))["Vary"] == (
        "HX-Request, Accept-Encoding"
    )


def test_photos_and_short_answers_stay_as_they_are() -> None:
    for plain in (HttpResponse(b"\xff\xd8" * 400, content_type="image/jpeg"), HttpResponse("ok")):
        assert not answered("br, gzip", plain).has_header("Content-Encoding")


def test_a_tag_of_the_plain_page_becomes_weak() -> None:
    assert answered("br", HttpResponse(PAGE, headers={"ETag": '"a"'}))["ETag"] == 'W/"a"'
