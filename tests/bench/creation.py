"""Check-ins made with six photos: the time against bare uploads, and the memory of all processes of the site.

`python -m tests.bench.creation`
"""

from __future__ import annotations

import re
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import requests
from PIL import Image

from tests.bench.packs import resident
from tests.bench.site import api_hash, sign_in
from tests.bench.table import Row, limit, versus, written
from tests.running import ROOT, Demo, children, demo, words_of

MEGABYTE = 1024 * 1024
PHOTOS, PAUSE = 6, 0.4
WITHIN = 120.0
GROWTH = 8.0  # MB that memory may still grow by once a first check-in has passed


def main() -> None:
    sys.stdout.write("\n" + written(measured(), ROOT / "var" / "bench-creation.md"))


def measured() -> list[Row]:
    scratch = TemporaryDirectory(prefix="fielddesk-bench-")
    with scratch as folder, demo(RATE_PER_SECOND="100000", var_dir=Path(folder)) as running:
        maker = Maker(running, Path(folder))
        return [*creation_time(maker), *creation_memory(maker)]


def creation_time(maker: Maker, *, rounds: int = 3) -> Iterator[Row]:
    photos = [photo(seed, 4 * MEGABYTE) for seed in range(PHOTOS)]
    maker.made(photos)  # so that both find a warm machine
    maker.bare(photos)
    ours, bare = zip(*((maker.made(photos), maker.bare(photos)) for _ in range(rounds)), strict=True)
    name = f"check-in with {PHOTOS} photos of 4 MB, from its first call to its last"
    against = "bare uploads plus pauses"
    yield versus(name, 1000 * min(ours), 1000 * min(bare), against, at_most=1.2)


def creation_memory(maker: Maker) -> Iterator[Row]:
    """The first check-in shows what a process needs; ten times as many bytes must not need more."""
    photos = [photo(seed, 16 * MEGABYTE) for seed in range(PHOTOS)]
    with maker.watched() as idle:
        time.sleep(1)
    with maker.watched() as first:
        maker.made(photos[:1])
    with maker.watched() as all_of_them:
        for _ in range(2):
            maker.made(photos)
    for name in sorted(first):
        peaks = ", ".join(f"{one.get(name, 0):.0f}" for one in (idle, first, all_of_them))
        yield Row(what=f"{name}: memory idle, with one photo of 16 MB, with twelve", ours=f"{peaks} MB")
        growth = max(0.0, all_of_them.get(name, 0) - first[name])
        yield limit(f"{name}: growth from the first to the twelfth", growth, "MB", GROWTH)


def photo(seed: int, size: int) -> bytes:
    """A picture of exactly that size, noise behind its end."""
    out = BytesIO()
    Image.effect_noise((640, 480), 80).convert("RGB").save(out, "JPEG")
    return out.getvalue() + Random(seed).randbytes(size - len(out.getvalue()))


@dataclass
class Maker:
    """A browser that goes the whole way by the site's own pages, and a bare uploader beside it."""

    running: Demo
    folder: Path
    browser: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.browser.trust_env = False
        self.browser.cookies.update(sign_in(self.running.url))
        self.api = f"http://127.0.0.1:{self.running.sandbox_port}/v2"
        self.credential = {"Authorization": f"NVX {api_hash(self.running.sandbox_port)}"}
        trackers = self.call("tracker/list")["list"]
        self.tracker = next(one["id"] for one in trackers if not one["source"]["blocked"])

    def made(self, photos: list[bytes]) -> float:
        """Seconds from the job's first call to its last; the files have come to the site before."""
        page = self.browser.get(f"{self.running.url}/checkins/new/", timeout=30)
        where = {"tracker": self.tracker, "lat": "40.4168", "lng": "-3.7038", "address": "Madrid"}
        draft = self.post(page.url, page.text, where).url.split("/drafts/")[1].split("/")[0]
        base = f"{self.running.url}/checkins/drafts/{draft}"
        for number, content in enumerate(photos):
            self.post(f"{base}/files/", page.text, {"field": ""}, (f"photo {number}.jpg", content))
        self.post(f"{base}/review/", self.browser.get(f"{base}/review/", timeout=30).text, {})
        return self.finished(int(draft))

    def post(
        self, url: str, page: str, fields: dict[str, Any], file: tuple[str, bytes] | None = None
    ) -> requests.Response:
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        version = re.search(r'name="version"[^>]*value="(\d+)"', page)
        assert token
        if version:
            fields = {**fields, "version": version[1]}
        answer = self.browser.post(
            url,
            fields,
            files={"file": (*file, "image/jpeg")} if file else None,
            headers={"X-CSRFToken": token[1], "Referer": url},
            timeout=60,
        )
        assert answer.status_code == 200, (url, answer.status_code, answer.text[:2000])
        return answer

    def finished(self, draft: int) -> float:
        until = time.monotonic() + WITHIN
        while time.monotonic() < until:
            with sqlite3.connect(self.folder / "fielddesk.sqlite3") as database:
                state, started, ended = database.execute(
                    "SELECT d.state, j.started, j.finished FROM checkins_draft d"
                    " JOIN jobs_job j ON j.id = d.job_id WHERE d.id = ?",
                    [draft],
                ).fetchone()
            database.close()
            if ended:
                assert state == "done", state
                return (datetime.fromisoformat(ended) - datetime.fromisoformat(started)).total_seconds()
            time.sleep(0.1)
        raise AssertionError("the check-in took too long")

    def bare(self, photos: list[bytes]) -> float:
        """Seconds for the same bytes to the same storage, each place reserved before, and the pauses."""
        forms = [self.reserved(len(content)) for content in photos]
        plain = requests.Session()
        plain.trust_env = False
        began = time.perf_counter()
        for number, (form, content) in enumerate(zip(forms, photos, strict=True)):
            if number:
                time.sleep(PAUSE)
            file = {form["file_field_name"]: ("photo.jpg", content, "image/jpeg")}
            assert plain.post(form["url"], form["fields"], files=file, timeout=60).status_code == 200
        return time.perf_counter() - began

    def reserved(self, size: int) -> dict[str, Any]:
        found = self.call("checkin/image/create", size=size, filename="photo.jpg")["value"]
        assert isinstance(found, dict)
        return found

    def call(self, action: str, **params: Any) -> dict[str, Any]:
        answer = requests.post(
            f"{self.api}/{action}", json=params, headers=self.credential, timeout=30
        ).json()
        assert answer["success"], answer
        return dict(answer)

    @contextmanager
    def watched(self) -> Iterator[dict[str, float]]:
        """The peak in MB of web, worker and sandbox while the block runs, the largest of each."""
        peaks: dict[str, float] = {}
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.02):
                for name, pid in self.processes():
                    peaks[name] = max(peaks.get(name, 0.0), resident(pid))

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield peaks
        finally:
            over.set()
            thread.join()

    def processes(self) -> Iterator[tuple[str, int]]:
        """Those that do the work: the worker, what granian runs the pages in, the emulated Navixy."""
        for pid in children(self.running.process.pid):
            words = words_of(pid)
            if "worker" in words:
                yield "worker", pid
            elif "dashboard.sandbox" in words:
                yield "sandbox", pid
            elif "granian" in words:
                yield from (("web", one) for one in children(pid) if _is_page_process(one))


def _is_page_process(pid: int) -> bool:
    return not any("resource_tracker" in word for word in words_of(pid))


if __name__ == "__main__":
    main()
