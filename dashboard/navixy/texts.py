"""What text the API takes (ref 1.7)."""

from __future__ import annotations

import unicodedata

_REFUSED = frozenset({"Cc", "Cs", "Co"})  # control, surrogate, private use


def forbidden_character(text: str, *, lines: bool = False) -> str | None:
    """The first character the API refuses anywhere, or None. `lines` lets line breaks and tabs pass."""
    passing = "\n\r\t" if lines else ""
    return next((c for c in text if c not in passing and unicodedata.category(c) in _REFUSED), None)
