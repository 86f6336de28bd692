"""What somebody wants in a report: from the form, and as a job keeps it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FORMATS = {
    "xlsx": (
        gettext_lazy("Workbook (xlsx)"),
        gettext_lazy("Sheets with answers, summary, links and pictures"),
    ),
    "csv": (
        gettext_lazy("CSV"),
        gettext_lazy("One table for other programs: UTF-8 with BOM, commas"),
    ),
    "print": (
        gettext_lazy("Printable page"),
        gettext_lazy("Photos, answers and map of each, good on A4"),
    ),
    "navixy-xlsx": (
        gettext_lazy("Navixy’s own workbook"),
        gettext_lazy("As Navixy makes it, in its columns"),
    ),
    "navixy-pdf": (gettext_lazy("Navixy’s own PDF"), gettext_lazy("As Navixy makes it, in its columns")),
}
COLUMNS = {
    "screen": (gettext_lazy("As on the screen"), gettext_lazy("The columns of the list, in its order")),
    "all": (gettext_lazy("All columns"), gettext_lazy("Every column there is, times in UTC too")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`base`: the address of this site, for links back to it."""

    format: str = "xlsx"
    columns: str = "screen"
    answers: bool = True
    pictures: bool = False
    base: str = ""

    def packed(self) -> dict[str, Any]:
        return asdict(self)

    def in_words(self) -> str:
        """`Workbook (xlsx), columns as on the screen, with answers`"""
        words = [str(FORMATS[self.format][0])]
        if self.format in ("xlsx", "csv"):
            words.append(_("all columns") if self.columns == "all" else _("columns as on the screen"))
        if self.format == "xlsx":
            words.append(_("with answers") if self.answers else _("without answers"))
            words.append(_("with pictures") if self.pictures else _("without pictures"))
        return ", ".join(words)


class OptionsForm(forms.Form):
    """Unticked boxes are not sent, so `answers` is on only where the form says so."""

    format = forms.ChoiceField(choices=[(key, words[0]) for key, words in FORMATS.items()])
    columns = forms.ChoiceField(choices=[(key, words[0]) for key, words in COLUMNS.items()], required=False)
    answers = forms.BooleanField(required=False)
    pictures = forms.BooleanField(required=False)

    def options(self, base: str) -> Options | None:
        """None when there is no such format."""
        if not self.is_valid():
            return None
        got = self.cleaned_data
        made = Options(format=got["format"], columns=got["columns"] or "screen", base=base)
        return replace(made, answers=got["answers"], pictures=got["pictures"])


def unpacked(packed: dict[str, Any]) -> Options:
    return Options(**packed)
