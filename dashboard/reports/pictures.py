"""Small pictures for cells: JPEG files in a folder, so that a book of thousands holds none in memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    """A JPEG on disk and what it shows, in words."""

    path: Path
    alt: str
