"""What the forms of a route's page send: an order, what was seen, what is chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from checkpoints.flows import MOST_MINUTES
from dashboard.listing.fields import WRONG_ID, Kept, Many, One, record_id


def _seen(text: str) -> tuple[int, str]:
    number, _sign, mark = text.partition(":")
    return record_id(number), mark


def _minutes(text: str) -> int:
    value = int(text)
    if not 0 < value <= MOST_MINUTES:
        raise ValueError(text)
    return value


class RouteForm(forms.Form):
    """`stop`: ids in the order wanted; `seen`: `id:mark` in the order loaded; `chosen`: ticked ones."""

    stop = Many(record_id, wrong=WRONG_ID)
    seen = Many(_seen, wrong=WRONG_ID)
    chosen = Many(record_id, wrong=WRONG_ID)
    minutes = One(_minutes, wrong=_("Give a number of minutes: at least 1, at most 31 days (44,640)."))
    direction = forms.ChoiceField(choices=(("later", ""), ("earlier", "")), required=False)
    confirmed = forms.BooleanField(required=False)

    @property
    def order(self) -> tuple[int, ...]:
        return self._many("stop")

    @property
    def marks(self) -> dict[int, str]:
        return dict(self._many("seen"))

    @property
    def ticked(self) -> tuple[int, ...]:
        return self._many("chosen")

    @property
    def shift(self) -> int:
        """Minutes, negative for earlier; 0 when none were given."""
        minutes: int = self.cleaned_data.get("minutes") or 0
        return -minutes if self.cleaned_data.get("direction") == "earlier" else minutes

    def _many(self, name: str) -> tuple[Any, ...]:
        kept = self.cleaned_data.get(name)
        return kept.values if isinstance(kept, Kept) else ()


def order_of(text: str) -> tuple[int, ...]:
    """`3,1,2` of the address; nothing when any of it is no number of a record."""
    try:
        return tuple(dict.fromkeys(record_id(part.strip()) for part in text.split(","))) if text else ()
    except ValueError:
        return ()
