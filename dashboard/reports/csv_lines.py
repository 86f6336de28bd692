"""CSV of the same columns as a workbook, line by line: UTF-8 with a mark, commas, formula-safe.

With the mark (BOM) Excel reads the file as UTF-8; other programs that read UTF-8 skip it. Times stand in the
account's zone as `2026-03-12 15:30:00`, each with a column that says how far that was from UTC.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from dashboard.clock import Clock
from dashboard.reports.cells import Column, Link, Row, Value
from dashboard.reports.texts import csv_field

MIME = "text/csv; charset=utf-8"
OFFSET = "UTC offset"
_MARK = b"\xef\xbb\xbf"


def lines(columns: Sequence[Column], rows: Iterable[Row], clock: Clock) -> Iterator[bytes]:
    """The head, then a line for each row."""
    yield _MARK + _line(_head(columns))
    for row in rows:
        yield _line(_fields(columns, row, clock))


def _head(columns: Sequence[Column]) -> Iterator[str]:
    for column in columns:
        yield csv_field(column.label)
        if column.kind == "moment":
            yield OFFSET


def _fields(columns: Sequence[Column], row: Row, clock: Clock) -> Iterator[str | float]:
    for column, value in zip(columns, row, strict=True):
        if column.kind == "moment":
            yield from _moment(value, clock)
        else:
            yield _field(value)


def _moment(value: Value, clock: Clock) -> tuple[str, str]:
    if not isinstance(value, datetime):
        return "", ""
    local = clock.local(value)
    text = local.isoformat(sep=" ", timespec="seconds")
    return text[:19], f"UTC{text[19:]}"


def _field(value: Value) -> str | float:
    """A link of words gives its address: a CSV holds no links."""
    match value:
        case None:
            return ""
        case str():
            return csv_field(value)
        case Link():
            return value.url if isinstance(value.value, str) else value.value
        case date():
            return value.isoformat()
    return value


def _line(fields: Iterable[str | float]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(list(fields))
    return out.getvalue().encode("utf-8", "replace")
