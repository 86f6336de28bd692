"""The query string of a list as a form, read leniently: what is wrong says so and counts as unset."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from dashboard.listing import typed
from dashboard.listing.fields import Kept, One, between

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LAST_PAGE = 1_000_000
CUSTOM = "custom"  # the period that `from` and `to` say
WRONG_DAY = _("Give a date such as 2026-03-12, from 2000 on.")
WRONG_DATE = _("Give a date such as 2026-03-12, or a date and time such as 2026-03-12T14:30, from 2000 on.")
WRONG_TIME = _("Give a time such as 14:30.")
_NAMES = {"start": "from", "end": "to", "start_time": "from_time", "end_time": "to_time"}


class QueryForm(forms.Form):
    """Its fields are those of `listing.fields`. `from` is a word of Python, so that one is called `start`."""

    start = One(typed.read, wrong=WRONG_DAY)
    end = One(typed.read, wrong=WRONG_DAY)
    page = One(between(1, LAST_PAGE), wrong=_("There is no such page; the first one is shown."))

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)

    def add_prefix(self, field_name: str) -> str:
        return _NAMES.get(field_name, field_name)

    def clean(self) -> None:
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, Kept) and value.complaint:
                self.complain(name, value.complaint)
                self.cleaned_data[name] = value

    def complaints(self) -> list[tuple[str, str]]:
        """Every message with the parameter it is about."""
        return [(self.add_prefix(name), str(text)) for name, texts in self.errors.items() for text in texts]

    def many(self, name: str) -> tuple[Any, ...]:
        """The good values of a `Many`."""
        kept = self.cleaned_data.get(name)
        return kept.values if isinstance(kept, Kept) else ()

    def complain(self, name: str, text: StrOrPromise) -> None:
        self.add_error(name, text)  # also takes the value out of cleaned_data


class PeriodForm(QueryForm):
    """With a period by its name, or by dates that may have a time. `labels`: the names there are."""

    labels: ClassVar[Mapping[str, str]]

    period = One(str)
    start = One(typed.read, wrong=WRONG_DATE)
    end = One(typed.read, wrong=WRONG_DATE)
    start_time = One(time.fromisoformat, wrong=WRONG_TIME)  # of the page's own form: beside a date
    end_time = One(time.fromisoformat, wrong=WRONG_TIME)

    def clean_period(self) -> str | None:
        name = self.cleaned_data["period"]
        if name is None or name == CUSTOM:
            return None
        if name not in self.labels:
            raise forms.ValidationError(_("There is no such period; the default is shown."))
        return str(name)

    def clean(self) -> None:
        super().clean()
        for end in ("start", "end"):
            day, hour = self.cleaned_data.get(end), self.cleaned_data.get(f"{end}_time")
            if hour and day and not isinstance(day, datetime):
                self.cleaned_data[end] = datetime.combine(day, hour.replace(microsecond=0, tzinfo=None))
        self._check_period()

    def when(self) -> dict[str, Any]:
        """Members of the filters: `period` is "" where dates say it instead."""
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        return {
            "period": "" if start or end else self.cleaned_data.get("period"),
            "start": start,
            "end": end,
        }

    def _check_period(self) -> None:
        """A preset wins over dates; the end may not lie before the start."""
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        preset = self.cleaned_data.get("period")
        if preset and (start or end):
            chosen = {"period": self.labels[preset]}
            self.complain("start", _("“%(period)s” is chosen: choose Custom to use dates.") % chosen)
            self.cleaned_data["end"] = None
        elif start and end and typed.last_moment(end) <= typed.first_moment(start):
            self.complain("end", _("The end lies before the start; it was left out."))
