"""`make bench`: ratios within one run, to the terminal and to var/bench.md."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from tests.bench import board, creation, datasette, photos, reports
from tests.bench.site import ROWS, Site
from tests.bench.table import Row, limit, versus, written
from tests.bench.weight import page_weight
from tests.bench.wire import Answer, interleaved
from tests.running import ROOT, Demo, demo

BUDGET_KB = 150
SCALE = 100_000


def main() -> None:
    rows: list[Row] = []
    with demo(RATE_PER_SECOND="100000") as running:
        site = Site(running)
        raw = site.raw_call()
        rows += [*pages(site, raw), *against_datasette(site, raw), *weights(site), *photos.thumbnails(site)]
    with demo("--checkins", f"{SCALE}", RATE_PER_SECOND="100000") as running:
        rows += [*sandbox_lists(running), *reports.reports(running)]
    rows += [*creation.measured(), *board.measured()]
    sys.stdout.write("\n" + written(rows, ROOT / "var" / "bench.md"))


def pages(site: Site, raw: partial[Answer]) -> Iterator[Row]:
    for ms, rounds, at_most in ((0, 80, None), (150, 30, 1.15)):
        site.latency(ms)
        call, page, fragment = interleaved(raw, site.page, site.fragment, rounds=rounds)
        name = f"{ROWS} check-ins, warm, API latency {ms} ms"
        yield versus(f"{name}: page", page, call, "raw call", at_most=at_most)
        yield versus(f"{name}: fragment", fragment, call, "raw call", at_most=at_most)
    site.latency(0)


def against_datasette(site: Site, raw: partial[Answer]) -> Iterator[Row]:
    with datasette.serving(12_000) as (wire, path):
        call, page, theirs = interleaved(raw, site.page, partial(wire.ask, "GET", path), rounds=60)
    yield versus("the page's own time, without the call", page - call, theirs, "Datasette page", at_most=1.0)


def weights(site: Site) -> Iterator[Row]:
    for what, kinds in zip(("first load", "filter change"), page_weight(site), strict=True):
        pictures = kinds.pop("Image", 0.0)
        parts = ", ".join(f"{kind.lower()} {kb:.1f}" for kind, kb in sorted(kinds.items()))
        row = limit(f"{what}, compressed, without pictures ({parts})", sum(kinds.values()), "kB", BUDGET_KB)
        yield row
        yield Row(what=f"{what}: pictures", ours=f"{pictures:.1f} kB")


def sandbox_lists(running: Demo) -> Iterator[Row]:
    site = Site(running)
    newest = {"from": since(days=89), "to": since(days=0), "limit": 100, "sort": ["marker_time=desc"]}
    calls = {
        "newest first": newest,
        "by address, from row 40,000": newest | {"sort": ["address=asc"], "offset": 40_000},
        "comment contains": newest
        | {"conditions": [{"type": "contains", "field": "comment", "value": "lift"}]},
    }
    steps = [site.call("checkin/list", params) for params in calls.values()]
    for name, ms in zip(calls, interleaved(*steps, rounds=40), strict=True):
        yield limit(f"sandbox, 100 of {SCALE:,}: {name}", ms, "ms", 20)


def since(*, days: int) -> str:
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


if __name__ == "__main__":
    main()
