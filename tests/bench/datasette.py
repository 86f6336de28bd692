"""The peer: Datasette serving the same rows from a local SQLite file, in a process of its own."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from dashboard import server
from dashboard.sandbox.model import Checkin
from dashboard.sandbox.world import World, build_world
from tests.bench.wire import Wire
from tests.running import free_port

SCHEMA = """
CREATE TABLE checkins (id INTEGER PRIMARY KEY, marker_time TEXT, employee TEXT, tracker TEXT, address TEXT,
                       comment TEXT, form TEXT, photos INTEGER, precision INTEGER, lat REAL, lng REAL);
CREATE INDEX by_time ON checkins (marker_time);
"""


@contextmanager
def serving(rows: int) -> Iterator[tuple[Wire, str]]:
    """(connection, path of the page with the newest 100 of the last 30 days); facets are off."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "desk.db"
        now = datetime.now(UTC)
        fill(file, build_world(seed=7, checkins=rows, now=now))
        port = free_port()
        command = [sys.executable, "-m", "datasette", "serve", str(file), "--port", f"{port}"]
        process = subprocess.Popen(
            [*command, "--setting", "suggest_facets", "off"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait(port)
            wire = Wire(port, {"Accept-Encoding": "gzip, deflate, br"})
            since = (now - timedelta(days=30)).isoformat()
            query = {"_size": 100, "_sort_desc": "marker_time", "marker_time__gte": since, "_nofacet": 1}
            yield wire, f"/desk/checkins?{urlencode(query)}"
        finally:
            process.terminate()
            process.wait()


def fill(file: Path, world: World) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.executescript(SCHEMA)
        database.executemany(
            f"INSERT INTO checkins VALUES ({','.join('?' * 11)})", (row(world, one) for one in world.checkins)
        )


def row(world: World, one: Checkin) -> tuple[object, ...]:
    employee = world.employees.get(one.employee_id or 0)
    tracker = world.trackers.get(one.tracker_id)
    return (
        *(one.id, one.marker_time.isoformat()),
        *(employee and f"{employee.last_name} {employee.first_name}", tracker and tracker.label),
        *(one.address, one.comment, one.form_label, len(one.file_ids), one.precision, one.lat, one.lng),
    )


def wait(port: int) -> None:
    peer = server.Process(name="datasette", command=(), port=port, health="/-/versions.json")
    for _ in range(200):
        if server.answers(peer):
            return
        time.sleep(0.1)
    raise TimeoutError("Datasette did not start")
