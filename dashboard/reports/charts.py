"""Native charts over a sheet of a report."""

from __future__ import annotations

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties

from dashboard.reports.looks import ACCENT, Sheet

MOST_BARS = 30


def bars(
    sheet: Sheet, *, title: str, labels: int, values: int, rows: int, at: str, across: bool = False
) -> None:
    """A bar for each of the first `rows` rows below the head; `labels` and `values` are columns from 1."""
    if not rows:
        return
    last = 1 + rows
    chart = BarChart()
    chart.type = "bar" if across else "col"
    chart.title, chart.legend, chart.style = title, None, 10
    chart.add_data(Reference(sheet, min_col=values, min_row=2, max_row=last))
    chart.set_categories(Reference(sheet, min_col=labels, min_row=2, max_row=last))
    chart.gapWidth = 40 if rows > 6 else 200  # a single bar need not fill the sheet
    chart.width, chart.height = (24, max(7.5, 2.5 + 0.62 * rows)) if across else (24, 9)
    series = chart.series[0]
    series.graphicalProperties = GraphicalProperties(solidFill=ACCENT)
    if rows <= MOST_BARS:
        series.dLbls = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False  # openpyxl leaves it open, and Excel then shows no axis
    chart.y_axis.majorGridlines = None
    chart.y_axis.number_format = "0"
    if across:
        chart.x_axis.scaling.orientation = "maxMin"  # the first row on top
    sheet.add_chart(chart, at)
