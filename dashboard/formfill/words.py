"""What is wrong with an answer, and what a field asks for: the same words for our check and for Navixy's."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.formfill import rules
from dashboard.formfill.rules import Code, Limits
from dashboard.navixy.fields import (
    CheckboxGroup,
    DateField,
    Field,
    FileField,
    PhotoField,
    Rating,
    Signature,
    TextField,
    UnknownField,
)
from dashboard.navixy.messages import for_field
from dashboard.photos.album import size_text

USUAL = 500  # characters; a text that may be so long needs no word of warning


def complaint(field: Field, code: int, limits: Limits) -> str:
    """One sentence beside the field. Codes are those of ref 6.6 and `Code`."""
    match field, code:
        case UnknownField(), _:
            return unknown_kind(field)
        case _, Code.REQUIRED:
            return _required(field)
        case TextField(), Code.SIZE:
            return _("Write %s.") % _length(field)
        case CheckboxGroup(), Code.BELOW | Code.ABOVE:
            return _("Choose %s.") % _count(field)
        case DateField(), Code.TYPE:
            return _("This is no date. Write it as year-month-day, like 2026-03-12.")
        case DateField(), Code.BELOW:
            return _("Choose today or a later day.")
        case DateField(), Code.ABOVE:
            return _("Choose today or an earlier day.")
        case Rating(), Code.BELOW | Code.ABOVE:
            return _("Choose between 1 and %d stars.") % field.max_stars
    return _file_complaint(field, code, limits) or _plain(code)


def hint(field: Field, limits: Limits) -> str:
    """What the field asks for, before anything is wrong; empty when there is nothing to know."""
    match field:
        case TextField() if _length(field) and not _is_usual(field):
            return _length(field).capitalize()
        case CheckboxGroup() if _count(field):
            return _("Choose %s") % _count(field)
        case DateField(disable_past=True, disable_future=True):
            return _("Only today")
        case DateField(disable_past=True):
            return _("Today or later")
        case DateField(disable_future=True):
            return _("Today or earlier")
        case FileField() | PhotoField():
            return _file_hint(field, limits)
    return ""


def unknown_kind(field: Field) -> str:
    if field.required:
        return _(
            "This question asks for a kind of answer that this site does not know (%s), and it has to be"
            " answered. Choose another form, or make this check-in in the Navixy app."
        ) % (field.type or _("unnamed"))
    return _(
        "This question asks for a kind of answer that this site does not know (%s). It may stay unanswered."
    ) % (field.type or _("unnamed"))


def _required(field: Field) -> str:
    match field:
        case CheckboxGroup():
            return _("Choose %s.") % (_count(field) or _("at least one"))
        case PhotoField():
            return _("At least one photo is required here.")
        case FileField():
            return _("A file is required here.")
        case Signature():
            return _("A signature is required here.")
    return for_field(Code.REQUIRED)


def _length(field: TextField) -> str:
    least, most = field.min_length or 0, field.max_length or 0
    if least > 1 and most:
        return _("between %(least)d and %(most)d characters") % {"least": least, "most": most}
    if least > 1:
        return _("at least %d characters") % least
    return (ngettext("at most %d character", "at most %d characters", most) % most) if most else ""


def _is_usual(field: TextField) -> bool:
    """Bounds that hardly anybody meets."""
    return (field.min_length or 0) < 2 and (field.max_length or 0) >= USUAL


def _count(field: CheckboxGroup) -> str:
    """Bounds that bind nobody are not worth words."""
    least = field.min_checked or 0
    most = field.max_checked if (field.max_checked or len(field.options)) < len(field.options) else None
    if most is not None and least == most:
        return _("exactly %d") % most
    if least > 0 and most is not None:
        return _("between %(least)d and %(most)d") % {"least": least, "most": most}
    if least > 0:
        return _("at least %d") % least
    return _("at most %d") % most if most is not None else ""


def _file_complaint(field: Field, code: int, limits: Limits) -> str:
    match field, code:
        case FileField(), Code.FILE_TYPE:
            return _("Only files of these types: %s.") % ", ".join(field.allowed_extensions)
        case PhotoField() | Signature(), Code.FILE_TYPE:
            return _("This is not a picture. Only pictures are accepted here.")
        case FileField() | PhotoField(), Code.SIZE:
            most = rules.most_files(field, limits)
            return ngettext("At most %d file; remove some.", "At most %d files; remove some.", most) % most
        case Signature(), Code.SIZE:
            return _("One signature only; remove the others.")
        case FileField() | PhotoField() | Signature(), Code.ABOVE:
            return _("A file is larger than %s.") % size_text(rules.largest_file(field, limits))
        case FileField(), Code.BELOW:
            return _("A file is smaller than %s.") % size_text(max(1, field.min_file_size or 1))
    return ""


def _plain(code: int) -> str:
    if code == Code.CHARACTER:
        return _("There is a character in here that Navixy does not take. Write it anew.")
    return for_field(code)


def _file_hint(field: FileField | PhotoField, limits: Limits) -> str:
    most, largest = rules.most_files(field, limits), size_text(rules.largest_file(field, limits))
    count = ngettext("One file", "Up to %d files", most) % (() if most == 1 else (most,))
    if isinstance(field, PhotoField):
        count = ngettext("One photo", "Up to %d photos", most) % (() if most == 1 else (most,))
    types = ", ".join(field.allowed_extensions) if isinstance(field, FileField) else ""
    words = _("%(count)s of at most %(size)s each") if most > 1 else _("%(count)s of at most %(size)s")
    return words % {"count": count, "size": largest} + (f"; {types}" if types else "")
