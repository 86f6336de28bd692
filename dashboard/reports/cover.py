"""The first sheet of a report: what it is, of when, in which zone, and what is not in it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from dashboard.reports import looks
from dashboard.reports.cells import Link
from dashboard.reports.looks import Sheet
from dashboard.reports.texts import cell_text
from dashboard.reports.workbook import Book

WIDTHS = (22, 100)
Fact = tuple[str, str | int | Link]


def write(book: Book, sheet: Sheet, *, title: str, facts: Sequence[Fact], notes: Sequence[str]) -> None:
    """Facts with their labels, then notes; without notes it says that nothing was cut."""
    dress = book.dress
    looks.set_height(sheet, 1, 30)
    sheet.append([dress.words(sheet, cell_text(title)[0], dress.title)])
    sheet.append([])
    row = 2
    for label, value in facts:
        row += 1
        _make_room(sheet, row, value if isinstance(value, str) else "")
        sheet.append([dress.words(sheet, label, dress.quiet), _value(book, sheet, value)])
    sheet.append([])
    for at, note in enumerate(notes or [_("Nothing was cut or left out.")]):
        _make_room(sheet, row + 2 + at, note)
        label = dress.words(sheet, "" if at else _("Good to know"), dress.quiet)
        sheet.append([label, dress.words(sheet, cell_text(note)[0], wrap=True)])


def _make_room(sheet: Sheet, row: int, text: str) -> None:
    looks.set_height(sheet, row, looks.lines_of(text, WIDTHS[1]) * looks.LINE_HEIGHT + 4)


def _value(book: Book, sheet: Sheet, value: str | int | Link) -> object:
    dress = book.dress
    if isinstance(value, Link):
        cell = dress.words(sheet, "", dress.link_font)
        cell.hyperlink = value.url
        cell._value, cell.data_type, cell.font = cell_text(str(value.value))[0], "s", dress.link_font
        return cell
    if isinstance(value, int):
        cell = dress.words(sheet, "")
        cell.value, cell.number_format = value, "#,##0"
        cell.alignment = dress.plain
        return cell
    return dress.words(sheet, cell_text(value)[0], wrap=True)
