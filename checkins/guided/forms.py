"""What is posted in the first steps, read leniently: an unfinished draft is no mistake."""

from __future__ import annotations

import math
import re

from django import forms
from django.utils.translation import gettext_lazy as _

LARGEST_ID = 2**63 - 1
LONGEST = 10_000  # characters of a comment or address that are kept


class Degrees(forms.CharField):
    """A number of degrees, with point or comma; None when there is none."""

    def __init__(self, most: int) -> None:
        super().__init__(required=False, max_length=60)
        self.most = most

    def to_python(self, value: object) -> float | None:  # type: ignore[override]  # a text becomes a number
        text = str(value or "").strip().replace("−", "-").replace(",", ".")
        if not text:
            return None
        try:
            found = round(float(text), 6)
        except ValueError:
            raise forms.ValidationError(_("Write degrees as a number, like 40.4168.")) from None
        if not math.isfinite(found) or abs(found) > self.most:
            raise forms.ValidationError(
                _("Degrees here go from −%(most)d to %(most)d.") % {"most": self.most}
            )
        return found + 0.0  # no negative zero

    def run_validators(self, _value: object) -> None:
        """Those of a text do not fit."""

    def validate(self, _value: object) -> None:
        """Nothing is required."""


class WhoForm(forms.Form):
    """Who and where. Coordinates pasted whole into the latitude are told apart."""

    tracker = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    lat = Degrees(90)
    lng = Degrees(180)
    address = forms.CharField(required=False, max_length=LONGEST)

    def __init__(self, data: dict[str, str]) -> None:
        super().__init__(_apart(data))

    def clean(self) -> None:
        lat, lng = self.cleaned_data.get("lat"), self.cleaned_data.get("lng")
        if not self.errors and (lat is None) != (lng is None):
            self.add_error("lng" if lng is None else "lat", _("Both numbers are needed."))


def _apart(data: dict[str, str]) -> dict[str, str]:
    lat, lng = str(data.get("lat", "")).strip(), str(data.get("lng", "")).strip()
    for separator in (r"\s*;\s*", r"\s*,\s+", r"\s+", r"\s*,\s*"):
        parts = re.split(separator, lat)
        if not lng and len(parts) == 2 and all(parts):
            return {**data, "lat": parts[0], "lng": parts[1]}
    return data
