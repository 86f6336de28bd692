"""The query string of the board and the list of stops, read leniently: what is wrong says so."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from checkpoints import periods
from checkpoints.filters import FIRST_FIRST, KINDS, SORT_FIELDS, STATUSES, VIEWS, Filters
from dashboard.listing import sorting
from dashboard.listing.fields import WRONG_ID, Many, One, level, member, record_id
from dashboard.listing.query import PeriodForm
from dashboard.navixy.stops import LONGEST_EXTERNAL_ID
from dashboard.navixy.texts import forbidden_character

LONGEST_TEXT = 100
WRONG_TEXT = _("At most 100 characters can be searched, and none that cannot be seen.")


def _text(most: int) -> Any:
    def read(text: str) -> str:
        if len(text) > most or forbidden_character(text):
            raise ValueError(text)
        return text

    return read


class FilterForm(PeriodForm):
    """`filters()` of any query string; `FilterForm(QueryDict(f.query())).filters() == f`."""

    labels = periods.LABELS

    tracker = Many(record_id, wrong=WRONG_ID)
    employee = Many(record_id, wrong=WRONG_ID)
    status = Many(member(STATUSES), wrong=_("There is no status {}."))
    tag = Many(record_id, wrong=WRONG_ID)
    id = Many(record_id, wrong=WRONG_ID, commas=True)
    q = One(_text(LONGEST_TEXT), wrong=WRONG_TEXT)
    external = One(_text(LONGEST_EXTERNAL_ID), wrong=WRONG_TEXT)
    kind = One(member(KINDS), wrong=_("Stops are checkpoints, tasks or all."))
    sort = Many(level(SORT_FIELDS), wrong=_("Cannot order by {}."))
    view = One(member(VIEWS), wrong=_("There is no such view; the board is shown."))

    def filters(self) -> Filters:
        found = {name: value for name, value in self._values().items() if value not in (None, ())}
        return Filters(**found)

    def _values(self) -> dict[str, Any]:
        self.is_valid()
        got, many = self.cleaned_data.get, self.many
        return {
            **self.when(),
            "trackers": many("tracker"),
            "employees": many("employee"),
            "statuses": many("status"),
            "tags": many("tag"),
            "ids": many("id"),
            "q": got("q"),
            "external": got("external"),
            "kind": got("kind"),
            "sort": sorting.once(many("sort")) or FIRST_FIRST,
            "view": got("view"),
            "page": got("page"),
        }
