"""The query string, read leniently: what is wrong says so and counts as unset."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from checkins import columns, periods
from checkins import where as tree
from checkins.filters import GROUPS, NEWEST_FIRST, PER_PAGE, SORT_FIELDS, VIEWS, Area, Filters
from dashboard.listing import sorting, typed
from dashboard.listing.fields import (
    LARGEST_ID,
    WRONG_ID,
    Many,
    One,
    between,
    degrees,
    level,
    member,
    record_id,
)
from dashboard.listing.query import PeriodForm
from dashboard.navixy.conditions import MOST_CONDITIONS

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


def _per_page(text: str) -> int:
    return int(member([str(size) for size in PER_PAGE])(text))


class FilterForm(PeriodForm):
    """`filters()` of any query string; `Form(QueryDict(f.query())).filters() == f`."""

    labels = periods.LABELS

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
    sort = Many(level(SORT_FIELDS), wrong=_("Cannot order by {}."))
    per_page = One(_per_page, wrong=_("Rows per page: 25, 50, 100 or 250."))
    columns = Many(member(columns.COLUMNS), wrong=_("There is no column {}."), commas=True)
    view = One(member(VIEWS), wrong=_("There is no such view; the table is shown."))
    group = One(member(GROUPS), wrong=_("Pictures are grouped by check-in, day or none."))

    def clean(self) -> None:
        super().clean()
        self._check_place()
        self._check_number_of_conditions()

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
            "departments": many("department"),
            "forms": many("form"),
            "address": got("address"),
            "comment": got("comment"),
            "circle": self._circle(),
            "where": got("where"),
            "sort": sorting.once(many("sort")) or NEWEST_FIRST,
            "page": got("page"),
            "per_page": got("per_page"),
            "columns": many("columns"),
            "view": got("view"),
            "group": got("group"),
        }

    def _circle(self) -> Area | None:
        lat, lng, radius = (self.cleaned_data.get(name) for name in ("lat", "lng", "radius"))
        if lat is None or lng is None or radius is None:
            return None
        return Area(lat=lat, lng=lng, radius=radius)

    def _check_place(self) -> None:
        given = [name for name in ("lat", "lng", "radius") if name in self.data and self.data[name].strip()]
        good = [name for name in given if self.cleaned_data.get(name) is not None]
        if given == good and len(given) in (1, 2) and given != ["radius"]:
            self.complain("radius", _("A place needs a point and a radius; it was left out."))

    def _check_number_of_conditions(self) -> None:
        """Every filter but period, place and known trackers becomes a condition too (ref 4)."""
        others = [self.many(name) for name in ("tracker", "employee", "department", "form")]
        texts = [self.cleaned_data.get(name) for name in ("address", "comment")]
        used = sum(map(bool, [*others, *texts]))
        total = tree.sent(self.cleaned_data.get("where")) + used
        if total > MOST_CONDITIONS:
            told = _(
                "With the other filters these are %(total)d conditions; Navixy takes %(most)d."
                " The conditions were left out."
            )
            self.complain("where", told % {"total": total, "most": MOST_CONDITIONS})


class SeenForm(forms.Form):
    """What of the list is on a page already."""

    known = One(between(0, LARGEST_ID))
    newest = One(_moment)

    def seen(self) -> tuple[int, datetime | None]:
        """The total as it was, and the time of the newest check-in."""
        self.is_valid()
        return self.cleaned_data.get("known") or 0, self.cleaned_data.get("newest")
