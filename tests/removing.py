"""Check-ins to remove; and what a removal says, compared with what the sandbox and the archive have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING

from checkins.removal.models import ItemState, Removal
from dashboard.archive import keeping
from dashboard.archive.models import Archived, State
from dashboard.jobs import runner
from dashboard.jobs.models import Job
from dashboard.sandbox import pictures

if TYPE_CHECKING:
    from django.test import Client as Browserless

    from dashboard.sandbox import Sandbox
    from dashboard.sandbox.model import File


def asked(web: Browserless, query: str = "period=7d", **data: object) -> Removal:
    """The confirmation is open: which ones is fixed."""
    answer = web.post(f"/checkins/delete/?{query}", data or {"all_matching": "1"})
    assert answer.status_code == 302, answer.content
    return Removal.objects.latest("pk")


def begun(web: Browserless, removal: Removal) -> Job:
    answer = web.post(f"/checkins/delete/{removal.pk}/start/", {"number": str(removal.total)})
    assert answer.status_code == 302, answer.content
    removal.refresh_from_db()
    assert removal.job is not None
    return removal.job


def work() -> None:
    """Until no job can be taken."""
    while runner.run_next():
        pass


def states(removal: Removal) -> dict[int, str]:
    return dict(removal.items.values_list("checkin_id", "state"))


def ids_of(sandbox: Sandbox) -> set[int]:
    return {one.id for one in sandbox.world.checkins}


def check_true(removal: Removal, sandbox: Sandbox, before: Iterable[int]) -> None:
    """What is said of each is what the sandbox has; nothing else was touched."""
    now, items = ids_of(sandbox), states(removal)
    assert set(before) - now <= set(items), "something that nobody chose is gone"
    for checkin_id, state in items.items():
        is_gone = state in (ItemState.DELETED, ItemState.GONE)
        assert is_gone == (checkin_id not in now), f"{checkin_id} is said to be {state}"


def check_archived(removal: Removal, wanted: dict[int, dict[int, str]]) -> None:
    """Every deleted one is in the archive once, with these files by id and SHA-256, byte for byte."""
    for item in removal.items.filter(state=ItemState.DELETED):
        kept = Archived.objects.get(kind="checkin", upstream_id=item.checkin_id, state=State.REMOVED)
        assert kept.pk == item.archived_id
        assert kept.record["id"] == item.checkin_id
        found = {}
        for file in kept.files.all():
            with keeping.opened(file) as content:
                found[file.upstream_id] = sha256(content.read()).hexdigest()
            assert found[file.upstream_id] == file.sha256
        assert found == wanted[item.checkin_id]


def wanted_files(sandbox: Sandbox, checkin_ids: Iterable[int]) -> dict[int, dict[int, str]]:
    """By check-in: id and SHA-256 of every file that can be fetched, form included."""
    world = sandbox.world
    found: dict[int, dict[int, str]] = {}
    for one in filter(None, map(world.checkin, checkin_ids)):
        form = world.form(one.form_id) if one.form_id else None
        of_form = re.findall(r"'file_ids?': \[?([\d, ]+)", str(form.values if form else ""))
        ids = [*one.file_ids, *(int(text) for texts in of_form for text in texts.split(",") if text.strip())]
        files = [file for file in map(world.file, ids) if file and is_reachable(file)]
        found[one.id] = {file.id: sha256(pictures.file_bytes(file)).hexdigest() for file in files}
    return found


def is_reachable(file: File) -> bool:
    return file.state == "uploaded" and file.uploaded is not None and "link" not in file.drawing
