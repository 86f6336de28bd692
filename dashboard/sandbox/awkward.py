"""Fixed check-ins with everything that tries a reader's patience: odd files, odd texts, missing members."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dashboard.sandbox.company import Crew
from dashboard.sandbox.evidence import Source
from dashboard.sandbox.model import Checkin, File


def checkins(crews: Mapping[int, Crew], now: datetime) -> list[Checkin]:
    return []


def file(source: Source, slot: int) -> File | None:
    return None
