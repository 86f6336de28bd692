"""The archive's query string, read leniently."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from dashboard.archive.filters import Filters
from dashboard.audit import words
from dashboard.listing import typed
from dashboard.listing.fields import WRONG_ID, One, between, member, record_id

_WRONG_DATE = _("Give a date such as 2026-03-12, from 2000 on.")


def _text(text: str) -> str:
    return text.replace("\0", "")[:200]


class FilterForm(forms.Form):
    q = One(_text)
    start = One(typed.read, wrong=_WRONG_DATE)
    end = One(typed.read, wrong=_WRONG_DATE)
    person = One(record_id, wrong=WRONG_ID)
    kind = One(member(words.KINDS), wrong=_("There is no such choice; it was left out."))
    page = One(between(1, 1_000_000), wrong=_("There is no such page; the first one is shown."))

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)

    def add_prefix(self, field_name: str) -> str:
        return {"start": "from", "end": "to"}.get(field_name, field_name)

    def filters(self) -> Filters:
        self.is_valid()
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value is not None})

    def complaints(self) -> list[str]:
        self.is_valid()
        return [str(text) for texts in self.errors.values() for text in texts]
