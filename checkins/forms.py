"""The query string, read leniently: what is wrong says so and counts as unset."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from checkins import columns, periods
from checkins import where as tree
from checkins.filters import GROUPS, NEWEST_FIRST, PER_PAGE, SORT_FIELDS, VIEWS, Area, Filters
from dashboard.listing import typed
from dashboard.listing.fields import (
    LARGEST_ID,
    WRONG_ID,
    Kept,
    Many,
    One,
    between,
    degrees,
    member,
    record_id,
)
from dashboard.listing.sorting import Sort
from dashboard.navixy.conditions import MOST_CONDITIONS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LAST_PAGE = 1_000_000
WIDEST_RADIUS = 1_000_000  # metres


def _radius(text: str) -> int:
    metres = round(float(text))
    if not 1 <= metres <= WIDEST_RADIUS:
        raise ValueError(text)
    return metres


def _moment(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None or not typed.in_reach(value):
        raise ValueError(text)
    return value


def _sort(text: str) -> Sort:
    field, _sign, direction = text.partition("=")
    if field not in SORT_FIELDS or direction not in ("asc", "desc"):
        raise ValueError(text)
    return Sort(field=field, descending=direction == "desc")


def _per_page(text: str) -> int:
    return int(member([str(size) for size in PER_PAGE])(text))


WRONG_DATE = _("Give a date such as 2026-03-12, or a date and time such as 2026-03-12T14:30, from 2000 on.")
WRONG_TIME = _("Give a time such as 14:30.")


class FilterForm(forms.Form):
    """`filters()` of any query string; `Form(QueryDict(f.query())).filters() == f`."""

    period = One(
        member({*periods.LABELS, "custom"}), wrong=_("There is no such period; the default is shown.")
    )
    start = One(typed.read, wrong=WRONG_DATE)
    end = One(typed.read, wrong=WRONG_DATE)
    start_time = One(time.fromisoformat, wrong=WRONG_TIME)  # of the page's own form: beside a date
    end_time = One(time.fromisoformat, wrong=WRONG_TIME)
    tracker = Many(record_id, wrong=WRONG_ID)
    employee = Many(record_id, wrong=WRONG_ID)
    department = Many(record_id, wrong=WRONG_ID)
    form = Many(record_id, wrong=WRONG_ID)
    address = One(tree.checked_text, told=(tree.WhereError,))
    comment = One(tree.checked_text, told=(tree.WhereError,))
    lat = One(degrees(90), wrong=_("The latitude lies between −90 and 90."))
    lng = One(degrees(180), wrong=_("The longitude lies between −180 and 180."))
    radius = One(_radius, wrong=_("The radius lies between 1 m and 1,000 km."))
    where = One(tree.from_json, told=(tree.WhereError,))
    sort = Many(_sort, wrong=_("Cannot order by {}."))
    page = One(between(1, LAST_PAGE), wrong=_("There is no such page; the first one is shown."))
    per_page = One(_per_page, wrong=_("Rows per page: 25, 50, 100 or 250."))
    columns = Many(member(columns.COLUMNS), wrong=_("There is no column {}."), commas=True)
    view = One(member(VIEWS), wrong=_("There is no such view; the table is shown."))
    group = One(member(GROUPS), wrong=_("Pictures are grouped by check-in, day or none."))

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)

    def add_prefix(self, field_name: str) -> str:
        """`from` is a word of Python, so the fields are called otherwise."""
        ends = {"start": "from", "end": "to", "start_time": "from_time", "end_time": "to_time"}
        return ends.get(field_name, field_name)

    def clean(self) -> None:
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, Kept) and value.complaint:
                self._complain(name, value.complaint)
                self.cleaned_data[name] = value
        self._join_times()
        self._check_period()
        self._check_place()
        self._check_number_of_conditions()

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
            "departments": many("department"),
            "forms": many("form"),
            "address": got("address"),
            "comment": got("comment"),
            "circle": self._circle(),
            "where": got("where"),
            "sort": self._order(),
            "page": got("page"),
            "per_page": got("per_page"),
            "columns": many("columns"),
            "view": got("view"),
            "group": got("group"),
        }

    def _many(self, name: str) -> tuple[Any, ...]:
        kept = self.cleaned_data.get(name)
        return kept.values if isinstance(kept, Kept) else ()

    def _order(self) -> tuple[Sort, ...]:
        """Each field once, its first mention counts."""
        levels: dict[str, Sort] = {}
        for level in self._many("sort"):
            levels.setdefault(level.field, level)
        return tuple(levels.values()) or NEWEST_FIRST

    def _circle(self) -> Area | None:
        lat, lng, radius = (self.cleaned_data.get(name) for name in ("lat", "lng", "radius"))
        if lat is None or lng is None or radius is None:
            return None
        return Area(lat=lat, lng=lng, radius=radius)

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

    def _check_place(self) -> None:
        given = [name for name in ("lat", "lng", "radius") if name in self.data and self.data[name].strip()]
        good = [name for name in given if self.cleaned_data.get(name) is not None]
        if given == good and len(given) in (1, 2) and given != ["radius"]:
            self._complain("radius", _("A place needs a point and a radius; it was left out."))

    def _check_number_of_conditions(self) -> None:
        """Every filter but period, place and known trackers becomes a condition too (ref 4)."""
        others = [self._many(name) for name in ("tracker", "employee", "department", "form")]
        texts = [self.cleaned_data.get(name) for name in ("address", "comment")]
        used = sum(map(bool, [*others, *texts]))
        total = tree.sent(self.cleaned_data.get("where")) + used
        if total > MOST_CONDITIONS:
            told = _(
                "With the other filters these are %(total)d conditions; Navixy takes %(most)d."
                " The conditions were left out."
            )
            self._complain("where", told % {"total": total, "most": MOST_CONDITIONS})

    def _complain(self, name: str, text: StrOrPromise) -> None:
        self.add_error(name, text)  # also takes the value out of cleaned_data


class SeenForm(forms.Form):
    """What of the list is on a page already."""

    known = One(between(0, LARGEST_ID))
    newest = One(_moment)

    def seen(self) -> tuple[int, datetime | None]:
        """The total as it was, and the time of the newest check-in."""
        self.is_valid()
        return self.cleaned_data.get("known") or 0, self.cleaned_data.get("newest")
