"""Worker processes for tests: on the test's own database and folder, with a kind of job that leaves a trace.

`python -m tests.workers` is such a worker. The kind "tally" writes a line for each step into the file named
in its arguments, saves each step, and rests in between.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from dashboard.jobs.kinds import Result
    from dashboard.jobs.running import Running

ROOT = Path(__file__).parent.parent
LEASE = 2  # seconds


def tally(job: Running) -> Result:
    from dashboard.jobs.kinds import Result

    steps, rest = job.arguments["steps"], job.arguments["rest"]
    for step in range(job.saved.get("step", 0), steps):
        with Path(job.arguments["trace"]).open("a") as trace:
            trace.write(f"{job.job_id} {step} {os.getpid()}\n")
        time.sleep(rest)
        job.save(step + 1, steps, step=step + 1)
    return Result(message=f"{steps} steps.")


@contextmanager
def worker(slots: int = 1, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process until the block ends; it may have been killed before."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.workers", str(slots)], cwd=ROOT, env=environment() | settings
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait(30)


def environment() -> dict[str, str]:
    """What makes another process work on what this test works on."""
    from django.conf import settings
    from django.db import connection

    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "DATABASE_URL": _url(connection.settings_dict),
        "VAR_DIR": str(settings.VAR_DIR),
        "SECRET_KEY": settings.SECRET_KEY,
        "NAVIXY_API_URL": settings.NAVIXY_API_URL,
        "RATE_PER_SECOND": "100000",
        "JOB_LEASE_SECONDS": str(LEASE),
        "LOG_LEVEL": "WARNING",
    }


def until(holds: Callable[[], Any], seconds: float = 45.0) -> None:
    patience = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < patience, "it did not come about"
        time.sleep(0.05)


def _url(database: dict[str, Any]) -> str:
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    who = ":".join(quote(database[part], safe="") for part in ("USER", "PASSWORD") if database[part])
    where = f"{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}"
    return f"postgres://{who}@{where}/{database['NAME']}"


def main() -> None:
    import django

    django.setup()
    from dashboard.jobs import kinds, worker

    kinds.register(kinds.Kind(name="tally", label="Tally", icon="package", unit="steps", run=tally))
    worker.serve(int(sys.argv[1]))


if __name__ == "__main__":
    main()
