"""A report as a job: check-ins are fetched in a thread of its own while rows are written.

A file that was begun cannot be gone on with, so a report whose worker was stopped begins anew and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checkins import asked
from checkins.filters import Filters
from checkins.forms import FilterForm
from checkins.reports import options as wishes
from checkins.reports.bulk import Bulk
from checkins.reports.form_sheets import FormSheets
from checkins.reports.options import Options
from checkins.reports.summary import Summary
from checkins.reports.table import Table, table
from checkins.reports.walk import Chunk, Walk
from checkins.rows import Words
from checkins.services import Source
from checkins.sources import source_for
from dashboard import connect
from dashboard.clock import Clock, now
from dashboard.jobs.kinds import JobFailed, Kind, Result
from dashboard.jobs.running import Running
from dashboard.navixy.forms import Form
from dashboard.photos.pictures import Desk
from dashboard.reports import cover, csv_lines
from dashboard.reports.cells import Link
from dashboard.reports.names import file_name
from dashboard.reports.pictures import Thumbnail
from dashboard.reports.prefetch import ahead
from dashboard.reports.thumbnails import Thumbnails
from dashboard.reports.workbook import Book

TOLD_EVERY = 100  # rows between two looks whether to stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is fetched ahead: check-ins with whatever of theirs the report holds."""

    chunk: Chunk
    forms: dict[int, Form]
    thumbnails: dict[int, tuple[Thumbnail, ...]]


@dataclass(kw_only=True)
class Making:
    """One attempt at one report."""

    job: Running
    options: Options
    filters: Filters
    source: Source
    walk: Walk
    folder: Path
    bulk: Bulk | None = None
    thumbnails: Thumbnails | None = None
    written: int = 0
    url: Callable[[int], str] = field(init=False)
    table: Table = field(init=False)
    summary: Summary = field(init=False)

    def __post_init__(self) -> None:
        self.url = checkin_urls(self.options.base)
        self.table = table(self.options, self.filters, self.clock, self.url)
        self.summary = Summary(self.clock)

    @property
    def clock(self) -> Clock:
        return self.job.account.clock

    def batches(self) -> Generator[Batch]:
        """Fetched while the ones before are written; each counts as done when the next is asked for."""
        with closing(ahead(self._fetched())) as fetched:
            for batch in fetched:
                self.summary.add(batch.chunk.checkins, batch.chunk.names)
                yield batch

    def wrote(self, total: int) -> None:
        self.written += 1
        if self.written % TOLD_EVERY == 0 or self.written == total:
            self.job.progress(min(self.written, total), total, _again(self.job))

    def _fetched(self) -> Iterator[Batch]:
        for chunk in self.walk:
            yield Batch(
                chunk=chunk,
                forms=self.bulk.of(chunk) if self.bulk else {},
                thumbnails=self.thumbnails.of(chunk.checkins) if self.thumbnails else {},
            )

    def close(self) -> None:
        for pool in (self.bulk, self.thumbnails):
            if pool:
                pool.close()


def run(job: Running) -> Result:
    making = _making(job)
    write = {"xlsx": _workbook, "csv": _csv}[making.options.format]
    job.progress(0, job.arguments.get("count"), _again(job))
    with closing(making):
        return write(making)


KIND = Kind(
    name="report",
    label=gettext_lazy("Report"),
    icon="file-spreadsheet",
    unit=gettext_lazy("check-ins"),
    run=run,
    pausable=False,
)


def _making(job: Running) -> Making:
    options = wishes.unpacked(job.arguments["options"])
    filters = FilterForm(QueryDict(job.arguments["query"])).filters()
    source = source_for(job.account, job.client, job.as_of)
    folder = job.folder / uuid4().hex
    folder.mkdir(mode=0o700)
    wanted = options.format == "xlsx"
    return Making(
        job=job,
        options=options,
        filters=filters,
        source=source,
        walk=Walk(source=source, filters=filters, ids=tuple(job.arguments.get("ids", ()))),
        folder=folder,
        bulk=Bulk(job.client) if wanted and options.answers else None,
        thumbnails=Thumbnails(_desk(job), folder) if wanted and options.pictures else None,
    )


def _desk(job: Running) -> Desk:
    return Desk(
        account_key=job.account.cache_key, client=job.client, storage=connect.storage(job.account.api_url)
    )


def checkin_urls(base: str) -> Callable[[int], str]:
    """The address of a check-in by its id. Asking Django for each takes longer than writing its row."""
    before, _id, after = f"{base}{reverse('checkins:detail', args=[0])}".rpartition("0")
    return lambda checkin_id: f"{before}{checkin_id}{after}"


# --- workbook ----------------------------------------------------------------------------------------------


def _workbook(making: Making) -> Result:
    path = making.folder / "report.xlsx"
    with Book(making.folder, making.clock) as book:
        page = book.page(_("Report"), cover.WIDTHS)
        answers = _write_rows(making, book)
        _need_rows(making)
        making.summary.write(book)
        notes = _notes(making, book, answers)
        cover.write(book, page, title=title(making.written), facts=_facts(making, answers), notes=notes)
        _counted(making, _("Writing the file"))
        book.save(path, title=title(making.written))
    stored = making.job.store(path, _file_name(making, "xlsx"))
    return Result(message=_summary(making, answers.forms, notes), files=(stored,))


def _write_rows(making: Making, book: Book) -> FormSheets:
    """A row for each check-in, and one for its answers on the sheet of their form."""
    sheet = book.sheet(_("Check-ins"), making.table.columns, pictures=making.table.pictures)
    answers = FormSheets(book, making.url)
    for batch in making.batches():
        words = Words(names=batch.chunk.names, clock=making.clock)
        rows = making.table.rows(batch.chunk.checkins, words)
        for checkin, row in zip(batch.chunk.checkins, rows, strict=True):
            sheet.append(row, batch.thumbnails.get(checkin.id, ()))
            if form := batch.forms.get(checkin.form_id or 0):
                answers.add(checkin, form, words)
            making.wrote(batch.chunk.total)
    return answers


def _csv(making: Making) -> Result:
    path = making.folder / "report.csv"
    with path.open("wb") as file:
        file.writelines(csv_lines.lines(making.table.columns, _csv_rows(making), making.clock))
    _need_rows(making)
    _counted(making)
    stored = making.job.store(path, _file_name(making, "csv"))
    return Result(message=_summary(making, 0, making.walk.notes), files=(stored,))


def _csv_rows(making: Making) -> Iterator[list[Any]]:
    for batch in making.batches():
        words = Words(names=batch.chunk.names, clock=making.clock)
        for row in making.table.rows(batch.chunk.checkins, words):
            yield row
            making.wrote(batch.chunk.total)


def _counted(making: Making, words: str = "") -> None:
    """What is in the file is the number the job keeps: Navixy counted before some came or went."""
    making.job.save(making.written, making.written, words)


def _need_rows(making: Making) -> None:
    if not making.written:
        raise JobFailed(_("No check-in is left that matches."))


# --- words -------------------------------------------------------------------------------------------------


def title(count: int) -> str:
    return ngettext("Report of %s check-in", "Report of %s check-ins", count) % f"{count:,}"


def _file_name(making: Making, ending: str) -> str:
    days = [day.isoformat() for day in making.summary.span or ()]
    return file_name("checkins", *dict.fromkeys(days), f"{making.written}", ending=ending)


def _facts(making: Making, answers: FormSheets) -> list[cover.Fact]:
    clock, account = making.clock, making.job.account
    chosen = bool(making.walk.ids)
    words = asked.in_words(making.filters, making.source, clock)
    columns = _("All columns") if making.options.columns == "all" else _("Those of the screen, in its order")
    facts: list[cover.Fact] = [
        (_("Check-ins"), making.written),
        (_("Filter"), _("Chosen in the list") if chosen else words.replace(" · ", "\n")),
        (_("List"), Link(_("Open in Fielddesk"), f"{making.options.base}{list_path(making.filters)}")),
        (_("Time zone"), _("All times in %s") % clock.zone.key),
        (_("Made"), f"{clock.moment(now())}, {clock.zone_label}"),
        (_("Made for"), f"{account.name} ({account.login})"),
        (_("Columns"), columns),
    ]
    if making.options.answers:
        words = ngettext(
            "%(forms)s form on %(sheets)d sheets", "%(forms)s forms on %(sheets)d sheets", answers.forms
        )
        facts.append((_("Answers"), words % {"forms": f"{answers.forms:,}", "sheets": answers.count}))
    return facts


def list_path(filters: Filters) -> str:
    return f"{reverse('checkins:index')}?{filters.url_query()}"


def _notes(making: Making, book: Book, answers: FormSheets) -> list[str]:
    notes = [*making.walk.notes]
    if making.thumbnails:
        book.tally.pictures_left = making.thumbnails.left
        book.tally.pictures = making.thumbnails.made
        if n := making.thumbnails.failed:
            words = ngettext("%s picture could not be shown.", "%s pictures could not be shown.", n)
            notes.append(words % f"{n:,}")
    unread = making.bulk.unread if making.bulk else 0
    for n, one, many in (
        (unread, "%s form could not be read.", "%s forms could not be read."),
        (answers.left, "%s form found no sheet left.", "%s forms found no sheet left."),
    ):
        if n:
            notes.append(ngettext(one, many, n) % f"{n:,}")
    return [*notes, *book.notes()]


def _again(job: Running) -> str:
    return _("Begun anew, as it was interrupted") if job.attempt > 1 else ""


def _summary(making: Making, forms: int, notes: list[str]) -> str:
    n = making.written
    words = [ngettext("%s check-in.", "%s check-ins.", n) % f"{n:,}"]
    if forms:
        words = [_("%(n)s check-ins, %(forms)s filled forms.") % {"n": f"{n:,}", "forms": f"{forms:,}"}]
    if notes:
        words += notes if making.options.format == "csv" else [_("Notes are on its first sheet.")]
    if making.job.attempt > 1:
        words.append(_("It was begun anew after an interruption."))
    return " ".join(words)
