"""A report of 10,000 and of 100,000 rows: its time next to openpyxl alone, and its worker's memory.

`python -m tests.bench.reports`. The bare loop writes the same cells, which lie in memory already, without
styles, links or safety; the report fetches them page by page from the sandbox meanwhile, which by the second
time no longer has to invent them.
"""

from __future__ import annotations

import io
import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import requests

from tests.bench.site import sign_in
from tests.bench.table import Row, limit, versus, written
from tests.running import ROOT, Demo, demo

SCALE = 100_000
DAYS, PART = 120, 10  # the sandbox's world, and what part of it is the small report
WITHIN = 3600.0


def main() -> None:
    with demo("--checkins", f"{SCALE}", RATE_PER_SECOND="100000") as running:
        rows = list(reports(running))
    sys.stdout.write("\n" + written(rows, ROOT / "var" / "bench-reports.md"))


def reports(running: Demo) -> Iterator[Row]:
    desk = Desk(running)
    start = f"{datetime.now(UTC) - timedelta(days=DAYS / PART):%Y-%m-%d}"
    desk.made(f"from={start}")  # once for nothing: modules, names, connections
    yield from against_openpyxl(desk, f"from={start}")
    small = peak(desk.worker)
    yield from against_openpyxl(desk, "period=all")
    large = peak(desk.worker)
    yield Row(what="its worker's peak memory at 10k and at 100k rows", ours=f"{small:.0f}, {large:.0f} MB")
    yield limit("peak memory, 100k rows by 10k", large / small, "×", 1.5)
    took = desk.made("period=all", answers="on")
    yield Row(
        what=f"{SCALE:,} rows with all answers: time, worker's CPU and peak memory",
        ours=f"{took.seconds:.0f} s, {took.cpu:.0f} s, {peak(desk.worker):.0f} MB",
    )


def against_openpyxl(desk: Desk, query: str) -> Iterator[Row]:
    """In turns, the best of two each: what else the machine does hits all alike."""
    first = desk.made(query)
    cells = cells_of(first.content)
    bare = [bare_loop(cells)]
    took = [first, desk.made(query)]
    bare.append(bare_loop(cells))
    what = f"xlsx of {len(cells):,} rows, {len(cells[0])} columns, fetched while written"
    ours, theirs = min(one.seconds for one in took), min(one.seconds for one in bare)
    yield versus(what, ours * 1000, theirs * 1000, "openpyxl alone", at_most=2.0)
    ours, theirs = min(one.cpu for one in took), min(one.cpu for one in bare)
    yield versus("the same in CPU time of the worker", ours * 1000, theirs * 1000, "openpyxl alone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    seconds: float
    cpu: float
    content: bytes = b""


class Desk:
    """A browser of the owner that asks for reports and waits for them."""

    def __init__(self, running: Demo) -> None:
        self.url, self.worker = running.url, running.pid_of("worker")
        self.browser = requests.Session()
        self.browser.trust_env = False
        self.browser.cookies.update(sign_in(running.url))

    def made(self, query: str, **options: str) -> Took:
        """From the click to the end of the job."""
        path = f"{self.url}/reports/new/?{query}"
        token = re.search(r'name="csrf-token" content="([^"]+)"', self.browser.get(path, timeout=60).text)
        assert token
        data = {"csrfmiddlewaretoken": token[1], "format": "xlsx"} | options
        began, cpu = time.monotonic(), cpu_of(self.worker)
        answer = self.browser.post(path, data=data, headers={"Referer": self.url}, timeout=60)
        found = re.search(r"/reports/(\d+)/", answer.url)
        assert found, answer.text[:500]
        self._wait_for(found[1])
        seconds, cpu = time.monotonic() - began, cpu_of(self.worker) - cpu
        file = self.browser.get(f"{self.url}/reports/{found[1]}/download/", timeout=300)
        return Took(seconds=seconds, cpu=cpu, content=file.content)

    def _wait_for(self, report: str) -> None:
        until = time.monotonic() + WITHIN
        while time.monotonic() < until:
            card = self.browser.get(f"{self.url}/jobs/{report}/row/", timeout=60).text
            state = re.search(r'data-state="(\w+)"', card)
            if state and state[1] not in ("queued", "running"):
                assert state[1] == "done", card
                return
            time.sleep(0.2)
        raise AssertionError("the report took too long")


def cells_of(content: bytes) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return [list(row) for row in book["Check-ins"].iter_rows(values_only=True)]


def bare_loop(cells: list[list[Any]]) -> Took:
    began, cpu = time.monotonic(), time.process_time()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Check-ins")
    for row in cells:
        sheet.append(row)
    with TemporaryDirectory() as folder:
        book.save(Path(folder) / "bare.xlsx")
    return Took(seconds=time.monotonic() - began, cpu=time.process_time() - cpu)


def cpu_of(pid: int) -> float:
    """Seconds of all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid: int) -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1000


if __name__ == "__main__":
    main()
