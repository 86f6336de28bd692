"""Workbooks of any size in flat memory: sheets of typed, safe cells, written row by row.

openpyxl makes the book; the rows are text of our own (`row_xml`). What is text is written as text, whatever
it begins with; no formula is ever written.
"""

from __future__ import annotations

from collections.abc import Sequence
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

from dashboard.clock import Clock
from dashboard.reports import cells, looks, names
from dashboard.reports.cells import Column, Link, Row, Value
from dashboard.reports.links import Links
from dashboard.reports.looks import Styles
from dashboard.reports.pictures import Thumbnail
from dashboard.reports.row_xml import RowFile, number_cell, text_cell
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
        self._letters = [get_column_letter(at) for at in range(1, len(columns) + 1)]
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
        written = [self._cell(at, value) for at, value in enumerate(values) if value not in (None, "")]
        height = min(self._lines, looks.MOST_LINES) * looks.LINE_HEIGHT + 3 if self._lines > 1 else 0.0
        self._file.write(self._row, written, height=max(height, self._least_height))
        if thumbnails and self._pictures is not None:
            looks.place(self.worksheet, thumbnails, row=self._row, column=self._pictures)

    def close(self) -> None:
        """The filter reaches to the last row, which is known only now."""
        if self.worksheet.closed:
            return
        self.worksheet.auto_filter.ref = f"A1:{self._letters[-1]}{max(2, self._row)}"
        self.worksheet.close()
        self._file.move_into(Path(self.scratch[-1]), tail=self._links.write_into)

    def _begin(self) -> None:
        book = self._book
        wanted = self._name if not self.titles else f"{self._name[:24]} {len(self.titles) + 1}"
        sheet: Any = book.book.create_sheet(names.sheet_name(wanted, book.book.sheetnames))
        looks.lay_out(sheet, self._columns, tall=self._pictures is not None)
        self.scratch.append(_write_in(book.folder, sheet))
        self._links = sheet._writer._rels = Links()
        self.worksheet, self._row = sheet, 1
        self.titles.append(sheet.title)
        self._file = RowFile(Path(self.scratch[-1]).with_suffix(".rows"))
        self._styles = [Styles(sheet, book.dress, column) for column in self._columns]
        heads = zip(self._letters, self._styles, strict=True)
        self._file.write(
            1,
            [text_cell(f"{letter}1", one.head, cell_text(one.column.label)[0]) for letter, one in heads],
            height=looks.head_height(self._columns),
        )

    def _cell(self, at: int, value: Value) -> str:
        reference, styles = f"{self._letters[at]}{self._row}", self._styles[at]
        if isinstance(value, str):
            return text_cell(reference, styles.text, self._text(styles, value))
        if isinstance(value, int | float):
            return _number(reference, styles, value)
        if isinstance(value, datetime):
            return self._moment(reference, styles, value)
        if isinstance(value, date):
            return _day(reference, styles, value)
        return self._link(at, reference, value) if value else ""

    def _text(self, styles: Styles, value: str) -> str:
        text, cut = cell_text(value)
        self._book.tally.texts_cut += cut
        if len(text) > styles.column.width or "\n" in text:
            self._lines = max(self._lines, styles.lines(text))
        return text

    def _moment(self, reference: str, styles: Styles, value: datetime) -> str:
        """In the account's zone; an hour that comes twice says which."""
        local = self._book.clock.local(value)
        if not cells.is_datable(local.date()):
            return text_cell(reference, styles.text, local.isoformat(sep=" ", timespec="seconds"))
        style = styles.twice(which) if (which := cells.twice(local)) else styles.moment
        return number_cell(reference, style, cells.serial(local))

    def _link(self, at: int, reference: str, link: Link) -> str:
        tally = self._book.tally
        if tally.links >= self._book.most_links:
            tally.unlinked += 1
            return self._cell(at, link.value)
        tally.links += 1
        self._links.add(reference, link.url)
        if isinstance(link.value, str):
            return text_cell(reference, self._styles[at].link, cell_text(link.value)[0])
        return number_cell(reference, self._styles[at].link, link.value)


def _number(reference: str, styles: Styles, value: float) -> str:
    if not isfinite(value) or abs(value) > cells.EXACT:
        return text_cell(reference, styles.text, str(value))
    return number_cell(reference, styles.number, value)


def _day(reference: str, styles: Styles, value: date) -> str:
    if not cells.is_datable(value):
        return text_cell(reference, styles.text, value.isoformat())
    return number_cell(reference, styles.day, cells.day_serial(value))


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
        for left in (Path(path), Path(path).with_suffix(".rows")):
            left.unlink(missing_ok=True)


def _list(titles: Sequence[str]) -> str:
    return ", ".join(f"“{title}”" for title in titles)
