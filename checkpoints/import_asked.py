"""What the form of an import holds between its steps: the rows, signed for the login that brought them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import QueryDict

from checkpoints import import_target
from checkpoints.import_target import Target
from checkpoints.sheet_columns import KEYS
from checkpoints.sheet_reading import Line, Sheet
from dashboard.http import DashboardRequest

SALT = "checkpoints.imports"
LIFE = 12 * 3600
UNUSED = frozenset({"tracker"})  # when the rows are added to a route


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The sheet, what its columns hold, and the rows wanted although their order numbers are there.

    `target`: the route at Navixy that they are added to, as it was last shown.
    """

    sheet: Sheet
    mapping: Mapping[str, int]
    target: Target | None = None
    again: frozenset[int] = frozenset()
    again_all: bool = False

    def arguments(self) -> dict[str, Any]:
        """As a job keeps it."""
        return packed_sheet(self.sheet) | {
            "mapping": dict(self.mapping),
            "onto": self.target.packed() if self.target else None,
        }


def asked_of(request: DashboardRequest) -> Asked:
    """Raises BadSignature, for another login's rows too."""
    owner, packed = signing.loads(request.POST.get("rows", ""), salt=SALT, max_age=LIFE)
    if owner != request.account.cache_key:
        raise signing.BadSignature
    sheet = _unpacked(packed)
    target = import_target.unpacked(packed["onto"]) if packed.get("onto") else None
    return Asked(
        sheet=sheet,
        mapping=usable(_mapping(request.POST, len(sheet.head)), target),
        target=target,
        again=frozenset(filter(None, map(number, request.POST.getlist("again")))),
        again_all="again_all" in request.POST,
    )


def packed(request: DashboardRequest, sheet: Sheet, target: Target | None) -> str:
    """For the form."""
    content = packed_sheet(sheet) | {"onto": target.packed() if target else None}
    return signing.dumps([request.account.cache_key, content], salt=SALT, compress=True)


def packed_sheet(sheet: Sheet) -> dict[str, Any]:
    return {"head": list(sheet.head), "rows": [[line.number, list(line.cells)] for line in sheet.lines]}


def usable(mapping: Mapping[str, int], target: Target | None) -> dict[str, int]:
    """Stops of a route have its executor, so no column of them is read."""
    return {key: at for key, at in mapping.items() if not target or key not in UNUSED}


def number(text: str) -> int | None:
    """Of a record or a row; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _unpacked(content: Mapping[str, Any]) -> Sheet:
    lines = tuple(Line(number=number, cells=tuple(cells)) for number, cells in content["rows"])
    return Sheet(head=tuple(content["head"]), lines=lines)


def _mapping(posted: QueryDict, width: int) -> dict[str, int]:
    chosen = {key: number(posted.get(f"column_{key}", "")) for key in KEYS}
    return {key: at for key, at in chosen.items() if at is not None and at < width}
