"""A report of 10,000 and of 100,000 rows: its time next to openpyxl alone, and its worker's memory.

`python -m tests.bench.reports`. The bare loop writes the same cells, which lie in memory already, without
styles, links or safety; the report fetches them page by page from the sandbox meanwhile.
"""

from __future__ import annotations

import io
import re
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import requests

from tests.bench.packs import worker_of
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
    desk, worker = Desk(running.url), worker_of(running)
    start = f"{datetime.now(UTC) - timedelta(days=DAYS / PART):%Y-%m-%d}"
    desk.made(f"from={start}")  # once for nothing: modules, names, connections
    small_seconds, small = desk.made(f"from={start}")
    small_peak = peak(worker)
    seconds, found = desk.made("period=all")
    large_peak = peak(worker)
    for name, taken, content in (("10k", small_seconds, small), ("100k", seconds, found)):
        cells = cells_of(content)
        bare = bare_loop(cells)
        what = f"xlsx of {len(cells):,} rows ({name}), {len(cells[0])} columns, fetched while written"
        yield versus(what, taken * 1000, bare * 1000, "openpyxl alone", at_most=2.0)
        del cells
    yield Row(
        what="its worker's peak memory, 10k and 100k rows", ours=f"{small_peak:.0f}, {large_peak:.0f} MB"
    )
    yield limit("peak memory, 100k rows by 10k", large_peak / small_peak, "×", 1.5)
    seconds, found = desk.made("period=all", answers="on")
    yield Row(what=f"the same of {SCALE:,} rows with all answers", ours=f"{seconds:.0f} s")
    yield Row(what="its worker's peak memory with answers", ours=f"{peak(worker):.0f} MB")


class Desk:
    """A browser of the owner that asks for reports and waits for them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.browser = requests.Session()
        self.browser.trust_env = False
        self.browser.cookies.update(sign_in(url))

    def made(self, query: str, **options: str) -> tuple[float, bytes]:
        """How many seconds a worker worked on it, and the file."""
        path = f"{self.url}/reports/new/?{query}"
        token = re.search(r'name="csrf-token" content="([^"]+)"', self.browser.get(path, timeout=60).text)
        assert token
        data = {"csrfmiddlewaretoken": token[1], "format": "xlsx"} | options
        began = time.monotonic()
        answer = self.browser.post(path, data=data, headers={"Referer": self.url}, timeout=60)
        found = re.search(r"/reports/(\d+)/", answer.url)
        assert found, answer.text[:500]
        self._wait_for(found[1])
        took = time.monotonic() - began
        file = self.browser.get(f"{self.url}/reports/{found[1]}/download/", timeout=300)
        return took, file.content

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


def bare_loop(cells: list[list[Any]]) -> float:
    began = time.monotonic()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Check-ins")
    for row in cells:
        sheet.append(row)
    with TemporaryDirectory() as folder:
        book.save(Path(folder) / "bare.xlsx")
    return time.monotonic() - began


def peak(pid: int) -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1000


if __name__ == "__main__":
    main()
