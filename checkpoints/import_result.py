"""Sheets of an import: the template people fill, and the rows given back with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkpoints.sheet_columns import COLUMNS
from checkpoints.sheet_reading import Line
from dashboard.clock import Clock
from dashboard.jobs.kinds import StoredFile
from dashboard.jobs.running import Running
from dashboard.reports.cells import Column
from dashboard.reports.workbook import Book

EXAMPLES: tuple[dict[str, str], ...] = (
    {
        "label": "Hotel Miramar",
        "address": "Calle Mayor 3, Madrid",
        "radius": "100",
        "start": "08:00",
        "end": "10:00",
        "external_id": "ORD-1",
        "max_delay": "15",
        "min_stay": "10",
        "min_arrival": "3",
        "route": "Morning round",
    },
    {
        "label": "Café Central",
        "lat": "40.41439",
        "lng": "-3.70036",
        "start": "09:30",
        "end": "12:00",
        "external_id": "ORD-2",
        "route": "Morning round",
    },
)


def counted(stops: int, routes: int, tasks: int) -> str:
    """ "13 stops in 1 route and 1 task of its own"; what there is none of is not named."""
    words = {
        "stops": ngettext("%d stop", "%d stops", stops) % stops,
        "routes": ngettext("%d route", "%d routes", routes) % routes,
        "tasks": ngettext("%d task of its own", "%d tasks of their own", tasks) % tasks,
    }
    if routes and tasks:
        return _("%(stops)s in %(routes)s and %(tasks)s") % words
    if routes:
        return _("%(stops)s in %(routes)s") % words
    return words["tasks"] if tasks else words["stops"]


def added(stops: int, route: str) -> str:
    """ "13 stops are added to “Monday round”"."""
    words = ngettext(
        "%(stops)d stop is added to “%(route)s”", "%(stops)d stops are added to “%(route)s”", stops
    )
    return words % {"stops": stops, "route": route}


def left_out(rows: int) -> str:
    words = ngettext("%d row cannot be imported", "%d rows cannot be imported", rows)
    return words % rows


def given_back(
    job: Running, head: Sequence[str], lines: Iterable[Line], reasons: Mapping[int, str]
) -> StoredFile:
    """The rows as they came, with their number and the reason in front."""
    columns = [Column(label=_("Row"), kind="number", width=8), Column(label=_("Reason"), width=48)]
    columns += [Column(label=title or _("Column"), width=20) for title in head]
    path = job.folder / "not-imported.xlsx"
    with Book(folder=job.folder, clock=job.account.clock) as book:
        sheet = book.sheet(_("Not imported"), columns)
        for line in lines:
            if line.number in reasons:
                sheet.append([line.number, reasons[line.number], *line.cells])
        book.save(path, title=_("Rows that were not imported"))
    return job.store(path, "not-imported.xlsx")


def template(clock: Clock) -> bytes:
    """An empty sheet with two rows of tomorrow that show how."""
    day = (clock.today() + timedelta(days=1)).isoformat()
    with TemporaryDirectory() as folder, Book(folder=Path(folder), clock=clock) as book:
        sheet = book.sheet(_("Stops"), [Column(label=str(one.title), width=18) for one in COLUMNS])
        for example in EXAMPLES:
            filled = {"day": day, **example}
            sheet.append([filled.get(one.key, "") for one in COLUMNS])
        path = Path(folder) / "stops.xlsx"
        book.save(path, title=_("Stops to import"))
        return path.read_bytes()
