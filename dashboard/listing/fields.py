"""Fields of a list's query string, read leniently: what is wrong says so and counts as unset."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.listing.sorting import Sort

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

T = TypeVar("T")
LARGEST_ID = 2**63 - 1
WRONG_ID = _("Not a number of a record: {}. It was left out.")


class Kept(NamedTuple, Generic[T]):
    """The good values of a parameter that may come many times, and what to say about the others."""

    values: tuple[T, ...]
    complaint: str


class Many(forms.Field):
    """A repeated parameter; `read` turns one text into a value or raises ValueError."""

    widget = forms.MultipleHiddenInput

    def __init__(self, read: Callable[[str], Any], *, wrong: StrOrPromise, commas: bool = False) -> None:
        super().__init__(required=False)
        self.read, self.wrong, self.commas = read, wrong, commas

    def to_python(self, value: Any) -> Kept[Any]:
        texts = [text for text in value or [] if text.strip()]
        if self.commas:
            texts = [part for text in texts for part in text.split(",") if part.strip()]
        good: dict[Any, None] = {}
        bad: list[str] = []
        for text in texts:
            try:
                good[self.read(text.strip())] = None
            except ValueError:
                bad.append(text)
        return Kept(
            tuple(good), str(self.wrong).format(", ".join(f"“{text[:40]}”" for text in bad)) if bad else ""
        )


class One(forms.Field):
    """A single parameter; of several the last one counts, as for Django's own fields."""

    widget = forms.HiddenInput

    def __init__(
        self,
        read: Callable[[str], Any],
        *,
        wrong: StrOrPromise = "",
        told: tuple[type[ValueError], ...] = (),
    ) -> None:
        """`told`: errors of `read` whose own words are fit for people."""
        super().__init__(required=False)
        self.read, self.wrong, self.told = read, wrong, told

    def to_python(self, value: Any) -> Any:
        if value is None or not value.strip():
            return None
        try:
            return self.read(value.strip())
        except self.told as error:
            raise forms.ValidationError(str(error)) from error
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(self.wrong) from error


def record_id(text: str) -> int:
    return between(1, LARGEST_ID)(text)


def between(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
            raise ValueError(text)
        return int(text)

    return read


def degrees(most: int) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = round(float(text), 6)
        if not -most <= value <= most:  # also refuses NaN
            raise ValueError(text)
        return value + 0.0  # no negative zero

    return read


def member(names: Any) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in names:
            raise ValueError(text)
        return text

    return read


def level(fields: Any) -> Callable[[str], Sort]:
    """A level of an order by one of these fields: `from=desc`."""

    def read(text: str) -> Sort:
        field, _sign, direction = text.partition("=")
        if field not in fields or direction not in ("asc", "desc"):
            raise ValueError(text)
        return Sort(field=field, descending=direction == "desc")

    return read
