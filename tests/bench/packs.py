"""A zip pack of some 2,000 pictures: what it takes of its worker's memory. `python -m tests.bench.packs`"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.bench.site import sign_in
from tests.bench.table import Row, limit, written
from tests.running import ROOT, Demo, demo

PERIOD = "7d"  # about 2,200 files of about 850 check-ins
EARLY, GROWTH = 100, 8.0  # files after which the memory must stay flat, and by how many MB it may still grow
WITHIN = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    files: int
    megabytes: float


def main() -> None:
    with demo(RATE_PER_SECOND="100000") as running:
        rows = list(pack_memory(running))
    sys.stdout.write("\n" + written(rows, ROOT / "var" / "bench-packs.md"))


def pack_memory(running: Demo) -> Iterator[Row]:
    worker = running.pid_of("worker")
    idle = resident(worker)
    began = time.monotonic()
    samples = list(watched(running, worker))
    early = max(one.megabytes for one in samples if one.files <= EARLY)
    peak = max(one.megabytes for one in samples)
    files = samples[-1].files
    yield Row(what=f"zip pack of {files:,} files: time", ours=f"{time.monotonic() - began:.0f} s")
    yield Row(
        what="its worker: memory idle, at the first files, peak",
        ours=f"{idle:.0f}, {early:.0f}, {peak:.0f} MB",
    )
    yield limit(f"growth from file {EARLY} to file {files:,}", max(0.0, peak - early), "MB", GROWTH)


def watched(running: Demo, worker: int) -> Iterator[Sample]:
    """The worker's memory until the pack is done."""
    browser = requests.Session()
    browser.trust_env = False
    browser.cookies.update(sign_in(running.url))
    job = asked(browser, running.url)
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        card = browser.get(f"{running.url}/jobs/{job}/row/", timeout=30).text
        state = re.search(r'data-state="(\w+)"', card)
        found = re.search(r"([\d,]+) files", card)
        files = int(found[1].replace(",", "")) if found else 0
        yield Sample(files=files, megabytes=resident(worker))
        if state and state[1] not in ("queued", "running"):
            assert state[1] == "done", card
            return
        time.sleep(0.5)
    raise AssertionError("the pack took too long")


def asked(browser: requests.Session, url: str) -> int:
    page = browser.get(f"{url}/checkins/?period={PERIOD}", timeout=30).text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token
    answer = browser.post(
        f"{url}/photos/packs/new/?period={PERIOD}",
        headers={"X-CSRFToken": token[1], "Referer": url},
        timeout=60,
    )
    found = re.search(r"/jobs/(\d+)/", answer.url)
    assert found, answer.text[:500]
    return int(found[1])


def resident(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1000


if __name__ == "__main__":
    main()
