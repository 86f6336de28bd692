"""The forms of a route: its own members, and for a new one its stops, row by row (ref 7.2, 7.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.clock import Clock, now, start_of
from dashboard.names import Names
from dashboard.navixy import routes, stops
from dashboard.navixy.people import Tag
from dashboard.navixy.routes import Route, RouteDraft
from dashboard.navixy.stops import StopDraft
from dashboard.navixy.texts import forbidden_character

FEWEST_ROWS = 3
UNSEEN = gettext_lazy("There is a character in it that Navixy does not take.")


class RouteForm(forms.Form):
    label = forms.CharField(max_length=stops.LONGEST_LABEL, label=gettext_lazy("Name"))
    description = forms.CharField(
        max_length=stops.LONGEST_DESCRIPTION,
        required=False,
        label=gettext_lazy("Description"),
        widget=forms.Textarea({"rows": 2}),
    )
    external_id = forms.CharField(
        max_length=stops.LONGEST_EXTERNAL_ID, required=False, label=gettext_lazy("External id")
    )
    tags = forms.TypedMultipleChoiceField(coerce=int, required=False, label=gettext_lazy("Tags"))
    tracker = forms.TypedChoiceField(
        coerce=int, empty_value=None, required=False, label=gettext_lazy("Tracker")
    )

    def __init__(
        self, data: Any = None, *, tags: Mapping[int, Tag], names: Names, route: Route | None = None
    ) -> None:
        initial = (
            {
                "label": route.label,
                "description": route.description,
                "external_id": route.external_id or "",
                "tags": list(route.tag_ids),
            }
            if route
            else {}
        )
        super().__init__(data, initial=initial)
        self.route = route
        known = {one.id: one.name for one in tags.values()}
        strange = {one: _("Tag %d") % one for one in (route.tag_ids if route else ()) if one not in known}
        self.fields["tags"].choices = list({**known, **strange}.items())  # type: ignore[attr-defined]  # a choice field
        if route is not None:
            del self.fields["tracker"]
        else:
            free = [(one.id, one.label) for one in names.trackers.values() if not one.blocked]
            self.fields["tracker"].choices = [("", _("Nobody yet")), *free]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            area = isinstance(field.widget, forms.Textarea)
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs |= {
                "class": "textarea" if area else "select" if select else "input",
                "id": f"route-{name}",
            }

    def clean(self) -> None:
        for name in ("label", "external_id", "description"):
            text = self.cleaned_data.get(name)
            if text and forbidden_character(text, lines=name == "description"):
                self.add_error(name, UNSEEN)

    def draft(self) -> RouteDraft:
        """Raises NotSendable."""
        got = self.cleaned_data
        return RouteDraft(
            id=self.route.id if self.route else None,
            label=got["label"],
            description=got["description"],
            external_id=got["external_id"] or None,
            tag_ids=tuple(got["tags"]),
            tracker_id=got.get("tracker"),
        )


class RowForm(forms.Form):
    """One stop of a new route; an empty row is left out. An address without a point is looked up."""

    label = forms.CharField(max_length=stops.LONGEST_LABEL, required=False)
    address = forms.CharField(max_length=255, required=False)
    lat = forms.FloatField(min_value=-90, max_value=90, required=False)
    lng = forms.FloatField(min_value=-180, max_value=180, required=False)
    day = forms.DateField(required=False)
    start = forms.TimeField(required=False)
    end = forms.TimeField(required=False)

    @property
    def is_blank(self) -> bool:
        return not any(
            str(self.data.get(self.add_prefix(name), "")).strip() for name in ("label", "address", "lat")
        )

    def clean(self) -> None:
        if self.is_blank:
            return
        got = self.cleaned_data
        if not got.get("label") and "label" not in self.errors:
            self.add_error("label", _("Give the stop a name."))
        if got.get("label") and forbidden_character(got["label"]):
            self.add_error("label", UNSEEN)
        if not got.get("day") or not got.get("end"):
            self.add_error("end", _("Give the day and the end of the window."))
        elif got.get("start") and got["end"] < got["start"]:
            self.add_error("end", _("The window ends before it starts."))
        if (got.get("lat") is None or got.get("lng") is None) and not got.get("address"):
            self.add_error("address", _("Give an address, or a point on the map."))

    def draft(self, clock: Clock, *, lat: float, lng: float, address: str) -> StopDraft:
        """Raises NotSendable."""
        got = self.cleaned_data
        day: date = got["day"]

        def moment(hour: time) -> datetime:
            return start_of(datetime.combine(day, hour), clock.zone)

        return StopDraft(
            label=got["label"],
            lat=lat,
            lng=lng,
            radius=150,
            address=address,
            start=moment(got["start"]) if got.get("start") else None,
            end=moment(got["end"]),
        )


def rows_of(data: Any, clock: Clock) -> list[RowForm]:
    """The rows of a new route: those posted and, asked for, one more; else a few empty ones."""
    if data is None:
        first = {"day": f"{clock.local(now()):%Y-%m-%d}"}
        return [RowForm(prefix=f"stop-{number}", initial=first) for number in range(FEWEST_ROWS)]
    text = str(data.get("rows", ""))
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else FEWEST_ROWS
    return [RowForm(data, prefix=f"stop-{number}") for number in range(min(count, routes.MOST_STOPS))]
