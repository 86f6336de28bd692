"""Where files are put: what a drop area shows and allows, for a question of a form or on its own."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.formfill import rules, words
from dashboard.formfill.rules import Limits
from dashboard.navixy.fields import Field, FileField, PhotoField, Signature

PICTURES = "image/*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One file that is here. `url` ends its addresses: `remove/`, `move/` … `problem` is a sentence.

    `preview` is empty for what cannot be shown. `place`: the camera wrote where it was. `large`: a picture
    beyond the limit, which can be made smaller here.
    """

    id: str
    name: str
    size: str
    url: str
    preview: str = ""
    problem: str = ""
    place: bool = False
    large: bool = False
    first: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """`kind`: photos, files or signature. `url` takes new files. Numbers are text, ready for attributes."""

    id: str
    kind: str
    field_id: str
    label: str
    name: str
    url: str
    order_url: str
    accept: str
    most: str
    largest: str
    largest_words: str
    too_many: str
    not_a_picture: str
    tiles: tuple[Tile, ...]
    described_by: str = ""

    @property
    def is_full(self) -> bool:
        return self.kind == "signature" and bool(self.tiles)

    @property
    def sorts(self) -> bool:
        return len(self.tiles) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a page's files go: `upload` takes new ones, `order` their order, each for a field."""

    upload: str
    order: str


def of_field(
    field: Field,
    *,
    number: int,
    tiles: tuple[Tile, ...],
    addresses: Addresses,
    limits: Limits,
    described_by: str,
) -> Drop:
    """The area of a file, photo or signature question."""
    most = rules.most_files(field, limits)
    return Drop(
        id=f"drop-{number}",
        kind="signature"
        if isinstance(field, Signature)
        else "files"
        if isinstance(field, FileField)
        else "photos",
        field_id=field.id,
        label=field.label,
        name=f"files-{field.id}",
        url=addresses.upload,
        order_url=addresses.order,
        accept=_accept(field),
        most=str(most),
        largest=str(rules.largest_file(field, limits)),
        largest_words=words.complaint(field, rules.Code.ABOVE, limits),
        too_many=words.complaint(field, rules.Code.SIZE, limits),
        not_a_picture=words.complaint(field, rules.Code.FILE_TYPE, limits),
        tiles=tiles,
        described_by=described_by,
    )


def _accept(field: Field) -> str:
    """What the browser's chooser offers; "" for anything."""
    if isinstance(field, PhotoField | Signature):
        return PICTURES
    allowed = field.allowed_extensions if isinstance(field, FileField) else ()
    return ",".join(f".{one.lstrip('.')}" for one in allowed)
