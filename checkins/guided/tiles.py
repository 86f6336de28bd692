"""A draft's files as the pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from checkins import readiness
from checkins.models import Draft, DraftFile
from dashboard.formfill import drops, rules, words
from dashboard.formfill.drops import Addresses, Drop, Tile
from dashboard.formfill.rules import Code, Limits
from dashboard.navixy.fields import Field
from dashboard.photos.album import size_text


def files_of(draft: Draft) -> tuple[DraftFile, ...]:
    return tuple(draft.files.select_related("staged")) if draft.pk else ()


def addresses(draft: Draft) -> Addresses:
    return Addresses(
        upload=reverse("checkins:draft-upload", args=[draft.pk]),
        order=reverse("checkins:draft-order", args=[draft.pk]),
    )


def by_field(draft: Draft, files: Sequence[DraftFile], limits: Limits) -> dict[str, tuple[Tile, ...]]:
    """Tiles of each question; those of the check-in itself under ""."""
    fields = {field.id: field for field in (draft.form.fields if draft.form else ())}
    found: dict[str, list[DraftFile]] = {}
    for file in files:
        found.setdefault(file.field_id, []).append(file)
    return {
        field_id: tuple(_tiles(some, fields.get(field_id, readiness.PHOTO), limits))
        for field_id, some in found.items()
    }


def photos_drop(draft: Draft, tiles: tuple[Tile, ...], limits: Limits) -> Drop:
    """The area for photos of the check-in itself."""
    where = addresses(draft)
    return Drop(
        id="drop-photos",
        kind="photos",
        field_id="",
        label=_("Photos"),
        name="files-",
        url=where.upload,
        order_url=where.order,
        accept=drops.PICTURES,
        most=str(readiness.MOST_PHOTOS),
        largest=str(limits.max_file_size),
        largest_words=words.complaint(readiness.PHOTO, Code.ABOVE, limits),
        too_many=_("At most %d photos.") % readiness.MOST_PHOTOS,
        not_a_picture=words.complaint(readiness.PHOTO, Code.FILE_TYPE, limits),
        tiles=tiles,
        described_by="photos-hint",
    )


def field_drop(draft: Draft, field_id: str, tiles: tuple[Tile, ...], limits: Limits) -> Drop:
    """The area of one question, numbered as on the page."""
    if not field_id:
        return photos_drop(draft, tiles, limits)
    fields = draft.form.fields if draft.form else ()
    number, field = next((n, one) for n, one in enumerate(fields, 1) if one.id == field_id)
    return drops.of_field(
        field, number=number, tiles=tiles, addresses=addresses(draft), limits=limits, described_by=""
    )


def preview_url(file: DraftFile) -> str:
    """Changes with the bytes, so that browsers may keep what it gives."""
    if not file.staged.is_image:
        return ""
    base = reverse("checkins:draft-preview", args=[file.draft_id, file.pk])
    return f"{base}?v={file.staged.sha256[:8]}"


def _tiles(files: Sequence[DraftFile], field: Field, limits: Limits) -> Iterable[Tile]:
    for index, file in enumerate(files):
        code = rules.file_code(field, readiness.attachment(file), limits)
        yield Tile(
            id=str(file.pk),
            name=file.staged.name,
            size=_facts(file),
            url=f"{reverse('checkins:draft-file', args=[file.draft_id, file.pk])}",
            preview=preview_url(file),
            problem=words.complaint(field, code, limits) if code else file.staged.problem,
            place=file.staged.has_place,
            large=code == Code.ABOVE and file.staged.is_image,
            first=index == 0,
            last=index == len(files) - 1,
        )


def _facts(file: DraftFile) -> str:
    size = size_text(file.staged.size)
    return f"{file.staged.width} × {file.staged.height}, {size}" if file.staged.is_image else size
