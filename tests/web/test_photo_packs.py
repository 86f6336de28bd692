"""Zip packs from the button to the file: what goes in, under which names, and what is told of the rest."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browserless

from dashboard.jobs import runner
from dashboard.jobs.models import Job, State
from dashboard.sandbox import Sandbox

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Browserless]


def packed(web: Browserless, query: str = "period=today", **data: Any) -> Job:
    """Ask for a pack and let a worker make it."""
    assert web.post(f"/photos/packs/new/?{query}", data).status_code == 302
    while runner.run_next():
        pass
    return Job.objects.latest("pk")


def downloaded(web: Browserless, job: Job, number: int = 1) -> zipfile.ZipFile:
    response = web.get(f"/jobs/{job.pk}/download/{number}/")
    content = b"".join(response.streaming_content)
    assert len(content) == int(response.headers["Content-Length"])
    return zipfile.ZipFile(io.BytesIO(content))


def index_of(pack: zipfile.ZipFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(pack.read("index.csv").decode("utf-8-sig"))))


def test_a_pack_holds_every_file_of_the_filter_unchanged(signed_in: SignedIn, sandbox: Sandbox) -> None:
    from dashboard.sandbox.pictures import file_bytes

    web = signed_in()
    job = packed(web)
    assert job.state == State.DONE, job.message
    pack = downloaded(web, job)
    assert pack.testzip() is None
    rows = index_of(pack)
    assert {row["File"] for row in rows if not row["Problem"]} | {"index.csv", "index.html"} == set(pack.namelist())
    print(job.message, rows[0], pack.namelist()[:5])
