"""How a report looks: the dress of cells, the layout of sheets, where thumbnails lie. Colours of the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from dashboard.clock import Clock
from dashboard.reports import cells
from dashboard.reports.cells import Column
from dashboard.reports.pictures import Thumbnail
from dashboard.reports.texts import cell_text

INK, QUIET, ACCENT, PAPER, LINE = "161A19", "5F6966", "0B6B57", "E2F2EC", "9BCFBD"
LINE_HEIGHT, TALL = 13.2, 60.0  # points
WRAPS_FROM = 28  # characters: narrower columns keep to one line
MOST_LINES = 6  # of a row; the whole text is in the cell all the same
THUMB_EDGE = 72  # pixels; a row of TALL points has 80
THUMBS_A_ROW = 3
Sheet = Any  # of openpyxl: its stubs know little of write-only sheets
_FONT = "Calibri"


@dataclass
class Styles:
    """The styles of one column of a sheet, by their numbers in the book."""

    sheet: Sheet
    dress: Dress
    column: Column
    _twice: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wraps = self.column.width >= WRAPS_FROM
        self.head = self.dress.head(self.sheet, self.column).style_id
        self.text = self._style(align=self.dress.wrapped if self.wraps else None)
        self.number = self._style(number_format=self.column.number_format, align=self.dress.right)
        self.moment = self._style(number_format=self.dress.moment_format)
        self.day = self._style(number_format=self.dress.day_format)
        self.link = self._style(font=self.dress.link_font)

    def twice(self, which: str) -> int:
        """For the hour that comes twice."""
        if which not in self._twice:
            self._twice[which] = self._style(number_format=f'{self.dress.moment_format}" ({which})"')
        return self._twice[which]

    def lines(self, text: str) -> int:
        """How many the text takes in this column, about."""
        return lines_of(text, self.column.width) if self.wraps else 1

    def _style(
        self, *, align: Alignment | None = None, number_format: str = "", font: Font | None = None
    ) -> int:
        model: Any = WriteOnlyCell(self.sheet)
        model.font = font or self.dress.font
        model.alignment = align or self.dress.plain
        if number_format:
            model.number_format = number_format
        return int(model.style_id)


class Dress:
    """Fonts, fills and formats of one book."""

    def __init__(self, book: Workbook, clock: Clock) -> None:
        self.day_format, self.moment_format = cells.day_format(clock), cells.moment_format(clock)
        self.font = Font(name=_FONT, size=10, color=INK)
        self.bold = Font(name=_FONT, size=10, color=INK, bold=True)
        self.quiet = Font(name=_FONT, size=10, color=QUIET)
        self.title = Font(name=_FONT, size=18, color=INK, bold=True)
        self.link_font = Font(name=_FONT, size=10, color=ACCENT, underline="single")
        self.plain = Alignment(horizontal="left", vertical="top", indent=1)
        self.wrapped = Alignment(horizontal="left", vertical="top", indent=1, wrap_text=True)
        self.right = Alignment(horizontal="right", vertical="top", indent=1)
        self.head_fill = PatternFill("solid", start_color=PAPER, end_color=PAPER)
        self.head_line = Border(bottom=Side(style="medium", color=LINE))
        styles: Any = book._named_styles  # type: ignore[attr-defined]  # the only way to the book's own font
        next(style for style in styles if style.name == "Normal").font = self.font

    def head(self, sheet: Sheet, column: Column) -> Any:
        cell = self.words(sheet, cell_text(column.label)[0], self.bold)
        cell.fill, cell.border = self.head_fill, self.head_line
        side = "right" if column.kind == "number" else "left"
        cell.alignment = Alignment(horizontal=side, vertical="center", indent=1, wrap_text=True)
        return cell

    def words(self, sheet: Sheet, text: str, font: Font | None = None, *, wrap: bool = False) -> Any:
        """A single cell of text, typed as text."""
        cell: Any = WriteOnlyCell(sheet)
        cell._value, cell.data_type = text, "s"
        cell.font = font or self.font
        cell.alignment = self.wrapped if wrap else self.plain
        return cell


def lay_out(sheet: Sheet, columns: Sequence[Column], *, tall: bool) -> None:
    """Before the first row: widths, frozen head, and how it is printed."""
    for at, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    sheet.freeze_panes = "A2"
    if tall:
        sheet.sheet_format.defaultRowHeight = TALL
        sheet.sheet_format.customHeight = True
    _print_wide(sheet)
    sheet.print_title_rows = "1:1"


def set_height(sheet: Sheet, row: int, points: float) -> None:
    """Before the row is written."""
    sheet.row_dimensions[row].height = points


def head_height(columns: Sequence[Column]) -> float:
    lines = max((lines_of(column.label, column.width - 2) for column in columns), default=1)
    return lines * LINE_HEIGHT + 10


def lines_of(text: str, width: float) -> int:
    """At this width in characters, about: programs break lines as they like."""
    each = max(4.0, width * 1.02)
    return sum(max(1, ceil(len(line) / each)) for line in text.split("\n"))


def lay_out_page(sheet: Sheet, widths: Sequence[float]) -> None:
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.sheet_view.showGridLines = False
    _print_wide(sheet)


def place(sheet: Sheet, thumbnails: Sequence[Thumbnail], *, row: int, column: int) -> None:
    """Side by side in the cell; `row` counts from 1, `column` from 0."""
    for at, thumbnail in enumerate(thumbnails[:THUMBS_A_ROW]):
        image = Image(str(thumbnail.path))
        scale = min(1.0, THUMB_EDGE / max(image.width, image.height, 1))
        size = XDRPositiveSize2D(_emu(image.width * scale), _emu(image.height * scale))
        left = _emu(4 + at * (THUMB_EDGE + 4))
        start = AnchorMarker(col=column, colOff=left, row=row - 1, rowOff=_emu(4))
        image.anchor = OneCellAnchor(_from=start, ext=size)
        sheet.add_image(image)


def _print_wide(sheet: Sheet) -> None:
    """A4, across, as wide as the page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0


def _emu(pixels: float) -> int:
    return round(pixels * 9525)
