"""What a draft lacks before it can be sent: asked by its pages, and once more when it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from checkins.models import Draft, DraftFile
from dashboard.formfill import rules, words
from dashboard.formfill.rules import Attached, Code, Limits
from dashboard.navixy.fields import PhotoField
from dashboard.navixy.texts import forbidden_character

PHOTO = PhotoField(id="", label="", type="photo", required=False)
MOST_PHOTOS = 30  # Navixy names no limit for a check-in; its app takes nine


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """`part` is "tracker", "place", "comment", "files" or the id of a question; `label` its words."""

    part: str
    sentence: str
    label: str = ""


def missing(draft: Draft, files: Sequence[DraftFile], limits: Limits) -> tuple[Missing, ...]:
    """In the order of the steps; empty when the draft can be sent. `files` are all the draft's own."""
    going = [file for file in files if not file.skipped]
    return (*_who_and_where(draft), *_questions(draft, going, limits), *_photos(going, limits))


def answers_wrong(draft: Draft, files: Sequence[DraftFile], limits: Limits) -> dict[str, Code]:
    """What is wrong with the answers, by question."""
    fields = draft.form.fields if draft.form else ()
    attached: dict[str, list[Attached]] = {}
    for file in files:
        if file.field_id:
            attached.setdefault(file.field_id, []).append(attachment(file))
    return rules.wrong(fields, draft.answers, attached, limits)


def photo_problem(file: DraftFile, limits: Limits) -> str:
    """Why a photo of the check-in itself cannot be sent; empty when it can."""
    code = rules.file_code(PHOTO, attachment(file), limits)
    return words.complaint(PHOTO, code, limits) if code else ""


def attachment(file: DraftFile) -> Attached:
    return Attached(name=file.staged.name, size=file.staged.size, picture=file.staged.is_image)


def _who_and_where(draft: Draft) -> Iterator[Missing]:
    if draft.tracker_id is None:
        yield Missing(part="tracker", sentence=_("Choose who checks in."))
    if draft.lat is None or draft.lng is None:
        yield Missing(part="place", sentence=_("Choose where."))
    if any(forbidden_character(text, lines=True) for text in (draft.comment, draft.address)):
        sentence = _("There is a character in the comment or the address that Navixy does not take.")
        yield Missing(part="comment", sentence=sentence)


def _questions(draft: Draft, files: Sequence[DraftFile], limits: Limits) -> Iterator[Missing]:
    wrong = answers_wrong(draft, files, limits)
    for field in draft.form.fields if draft.form else ():
        if code := wrong.get(field.id):
            yield Missing(part=field.id, sentence=words.complaint(field, code, limits), label=field.label)


def _photos(files: Sequence[DraftFile], limits: Limits) -> Iterator[Missing]:
    for file in files:
        if not file.field_id and (problem := photo_problem(file, limits)):
            yield Missing(part="files", sentence=problem, label=file.staged.name)
