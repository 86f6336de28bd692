"""`index.csv` and `index.html` of a part, written line by line while its files are packed."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from dashboard.clock import Clock
from dashboard.photos.packs.plan import Planned, PlannedFile

HEADS = (
    *("File", "Check-in", "Time", "Time zone", "Employee", "Tracker", "Address", "Latitude", "Longitude"),
    *("Comment", "Form", "Belongs to", "Original name", "Bytes", "Problem"),
)
_SHOWN = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".bmp")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_STYLE = """
:root{color-scheme:light dark}.quiet{opacity:.75}p{margin:.25rem 0}
body{margin:2rem auto;max-width:72rem;padding:0 1rem;font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem}h2{font-size:1rem;margin:2rem 0 .25rem}
ul{display:flex;flex-wrap:wrap;gap:.75rem;padding:0;list-style:none}
li{width:11rem;overflow-wrap:anywhere;font-size:.8rem}
img{display:block;width:11rem;height:8.25rem;object-fit:cover;border-radius:6px;background:#8882}
.failed{border:1px dashed currentColor;border-radius:6px;padding:.5rem}
"""
_POLICY = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an index says of its pack."""

    title: str
    clock: Clock
    made: str


class Index:
    """`csv_path` and `html_path` are whole once it is closed."""

    def __init__(self, folder: Path, about: About, number: int) -> None:
        self.csv_path, self.html_path = folder / "index.csv", folder / "index.html"
        self._about = about
        self._csv = self.csv_path.open("w", encoding="utf-8-sig", newline="")
        self._html = self.html_path.open("w", encoding="utf-8", errors="replace")
        self._rows = csv.writer(self._csv)
        self._rows.writerow(HEADS)
        self._html.write(_head(about, number))
        self._open_item: Planned | None = None
        self.failed = 0

    def close(self) -> None:
        if not self._html.closed:
            self._html.write(self._tail())
        self._csv.close()
        self._html.close()

    def packed(self, item: Planned, file: PlannedFile, name: str, size: int) -> None:
        self._row(item, file, name, size, "")
        self._html.write(_tile(name, file))

    def left_out(self, item: Planned, file: PlannedFile | None, reason: str) -> None:
        """A file that could not be had, or a check-in that could not be read."""
        self.failed += 1
        self._row(item, file, "", 0, reason)
        self._html.write(_left_out(file, reason))

    def begin(self, item: Planned) -> None:
        self._html.write(self._closed() + self._title(item))
        self._open_item = item

    def _row(self, item: Planned, file: PlannedFile | None, name: str, size: int, reason: str) -> None:
        moment = self._about.clock.local(item.time).strftime("%Y-%m-%d %H:%M:%S") if item.time else ""
        self._rows.writerow(
            [
                name,
                item.id,
                moment,
                self._about.clock.zone.key if item.time else "",
                *map(safe_cell, (item.who, item.tracker, item.address)),
                "" if item.lat is None else item.lat,
                "" if item.lng is None else item.lng,
                safe_cell(item.comment),
                safe_cell(item.form),
                "" if file is None else "form" if file.of_form else "check-in",
                safe_cell(file.name) if file else "",
                size if name else "",
                reason,
            ]
        )

    def _title(self, item: Planned) -> Markup:
        when = self._about.clock.long(item.time) if item.time else ""
        words = " · ".join(filter(None, (when, item.who))) or f"Check-in {item.id}"
        facts = " · ".join(filter(None, (f"Check-in {item.id}", item.tracker, item.address, item.form)))
        comment = Markup("<p>{}</p>").format(item.comment) if item.comment else ""
        return Markup('<section><h2>{}</h2><p class="quiet">{}</p>{}<ul>\n').format(words, facts, comment)

    def _closed(self) -> Markup:
        return Markup("</ul></section>\n") if self._open_item else Markup("")

    def _tail(self) -> Markup:
        if not self.failed:
            return self._closed() + Markup("</body></html>\n")
        words = f"{self.failed:,} could not be put into this pack; each says why above and in index.csv."
        return self._closed() + Markup("<p><strong>{}</strong></p></body></html>\n").format(words)


def safe_cell(text: str) -> str:
    """Text that a spreadsheet takes for text: no formula, no character that is none."""
    kept = "".join(c for c in text if c in "\t\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    return f"'{kept}" if kept.startswith(_FORMULA) else kept


def _head(about: About, number: int) -> Markup:
    part = f"part {number}, " if number > 1 else ""
    return Markup(
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="{}">'
        '<meta name="viewport" content="width=device-width"><title>{}</title><style>{}</style></head>\n'
        '<body><h1>{}</h1><p class="quiet">{}</p>\n'
    ).format(
        Markup(_POLICY),  # noqa: S704  our own words, quotes and all
        about.title,
        Markup(_STYLE),  # noqa: S704  likewise
        about.title,
        f"{part}made {about.made}; all times {about.clock.zone.key}. The files are as they were uploaded.",
    )


def _tile(name: str, file: PlannedFile) -> Markup:
    if name.endswith(_SHOWN):
        picture = Markup('<img src="{}" alt="" loading="lazy">').format(name)
        return Markup('<li><a href="{}">{}{}</a></li>\n').format(name, picture, file.name or name)
    return Markup('<li><a href="{}">{}</a></li>\n').format(name, file.name or name)


def _left_out(file: PlannedFile | None, reason: str) -> Markup:
    return Markup('<li class="failed">{} {}</li>\n').format(f"{file.name}:" if file else "", reason)
