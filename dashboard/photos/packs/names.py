"""What a file is called in a pack: plain ASCII that no system mistakes for anything else."""

from __future__ import annotations

import mimetypes
import re
from datetime import datetime
from pathlib import PurePosixPath

from anyascii import anyascii

_LONGEST_PERSON = 40
_EXTENSION = re.compile(r"\.[a-z0-9]{1,10}")
# A double click would run these, or open them with the rights of a page; the index keeps the name they had
_RUNS = re.compile(
    r"\.(app|apk|appref-ms|bat|cmd|com|command|cpl|desktop|dll|exe|gadget|hta|html?|inf|jar|jse?|lnk|mht|mhtml"
    r"|ms[cip]|pif|psm?1|pyw?|reg|sc[frt]|shb?|shtml|url|vb[es]?|ws[cfh]?|xht|xhtml)"
)


def file_name(*, local: datetime, who: str, checkin_id: int, number: int, original: str, mime: str) -> str:
    """`2026-11-21_0914_Garcia-Ana_checkin-8123_1.jpg`. Unique by check-in and number; begins with a digit, so
    it is no reserved word; ends with no dot; at most about 90 characters long.
    """
    person = plain(who)[:_LONGEST_PERSON].strip("-") or "unnamed"
    return f"{local:%Y-%m-%d_%H%M}_{person}_checkin-{checkin_id}_{number}{extension(original, mime)}"


def plain(text: str) -> str:
    """`García Ana` → `Garcia-Ana`, `Иванов` → `Ivanov`: letters and digits of ASCII, and hyphens."""
    return re.sub(r"[^A-Za-z0-9]+", "-", anyascii(text)).strip("-")


def extension(original: str, mime: str) -> str:
    """Of the original name, else by its type; what would run when opened becomes text."""
    found = PurePosixPath(original.replace("\\", "/")).suffix.lower()
    if not _EXTENSION.fullmatch(found):
        found = mimetypes.guess_extension(mime.partition(";")[0].strip()) or ""
    return f"{found}.txt" if _RUNS.fullmatch(found) else found
