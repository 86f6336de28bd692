"""Links of a sheet, kept as two texts each: as openpyxl keeps them they cost more than all the cells."""

from __future__ import annotations

from typing import Any

from lxml.etree import SubElement
from openpyxl.packaging.relationship import RelationshipList
from openpyxl.xml.constants import REL_NS

_TYPE = f"{REL_NS}/hyperlink"
_BEFORE = b"<pageMargins"  # of what a sheet may have, links stand right before this


class Links(RelationshipList):
    """In the place of a sheet's relationships: those that openpyxl adds, and the links beside them."""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[tuple[str, str]] = []

    def __bool__(self) -> bool:
        return bool(self._found) or len(self) > 0

    def add(self, reference: str, url: str) -> None:
        self._found.append((reference, url))

    def to_tree(self) -> Any:
        tree: Any = super().to_tree()
        for number, (_, url) in enumerate(self._found, 1):
            SubElement(
                tree, "Relationship", Id=f"link{number}", Type=_TYPE, Target=url, TargetMode="External"
            )
        return tree

    def write_into(self, tail: bytes) -> bytes:
        """What stands behind the rows of a sheet, with its links."""
        if not self._found:
            return tail
        lines = [f'<hyperlinks xmlns:r="{REL_NS}">']
        lines += [f'<hyperlink ref="{ref}" r:id="link{n}"/>' for n, (ref, _) in enumerate(self._found, 1)]
        lines.append("</hyperlinks>")
        head, mark, rest = tail.partition(_BEFORE)
        return head + "".join(lines).encode() + mark + rest
