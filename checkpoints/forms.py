"""The query string of the board and the list of stops, read leniently: what is wrong says so."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from checkpoints import periods
from checkpoints.filters import FIRST_FIRST, KINDS, SORT_FIELDS, STATUSES, VIEWS, Filters
from dashboard.listing import typed
from dashboard.listing.fields import WRONG_ID, Kept, Many, One, between, member, record_id
from dashboard.listing.sorting import Sort
from dashboard.navixy.stops import LONGEST_EXTERNAL_ID
from dashboard.navixy.texts import forbidden_character

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LAST_PAGE = 1_000_000
LONGEST_TEXT = 100
WRONG_DATE = _("Give a date such as 2026-03-12, or a date and time such as 2026-03-12T14:30, from 2000 on.")
WRONG_TIME = _("Give a time such as 14:30.")
WRONG_TEXT = _("At most 100 characters can be searched, and none that cannot be seen.")


def _text(most: int) -> Any:
    def read(text: str) -> str:
        if len(text) > most or forbidden_character(text):
            raise ValueError(text)
        return text

    return read


def _sort(text: str) -> Sort:
    field, _sign, direction = text.partition("=")
    if field not in SORT_FIELDS or direction not in ("asc", "desc"):
        raise ValueError(text)
    return Sort(field=field, descending=direction == "desc")


class FilterForm(forms.Form):
    """`filters()` of any query string; `FilterForm(QueryDict(f.query())).filters() == f`."""

    period = One(
        member({*periods.LABELS, "custom"}), wrong=_("There is no such period; the default is shown.")
    )
    start = One(typed.read, wrong=WRONG_DATE)
    end = One(typed.read, wrong=WRONG_DATE)
    start_time = One(time.fromisoformat, wrong=WRONG_TIME)  # of the page's own form: beside a date
    end_time = One(time.fromisoformat, wrong=WRONG_TIME)
    tracker = Many(record_id, wrong=WRONG_ID)
    employee = Many(record_id, wrong=WRONG_ID)
    status = Many(member(STATUSES), wrong=_("There is no status {}."))
    tag = Many(record_id, wrong=WRONG_ID)
    id = Many(record_id, wrong=WRONG_ID, commas=True)
    q = One(_text(LONGEST_TEXT), wrong=WRONG_TEXT)
    external = One(_text(LONGEST_EXTERNAL_ID), wrong=WRONG_TEXT)
    kind = One(member(KINDS), wrong=_("Stops are checkpoints, tasks or all."))
    sort = Many(_sort, wrong=_("Cannot order by {}."))
    view = One(member(VIEWS), wrong=_("There is no such view; the board is shown."))
    page = One(between(1, LAST_PAGE), wrong=_("There is no such page; the first one is shown."))

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)

    def add_prefix(self, field_name: str) -> str:
        """`from` and `to` cannot be names of fields in Python."""
        return {"start": "from", "end": "to", "start_time": "from_time", "end_time": "to_time"}.get(
            field_name, field_name
        )

    def clean(self) -> None:
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, Kept) and value.complaint:
                self._complain(name, value.complaint)
                self.cleaned_data[name] = value
        self._join_times()
        self._check_period()

    def filters(self) -> Filters:
        found = {name: value for name, value in self._values().items() if value not in (None, ())}
        return Filters(**found)

    def complaints(self) -> list[tuple[str, str]]:
        """Every message with the parameter it is about."""
        return [(self.add_prefix(name), str(text)) for name, texts in self.errors.items() for text in texts]

    def _values(self) -> dict[str, Any]:
        self.is_valid()
        got, many = self.cleaned_data.get, self._many
        start, end = got("start"), got("end")
        return {
            "period": "" if start or end else got("period"),
            "start": start,
            "end": end,
            "trackers": many("tracker"),
            "employees": many("employee"),
            "statuses": many("status"),
            "tags": many("tag"),
            "ids": many("id"),
            "q": got("q"),
            "external": got("external"),
            "kind": got("kind"),
            "sort": self._order(),
            "view": got("view"),
            "page": got("page"),
        }

    def _many(self, name: str) -> tuple[Any, ...]:
        kept = self.cleaned_data.get(name)
        return kept.values if isinstance(kept, Kept) else ()

    def _order(self) -> tuple[Sort, ...]:
        levels: dict[str, Sort] = {}
        for level in self._many("sort"):
            levels.setdefault(level.field, level)
        return tuple(levels.values()) or FIRST_FIRST

    def _join_times(self) -> None:
        for end in ("start", "end"):
            day, hour = self.cleaned_data.get(end), self.cleaned_data.get(f"{end}_time")
            if hour and day and not isinstance(day, datetime):
                self.cleaned_data[end] = datetime.combine(day, hour.replace(microsecond=0, tzinfo=None))

    def _check_period(self) -> None:
        """A preset wins over dates; the end may not lie before the start."""
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        preset = self.cleaned_data.get("period")
        if preset == "custom":
            preset = self.cleaned_data["period"] = None
        if preset and (start or end):
            chosen = {"period": periods.LABELS[preset]}
            self._complain("start", _("“%(period)s” is chosen: choose Custom to use dates.") % chosen)
            self.cleaned_data["end"] = None
        elif start and end and typed.last_moment(end) <= typed.first_moment(start):
            self._complain("end", _("The end lies before the start; it was left out."))

    def _complain(self, name: str, text: StrOrPromise) -> None:
        self.add_error(name, text)  # also takes the value out of cleaned_data
