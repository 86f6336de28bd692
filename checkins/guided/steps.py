"""The five steps, and how a draft stands in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from checkins.models import EDITABLE, Draft
from checkins.readiness import Missing

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LABELS: dict[str, StrOrPromise] = {
    "who": _("Who and where"),
    "form": _("Form"),
    "answers": _("Answers and photos"),
    "review": _("Review"),
    "progress": _("Result"),
}
KEYS = tuple(LABELS)
_IN_WHO = ("tracker", "place")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLink:
    """`lacks`: how many things are missing there, as text; `url` is empty where one cannot go yet."""

    key: str
    number: str
    label: str
    url: str
    current: bool
    seen: bool
    lacks: str


def trail(draft: Draft, current: str, missing: Sequence[Missing]) -> tuple[StepLink, ...]:
    """`seen` steps are those up to the furthest one this draft was taken to."""
    furthest = KEYS.index(draft.step) if draft.step in KEYS else 0
    return tuple(
        StepLink(
            key=key,
            number=str(number),
            label=str(LABELS[key]),
            url=_url(draft, key),
            current=key == current,
            seen=number - 1 <= furthest,
            lacks=_lacks(key, missing) if number - 1 <= furthest else "",
        )
        for number, key in enumerate(KEYS, 1)
    )


def step_of(part: str) -> str:
    """Where something missing is mended."""
    return "who" if part in _IN_WHO else "answers"


def url(draft: Draft, key: str) -> str:
    return reverse(f"checkins:draft-{key}", args=[draft.pk])


def following(key: str) -> str:
    return KEYS[KEYS.index(key) + 1]


def furthest_of(draft: Draft, key: str) -> str:
    """What to remember when the person goes to this step."""
    known = draft.step if draft.step in KEYS else KEYS[0]
    return max(known, key, key=KEYS.index)


def _url(draft: Draft, key: str) -> str:
    editing = draft.state in EDITABLE
    if draft.pk is None:  # nothing is begun yet
        return ""
    return url(draft, key) if editing != (key == "progress") else ""


def _lacks(key: str, missing: Sequence[Missing]) -> str:
    count = sum(step_of(one.part) == key for one in missing)
    return str(count) if count else ""
