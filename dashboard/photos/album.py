"""Files of records as tiles: what a page shows of each, with signed links for this session alone.

A page's tiles are made in one go, so that what they need later is written to the cache once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.http import DashboardRequest
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.files import File
from dashboard.navixy.forms import Form
from dashboard.photos import sources
from dashboard.photos.tokens import Owner, Ref, Signer

Kind = Literal["picture", "file", "pending", "deleted", "missing"]

_PICTURE_ENDINGS = (
    ".jpg",
    ".jpeg",
    ".png",
    ".webp",
    ".gif",
    ".heic",
    ".heif",
    ".avif",
    ".bmp",
    ".tif",
    ".tiff",
)

_ICONS: dict[Kind, str] = {
    "picture": "image",
    "file": "file",
    "pending": "cloud-upload",
    "deleted": "trash-2",
    "missing": "cloud-off",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoTile:
    """One file as a page shows it. Links are empty where there is nothing behind them.

    `words` say in a phrase what the tile is when it is no picture; `alt` is the picture's text alternative.
    """

    kind: Kind
    name: str
    size_text: str
    id: str = ""  # of the file; text already: a template would format a number
    words: str = ""
    alt: str = ""
    thumb_url: str = ""
    large_url: str = ""
    original_url: str = ""

    @property
    def icon(self) -> str:
        return _ICONS[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTiles:
    """The first files of a record, and how many there are in all."""

    shown: tuple[PhotoTile, ...]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    account_key: str
    signer: Signer
    base: str  # what stands before a token in every link
    alt: str  # the text alternative's pattern, in the person's language

    def rows(self, checkins: Iterable[Checkin], limit: int = 3) -> dict[int, RowTiles]:
        """Tiles by check-in id, for those that have files."""
        full = [one for one in checkins if one.files]
        sources.remember(self.account_key, (file for one in full for file in one.files[:limit]))
        return {one.id: self._row(one, limit) for one in full}

    def checkin(self, checkin: Checkin) -> tuple[PhotoTile, ...]:
        """All its files."""
        sources.remember(self.account_key, checkin.files)
        return tuple(self._tiles(Owner.CHECKIN, checkin.id, checkin.files, len(checkin.files)))

    def form(self, form: Form) -> dict[int, PhotoTile]:
        """The files of its answers by file id: photos, documents, the signature."""
        sources.remember(self.account_key, form.files)
        tiles = self._tiles(Owner.FORM, form.id, form.files, len(form.files))
        return dict(zip((file.id for file in form.files), tiles, strict=True))

    def _row(self, checkin: Checkin, limit: int) -> RowTiles:
        total = len(checkin.files)
        tiles = self._tiles(Owner.CHECKIN, checkin.id, checkin.files[:limit], total)
        return RowTiles(shown=tuple(tiles), total=total)

    def _tiles(self, owner: Owner, owner_id: int, files: Iterable[File], total: int) -> Iterator[PhotoTile]:
        for n, file in enumerate(files, 1):
            url = f"{self.base}{self.signer.sign(Ref(owner, owner_id, file.id))}/"
            yield _tile(file, url, self.alt.format(n=n, total=total, name=file.name))


def of(request: DashboardRequest) -> Album:
    """The album of whoever is signed in; its links open in this session alone."""
    return Album(
        account_key=request.account.cache_key,
        signer=signer_of(request),
        base=reverse("photos:thumb", args=["-"]).removesuffix("-/thumb/"),
        alt=_("Photo {n} of {total}: {name}"),
    )


def signer_of(request: DashboardRequest) -> Signer:
    return Signer(request.account.cache_key, request.session.session_key or "")


def kind_of(file: File) -> Kind:
    if file.state == "deleted":
        return "deleted"
    if file.state in ("created", "in_progress"):
        return "pending"
    if not file.download_url:
        return "missing"
    return "picture" if _is_picture(file) else "file"


def size_text(size: int) -> str:
    """`812 B`, `64 kB`, `2.4 MB`."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"


def _is_picture(file: File) -> bool:
    if "svg" in file.mime_type:
        return False
    return (
        file.type == "image"
        or file.mime_type.startswith("image/")
        or file.name.lower().endswith(_PICTURE_ENDINGS)
    )


def _tile(file: File, url: str, alt: str) -> PhotoTile:
    kind = kind_of(file)
    size = size_text(file.size)
    if kind == "picture":
        return PhotoTile(
            kind=kind,
            id=str(file.id),
            name=file.name,
            size_text=size,
            alt=alt,
            thumb_url=f"{url}thumb/",
            large_url=f"{url}large/",
            original_url=f"{url}original/",
        )
    original = f"{url}original/" if kind == "file" else ""
    return PhotoTile(
        kind=kind,
        id=str(file.id),
        name=file.name,
        size_text=size,
        words=_words(kind),
        original_url=original,
    )


def _words(kind: Kind) -> str:
    return {
        "picture": _("Picture"),
        "file": _("File"),
        "pending": _("Not uploaded yet"),
        "deleted": _("Deleted from storage"),
        "missing": _("Nothing stored"),
    }[kind]
