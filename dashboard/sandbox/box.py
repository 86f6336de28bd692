"""One emulated installation: its world, people, sessions, faults and records."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from dashboard.sandbox.auth import RateLimit, Session, Sessions
from dashboard.sandbox.calls import Call, CallLog
from dashboard.sandbox.clock import Clock, SystemClock
from dashboard.sandbox.faults import Faults
from dashboard.sandbox.listing import CheckinSearch
from dashboard.sandbox.model import Checkin, Tracker
from dashboard.sandbox.optimize import Turnstile
from dashboard.sandbox.people import DEMO_PEOPLE, Person
from dashboard.sandbox.s3_server import S3Server
from dashboard.sandbox.switches import Switches
from dashboard.sandbox.uploads import Upload
from dashboard.sandbox.world import World, build_world

FEWEST_REMEMBERED = 20_000  # records of check-ins as text


class Sandbox:
    """What tests and the command hold in their hands; `app.Platform` answers requests with it."""

    def __init__(
        self,
        *,
        seed: int = 7,
        checkins: int = 12_000,
        clock: Clock | None = None,
        storage: str = "internal",
        world: World | None = None,
        switches: Switches | None = None,
        latency_ms: float = 0,
        busy: bool = False,
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self._pristine = world or build_world(seed=seed, checkins=checkins, now=self.clock.now(), busy=busy)
        self._switches = switches or Switches(storage_mode=storage)
        self._latency_ms = latency_ms
        self.people: tuple[Person, ...] = DEMO_PEOPLE
        self.faults = Faults()
        self.lock = threading.RLock()  # held while the world is written
        self.closing = threading.Event()  # wakes whoever hangs on a fault when the server stops
        self.log = CallLog()
        self._spool: Path | None = None
        self.reset()

    def reset(self) -> None:
        """Everything as at the start: world, sessions, switches, latency; no faults, no calls."""
        with self.lock:
            if self._spool is not None:
                for path in self._spool.iterdir():
                    path.unlink()
            self.world = self._pristine.fork()
            self.version = 0  # of the list of check-ins
            self.edition = 0  # of what records show
            self.switches = replace(self._switches)
            self.latency_ms = self._latency_ms
            self.rights: dict[str, frozenset[str]] = {}  # person key → rights in place of the person's own
            self.sessions = Sessions(self.people)
            self.rate = RateLimit()
            self.uploads: dict[int, Upload] = {}  # file id → its reservation
            self.s3_server: S3Server | None = None  # takes the uploads of storage mode s3
            # Writing a record takes ten times as long as sending it: a walk through all finds them again.
            self.search = CheckinSearch(records=max(FEWEST_REMEMBERED, len(self.world.checkins)))
            self.optimizing = Turnstile()
            self.faults.clear()
            self.log.clear()

    @property
    def spool(self) -> Path:
        """Where uploads lie while this sandbox lives."""
        with self.lock:
            if self._spool is None:
                self._spool = Path(tempfile.mkdtemp(prefix="fielddesk-sandbox-"))
                weakref.finalize(self, shutil.rmtree, self._spool, ignore_errors=True)
            return self._spool

    # calls -----------------------------------------------------------------

    @property
    def calls(self) -> list[Call]:
        return self.log.all()

    def calls_of(self, action: str) -> list[Call]:
        return [call for call in self.calls if call.action == action]

    def clear_calls(self) -> None:
        self.log.clear()

    # people ----------------------------------------------------------------

    def person(self, key: str) -> Person:
        return next(one for one in self.people if one.key == key)

    def rights_of(self, person: Person) -> frozenset[str] | None:
        """None for the owner, who holds every right."""
        return self.rights.get(person.key, person.rights)

    def may(self, person: Person, right: str) -> bool:
        rights = self.rights_of(person)
        if right == "checkin_update":
            return self._may_change_checkins(rights)
        return rights is None or right in rights

    def _may_change_checkins(self, rights: frozenset[str] | None) -> bool:
        """Follows from the account's features, not from a group (ref 1.8), unless a switch says otherwise."""
        if not self.switches.checkin_update:
            return False
        return not self.switches.checkin_update_by_group or rights is None or "checkin_update" in rights

    def scope_of(self, person: Person) -> frozenset[int] | None:
        """The trackers this login sees; None: all of them."""
        return self.world.scopes.get(person.key)

    def sign_in(self, key: str) -> Session:
        """A session without the sign-in call, for tests."""
        return self.sessions.open(
            self.person(key), kind="session", now=self.clock.now(), life=self.session_life()
        )

    def session_life(self) -> timedelta:
        return timedelta(days=self.switches.session_days)

    def end_sessions(self, login: str | None = None) -> int:
        return self.sessions.end(login)

    # world -----------------------------------------------------------------

    def trackers_of(self, person: Person) -> list[Tracker]:
        scope = self.scope_of(person)
        return [one for one in self.world.trackers.values() if scope is None or one.id in scope]

    def listed_trackers(self, person: Person) -> frozenset[int]:
        """The trackers a check-in list covers when it names none: in scope, not blocked, with the feature."""
        return frozenset(one.id for one in self.trackers_of(person) if self.lists(one))

    def lists(self, tracker: Tracker) -> bool:
        return tracker.has_checkin_feature and (self.switches.blocked_are_listed or not tracker.blocked)

    def visible_checkins(self, key: str = "owner") -> list[Checkin]:
        """What an unfiltered list shows this person, by time: for tests that filter on their own."""
        listed = self.listed_trackers(self.person(key))
        return [one for one in self.world.checkins if one.tracker_id in listed]

    def storage_used(self) -> tuple[int, int]:
        """(files, bytes). Bytes are reckoned from a sample: sizing each of 100,000s would make them all."""
        count = sum(len(one.file_ids) for one in self.world.checkins) + len(self.world.written_files)
        sample = [file.size for one in self.world.checkins[-200:] for file in self.world.files_of(one)]
        return count, count * (sum(sample) // max(1, len(sample)))

    def arrive(self, number: int = 1) -> list[Checkin]:
        """New check-ins come in from the field, now."""
        with self.lock:
            came = [self.world.arrive(self.clock.now()) for _ in range(number)]
            self.version += 1
        return came

    def touch(self) -> None:
        """Forget what is remembered; call it after changing the world by hand."""
        with self.lock:
            self.version += 1
            self.edition += 1
