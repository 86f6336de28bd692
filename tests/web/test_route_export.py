"""Routes and stops as workbooks: what the page shows is what the cells hold."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browserless
from openpyxl import load_workbook

from dashboard.jobs import files, runner
from dashboard.jobs.models import Job, State
from dashboard.navixy import routes
from dashboard.navixy.client import Client
from tests.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[..., Browserless]


def exported(web: Browserless, path: str) -> dict[str, list[tuple[Any, ...]]]:
    assert web.post(path).status_code == 302
    while runner.run_next():
        pass
    job = Job.objects.get()
    assert job.state == State.DONE, job.message
    opened = files.opened(files.stored(job.results[0]))
    assert opened
    with opened as content:
        book = load_workbook(io.BytesIO(content.read()))
    return {sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book.worksheets}


def test_routes_come_with_all_their_stops(signed_in: SignedIn, navixy: Callable[[str], Client]) -> None:
    sheets = exported(signed_in(), "/routes/export/?period=&from=2026-03-12&to=2026-03-12")
    day = {"start": NOW.replace(hour=0), "end": NOW.replace(hour=22, minute=59)}
    found = {one.id: one for one in routes.list_routes(navixy("owner"), **day)}  # type: ignore[arg-type]  # moments
    listed = {row[0]: row for row in sheets["Routes"]}
    assert len(listed) > 20
    assert listed.keys() & found.keys()
    stops = sheets["Stops"]
    for number, row in listed.items():
        mine = [stop for stop in stops if stop[1] == row[1] and stop[0] in found[number].checkpoint_ids]
        assert [stop[0] for stop in mine] == list(found[number].checkpoint_ids)
        assert [stop[2] for stop in mine] == list(range(1, len(mine) + 1))
        assert row[6] == len(mine)


def test_a_filter_of_the_list_holds_for_its_workbook(signed_in: SignedIn) -> None:
    sheets = exported(signed_in(), "/checkpoints/export/?status=done")
    assert len(sheets["Stops"]) > 5
    assert {row[10] for row in sheets["Stops"]} == {"Done"}
