"""The audit's query string, read leniently."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dashboard.audit import words
from dashboard.audit.filters import Filters
from dashboard.listing.fields import WRONG_ID, One, member, record_id
from dashboard.listing.query import QueryForm

_UNKNOWN = _("There is no such choice; it was left out.")


class FilterForm(QueryForm):
    person = One(record_id, wrong=WRONG_ID)
    action = One(member(words.ACTIONS), wrong=_UNKNOWN)
    kind = One(member(words.KINDS), wrong=_UNKNOWN)
    result = One(member(words.RESULTS), wrong=_UNKNOWN)

    def filters(self) -> Filters:
        self.is_valid()
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value is not None})
