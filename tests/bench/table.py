"""What was measured, as a table for the terminal and for var/bench.md."""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass
from pathlib import Path

HEADS = ("what", "ours", "against", "ratio", "aim")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    what: str
    ours: str
    against: str = ""
    ratio: str = ""
    aim: str = ""


def versus(what: str, ours: float, theirs: float, against: str, *, at_most: float | None = None) -> Row:
    """Two medians in ms and their ratio."""
    ratio = ours / theirs
    aim = "" if at_most is None else f"≤ {at_most:.2f}: {'met' if ratio <= at_most else 'missed'}"
    return Row(
        what=what, ours=f"{ours:.1f} ms", against=f"{against} {theirs:.1f} ms", ratio=f"{ratio:.2f}", aim=aim
    )


def limit(what: str, value: float, unit: str, at_most: float) -> Row:
    word = "met" if value <= at_most else "missed"
    return Row(what=what, ours=f"{value:.1f} {unit}", aim=f"≤ {at_most:g} {unit}: {word}")


def written(rows: list[Row], file: Path) -> str:
    cells = [HEADS, *((row.what, row.ours, row.against, row.ratio, row.aim) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADS))]
    lines = [_line(line, widths) for line in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    when = time.strftime("%d %B %Y")
    text = f"{when}, Python {platform.python_version()}, {platform.system()}\n\n" + "\n".join(lines) + "\n"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"# Benchmarks\n\n{text}", encoding="utf-8")
    return text


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    return "| " + " | ".join(f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True)) + " |"
