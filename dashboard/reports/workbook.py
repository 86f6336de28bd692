"""Workbooks of any size in flat memory: sheets of typed, safe cells, row by row (openpyxl, write-only).

A column's cells are dressed once and filled anew for each row: making a styled cell object for each value
costs three times as much as writing it. What is text is written as text, whatever it begins with; no formula
is ever written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from types import TracebackType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import ALL_TEMP_FILES, WorksheetWriter
from openpyxl.worksheet.hyperlink import Hyperlink

from dashboard.clock import Clock
from dashboard.reports import cells, looks, names
from dashboard.reports.cells import Column, Link, Row, Value
from dashboard.reports.looks import Cell, Cells
from dashboard.reports.pictures import Thumbnail
from dashboard.reports.texts import cell_text

MOST_ROWS = 1_048_576  # of a sheet, its head among them
MOST_LINKS = 20_000  # of a book: they are kept in memory to the end, and Excel takes 65,530 of a sheet


@dataclass
class Tally:
    """What a book could not hold as it was, for its cover."""

    texts_cut: int = 0
    links: int = 0
    unlinked: int = 0
    pictures: int = 0
    pictures_left: int = 0


@dataclass
class Book:
    """A context: make sheets, append rows, `save`. Scratch files lie in `folder` until it is left."""

    folder: Path
    clock: Clock
    most_rows: int = MOST_ROWS
    most_links: int = MOST_LINKS
    tally: Tally = field(default_factory=Tally)
    sheets: list[Sheet] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.book = Workbook(write_only=True)
        self.dress = looks.Dress(self.book, self.clock)

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for sheet in self.sheets:
            sheet.close()
            _forget(sheet.scratch)

    def sheet(self, name: str, columns: Sequence[Column], *, pictures: int | None = None) -> Sheet:
        """`pictures`: the column that thumbnails lie in; its rows are as high as one."""
        made = Sheet(self, name, tuple(columns), pictures)
        self.sheets.append(made)
        return made

    def page(self, name: str, widths: Sequence[float]) -> looks.Sheet:
        """A sheet without a head, for words."""
        made = self.book.create_sheet(names.sheet_name(name, self.book.sheetnames))
        looks.lay_out_page(made, widths)
        return made

    def save(self, path: Path, *, title: str) -> None:
        for sheet in self.sheets:
            sheet.close()
        self.book.properties.title = cell_text(title)[0]
        self.book.properties.creator = "Fielddesk"
        self.book.save(path)

    def notes(self) -> list[str]:
        """What was cut, in words; empty when nothing was."""
        words = _("A sheet holds %(most)s rows: “%(first)s” goes on in %(rest)s.")
        found = [
            words % {"most": f"{self.most_rows:,}", "first": one.titles[0], "rest": _list(one.titles[1:])}
            for one in self.sheets
            if len(one.titles) > 1
        ]
        tally = self.tally
        if n := tally.texts_cut:
            words = ngettext(
                "%d text is longer than the 32,767 characters a cell holds; it ends with a note.",
                "%d texts are longer than the 32,767 characters a cell holds; each ends with a note.",
                n,
            )
            found.append(words % n)
        if tally.unlinked:
            words = _("The first %(kept)s links are links; beyond that the numbers stand alone.")
            found.append(words % {"kept": f"{self.most_links:,}"})
        if tally.pictures_left:
            words = _("Pictures: the first %(kept)s are in the cells, %(left)s more are not.")
            found.append(words % {"kept": f"{tally.pictures:,}", "left": f"{tally.pictures_left:,}"})
        return found


class Sheet:
    """Rows under a frozen head; goes on in another sheet when one is full. `titles` are their names."""

    def __init__(self, book: Book, name: str, columns: tuple[Column, ...], pictures: int | None) -> None:
        self._book, self._name, self._columns, self._pictures = book, name, columns, pictures
        self.titles: list[str] = []
        self.scratch: list[str] = []
        self.rows = 0
        self._lines = 1  # that the row under way takes
        self._least_height = looks.TALL if pictures is not None else 0.0
        self._begin()

    def append(self, values: Row, thumbnails: Sequence[Thumbnail] = ()) -> None:
        if self._row >= self._book.most_rows:
            self.close()
            self._begin()
        self._row += 1
        self.rows += 1
        self._lines = 1
        filled = [*self._filled(values)]
        if self._lines > 1:
            height = min(self._lines, looks.MOST_LINES) * looks.LINE_HEIGHT + 3
            looks.set_height(self.worksheet, self._row, max(height, self._least_height))
        self.worksheet.append(filled)
        if self._lines > 1:
            looks.forget_height(self.worksheet, self._row)
        if thumbnails and self._pictures is not None:
            looks.place(self.worksheet, thumbnails, row=self._row, column=self._pictures)

    def close(self) -> None:
        """The filter reaches to the last row, which is known only now."""
        if self.worksheet.closed:
            return
        last = get_column_letter(len(self._columns))
        self.worksheet.auto_filter.ref = f"A1:{last}{max(2, self._row)}"
        self.worksheet.close()

    def _begin(self) -> None:
        book = self._book
        wanted = self._name if not self.titles else f"{self._name[:24]} {len(self.titles) + 1}"
        sheet: Any = book.book.create_sheet(names.sheet_name(wanted, book.book.sheetnames))
        looks.lay_out(sheet, self._columns, tall=self._pictures is not None)
        self.scratch.append(_write_in(book.folder, sheet))
        self.worksheet, self._row = sheet, 1
        self.titles.append(sheet.title)
        sheet.append([book.dress.head(sheet, column) for column in self._columns])
        sheet._values_to_row = _ready
        self._cells = [
            Cells(sheet, get_column_letter(at), book.dress, column)
            for at, column in enumerate(self._columns, 1)
        ]

    def _filled(self, values: Row) -> Iterator[Cell]:
        for of_column, value in zip(self._cells, values, strict=True):
            if value is None or value == "":
                continue
            cell = self._cell(of_column, value)
            cell.coordinate = f"{cell.letter}{self._row}"
            if cell.hyperlink:
                cell.hyperlink.ref = cell.coordinate
            yield cell

    def _cell(self, of_column: Cells, value: Value) -> Cell:
        """The column's cell for this kind of value, filled."""
        if isinstance(value, str):
            text, cut = cell_text(value)
            self._book.tally.texts_cut += cut
            if len(text) > of_column.column.width or "\n" in text:
                self._lines = max(self._lines, of_column.lines(text))
            return of_column.text.fill(text)
        if isinstance(value, int | float):
            return _number(of_column, value)
        if isinstance(value, datetime):
            return self._moment(of_column, value)
        if isinstance(value, date):
            return _day(of_column, value)
        return self._link(of_column, value) if value else of_column.text.fill("")

    def _moment(self, of_column: Cells, value: datetime) -> Cell:
        """In the account's zone; an hour that comes twice says which."""
        local = self._book.clock.local(value)
        if not cells.is_datable(local.date()):
            return of_column.text.fill(local.isoformat(sep=" ", timespec="seconds"))
        cell = of_column.twice(which) if (which := cells.twice(local)) else of_column.moment
        return cell.fill(cells.serial(local))

    def _link(self, of_column: Cells, link: Link) -> Cell:
        tally = self._book.tally
        if tally.links >= self._book.most_links:
            tally.unlinked += 1
            return self._cell(of_column, link.value)
        tally.links += 1
        if isinstance(link.value, str):
            cell = of_column.text_link.fill(cell_text(link.value)[0])
        else:
            cell = of_column.number_link.fill(link.value)
        cell.hyperlink = Hyperlink(ref="", target=link.url)
        return cell


def _number(of_column: Cells, value: float) -> Cell:
    if not isfinite(value) or abs(value) > cells.EXACT:
        return of_column.text.fill(str(value))
    return of_column.number.fill(value)


def _day(of_column: Cells, value: date) -> Cell:
    if not cells.is_datable(value):
        return of_column.text.fill(value.isoformat())
    return of_column.day.fill(cells.day_serial(value))


def _ready(row: list[Cell], _number: int) -> list[Cell]:
    """In place of openpyxl's way from values to cells, which would look for formulas in each."""
    return row


def _write_in(folder: Path, sheet: Any) -> str:
    """openpyxl would write into /tmp, which may be memory, and leave it there when a worker is killed."""
    path = str(folder / f"sheet-{len(sheet.parent.sheetnames)}.xml")
    ALL_TEMP_FILES.append(path)
    sheet._writer = WorksheetWriter(sheet, out=path)
    sheet._writer.write_top()
    return path


def _forget(scratch: Sequence[str]) -> None:
    """Files of a book that was not saved: those of a saved one openpyxl has forgotten itself."""
    for path in scratch:
        if path in ALL_TEMP_FILES:
            ALL_TEMP_FILES.remove(path)
        Path(path).unlink(missing_ok=True)


def _list(titles: Sequence[str]) -> str:
    return ", ".join(f"“{title}”" for title in titles)
