"""Text that a spreadsheet takes for text. Knows no Django and no workbook."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 32_767  # UTF-16 units in a cell of Excel
CUT = " […cut: {} characters in all]"
# Everything but what XML's Char rule allows; openpyxl's own filter lets U+FFFE and lone surrogates through
_NO_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read _x0041_ as the letter A
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def clean(text: str) -> str:
    """Without the characters that XML cannot hold, lines broken as a cell breaks them."""
    return _NO_XML.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def cell_text(text: str) -> tuple[str, bool]:
    """What to write into a cell for `text`, and whether something had to be cut off."""
    kept = text if text.isascii() and text.isprintable() else clean(text)
    if "_x" in kept:
        kept = _ESCAPE_LIKE.sub("_x005F_", kept)
    if len(kept) <= LONGEST // 2 or _units(kept) <= LONGEST:
        return kept, False
    note = CUT.format(f"{len(text):,}")
    return _first_units(kept, LONGEST - _units(note)) + note, True


def csv_field(text: str) -> str:
    """No formula, no character that is none: what a spreadsheet would run gets an apostrophe before it."""
    kept = "".join(c for c in text if c in "\t\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    return f"'{kept}" if kept.lstrip(" \u00a0").startswith(_FORMULA) else kept


def _units(text: str) -> int:
    """How long Excel thinks it is."""
    return len(text) + sum(c > "\uffff" for c in text)


def _first_units(text: str, most: int) -> str:
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * most]
    return units.decode("utf-16-le", "ignore")
