"""What a cell of a report may hold, and how times become numbers. Knows no Django and no workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from dashboard.clock import Clock, offset_label

Kind = Literal["text", "number", "moment", "day"]
EXACT = 2**53  # whole numbers beyond lose digits in a spreadsheet
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  a serial number counts wall-clock days
_FIRST, _LAST = date(1900, 3, 1), date(9999, 12, 31)  # Excel believes in 29 February 1900
_DATES = {
    "ddMMyyyy_dots": "dd\\.mm\\.yyyy",
    "ddMMyyyy_slashes": "dd\\/mm\\/yyyy",
    "MMddyyyy_hyphens": "mm\\-dd\\-yyyy",
    "yyyyMMdd_hyphens": "yyyy\\-mm\\-dd",
    "dMMMy": "d\\ mmm\\ yyyy",
    "dMMMMy": "d\\ mmmm\\ yyyy",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A value that leads somewhere; `url` is made by this site."""

    value: str | int
    url: str


Value = str | int | float | datetime | date | Link | None
Row = list[Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`width` in characters. A text column wraps its lines when it is wide."""

    label: str
    kind: Kind = "text"
    width: float = 16
    number_format: str = "General"


def day_format(clock: Clock) -> str:
    """The account's date format as a spreadsheet writes it."""
    return _DATES.get(clock.date_format, _DATES["yyyyMMdd_hyphens"])


def moment_format(clock: Clock) -> str:
    face = "h:mm:ss\\ AM/PM" if clock.hour_mode == "TWELVE_HOURS" else "hh:mm:ss"
    return f"{day_format(clock)}\\ {face}"


def serial(local: datetime) -> float:
    """Days since Excel's beginning, of a wall clock."""
    return (local.replace(tzinfo=None, fold=0) - _EPOCH) / timedelta(days=1)


def day_serial(day: date) -> int:
    return (day - _EPOCH.date()).days


def is_datable(day: date) -> bool:
    """Whether a spreadsheet has that day."""
    return _FIRST <= day <= _LAST


def twice(local: datetime) -> str:
    """For an hour that comes twice, which of the two it is: `UTC+1`; else empty."""
    other = local.replace(fold=1 - local.fold)
    if local.utcoffset() == other.utcoffset() or not _is_real(other):
        return ""
    return offset_label(local)


def _is_real(local: datetime) -> bool:
    """Spring skips an hour: neither of its readings is a time that was."""
    back = local.astimezone(UTC).astimezone(local.tzinfo)
    return back.replace(tzinfo=None) == local.replace(tzinfo=None)
