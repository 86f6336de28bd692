"""The board of a full day, 50 routes and 1,000 stops, next to the very calls it makes."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from tests.bench.site import Site
from tests.bench.table import Row, limit, versus
from tests.bench.wire import Answer, interleaved
from tests.running import demo

PAGE = "/routes/"


def measured() -> Iterator[Row]:
    with demo("--busy", "--checkins", "2000", RATE_PER_SECOND="100000") as running:
        site = Site(running)
        page = partial(site.web.ask, "GET", PAGE)
        calls = _calls(site, page)
        yield limit("board of 50 routes and 1,000 stops, warm: API calls", len(calls), "calls", 4)
        for ms, rounds, at_most in ((0, 30, None), (150, 20, 1.3)):
            site.latency(ms)
            raw, ours = interleaved(partial(_in_turn, calls), page, rounds=rounds)
            name = f"board of 50 routes and 1,000 stops, API latency {ms} ms: page"
            yield versus(name, ours, raw, f"its {len(calls)} calls in turn", at_most=at_most)


def _calls(site: Site, page: partial[Answer]) -> list[partial[Answer]]:
    """What the page asks Navixy once its names are known, exactly as the sandbox received it."""
    shown = page().body
    site.sandbox.ask("DELETE", "/_sandbox/calls")
    page()
    made: list[dict[str, Any]] = site.sandbox.ask("GET", "/_sandbox/calls").json()["calls"]
    assert shown, "an empty page"
    assert {call["action"] for call in made} == {"task/route/list", "task/checkpoint/list"}, made
    return [site.call(call["action"], call["params"]) for call in made]


def _in_turn(calls: list[partial[Answer]]) -> Answer:
    """One after another, timed as one."""
    start = time.perf_counter()
    answers = [call() for call in calls]
    ms = (time.perf_counter() - start) * 1000
    last = answers[-1]
    return Answer(status=last.status, headers=last.headers, body=last.body, ms=ms)


if __name__ == "__main__":
    for row in measured():
        sys.stdout.write(f"{row}\n")
