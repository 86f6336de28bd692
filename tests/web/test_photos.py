"""`/photos/`: who gets which picture, in what shape, at what price."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest
from django.test import Client as Browserless
from django.test import RequestFactory
from PIL import Image

from dashboard import accounts, clock
from dashboard.navixy import checkins, forms
from dashboard.navixy.storage import Fetched, Storage
from dashboard.photos import album, sources
from dashboard.photos.album import Album, PhotoTile
from dashboard.photos.lanes import Lanes
from dashboard.photos.tokens import Owner, Ref
from dashboard.sandbox import awkward
from dashboard.sandbox.odd_files import BOTTOM_LEFT, BOTTOM_RIGHT, TOP_LEFT, TOP_RIGHT
from tests import caches
from tests.conftest import NOW

if TYPE_CHECKING:
    from dashboard.http import DashboardRequest
    from dashboard.sandbox import Sandbox

SignedIn = Callable[..., Browserless]
KINDS = awkward.describe()
WEBP = {"Accept": "image/avif,image/webp,image/*,*/*;q=0.8"}


def request_of(web: Browserless) -> DashboardRequest:
    """A request of that person, as a view has it."""
    request: Any = RequestFactory().get("/")
    request.session = web.session
    found = accounts.recall(web.session)
    assert found
    request.account, request.navixy = found
    return request  # type: ignore[no-any-return]  # the attributes are what makes it ours


def tile_of(web: Browserless, kind: str) -> PhotoTile:
    request, found = request_of(web), KINDS[kind]
    checkin = checkins.read(request.navixy, found.checkin_id)
    tiles = album.of(request).checkin(checkin)
    return tiles[[file.id for file in checkin.files].index(found.file_id)]


def picture(response: Any) -> Image.Image:
    return Image.open(BytesIO(response.content))


def body(response: Any) -> bytes:
    """All of it: an unread stream keeps its file open."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def storage_calls(box: Sandbox) -> int:
    return sum(call.action.startswith("storage/") for call in box.calls)


def api_actions(box: Sandbox) -> list[str]:
    return [call.action for call in box.calls if not call.action.startswith("storage/")]


# --- what is shown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("where", ["rotation", "metadata_rotation"])
def test_every_orientation_comes_out_upright(signed_in: SignedIn, where: str, turn: int) -> None:
    web = signed_in()
    tile = tile_of(web, f"{where}_{turn}")
    for url in (tile.thumb_url, tile.large_url):
        image = picture(web.get(url, headers=WEBP)).convert("RGB")
        wide = image.width > image.height
        assert wide == (turn < 5)
        corners = {
            (0.1, 0.1): TOP_LEFT,
            (0.9, 0.1): TOP_RIGHT,
            (0.9, 0.9): BOTTOM_RIGHT,
            (0.1, 0.9): BOTTOM_LEFT,
        }
        for (x, y), colour in corners.items():
            found: Any = image.getpixel((int(x * image.width), int(y * image.height)))
            assert max(abs(a - b) for a, b in zip(found, colour, strict=True)) < 45


@pytest.mark.parametrize(
    "kind",
    [
        *("cmyk", "alpha", "animated", "heic", "webp", "tiff", "grey", "deep", "tiny", "wrong_extension"),
        *("largest", "twelve_megapixels", "hundred_megapixels"),
    ],
)
def test_every_format_is_shown(signed_in: SignedIn, kind: str) -> None:
    web = signed_in()
    response = web.get(tile_of(web, kind).thumb_url, headers=WEBP)
    assert response.headers["Content-Type"] == "image/webp"
    assert max(picture(response).size) == (1 if kind == "tiny" else 240)


@pytest.mark.parametrize(
    ("kind", "problem", "words"),
    [
        ("truncated", "damaged", "Damaged picture"),
        ("not_a_picture", "not-a-picture", "Not a picture"),
        ("page_as_picture", "not-a-picture", "Not a picture"),
        ("bomb", "too-many-pixels", "Too many pixels"),
        ("empty", "empty", "Empty file"),
        *(
            (f"redirect_{to}", "refused", "do not fetch")
            for to in ("loopback", "metadata", "private", "ipv6", "file")
        ),
        *((kind, "gone", "No longer in") for kind in ("gone", "lost", "forbidden")),
    ],
)
def test_what_cannot_be_shown_is_a_tile_with_words(
    signed_in: SignedIn, kind: str, problem: str, words: str
) -> None:
    web = signed_in()
    tile = tile_of(web, kind)
    for url in (tile.thumb_url, tile.large_url):
        response = web.get(url, headers=WEBP)
        assert (response.status_code, response.headers["Content-Type"]) == (200, "image/svg+xml")
        assert response.headers["X-Photo-Problem"] == problem
        assert words in response.content.decode()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("created", "pending"), ("in_progress", "pending"), ("deleted", "deleted"), ("uploaded", "picture")],
)
def test_files_in_every_state_have_their_tile(signed_in: SignedIn, kind: str, expected: str) -> None:
    tile = tile_of(signed_in(), kind)
    assert tile.kind == expected
    assert bool(tile.thumb_url) == bool(tile.original_url) == (expected == "picture")
    assert tile.words or expected == "picture"


@pytest.mark.parametrize(
    "kind", ["report_pdf", "note_txt", "sheet_csv", "page_html", "drawing_svg", "archive_zip", "unnamed"]
)
def test_documents_are_saved_never_shown(signed_in: SignedIn, kind: str) -> None:
    web = signed_in()
    tile = tile_of(web, kind)
    assert (tile.kind, tile.thumb_url) == ("file", "")
    response = web.get(tile.original_url)
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert body(response)


@pytest.mark.parametrize("kind", ["not_a_picture", "page_as_picture", "heic", "bomb"])
def test_what_a_browser_does_not_show_safely_is_saved_whatever_it_is_called(
    signed_in: SignedIn, kind: str
) -> None:
    web = signed_in()
    response = web.get(tile_of(web, kind).original_url)
    body(response)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Type"] == "application/octet-stream"


def test_an_original_picture_is_the_file_as_it_was(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    response = web.get(tile_of(web, "wrong_extension").original_url)
    assert (response.headers["Content-Type"], len(body(response))) == ("image/png", 300_000)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("name_parent", 'inline; filename="passwd.webp"'),
        ("name_backslash", 'inline; filename="win.webp"'),
        ("name_quotes", "inline; filename=\"a quoted 'name'.webp\""),
        ("name_device", 'inline; filename="_CON.webp"'),
        ("name_right_to_left", 'inline; filename="gpj.exe.webp"'),
        ("name_markup", 'inline; filename="img src=x onerror=alert(1).webp"'),
    ],
)
def test_names_are_safe_in_headers(signed_in: SignedIn, kind: str, name: str) -> None:
    web = signed_in()
    response = web.get(tile_of(web, kind).thumb_url, headers=WEBP)
    assert response.headers["Content-Disposition"] == name


# --- whose it is -------------------------------------------------------------------------------------------


def test_another_person_and_another_session_get_nothing(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    tile = tile_of(web, "rotation_1")
    assert web.get(tile.thumb_url).status_code == 200
    sandbox.clear_calls()
    for stranger in (signed_in("dispatcher"), signed_in("viewer"), signed_in()):
        for url in (tile.thumb_url, tile.large_url, tile.original_url):
            assert stranger.get(url).status_code == 404
    assert storage_calls(sandbox) == 0
    assert not {"checkin/read", "form/read"} & set(api_actions(sandbox))


def test_without_a_session_there_is_only_the_door(signed_in: SignedIn, sandbox: Sandbox) -> None:
    tile = tile_of(signed_in(), "rotation_1")
    sandbox.clear_calls()
    response = Browserless().get(tile.thumb_url)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/")
    assert sandbox.calls == []


@pytest.mark.parametrize("said", [{"Sec-Fetch-Dest": "image"}, {"Accept": "image/avif,image/webp,*/*"}])
@pytest.mark.parametrize("size", ["thumb_url", "large_url", "original_url"])
def test_without_a_session_an_image_is_words_and_not_the_way_to_sign_in(
    signed_in: SignedIn, sandbox: Sandbox, size: str, said: dict[str, str]
) -> None:
    tile = tile_of(signed_in(), "rotation_1")
    sandbox.clear_calls()
    response = Browserless().get(getattr(tile, size), headers=said)
    assert (response.status_code, response.headers["Content-Type"]) == (401, "image/svg+xml")
    assert response.headers["Cache-Control"] == "no-store"
    assert "Reload the page" in response.content.decode()
    assert sandbox.calls == []


def test_signing_out_ends_the_links(signed_in: SignedIn) -> None:
    web = signed_in()
    tile = tile_of(web, "rotation_1")
    web.post("/sign-out/")
    again = signed_in()
    assert again.get(tile.thumb_url).status_code == 404


@pytest.mark.parametrize(
    "token",
    [
        *("x", "-", "A" * 36, "A" * 400, "http:", "127.0.0.1", "169.254.169.254"),
        *("aHR0cDovLzEyNy4wLjAuMTo2Mzc5Lw", "%2e%2e", "file:%2f%2f%2fetc%2fpasswd", "%00"),
    ],
)
@pytest.mark.parametrize("size", ["thumb", "large", "original"])
def test_forged_tokens_make_nothing_happen(
    signed_in: SignedIn, sandbox: Sandbox, token: str, size: str
) -> None:
    web = signed_in()
    assert web.get(f"/photos/{token}/{size}/?url=http://127.0.0.1:1/&file=1").status_code == 404
    assert sandbox.calls == []


def test_a_token_cannot_be_turned_to_another_file(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    token = tile_of(web, "rotation_1").thumb_url.split("/")[2]
    sandbox.clear_calls()
    for at in range(len(token) - 1):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert web.get(f"/photos/{changed}/thumb/").status_code == 404
    assert sandbox.calls == []


@pytest.mark.parametrize("size", ["thumb_url", "large_url", "original_url"])
def test_a_link_that_has_run_out_says_so(signed_in: SignedIn, sandbox: Sandbox, size: str) -> None:
    web = signed_in()
    tile = tile_of(web, "rotation_1")
    with clock.frozen(NOW + timedelta(days=2)):
        sandbox.clear_calls()
        response = web.get(getattr(tile, size))
    assert (response.status_code, storage_calls(sandbox)) == (410, 0)
    assert "has run out" in response.content.decode()


def test_a_page_left_open_shows_words_in_place_of_pictures(signed_in: SignedIn) -> None:
    tile = tile_of(signed_in(), "rotation_1")
    response = signed_in().get(tile.thumb_url, headers=WEBP | {"Sec-Fetch-Dest": "image"})
    assert (response.status_code, response.headers["Content-Type"]) == (404, "image/svg+xml")
    assert "Reload the page" in response.content.decode()


def test_a_file_of_a_record_the_person_may_not_see_is_not_read(signed_in: SignedIn, sandbox: Sandbox) -> None:
    """A token is only ever made for what a page showed; made for another record, the API decides."""
    web = signed_in("dispatcher")
    visible = sandbox.world.scopes["dispatcher"] or frozenset()
    hidden = next(c for c in sandbox.world.checkins if c.tracker_id not in visible and c.file_ids)
    token = album.signer_of(request_of(web)).sign(Ref(Owner.CHECKIN, hidden.id, hidden.file_ids[0]))
    response = web.get(f"/photos/{token}/thumb/")
    assert response.headers["X-Photo-Problem"] == "gone"
    assert storage_calls(sandbox) == 0


def test_a_file_of_another_record_is_not_given(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web, found = signed_in(), KINDS["rotation_1"]
    other = KINDS["cmyk"].checkin_id
    token = album.signer_of(request_of(web)).sign(Ref(Owner.CHECKIN, other, found.file_id))
    assert web.get(f"/photos/{token}/thumb/").headers["X-Photo-Problem"] == "gone"
    assert storage_calls(sandbox) == 0


# --- what it costs -----------------------------------------------------------------------------------------


def test_a_page_of_pictures_needs_no_further_api_call(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web, address = signed_in(), "/checkins/?from=2026-03-01&to=2026-03-12&per_page=100"
    web.get(address)
    sandbox.clear_calls()
    page = web.get(address).content.decode()
    assert page.count("data-checkin-id=") == 100
    assert [call.action for call in sandbox.calls] == ["checkin/list"]
    thumbs = [unescape(url) for url in re.findall(r'src="(/photos/[^"]+/thumb/)"', page)]
    assert len(thumbs) > 100
    sandbox.clear_calls()
    for url in thumbs[:15]:
        assert web.get(url, headers=WEBP).status_code == 200
    dead = sum(1 for call in sandbox.calls if call.action == "checkin/read")
    assert set(api_actions(sandbox)) <= {"checkin/read"}
    assert dead <= 3  # only the links that have died are asked for again
    sandbox.clear_calls()
    for url in thumbs[:15]:
        web.get(url, headers=WEBP)
    assert sandbox.calls == []


def test_many_at_once_fetch_a_picture_once(
    signed_in: SignedIn, sandbox: Sandbox, transactional_db: None
) -> None:
    web = signed_in()
    tile = tile_of(web, "twelve_megapixels")
    sandbox.clear_calls()

    def ask(_: int) -> int:
        from django.db import connection

        one = Browserless()
        one.cookies = web.cookies
        try:
            return len(one.get(tile.thumb_url, headers=WEBP).content)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        sizes = set(pool.map(ask, range(24)))
    assert len(sizes) == 1
    assert storage_calls(sandbox) == 1


def test_a_storage_that_hangs_holds_up_pictures_and_no_pages(
    signed_in: SignedIn, sandbox: Sandbox, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only so many threads wait for it; the other pictures are words at once and asked for again later."""
    from dashboard.sandbox import Fault

    monkeypatch.setattr("dashboard.photos.pictures.LANES", Lanes(most=2, patience=0.3))
    web = signed_in()
    urls = [tile_of(web, f"rotation_{turn}").thumb_url for turn in range(1, 7)]
    sandbox.faults.add(Fault(action="storage/download", kind="slow", seconds=2.5, times=None))

    def ask(url: str) -> tuple[str, float]:
        from django.db import connection

        one, start = Browserless(), time.monotonic()
        one.cookies = web.cookies
        try:
            response = one.get(url, headers=WEBP)
        finally:
            connection.close()
        return response.headers.get("X-Photo-Problem", "shown"), time.monotonic() - start

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, urls))
    assert sorted(what for what, _ in answers) == ["shown"] * 2 + ["unreachable"] * 4
    assert max(seconds for what, seconds in answers if what == "unreachable") < 2


def test_what_cannot_be_shown_is_not_fetched_again_and_again(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    tiles = [tile_of(web, kind) for kind in ("truncated", "bomb", "gone", "redirect_metadata")]
    for tile in tiles:
        web.get(tile.thumb_url)
    sandbox.clear_calls()
    for tile in tiles:
        web.get(tile.thumb_url)
        web.get(tile.large_url)
    assert sandbox.calls == []


def test_a_dead_link_is_read_again_once_and_then_works(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    request, found = request_of(web), KINDS["rotation_1"]
    checkin = checkins.read(request.navixy, found.checkin_id)
    stale = [replace(f, download_url=f"{f.download_url}".replace("-", "-0")) for f in checkin.files]
    (tile, *_) = album.of(request).checkin(replace(checkin, files=tuple(stale)))
    sandbox.clear_calls()
    assert web.get(tile.thumb_url, headers=WEBP).headers["Content-Type"] == "image/webp"
    assert (api_actions(sandbox), storage_calls(sandbox)) == (["checkin/read"], 2)


def test_without_memory_the_record_is_read_as_the_person_signed_in(
    signed_in: SignedIn, sandbox: Sandbox
) -> None:
    from django.core.cache import cache

    web = signed_in("dispatcher")
    tile = tile_of(web, "rotation_1")
    cache.clear()
    sandbox.clear_calls()
    assert web.get(tile.thumb_url, headers=WEBP).status_code == 200
    reads = [call for call in sandbox.calls if call.action == "checkin/read"]
    assert [call.login for call in reads] == ["dispatcher@demo.example"]


def test_form_files_are_read_from_their_form(signed_in: SignedIn, sandbox: Sandbox) -> None:
    from django.core.cache import cache

    web = signed_in()
    request = request_of(web)
    form_id = next(c.form_id for c in sandbox.world.checkins if c.id == awkward.EVERYTHING)
    assert form_id
    form = forms.read_form(request.navixy, form_id)
    tiles = album.of(request).form(form)
    pictures = [tile for tile in tiles.values() if tile.kind == "picture"]
    assert pictures
    assert set(tiles) == {file.id for file in form.files}
    cache.clear()
    sandbox.clear_calls()
    assert web.get(pictures[0].thumb_url, headers=WEBP).headers["Content-Type"] == "image/webp"
    assert api_actions(sandbox) == ["form/read"]


@pytest.mark.parametrize("fault", ["error_500", "reset", "session_end", "rate_limit", "html_502"])
def test_trouble_at_navixy_is_a_tile_never_a_broken_page(
    signed_in: SignedIn, sandbox: Sandbox, fault: str
) -> None:
    from django.core.cache import cache

    from dashboard.sandbox import Fault

    web = signed_in()
    tile = tile_of(web, "rotation_1")
    cache.clear()
    sandbox.faults.add(Fault(action="checkin/read", kind=fault, times=None))
    expected = "stale" if fault == "session_end" else "unreachable"
    for url in (tile.thumb_url, tile.original_url):
        response = web.get(url, headers=WEBP)
        assert (response.status_code, response.headers["X-Photo-Problem"]) == (200, expected)
        assert response.headers["Cache-Control"] == "no-store"
    assert web.get(tile.original_url).status_code in (302, 429, 502, 503, 504)


def test_a_picture_cut_short_on_its_way_is_damaged_for_seconds_only(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = signed_in()
    tile = tile_of(web, "rotation_1")
    whole = Storage.fetch

    def cut(self: Storage, url: str, into: BinaryIO) -> Fetched:
        found = whole(self, url, into)
        into.truncate(found.size // 2)
        return replace(found, size=found.size // 2)

    monkeypatch.setattr("dashboard.photos.problems._PASSING", 1)
    with monkeypatch.context() as fault:
        fault.setattr(Storage, "fetch", cut)
        response = web.get(tile.thumb_url, headers=WEBP)
        assert response.headers["X-Photo-Problem"] == "damaged"
        assert response.headers["Cache-Control"] == "no-store"
    time.sleep(1.1)
    assert web.get(tile.thumb_url, headers=WEBP).headers["Content-Type"] == "image/webp"


def test_a_page_that_came_in_place_of_a_picture_is_not_believed_for_long(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = signed_in()
    tile = tile_of(web, "rotation_1")

    def maintenance(self: Storage, url: str, into: BinaryIO) -> Fetched:
        into.write(b"<html>Back soon</html>")
        return Fetched(size=22, sha256="0" * 64)

    monkeypatch.setattr(Storage, "fetch", maintenance)
    response = web.get(tile.thumb_url, headers=WEBP)
    assert response.headers["X-Photo-Problem"] == "not-a-picture"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", ["not_a_picture", "bomb", "empty", "gone", "redirect_private"])
def test_no_browser_keeps_a_tile_with_words_for_long(signed_in: SignedIn, kind: str) -> None:
    web = signed_in()
    kept = web.get(tile_of(web, kind).thumb_url, headers=WEBP).headers["Cache-Control"]
    assert int(kept.removeprefix("private, max-age=")) <= 300


def test_the_end_of_one_session_is_no_fault_of_the_picture(signed_in: SignedIn, sandbox: Sandbox) -> None:
    from django.core.cache import cache

    from dashboard.sandbox import Fault

    ended, other = signed_in(), signed_in()
    first, second = tile_of(ended, "rotation_1"), tile_of(other, "rotation_1")
    cache.clear()
    sandbox.faults.add(Fault(action="checkin/read", kind="session_end", times=1))
    assert ended.get(first.thumb_url, headers=WEBP).headers["X-Photo-Problem"] == "stale"
    assert other.get(second.thumb_url, headers=WEBP).headers["Content-Type"] == "image/webp"


def test_a_person_without_the_right_is_told_so(signed_in: SignedIn, sandbox: Sandbox) -> None:
    from django.core.cache import cache

    from dashboard.sandbox import Fault

    web = signed_in()
    tile = tile_of(web, "rotation_1")
    cache.clear()
    sandbox.faults.add(Fault(action="checkin/read", kind="error", code=13, times=None))
    assert "You may not" in web.get(tile.thumb_url, headers=WEBP).content.decode()


def test_a_link_that_has_changed_replaces_the_one_known(signed_in: SignedIn, sandbox: Sandbox) -> None:
    """A storage may give out links that last for minutes: the newest page's are the ones to use."""
    web = signed_in()
    request, found = request_of(web), KINDS["rotation_1"]
    checkin = checkins.read(request.navixy, found.checkin_id)
    dead = [replace(file, download_url=f"{file.download_url}x") for file in checkin.files]
    album.of(request).checkin(replace(checkin, files=tuple(dead)))
    (tile, *_) = album.of(request).checkin(checkin)
    sandbox.clear_calls()
    assert web.get(tile.thumb_url, headers=WEBP).headers["Content-Type"] == "image/webp"
    assert (api_actions(sandbox), storage_calls(sandbox)) == ([], 1)


# --- caching -----------------------------------------------------------------------------------------------


def test_pictures_are_private_immutable_and_vary(signed_in: SignedIn) -> None:
    web = signed_in()
    tile = tile_of(web, "rotation_1")
    webp, jpeg = (web.get(tile.thumb_url, headers={"Accept": accept}) for accept in (WEBP["Accept"], "*/*"))
    for response in (webp, jpeg):
        assert response.headers["Cache-Control"] == "private, max-age=86400, immutable"
        assert "Accept" in response.headers["Vary"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert (webp.headers["Content-Type"], jpeg.headers["Content-Type"]) == ("image/webp", "image/jpeg")
    assert webp.headers["ETag"] != jpeg.headers["ETag"]


@pytest.mark.parametrize("size", ["thumb_url", "large_url", "original_url"])
def test_what_the_browser_has_is_not_sent_again(signed_in: SignedIn, sandbox: Sandbox, size: str) -> None:
    web = signed_in()
    tile = tile_of(web, "rotation_1")
    web.get(tile.thumb_url, headers=WEBP)
    first = web.get(getattr(tile, size), headers=WEBP)
    body(first)
    sandbox.clear_calls()
    again = web.get(getattr(tile, size), headers=WEBP | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert sandbox.calls == []


def test_links_are_the_same_on_every_page_of_a_day(signed_in: SignedIn) -> None:
    web = signed_in()
    first = tile_of(web, "rotation_1")
    with clock.frozen(NOW + timedelta(hours=3)):
        assert tile_of(web, "rotation_1") == first


# --- secrets -----------------------------------------------------------------------------------------------


def test_no_url_and_no_hash_is_in_page_log_or_cache(
    signed_in: SignedIn, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    web = signed_in()
    found = KINDS["rotation_1"]
    request = request_of(web)
    checkin = checkins.read(request.navixy, found.checkin_id)
    key = checkin.files[0].download_url
    assert key
    secret = key.rsplit("/", 2)[1]
    assert request.navixy.credential
    page = web.get(f"/checkins/{found.checkin_id}/").content.decode()
    tile = tile_of(web, "rotation_1")
    seen = [page, caplog.text, repr(tile), repr(checkin), repr(sources.source_of(checkin.files[0]))]
    for url in (tile.thumb_url, tile_of(web, "gone").thumb_url):
        response = web.get(url)
        seen += [str(response.headers), response.content.decode(errors="replace")]
    for text in seen:
        assert secret not in text
        assert request.navixy.credential.value not in text
    kept = caches.contents()
    assert kept
    assert secret.encode() not in kept
    assert b"/storage/" not in kept


def test_tiles_of_a_row_stop_at_the_limit_and_count_the_rest(signed_in: SignedIn) -> None:
    request = request_of(signed_in())
    checkin = checkins.read(request.navixy, KINDS["rotation_1"].checkin_id)
    bare = replace(checkin, id=1, files=())
    rows = Album.rows(album.of(request), [checkin, bare], limit=3)
    assert list(rows) == [checkin.id]
    assert (len(rows[checkin.id].shown), rows[checkin.id].more, rows[checkin.id].total) == (3, 5, 8)
