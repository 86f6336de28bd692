"""File answers: a table as a workbook or as a PDF (ref 1.4)."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from fpdf import FPDF
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from dashboard.sandbox.envelope import FileAnswer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
LINE = 220  # characters of a row that fit on the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    title: str
    head: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]


def export(table: Table, kind: str, *, name: str) -> FileAnswer:
    if kind == "xlsx":
        return FileAnswer(content=workbook(table), content_type=XLSX, filename=f"{name}.xlsx")
    return FileAnswer(content=document(table), content_type=PDF, filename=f"{name}.pdf")


def workbook(table: Table) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Export")
    for row in (table.head, *table.rows):
        sheet.append([_cell(sheet, text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    """Text stays text: a comment that starts with = is no formula."""
    try:
        cell = WriteOnlyCell(sheet, value=text)
    except IllegalCharacterError:
        cell = WriteOnlyCell(sheet, value="".join(letter for letter in text if letter.isprintable()))
    cell.data_type = "s"
    return cell


def document(table: Table) -> bytes:
    pdf = FPDF(orientation="landscape")
    pdf.set_font("Helvetica", size=7)
    pdf.add_page()
    pdf.cell(text=_latin(table.title), new_x="LMARGIN", new_y="NEXT")
    for row in (table.head, *table.rows):
        pdf.cell(h=3.4, text=_latin("  |  ".join(row))[:LINE], new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def _latin(text: str) -> str:
    """The built-in PDF fonts hold Latin-1 only."""
    return text.encode("latin-1", "replace").decode("latin-1")
