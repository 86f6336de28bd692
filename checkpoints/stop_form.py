"""The form of a stop: every member that may be written, with its limits (ref 7.1), in the account's zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.clock import Clock, now, start_of
from dashboard.names import Names
from dashboard.navixy import stops
from dashboard.navixy.people import Tag
from dashboard.navixy.stops import FormChange, Stop, StopDraft
from dashboard.navixy.texts import forbidden_character

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KEEP, NONE = "keep", "none"
MINUTES = {
    "max_delay": (_("Allowed delay"), _("Minutes after the window in which a visit still counts.")),
    "min_stay": (_("Minimum stay"), _("Minutes that have to be spent inside the circle.")),
    "min_arrival": (_("Minimum arrival"), _("Visits shorter than so many minutes do not count as arriving.")),
}


class StopForm(forms.Form):
    """`draft()` is what is sent; `change` says what happens to the form of the stop.

    Messages stand at their fields; what was typed stays.
    """

    label = forms.CharField(max_length=stops.LONGEST_LABEL, label=_("Name"))
    description = forms.CharField(
        max_length=stops.LONGEST_DESCRIPTION,
        required=False,
        label=_("Description"),
        widget=forms.Textarea({"rows": 2}),
    )
    lat = forms.FloatField(min_value=-90, max_value=90, label=_("Latitude"))
    lng = forms.FloatField(min_value=-180, max_value=180, label=_("Longitude"))
    radius = forms.IntegerField(min_value=1, max_value=stops.LARGEST_RADIUS, label=_("Radius in metres"))
    address = forms.CharField(max_length=255, required=False, label=_("Address"))
    from_day = forms.DateField(required=False, label=_("From"))
    from_time = forms.TimeField(required=False, label=_("From, time"))
    to_day = forms.DateField(label=_("To"))
    to_time = forms.TimeField(label=_("To, time"))
    max_delay = forms.IntegerField(min_value=0, max_value=stops.MOST_MINUTES, label=MINUTES["max_delay"][0])
    min_stay = forms.IntegerField(min_value=0, max_value=stops.MOST_MINUTES, label=MINUTES["min_stay"][0])
    min_arrival = forms.IntegerField(
        min_value=0, max_value=stops.MOST_MINUTES, label=MINUTES["min_arrival"][0]
    )
    external_id = forms.CharField(
        max_length=stops.LONGEST_EXTERNAL_ID, required=False, label=_("External id")
    )
    tags = forms.TypedMultipleChoiceField(coerce=int, required=False, label=_("Tags"))
    template = forms.ChoiceField(required=False, label=_("Form"))
    place = forms.IntegerField(min_value=1, max_value=500, required=False, label=_("Place in the route"))

    def __init__(
        self,
        data: Any = None,
        *,
        clock: Clock,
        tags: Mapping[int, Tag],
        names: Names,
        stop: Stop | None = None,
        initial: Mapping[str, Any] | None = None,
        places: int = 0,
    ) -> None:
        """`stop` is what is changed; `places`: how many places the route has, 0 for a task of its own."""
        start = initial_of(stop, clock) if stop is not None else {}
        super().__init__(data, initial={**start, **(initial or {})})
        self.clock, self.stop, self.places = clock, stop, places
        known = {one.id: one.name for one in tags.values()}
        strange = {one: _("Tag %d") % one for one in (stop.tag_ids if stop else ()) if one not in known}
        self.fields["tags"].choices = list({**known, **strange}.items())  # type: ignore[attr-defined]  # a choice field
        self.fields["template"].choices = self._templates(names)  # type: ignore[attr-defined]
        if not places:
            del self.fields["place"]
        for name, field in self.fields.items():
            self._dress(name, field)

    @property
    def change(self) -> FormChange:
        chosen = self.cleaned_data.get("template") or KEEP
        return "keep" if chosen == KEEP else "remove" if chosen == NONE else "replace"

    def draft(self, **more: Any) -> StopDraft:
        """Only of a valid form. Raises NotSendable where the API's own limits are narrower."""
        got = self.cleaned_data
        wanted = StopDraft(
            id=self.stop.id if self.stop else None,
            label=got["label"],
            description=got["description"],
            lat=self._degrees("lat"),
            lng=self._degrees("lng"),
            radius=got["radius"],
            address=got["address"],
            start=got["start"],
            end=got["end"],
            external_id=got["external_id"] or None,
            max_delay=got["max_delay"],
            min_stay=got["min_stay"],
            min_arrival=got["min_arrival"],
            tag_ids=tuple(got["tags"]),
            fields=self.stop.fields if self.stop else {},
            parent_id=self.stop.parent_id if self.stop else None,
            order=self._order(),
            form_template_id=int(got["template"]) if self.change == "replace" else None,
        )
        return replace(wanted, **more) if more else wanted

    def clean(self) -> None:
        self._check_texts()
        got = self.cleaned_data
        end = self._moment("to")
        start = self._moment("from")
        if "from_day" in got and not got["from_day"] and got.get("from_time"):
            self.add_error("from_day", _("Give the day as well."))
        if start and end and end < start:
            self.add_error("to_day", _("The window ends before it starts."))
        elif end and end < now() and not self._same_end(end):
            self.add_error("to_day", _("The window must not end in the past."))
        got["start"], got["end"] = start, end

    def _degrees(self, name: str) -> float:
        """As exact as it was when it was not touched: the form shows six decimals."""
        typed: float = self.cleaned_data[name]
        kept: float | None = getattr(self.stop, name, None)
        return kept if kept is not None and round(kept, 6) == round(typed, 6) else typed

    def _order(self) -> int | None:
        place = self.cleaned_data.get("place")
        if place:
            return min(int(place), max(1, self.places)) - 1
        return self.stop.order if self.stop else None

    def _moment(self, which: str) -> datetime | None:
        day: date | None = self.cleaned_data.get(f"{which}_day")
        hour: time | None = self.cleaned_data.get(f"{which}_time")
        if day is None:
            return None
        kept: datetime | None = getattr(self.stop, {"from": "start", "to": "end"}[which], None)
        local = datetime.combine(day, hour or time())
        if kept and self.clock.local(kept).replace(tzinfo=None, second=0, microsecond=0) == local:
            return kept  # untouched: an hour that comes twice, and seconds, stay as they were
        return start_of(local, self.clock.zone)

    def _same_end(self, end: datetime) -> bool:
        return self.stop is not None and self.stop.end == end

    def _check_texts(self) -> None:
        for name in ("label", "address", "external_id", "description"):
            text = self.cleaned_data.get(name)
            if text and forbidden_character(text, lines=name == "description"):
                self.add_error(name, _("There is a character in it that Navixy does not take."))

    def _templates(self, names: Names) -> list[tuple[str, StrOrPromise]]:
        found: list[tuple[str, StrOrPromise]] = [(str(one.id), one.label) for one in names.templates.values()]
        if self.stop is None or self.stop.form is None:
            return [(KEEP, _("No form")), *found]
        label = self.stop.form.label or _("Form")
        kept = _("Keep “%s”") % label
        return [(KEEP, kept), (NONE, _("Take “%s” away") % label), *found]

    def _dress(self, name: str, field: forms.Field) -> None:
        kind = "select" if isinstance(field.widget, forms.Select) else "input"
        field.widget.attrs["class"] = "textarea" if isinstance(field.widget, forms.Textarea) else kind
        if name in MINUTES:
            field.help_text = MINUTES[name][1]
        types = {"from_day": "date", "to_day": "date", "from_time": "time", "to_time": "time"}
        if name in types:
            field.widget.input_type = types[name]
        if name in ("lat", "lng"):
            field.widget.attrs["step"] = "any"
        field.widget.attrs["id"] = f"stop-{name}"


def initial_of(stop: Stop, clock: Clock) -> dict[str, Any]:
    """A stop as its form shows it."""
    start, end = (clock.local(one) if one else None for one in (stop.start, stop.end))
    return {
        "label": stop.label,
        "description": stop.description,
        "lat": round(stop.lat, 6),
        "lng": round(stop.lng, 6),
        "radius": stop.radius,
        "address": stop.address,
        "from_day": f"{start:%Y-%m-%d}" if start else "",
        "from_time": f"{start:%H:%M}" if start else "",
        "to_day": f"{end:%Y-%m-%d}" if end else "",
        "to_time": f"{end:%H:%M}" if end else "",
        "max_delay": stop.max_delay,
        "min_stay": stop.min_stay,
        "min_arrival": stop.min_arrival,
        "external_id": stop.external_id or "",
        "tags": list(stop.tag_ids),
        "template": KEEP,
        "place": stop.order + 1 if stop.order is not None else "",
    }


def blank(clock: Clock, like: Sequence[Stop] = ()) -> dict[str, Any]:
    """What a new stop begins with: near the stop before it, in a window that follows it."""
    hour = clock.local(now()).replace(minute=0, second=0, microsecond=0)
    common = {"radius": 150, "max_delay": 0, "min_stay": 0, "min_arrival": 0, "template": KEEP}
    before = like[-1] if like else None
    first = clock.local(before.end) if before and before.end and before.end > now() else hour
    later = first.timestamp() + 3600
    last = datetime.fromtimestamp(later, clock.zone)
    return common | {
        "radius": before.radius if before else 150,
        "from_day": f"{first:%Y-%m-%d}",
        "from_time": f"{first:%H:%M}",
        "to_day": f"{last:%Y-%m-%d}",
        "to_time": f"{last:%H:%M}",
    }
