"""`python -m dashboard.sandbox`: the emulated platform on a loopback port, with check-ins coming in."""

from __future__ import annotations

import argparse
import gc
import signal
import sys
import threading
from collections.abc import Sequence

from dashboard.sandbox.box import Sandbox
from dashboard.sandbox.server import serve
from dashboard.sandbox.switches import Switches

RATE = 50  # calls per second and credential, as in production (ref 1.6)


def main(argv: Sequence[str] | None = None) -> None:
    options = _options(argv)
    switches = Switches(storage_mode=options.storage, rate_per_second=options.rate or None)
    box = Sandbox(
        seed=options.seed,
        checkins=options.scale or options.checkins,
        switches=switches,
        latency_ms=options.latency_ms,
        busy=options.busy,
    )
    box.world.prepare()
    gc.freeze()  # the world stays: collecting garbage need not walk through it
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with serve(box, port=options.port, host=options.host) as url:
        sys.stdout.write(f"Sandbox ready at {url} with {len(box.world.checkins)} check-ins\n")
        sys.stdout.flush()
        _keep_arriving(box, stop, every=options.arrivals)


def _keep_arriving(box: Sandbox, stop: threading.Event, *, every: float) -> None:
    """Day and night, else a demo looks dead; 0 means never."""
    while not stop.wait(every or None):
        box.arrive()


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m dashboard.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--checkins", type=int, default=12_000)
    parser.add_argument("--scale", type=int, help="number of check-ins for a big account, e.g. 100000")
    parser.add_argument("--busy", action="store_true", help="50 routes of 20 stops today, no others")
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--storage", choices=("internal", "s3"), default="internal")
    parser.add_argument("--arrivals", type=float, default=45, help="seconds between new check-ins; 0: none")
    parser.add_argument("--rate", type=int, default=RATE, help="calls per second and credential; 0: no limit")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
