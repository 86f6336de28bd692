"""Dates on the wire (ref 1.7): ISO 8601 when the call asks for it, else wall clock of the caller."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

PLAIN = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moments:
    zone: ZoneInfo
    iso: bool

    def write(self, moment: datetime) -> str:
        local = moment.astimezone(self.zone)
        if self.iso:
            return local.isoformat("T", "seconds")
        return local.replace(tzinfo=None).isoformat(" ", "seconds")

    def read(self, text: str) -> datetime:
        """Aware UTC; ValueError when the text is not in the format this call speaks."""
        if not (ISO if self.iso else PLAIN).fullmatch(text):
            raise ValueError("unparsable date/time")
        parsed = datetime.fromisoformat(text)
        return (parsed if self.iso else parsed.replace(tzinfo=self.zone)).astimezone(UTC)
