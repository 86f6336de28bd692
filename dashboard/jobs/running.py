"""What a job's function gets: who it works for, its options, where it stands, and the ways to say so."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboard.accounts import Account
from dashboard.jobs import files, leases
from dashboard.jobs.kinds import StoredFile
from dashboard.jobs.leases import Lease, LeaseLost
from dashboard.jobs.models import Job
from dashboard.navixy.client import Client

__all__ = ["Cancelled", "Interrupted", "LeaseLost", "Paused", "Running", "stopping"]

stopping = threading.Event()  # this process has been asked to end
WRITE_EVERY = 0.7  # seconds between two writes of mere progress
SLICE = 20.0  # seconds a job keeps its place when another account waits
LOOK_EVERY = 2.0


class Interrupted(Exception):
    """Leaves a job's function early. Never catch it there: what was saved is what the job goes on from."""


class Cancelled(Interrupted):
    """Its person asked for it."""


class Paused(Interrupted):
    """The worker ends, or somebody else's job has waited long enough."""


@dataclass(kw_only=True)
class Running:
    """`as_of`: the moment that "today" means in `arguments`. `client` acts as the person who asked."""

    job_id: int
    lease: Lease
    arguments: dict[str, Any]
    as_of: datetime
    account: Account
    client: Client
    saved: dict[str, Any]
    pausable: bool
    folder: Path
    attempt: int = 1  # from 1: how often a worker has taken it up
    furthest: int = 0
    _row: Job
    _began: float = field(default_factory=time.monotonic)
    _written: float = 0.0
    _merited: bool = False  # only who got further than ever before is paused, else nobody would get anywhere
    _looked: float = field(default_factory=time.monotonic)

    def check(self) -> None:
        """Call it often, wherever stopping is safe. Raises Interrupted when the job has to stop here."""
        if stopping.is_set():
            raise Paused
        moment = time.monotonic()
        if not (self.pausable and self._merited) or moment - self._began < SLICE:
            return
        if moment - self._looked < LOOK_EVERY:
            return
        self._looked = moment
        if leases.others_wait(self._row):
            raise Paused

    def progress(self, done: int, total: int | None, words: str = "") -> None:
        """How far the work is; cheap, call it for each item. Raises Interrupted, LeaseLost."""
        self.check()
        if time.monotonic() - self._written >= WRITE_EVERY:
            self._write(done=done, total=total, words=words[:200], **self._merit(done))

    def save(self, done: int, total: int | None, words: str = "", **saved: Any) -> None:
        """Progress with a place to go on from: `saved` is merged into what was saved before.

        Raises Interrupted, LeaseLost: then nothing was saved.
        """
        merged = {**self.saved, **saved}
        self._write(done=done, total=total, words=words[:200], saved=merged, **self._merit(done))
        self.saved = merged
        self.check()

    def store(self, path: Path, name: str) -> StoredFile:
        """Moves a finished file into the file store; `name` is what people download it as."""
        return files.put(self.job_id, self.lease.token, path, name)

    def _merit(self, done: int) -> dict[str, int]:
        """Who gets further than ever before is not stuck."""
        if done <= self.furthest:
            return {}
        self.furthest = done
        self._merited = True
        return {"strikes": 0}

    def _write(self, **changes: Any) -> None:
        self._written = time.monotonic()
        if self.lease.rows().filter(cancel_asked=False).update(**changes):
            return
        raise Cancelled if self.lease.rows().exists() else LeaseLost
