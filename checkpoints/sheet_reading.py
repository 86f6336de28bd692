"""Rows of a spreadsheet somebody brings: xlsx or csv, read within bounds, every cell as text."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from django.utils.translation import gettext as _
from openpyxl import load_workbook

MOST_BYTES = 8_000_000
MOST_UNPACKED = 64_000_000
MOST_ENTRIES = 500
MOST_ROWS = 2_000
MOST_COLUMNS = 40
MOST_TEXT = 2_000
MOST_CHARACTERS = 1_000_000  # of all cells: they travel in a form until the import starts


class SheetError(Exception):
    """The file cannot be used; the text is the sentence its person reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row under the head; `number` is the one the spreadsheet shows."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    head: tuple[str, ...]
    lines: tuple[Line, ...]


def read_sheet(content: bytes) -> Sheet:
    """The first sheet. Formulas count with the value they last had. Raises SheetError."""
    if len(content) > MOST_BYTES:
        raise SheetError(_("The file is larger than %d MB.") % (MOST_BYTES // 1_000_000))
    rows = _of_workbook(content) if content[:2] == b"PK" else _of_csv(content)
    filled = [(number, cells) for number, cells in rows if any(cells)]
    if not filled:
        raise SheetError(_("The sheet is empty."))
    (_number, head), *rest = filled
    if not rest:
        raise SheetError(_("The sheet has a head but no rows under it."))
    if sum(len(cell) for _number, cells in filled for cell in cells) > MOST_CHARACTERS:
        raise SheetError(_("The sheet holds too much text. Split it."))
    width = max(len(cells) for _, cells in filled)
    lines = tuple(Line(number=number, cells=_padded(cells, width)) for number, cells in rest)
    return Sheet(head=_padded(head, width), lines=lines)


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return cells + ("",) * (width - len(cells))


def _bounded(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, cells in enumerate(rows, 1):
        if number > MOST_ROWS + 1:
            if any(cells):
                raise SheetError(_("The sheet has more than %s rows. Split it.") % f"{MOST_ROWS:,}")
            return
        yield number, tuple(cell.strip()[:MOST_TEXT] for cell in cells)


def _of_workbook(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    try:
        _check_archive(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        found = book.worksheets[0]
        found.reset_dimensions()
        rows = found.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True)
        return list(_bounded(tuple(map(_text, row)) for row in rows))
    except SheetError:
        raise
    except Exception as error:  # a workbook can be broken in any way; none of them is ours
        raise SheetError(
            _("This is no workbook that can be read. Save it as .xlsx or .csv again.")
        ) from error


def _check_archive(content: bytes) -> None:
    """A small file may unpack to a huge one: what it declares is what is read at most."""
    entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise SheetError(_("The workbook is too large once unpacked."))


def _of_csv(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if "\0" in text:
        raise SheetError(_("This is neither a workbook (.xlsx) nor text (.csv)."))
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        rows = csv.reader(io.StringIO(text), delimiter=delimiter)
        return list(_bounded(tuple(islice(row, MOST_COLUMNS)) for row in rows))
    except csv.Error as error:
        raise SheetError(_("The text cannot be read as rows and columns.")) from error


def _text(value: object) -> str:
    """Dates in one spelling, whole numbers without a fraction."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
