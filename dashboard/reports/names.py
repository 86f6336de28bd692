"""Names of sheets and files that no program trips over."""

from __future__ import annotations

import re
from collections.abc import Collection

from anyascii import anyascii

from dashboard.reports.texts import clean

LONGEST_SHEET = 31  # UTF-16 units
_LONGEST_FILE = 120
_NOT_IN_SHEETS = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
_RESERVED_SHEETS = {"history"}  # Excel's own, in English; it refuses a file that has one
_RESERVED_FILES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """`wanted` as Excel allows it, and unlike every one of `taken` whatever the case."""
    base = _tidy(_NOT_IN_SHEETS.sub(" ", clean(wanted))) or "Sheet"
    if base.casefold() in _RESERVED_SHEETS:
        base = f"{base} _"
    used = {name.casefold() for name in taken}
    name, number = _short(base, LONGEST_SHEET), 1
    while name.casefold() in used:
        number += 1
        tail = f" ({number})"
        name = _short(base, LONGEST_SHEET - len(tail)) + tail
    return name


def file_name(*parts: str, ending: str) -> str:
    """`checkins_2026-03-06_128.xlsx`: plain ASCII, never a word that Windows keeps for itself."""
    plain = [re.sub(r"[^A-Za-z0-9]+", "-", anyascii(part)).strip("-") for part in parts]
    stem = "_".join(filter(None, plain))[:_LONGEST_FILE].strip("-_") or "file"
    return f"{'file_' if _RESERVED_FILES.fullmatch(stem) else ''}{stem}.{ending}"


def _tidy(text: str) -> str:
    """An apostrophe may stand inside of a name, not at its ends."""
    return re.sub(r"\s+", " ", text).strip(" '")


def _short(text: str, most: int) -> str:
    units = text.encode("utf-16-le", "ignore")[: 2 * most]
    return _tidy(units.decode("utf-16-le", "ignore"))
