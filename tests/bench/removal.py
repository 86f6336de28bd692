"""`python -m tests.bench.removal [10000]`: so many check-ins deleted by "all matching", all going wrong.

Site, database and worker processes are real, so is HTTP; the sandbox draws no pictures, its files are some
bytes. Workers are killed with SIGKILL at random moments, calls fail at random, others delete some meanwhile.
In the end each result is compared with the sandbox, and each deleted check-in with what it was before:
record, files, SHA-256.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.running import ROOT

if TYPE_CHECKING:
    from checkins.removal.models import Removal
    from dashboard.sandbox import Sandbox

SEED = 7
ALIVE = (15.0, 60.0)  # seconds before a worker is killed
KINDS = ("effect_timeout", "effect_reset", "truncated", "error_500", "reset", "rate_limit", "bad_json")


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    folder = Path(tempfile.mkdtemp(prefix="fielddesk-removal-"))
    try:
        _measured(wanted, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measured(wanted: int, folder: Path) -> None:
    from dashboard.sandbox import Sandbox, pictures, serve, storage

    for place in (pictures, storage):
        vars(place)["file_bytes"] = lambda file: f"file {file.id}".encode()
    box = Sandbox(seed=SEED, checkins=wanted + 200)
    with serve(box, port=0) as url:
        _site(folder, url)
        _deleted(box, wanted)


def _site(folder: Path, url: str) -> None:
    """Its settings come from the environment; workers get the same ones."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "NAVIXY_API_URL": url,
        "VAR_DIR": f"{folder}",
        "RATE_PER_SECOND": "100000",
        "JOB_LEASE_SECONDS": "3",
        "LOG_LEVEL": "ERROR",
        "ALLOWED_HOSTS": "testserver",
        "DEBUG": "1",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _deleted(box: Sandbox, wanted: int) -> None:
    from django.test import Client

    from dashboard.sandbox.people import DEMO_PEOPLE
    from tests import removing

    web, dice = Client(), Random(SEED)
    web.post("/sign-in/", {"login": DEMO_PEOPLE[0].login, "password": DEMO_PEOPLE[0].password})
    removal = removing.asked(web, "period=all", all_matching="1")
    ids = list(removing.states(removal))
    if len(ids) > wanted:
        removal.items.filter(position__gte=wanted).delete()
        type(removal).objects.update(total=wanted)
        removal.refresh_from_db()
        ids = ids[:wanted]
    files, before = removing.wanted_files(box, ids), removing.ids_of(box)
    box.world.remove(dice.sample(ids, max(1, wanted // 200)))
    job = removing.begun(web, removal)
    began = time.monotonic()
    kills = _until_over(box, removal, dice)
    took = time.monotonic() - began
    job.refresh_from_db()
    removing.check_true(removal, box, before)
    removing.check_archived(removal, files)
    _tell(removal, took, kills, job.attempts)


def _until_over(box: Sandbox, removal: Removal, dice: Random) -> int:
    kills = 0
    while _is_active(removal):
        _faults(box, dice)
        worker = subprocess.Popen([sys.executable, "-m", "tests.workers", "2"], cwd=ROOT)
        end = time.monotonic() + dice.uniform(*ALIVE)
        while time.monotonic() < end and _is_active(removal):
            time.sleep(0.3)
        worker.kill()
        worker.wait()
        kills += 1
    return kills


def _is_active(removal: Removal) -> bool:
    from dashboard.jobs.models import ACTIVE, Job

    return Job.objects.filter(pk=removal.job_id or 0, state__in=ACTIVE).exists()


def _faults(box: Sandbox, dice: Random) -> None:
    from dashboard.sandbox import Fault

    box.faults.clear()
    box.switches.delete_all_or_nothing = dice.random() < 0.5
    for action in ("checkin/delete", "checkin/read", "form/read", "storage/*"):
        kinds = KINDS if action != "storage/*" else ("error_500", "reset")
        after, kind = dice.randrange(30), dice.choice(kinds)
        box.faults.add(Fault(action=action, kind=kind, times=1, after=after, seconds=1))


def _tell(removal: Removal, took: float, kills: int, attempts: int) -> None:
    from tests import removing

    found = Counter(removing.states(removal).values())
    each = ", ".join(f"{count:,} {state}" for state, count in sorted(found.items()))
    sys.stdout.write(
        f"{removal.total:,} check-ins in {took:.0f} s ({took / removal.total * 1000:.0f} ms each), "
        f"{kills} workers killed, taken up {attempts} times: {each}.\n"
        "Each result is what the sandbox has, each deleted one is in the archive whole, nothing else went.\n"
    )


if __name__ == "__main__":
    main()
