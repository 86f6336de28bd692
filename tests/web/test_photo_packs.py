"""Zip packs from the button to the file: what goes in, under which names, and what is told of the rest."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browserless

from dashboard import connect
from dashboard.jobs import files, runner
from dashboard.jobs.models import Job, State
from dashboard.navixy import checkins
from dashboard.navixy.client import Client
from dashboard.photos.packs import plan
from dashboard.photos.packs.fetching import Fetcher, Gathered
from dashboard.photos.packs.index import safe_cell
from dashboard.sandbox import Fault, Sandbox, awkward
from dashboard.sandbox.model import Checkin, File
from dashboard.sandbox.pictures import file_bytes
from tests.web.desk import words_in
from tests.workers import until, worker

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Browserless]
ODD = sorted({found.checkin_id for found in awkward.describe().values()})
WEEK = datetime(2026, 3, 5, 23, tzinfo=UTC)  # where the last seven days begin in Madrid


def one_week(sandbox: Sandbox, *, rank: int = 5) -> tuple[str, list[Checkin]]:
    """Of one tracker, as a query and as the sandbox knows it; the busiest has some forty pictures to draw."""
    week = [one for one in sandbox.visible_checkins("owner") if one.marker_time >= WEEK]
    tracker = Counter(one.tracker_id for one in week).most_common()[rank][0]
    return f"period=7d&tracker={tracker}", [one for one in week if one.tracker_id == tracker]


def packed(web: Browserless, query: str = "period=7d", **data: Any) -> Job:
    """Ask for a pack and let a worker make it."""
    assert web.post(f"/photos/packs/new/?{query}", data).status_code == 302
    while runner.run_next():
        pass
    return Job.objects.latest("pk")


def downloaded(web: Browserless, job: Job, number: int = 1) -> zipfile.ZipFile:
    response: Any = web.get(f"/jobs/{job.pk}/download/{number}/")
    content = b"".join(response.streaming_content)
    assert len(content) == int(response.headers["Content-Length"])
    return zipfile.ZipFile(io.BytesIO(content))


def index_of(pack: zipfile.ZipFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(pack.read("index.csv").decode("utf-8-sig"))))


def all_files(sandbox: Sandbox, found: list[Checkin]) -> Iterator[File]:
    for checkin in found:
        yield from sandbox.world.files_of(checkin)
        form = sandbox.world.form(checkin.form_id) if checkin.form_id else None
        for file_id in re.findall(r"'file_ids?': \[?([\d, ]+)", str(form.values if form else "")):
            for one in file_id.split(","):
                if file := sandbox.world.file(int(one)):
                    yield file


def reachable(file: File) -> bool:
    return file.state == "uploaded" and file.uploaded is not None and "link" not in file.drawing


def test_a_pack_holds_every_file_of_the_filter_unchanged(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    query, found_there = one_week(sandbox)
    job = packed(web, query)
    assert job.state == State.DONE, job.message
    assert len(files._storage().listdir(str(job.pk))[1]) == 1  # the plan with its links is gone
    pack = downloaded(web, job)
    assert pack.testzip() is None
    wanted = Counter(
        sha256(file_bytes(one)).hexdigest() for one in all_files(sandbox, found_there) if reachable(one)
    )
    names = [name for name in pack.namelist() if not name.startswith("index.")]
    assert Counter(sha256(pack.read(name)).hexdigest() for name in names) == wanted


def test_index_and_names_are_safe_and_complete(signed_in: SignedIn, sandbox: Sandbox) -> None:
    """Every awkward file of the sandbox: in the pack, or in the index with a reason."""
    web = signed_in()
    job = packed(web, ids=ODD)
    pack = downloaded(web, job)
    rows = index_of(pack)
    assert len(rows) == len(list(all_files(sandbox, [found(sandbox, one) for one in ODD])))
    assert {row["File"] for row in rows if row["File"]} == set(pack.namelist()) - {"index.csv", "index.html"}
    assert all(
        re.fullmatch(r"2026-[\d-]+_\d{4}_[\w-]+_checkin-\d+_\d+(\.\w+)*", name) for name in names(rows)
    )
    assert len({name.lower() for name in names(rows)}) == len(names(rows))
    assert all(bool(row["File"]) != bool(row["Problem"]) for row in rows)
    reasons = {row["Original name"]: row["Problem"] for row in rows if row["Problem"]}
    assert (
        reasons["gone.jpg"]
        == reasons["lost.jpg"]
        == reasons["forbidden.jpg"]
        == "The storage no longer has it"
    )
    assert reasons["redirect_metadata.jpg"] == "Kept where this site does not fetch from"
    assert "Not uploaded yet" in reasons.values()
    assert "Deleted from the storage" in reasons.values()
    assert not any(re.match(r"[=+@\t\r-]", row[key]) for row in rows for key in ("Comment", "Original name"))


def test_the_html_index_escapes_and_links_what_is_there(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    pack = downloaded(web, packed(web, ids=ODD))
    page = pack.read("index.html").decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;.jpg" in page
    assert "<script" not in page
    links = re.findall(r'(?:href|src)="([^"]*)"', page)
    assert set(links) == set(pack.namelist()) - {"index.csv", "index.html"}
    assert page.count("<section>") == page.count("</section>")


@pytest.mark.skipif(not shutil.which("unzip"), reason="no unzip here")
def test_unzip_finds_no_fault(signed_in: SignedIn, sandbox: Sandbox, tmp_path: Path) -> None:
    web = signed_in()
    job = packed(web, ids=ODD)
    path = tmp_path / "pack.zip"
    response: Any = web.get(f"/jobs/{job.pk}/download/")
    path.write_bytes(b"".join(response.streaming_content))
    done = subprocess.run(["unzip", "-t", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_large_pack_comes_in_parts_with_an_index_each(
    signed_in: SignedIn, sandbox: Sandbox, settings: Any
) -> None:
    settings.PACK_PART_MB = 1
    web = signed_in()
    query, found_there = one_week(sandbox)
    job = packed(web, query)
    assert len(job.results) > 2
    assert f"in {len(job.results)} zip files" in job.message
    packs = [downloaded(web, job, number) for number in range(1, len(job.results) + 1)]
    days = "2026-03-06_2026-03-12"
    assert [file["name"] for file in job.results][:2] == [
        f"photos_{days}_{len(found_there)}-checkins_part-1.zip",
        f"photos_{days}_{len(found_there)}-checkins_part-2.zip",
    ]
    together = [row for pack in packs for row in index_of(pack)]
    settings.PACK_PART_MB = 1000
    whole = index_of(downloaded(web, packed(web, query)))
    assert together == whole


def test_a_chosen_check_in_that_is_gone_is_told_of(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    rows = index_of(downloaded(web, packed(web, ids=[101, 999_999_999])))
    assert [row["Problem"] for row in rows if row["Check-in"] == "999999999"] == [
        "No longer there, or no longer visible to you"
    ]


def test_nothing_to_pack_is_said(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    bare = next(one for one in sandbox.visible_checkins("owner") if not one.file_ids and not one.form_id)
    job = packed(web, ids=[bare.id])
    assert (job.state, job.results) == (State.DONE, [])
    assert "None of these check-ins has a picture" in job.message


@pytest.mark.parametrize("ids", [["x"], ["0"], ["1" * 30], ["1,"], [",".join(map(str, range(1, 2002)))]])
def test_wrong_ids_make_no_job(signed_in: SignedIn, ids: list[str]) -> None:
    assert signed_in().post("/photos/packs/new/", {"ids": ids}).status_code == 422
    assert not Job.objects.exists()


def test_an_empty_filter_makes_no_job(signed_in: SignedIn, sandbox: Sandbox) -> None:
    answer = signed_in().post("/photos/packs/new/?comment=nobodywrotethis")
    assert answer.status_code == 422
    assert not Job.objects.exists()


def test_a_sub_user_gets_only_what_it_sees(signed_in: SignedIn, sandbox: Sandbox) -> None:
    """Also when somebody sends ids by hand."""
    web = signed_in("dispatcher")
    seen = {one.id for one in sandbox.visible_checkins("dispatcher")}
    unseen = [one.id for one in sandbox.visible_checkins("owner") if one.id not in seen]
    mine = next(one.id for one in sandbox.visible_checkins("dispatcher") if one.file_ids)
    rows = index_of(downloaded(web, packed(web, ids=[mine, *unseen[:3]])))
    assert {int(row["Check-in"]) for row in rows if row["File"]} == {mine}
    assert {int(row["Check-in"]) for row in rows if row["Problem"]} == set(unseen[:3])
    assert {row["Time zone"] for row in rows if row["File"]} == {"Atlantic/Canary"}


def test_a_long_period_is_packed_although_the_api_wants_parts(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    job = packed(web, "period=all&comment=lift+stopped")
    assert job.state == State.DONE, job.message
    assert sandbox.calls_of("checkin/list")


def test_the_button_says_how_many(signed_in: SignedIn, sandbox: Sandbox) -> None:
    assert "Photos (zip) of 46 check-ins" in words_in(signed_in().get("/checkins/?period=today"))


def test_a_double_click_makes_one_pack(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    for _ in range(2):
        web.post("/photos/packs/new/?period=today")
    assert Job.objects.count() == 1


# --- links that die, storage that is silent ----------------------------------------------------------------


def gathered(client: Client, url: str, folder: Path, item: plan.Planned) -> Gathered:
    fetcher = Fetcher(client, connect.storage(url), folder, pauses=(0.0, 0.0))
    return next(iter(list(fetcher.gather([item]))))


def with_files(client: Client, sandbox: Sandbox, least: int) -> plan.Planned:
    one = next(
        one
        for one in sandbox.visible_checkins("owner")
        if one.id > awkward.LAST_ID and len(one.file_ids) >= least and not one.form_id
    )
    return plan.planned(checkins.read(client, one.id), who="Ana", tracker="Van")


def test_two_dead_links_are_looked_up_once_more(
    navixy: Callable[..., Client], sandbox: Sandbox, sandbox_url: str, tmp_path: Path
) -> None:
    client = navixy()
    item = with_files(client, sandbox, 2)
    for file in item.files[:2]:
        found = sandbox.world.file(file.id)
        assert found
        found.key = f"{found.key}0"  # links given out before are dead
    sandbox.clear_calls()
    got = gathered(client, sandbox_url, tmp_path, item)
    assert all(one.path for one in got.files)
    assert len(sandbox.calls_of("checkin/read")) == 1


def test_a_storage_that_stays_silent_sinks_no_pack(
    navixy: Callable[..., Client], sandbox: Sandbox, sandbox_url: str, tmp_path: Path
) -> None:
    client = navixy()
    item = with_files(client, sandbox, 2)
    sandbox.faults.add(Fault(action="storage/download", kind="reset", times=3))
    got = gathered(client, sandbox_url, tmp_path, item)
    assert sorted(one.reason for one in got.files)[-1] == "The storage did not answer"
    assert any(one.path for one in got.files)


def test_what_has_arrived_is_not_fetched_again(
    navixy: Callable[..., Client], sandbox: Sandbox, sandbox_url: str, tmp_path: Path
) -> None:
    client = navixy()
    item = with_files(client, sandbox, 2)
    gathered(client, sandbox_url, tmp_path, item)
    sandbox.clear_calls()
    assert all(one.path for one in gathered(client, sandbox_url, tmp_path, item).files)
    assert not sandbox.calls


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\n=1", "\r=1", "＝1", "\x00=1", "\x0b+1"]
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe_cell(text).startswith("'")


def test_other_cells_stay_as_they_are() -> None:
    assert safe_cell("Größe: 3 − 1 = 2 👷‍♀️ سلام") == "Größe: 3 − 1 = 2 👷‍♀️ سلام"


# --- with a worker of its own ------------------------------------------------------------------------------


def found(sandbox: Sandbox, checkin_id: int) -> Checkin:
    one = sandbox.world.checkin(checkin_id)
    assert one
    return one


def names(rows: list[dict[str, str]]) -> list[str]:
    return [row["File"] for row in rows if row["File"]]


@pytest.mark.django_db(transaction=True)
def test_a_killed_workers_pack_is_finished_and_fetches_little_twice(
    signed_in: SignedIn, sandbox: Sandbox, tmp_path: Path
) -> None:
    web = signed_in()
    query, found_there = one_week(sandbox, rank=0)
    assert web.post(f"/photos/packs/new/?{query}").status_code == 302
    job = Job.objects.get()
    with worker(PACK_PART_MB="1") as first:
        until(lambda: len(sandbox.calls_of("storage/download")) >= 6)
        first.kill()
        first.wait(10)
        with worker(PACK_PART_MB="1"):
            until(lambda: Job.objects.get().state not in (State.QUEUED, State.RUNNING))
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 2), job.message
    rows = [row for n in range(len(job.results)) for row in index_of(downloaded(web, job, n + 1))]
    assert len(rows) == len(list(all_files(sandbox, found_there)))
    assert (
        len(sandbox.calls_of("storage/download")) <= len(rows) + 8
    )  # what was on its way when it was killed
