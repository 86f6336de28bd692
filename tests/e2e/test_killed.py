"""`kill -9` while a job is under way: what was killed comes back, and the job is done once."""

from __future__ import annotations

import io
import os
import re
import signal
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest
import requests

from dashboard.sandbox.people import person
from tests import running
from tests.workers import until

PACKED, SLOW = 20, 2.0  # check-ins, and seconds for each of their pictures


class Desk:
    """A person at a browser without JavaScript."""

    def __init__(self, demo: running.Demo) -> None:
        self.url, self.browser = demo.url, requests.Session()
        self.browser.trust_env = False

    def sign_in(self) -> None:
        """With a key, which the emulated Navixy still knows when it was started again."""
        page = self._ask("GET", "/sign-in/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page
        key = person("api").api_key
        self._ask("POST", "/sign-in/", data={"api_key": key, "csrfmiddlewaretoken": token[1]})

    def ask_for_pack(self) -> int:
        """Of a few check-ins only: drawing a picture takes the sandbox a while."""
        page = self._ask("GET", "/checkins/?period=7d").text
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert token, page
        ids = re.findall(r'data-checkin-id="(\d+)"', page)[:PACKED]
        answer = self._ask("POST", "/photos/packs/new/", data={"ids": ids}, headers={"X-CSRFToken": token[1]})
        found = re.search(r"/jobs/(\d+)/$", answer.url)
        assert found, answer.text
        return int(found[1])

    def shows(self, job: int) -> str:
        """The state of the job on its page; nothing while the site does not answer."""
        try:
            page = self._ask("GET", f"/jobs/{job}/").text
        except requests.RequestException:
            return ""
        found = re.search(rf'data-job-id="{job}"\s+data-state="(\w+)"', page)
        return found[1] if found else ""

    def pictures(self, job: int) -> int:
        pack = zipfile.ZipFile(io.BytesIO(self._ask("GET", f"/jobs/{job}/download/").content))
        assert pack.testzip() is None
        return len([name for name in pack.namelist() if not name.startswith("index.")])

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Referer": self.url} | more.pop("headers", {})
        return self.browser.request(method, self.url + path, headers=headers, timeout=20, **more)


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("killed")


def started(
    var_dir: Path, port: int | None = None, sandbox_port: int | None = None
) -> AbstractContextManager[running.Demo]:
    """DEBUG leaves out compressing the static files, which takes the longest."""
    return running.demo(
        *("--checkins", "100"), port=port, sandbox_port=sandbox_port, var_dir=var_dir, DEBUG="1"
    )


@pytest.fixture(scope="module")
def demo(var_dir: Path) -> Iterator[running.Demo]:
    with started(var_dir) as one:
        yield one


@pytest.fixture
def desk(demo: running.Demo) -> Desk:
    desk = Desk(demo)
    desk.sign_in()
    return desk


def kept(var_dir: Path, job: int) -> dict[str, Any]:
    """What the database has of a job."""
    with closing(sqlite3.connect(f"file:{var_dir}/fielddesk.sqlite3?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        return dict(database.execute("SELECT * FROM jobs_job WHERE id = ?", [job]).fetchone())


def results(var_dir: Path, job: int) -> list[str]:
    return [path.name for path in (var_dir / "results" / str(job)).iterdir()]


def pictures_take(demo: running.Demo, seconds: float) -> None:
    faults = f"http://127.0.0.1:{demo.sandbox_port}/_sandbox/faults"
    slow = {"action": "storage/download", "kind": "slow", "seconds": seconds, "times": None}
    requests.delete(faults, timeout=10)
    requests.post(faults, json=slow, timeout=10)


def under_way(var_dir: Path, job: int) -> bool:
    row = kept(var_dir, job)
    return row["state"] == "running" and bool(row["total"])


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    until(lambda: not running.lives(pid))


def test_a_job_goes_on_undisturbed_while_the_web_processes_are_killed(
    demo: running.Demo, desk: Desk, var_dir: Path
) -> None:
    pictures_take(demo, SLOW)
    job = desk.ask_for_pack()
    until(lambda: under_way(var_dir, job))
    web, worker = demo.pid_of("granian"), demo.pid_of("worker")
    (pages,) = running.children(web)
    kill(pages)
    until(lambda: desk.shows(job) == "running")
    assert demo.pid_of("granian") == web
    (pages,) = running.children(web)
    kill(web)
    until(lambda: not running.lives(pages) and desk.shows(job) == "running")
    pictures_take(demo, 0.0)
    until(lambda: desk.shows(job) == "done")
    assert demo.pid_of("worker") == worker
    assert kept(var_dir, job)["attempts"] == 1
    assert len(results(var_dir, job)) == 1
    assert f"{desk.pictures(job)} files of" in kept(var_dir, job)["message"]


def test_a_job_of_an_instance_that_was_killed_goes_on_when_it_is_started_again(
    demo: running.Demo, desk: Desk, var_dir: Path
) -> None:
    """The last test here, as it kills the demo."""
    pictures_take(demo, SLOW)
    job = desk.ask_for_pack()
    until(lambda: under_way(var_dir, job))
    before = running.children(demo.process.pid)
    kill(demo.process.pid)
    with started(var_dir, port=demo.port, sandbox_port=demo.sandbox_port):
        until(lambda: desk.shows(job) == "done")
        until(lambda: not any(running.lives(pid) for pid in before))
        assert kept(var_dir, job)["attempts"] == 2
        assert len(results(var_dir, job)) == 1
        assert f"{desk.pictures(job)} files of" in kept(var_dir, job)["message"]
