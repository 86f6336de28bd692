"""A zip pack of some 2,000 pictures: what it takes of its worker's memory, and what it survives.

`python -m tests.bench.packs`. The period holds the sandbox's odd files, dead links among them; the worker of
the second pack is killed on the way.
"""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from tests.bench.site import sign_in
from tests.bench.table import Row, limit, written
from tests.running import ROOT, Demo, demo

PERIOD = "7d"  # about 2,200 files of about 850 check-ins
EARLY, GROWTH = 100, 8.0  # files after which the memory must stay flat, and by how many MB it may still grow
KILLED_AT = 600
WITHIN = 1800.0


def main() -> None:
    with demo(RATE_PER_SECOND="100000") as running:
        rows = [*memory(running), *survived(running)]
    sys.stdout.write("\n" + written(rows, ROOT / "var" / "bench-packs.md"))


def memory(running: Demo) -> Iterator[Row]:
    worker = running.pid_of("worker")
    idle, began = resident(worker), time.monotonic()
    samples = [(files, resident(worker)) for files in Pack(running).progress()]
    early = max(megabytes for files, megabytes in samples if files <= EARLY)
    peak = max(megabytes for _, megabytes in samples)
    files = samples[-1][0]
    yield Row(what=f"zip pack of {files:,} files: time", ours=f"{time.monotonic() - began:.0f} s")
    yield Row(
        what="its worker: memory idle, at the first files, peak",
        ours=f"{idle:.0f}, {early:.0f}, {peak:.0f} MB",
    )
    yield limit(f"growth from file {EARLY} to file {files:,}", max(0.0, peak - early), "MB", GROWTH)


def survived(running: Demo) -> Iterator[Row]:
    began, killed = time.monotonic(), 0
    pack = Pack(running)
    for files in pack.progress():
        if files >= KILLED_AT and not killed:
            os.kill(running.pid_of("worker"), signal.SIGKILL)
            killed = files
    took = time.monotonic() - began
    yield Row(what=f"the same, its worker killed at file {killed:,}: time", ours=f"{took:.0f} s")
    parts = [indexed(part) for part in pack.parts()]
    reasons = Counter(row["Problem"] for rows in parts for row in rows)
    there = reasons.pop("")
    yield Row(what="its zip files, all sound to `unzip -t`", ours=f"{len(parts)} with {there:,} files")
    for reason, count in sorted(reasons.items()):
        yield Row(what=f"not in them: {reason}", ours=f"{count}")


def indexed(part: Path) -> list[dict[str, str]]:
    """The rows of its index; every file they name is in there."""
    subprocess.run(["unzip", "-tqq", part], check=True)
    with zipfile.ZipFile(part) as pack:
        names = set(pack.namelist())
        rows = list(csv.DictReader(io.TextIOWrapper(pack.open("index.csv"), "utf-8-sig")))
    assert {row["File"] for row in rows if row["File"]} <= names
    return rows


class Pack:
    """One pack, asked for at the desk of the owner."""

    def __init__(self, running: Demo) -> None:
        self.url, self.browser = running.url, requests.Session()
        self.browser.trust_env = False
        self.browser.cookies.update(sign_in(running.url))
        page = self.browser.get(f"{self.url}/checkins/?period={PERIOD}", timeout=30).text
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert token
        answer = self.browser.post(
            f"{self.url}/photos/packs/new/?period={PERIOD}",
            headers={"X-CSRFToken": token[1], "Referer": self.url},
            timeout=60,
        )
        found = re.search(r"/jobs/(\d+)/", answer.url)
        assert found, answer.text[:500]
        self.job = int(found[1])

    def progress(self) -> Iterator[int]:
        """How many files are in, twice a second, until it is done."""
        until = time.monotonic() + WITHIN
        while time.monotonic() < until:
            card = self._row()
            state = re.search(r'data-state="(\w+)"', card)
            found = re.search(r"([\d,]+) files", card)
            yield int(found[1].replace(",", "")) if found else 0
            if state and state[1] not in ("queued", "running"):
                assert state[1] == "done", card
                return
            time.sleep(0.5)
        raise AssertionError("the pack took too long")

    def parts(self) -> Iterator[Path]:
        """Each of its zip files, until the next one."""
        for path in sorted(set(re.findall(rf"/jobs/{self.job}/download/[\d/]*", self._row()))):
            answer = self.browser.get(f"{self.url}{path}", timeout=600, stream=True)
            with TemporaryDirectory() as folder:
                part = Path(folder) / "part.zip"
                with part.open("wb") as file:
                    file.writelines(answer.iter_content(1 << 20))
                yield part

    def _row(self) -> str:
        return self.browser.get(f"{self.url}/jobs/{self.job}/row/", timeout=30).text


def resident(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1000


if __name__ == "__main__":
    main()
