"""The archive's query string, read leniently."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dashboard.archive.filters import Filters
from dashboard.audit import words
from dashboard.listing.fields import WRONG_ID, One, member, record_id
from dashboard.listing.query import QueryForm


def _text(text: str) -> str:
    return text.replace("\0", "")[:200]


class FilterForm(QueryForm):
    q = One(_text)
    person = One(record_id, wrong=WRONG_ID)
    kind = One(member(words.KINDS), wrong=_("There is no such choice; it was left out."))

    def filters(self) -> Filters:
        self.is_valid()
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value is not None})
