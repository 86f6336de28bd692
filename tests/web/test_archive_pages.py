"""The archive's pages: who finds what, what is shown, what can be taken away, and making it again."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any, BinaryIO

import pytest
from django.test import Client as Browserless
from PIL import Image

from checkins.models import Draft
from dashboard.accounts import Account
from dashboard.archive import keeping
from dashboard.archive.keeping import FileMissing, Original
from dashboard.archive.models import Archived
from dashboard.audit.models import Entry
from dashboard.sandbox import Sandbox
from tests.accounts import account_of
from tests.conftest import NOW
from tests.drafting import Drafting, assert_equal_upstream
from tests.removing import asked, begun, work
from tests.web.desk import words_in

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Browserless]


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    yield
    for archived in Archived.objects.all():
        keeping.discard(archived)


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return out.getvalue()


def original(content: bytes | None, **facts: Any) -> Original:
    def write(into: BinaryIO) -> None:
        if content is None:
            raise FileMissing("The storage no longer has it")
        into.write(content)

    known: dict[str, Any] = {"upstream_id": 9, "name": "a.jpg", "mime_type": "image/jpeg"}
    return Original(**known | facts, write=write)


def shelved(account: Account, **facts: Any) -> Archived:
    known: dict[str, Any] = {
        "kind": "checkin",
        "upstream_id": 700,
        "title": "12 Mar · Ann",
        "record": {"id": 700, "files": [{"id": 9, "download_url": "https://static.navixy.com/secret"}]},
        "names": {"Employee": "Ann <b>", "Comment": "Blue pump"},
    }
    archived = keeping.keep(account, **known | facts)
    keeping.confirm(archived)
    return archived


def content_of(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_the_list_is_searched_by_text_number_person_and_day(signed_in: SignedIn) -> None:
    web = signed_in("owner")
    own = account_of(web)
    shelved(own)
    shelved(own, upstream_id=701, title="13 Mar · Bob", names={"Comment": "Grüne TÜR"})
    for query, titles in (
        ("", {"12 Mar · Ann", "13 Mar · Bob"}),
        ("q=blue+PUMP", {"12 Mar · Ann"}),
        ("q=tür", {"13 Mar · Bob"}),
        ("q=701", {"13 Mar · Bob"}),
        ("q=nothing", set()),
        (f"person={own.user_id}", {"12 Mar · Ann", "13 Mar · Bob"}),
        ("from=2026-03-13", set()),
        ("from=2026-03-12&to=2026-03-12", {"12 Mar · Ann", "13 Mar · Bob"}),
        ("kind=route", set()),
    ):
        words = words_in(web.get(f"/archive/?{query}"))
        assert {title for title in ("12 Mar · Ann", "13 Mar · Bob") if title in words} == titles, query


def test_empty_says_what_will_come_here(signed_in: SignedIn) -> None:
    web = signed_in("owner")
    assert "Nothing deleted yet" in words_in(web.get("/archive/"))
    assert "Nothing in the archive fits" in words_in(web.get("/archive/?q=x"))


def test_nothing_of_another_account_or_person_is_reached(signed_in: SignedIn) -> None:
    own = account_of(signed_in("owner"))
    dispatcher = signed_in("dispatcher")
    kept = {
        "stranger": shelved(replace(own, account_id=own.account_id + 1), files=[original(b"x")]),
        "elsewhere": shelved(replace(own, api_url="https://elsewhere.example/v2"), files=[original(b"x")]),
        "own": shelved(own, files=[original(b"x")]),
    }
    for who, reached in (("owner", {"own"}), ("dispatcher", set())):
        web = dispatcher if who == "dispatcher" else signed_in(who)
        for name, archived in kept.items():
            file = archived.files.get().pk
            for tail in ("", "download/", f"files/{file}/", f"files/{file}/thumb/", f"files/{file}/large/"):
                answer = web.get(f"/archive/{archived.pk}/{tail}")
                b"".join(getattr(answer, "streaming_content", ()))
                assert (answer.status_code == 200) is (name in reached), (who, name, tail)
        assert web.get("/archive/").content.count(b"data-row-link") == len(reached)


def test_what_is_not_yet_removed_is_shown_to_nobody(signed_in: SignedIn) -> None:
    web = signed_in("owner")
    kept = keeping.keep(
        account_of(web), kind="checkin", upstream_id=1, title="Still there", record={}, names={}
    )
    assert web.get(f"/archive/{kept.pk}/").status_code == 404
    assert "Still there" not in words_in(web.get("/archive/"))


def test_the_page_shows_pictures_from_here_and_no_address_of_navixy(signed_in: SignedIn) -> None:
    web = signed_in("owner")
    kept = shelved(account_of(web), files=[original(jpeg()), original(None, name="lost.jpg", upstream_id=8)])
    page = web.get(f"/archive/{kept.pk}/")
    picture = kept.files.exclude(key="").get()

    assert f"/archive/{kept.pk}/files/{picture.pk}/thumb/".encode() in page.content
    assert b"static.navixy.com" not in page.content
    assert "Ann &lt;b&gt;" in page.content.decode()
    assert "1 file could not be had" in words_in(page)
    thumb: Any = web.get(f"/archive/{kept.pk}/files/{picture.pk}/thumb/")
    assert thumb.headers["Content-Type"] == "image/jpeg"
    again = web.get(f"/archive/{kept.pk}/files/{picture.pk}/thumb/", headers={"If-None-Match": thumb["ETag"]})
    assert again.status_code == 304


def test_an_original_is_only_ever_saved(signed_in: SignedIn) -> None:
    web = signed_in("owner")
    hostile = b"<script>alert(1)</script>"
    kept = shelved(account_of(web), files=[original(hostile, name="../x.html", mime_type="text/html")])
    file = kept.files.get()

    saved: Any = web.get(f"/archive/{kept.pk}/files/{file.pk}/")

    assert content_of(saved) == hostile
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert "/" not in saved.headers["Content-Disposition"]
    shown: Any = web.get(f"/archive/{kept.pk}/files/{file.pk}/thumb/")
    assert shown.headers["Content-Type"] == "image/svg+xml"


NAMES = ("=cmd|calc.exe", "../../etc/passwd", "con.jpg", 'a"b<c>.jpg', "tab\there.png", "\u202egpj.exe", "")


def test_nothing_in_the_zip_can_run_or_escape(signed_in: SignedIn) -> None:
    web = signed_in("owner")
    files = [original(name.encode(), name=name, upstream_id=n) for n, name in enumerate(NAMES, 1)]
    kept = shelved(account_of(web), title="=HYPERLINK(1)<script>", files=files)

    response: Any = web.get(f"/archive/{kept.pk}/download/")
    pack = zipfile.ZipFile(io.BytesIO(content_of(response)))

    assert pack.testzip() is None
    assert response.headers["Content-Disposition"] == 'attachment; filename="archive_checkin_700.zip"'
    names = set(pack.namelist()) - {"record.json", "index.html"}
    assert len(names) == len(NAMES)
    for name in names:
        folder, _, base = name.partition("/")
        assert folder == "files"
        assert base[0].isdigit()
        assert set(base) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
        assert not base.endswith((".exe", ".html", ".svg"))
    page = pack.read("index.html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_zip_holds_record_and_files_unchanged(signed_in: SignedIn) -> None:
    web = signed_in("owner")
    kept = shelved(account_of(web), files=[original(jpeg()), original(None, name="lost.jpg", upstream_id=8)])

    pack = zipfile.ZipFile(io.BytesIO(content_of(web.get(f"/archive/{kept.pk}/download/"))))
    facts = json.loads(pack.read("record.json"))

    assert facts["record"] == {"id": 700, "files": [{"id": 9}]}
    there, lost = facts["files"]
    assert sha256(pack.read(there["file"])).hexdigest() == there["sha256"] == sha256(jpeg()).hexdigest()
    assert (lost["file"], lost["problem"]) == (None, "The storage no longer has it")


def test_the_owner_may_purge_and_that_is_written_down(signed_in: SignedIn) -> None:
    web = signed_in("owner")
    kept = shelved(account_of(web))

    assert web.post(f"/archive/{kept.pk}/purge/").status_code == 302

    assert not Archived.objects.exists()
    assert Entry.objects.get().action == "purge"


def test_others_may_not_purge_even_their_own(signed_in: SignedIn) -> None:
    web = signed_in("dispatcher")
    kept = shelved(account_of(web))

    assert web.get(f"/archive/{kept.pk}/").status_code == 200
    assert web.post(f"/archive/{kept.pk}/purge/").status_code == 403
    assert Archived.objects.exists()


def whole(sandbox: Sandbox) -> int:
    """One with photos and a form with answers, all files there."""
    from tests.removing import is_reachable

    for one in reversed(sandbox.visible_checkins("owner")):
        files = sandbox.world.files_of(one)
        if one.form_id and 1 <= len(files) <= 2 and all(map(is_reachable, files)):
            return one.id
    raise AssertionError("none in this world")


def test_created_again_it_has_equal_answers_and_files(signed_in: SignedIn, sandbox: Sandbox) -> None:
    """Must hold: archive, then "create again": another number, today's time, all else alike."""
    web = signed_in("owner")
    removal = asked(web, ids=str(whole(sandbox)))
    begun(web, removal)
    work()
    kept = Archived.objects.get()

    answer = web.post(f"/checkins/archived/{kept.pk}/again/")

    assert answer.status_code == 302
    draft = Draft.objects.get()
    assert (draft.tracker_id, draft.comment) == (kept.record["tracker_id"], kept.record["comment"] or "")
    files = {(file.field_id, file.staged.sha256) for file in draft.files.select_related("staged")}
    assert files == {(file.field_id, file.sha256) for file in kept.files.exclude(key="")}
    given = {
        key: value
        for key, value in kept.forms[0]["values"].items()
        if not {"file_ids", "file_id"} & value.keys()
    }
    assert {key: draft.answers.get(key) for key in given} == given
    assert "It will get a new number and the time of its sending" in words_in(web.get(answer["Location"]))

    person = Drafting(sandbox, web)
    sent = person.sent(draft)
    assert_equal_upstream(person, sent)
    made = sandbox.world.checkin(sent.checkin_id or 0)
    assert made is not None
    assert made.id != kept.upstream_id
    assert made.marker_time == NOW
