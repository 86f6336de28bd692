"""Filters with many values: check boxes with their words, chosen or not. No Django views, no API."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

V = TypeVar("V", int, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A filter with many values: `name` is its parameter, `key` what a chip opens; `options` is HTML."""

    key: str
    name: str
    label: str
    plural: str
    options: Markup
    chosen: int
    problem: str


def options(labels: Mapping[str, Any], chosen: str) -> tuple[Option, ...]:
    """Of a filter with one value."""
    return tuple(Option(value=key, label=str(label), chosen=key == chosen) for key, label in labels.items())


def choice(
    *,
    key: str,
    name: str,
    label: str,
    chosen: Sequence[V],
    labels: Mapping[V, str],
    notes: Mapping[V, str] | None = None,
    problem: str = "",
) -> Choice:
    """`labels` in the order to show them; `notes` are small words beside some of them."""
    options = "".join(_boxes(name, labels, notes or {}, frozenset(chosen)))
    return Choice(
        key=key,
        name=name,
        label=label,
        plural=f"{label.lower()}s",
        options=Markup(options),  # noqa: S704  every value in it is escaped
        chosen=len(chosen),
        problem=problem,
    )


def _boxes(name: str, labels: Mapping[V, str], notes: Mapping[V, str], chosen: frozenset[V]) -> Iterable[str]:
    """Hundreds of them stand in every page: as a template they would cost more than the rows."""
    for one, label in labels.items():
        note = f"<small>{escape(notes[one])}</small>" if notes.get(one) else ""
        words = escape(label or _("No. %s") % one)
        yield (
            f'<label class="check option"><input type="checkbox" name="{name}" value="{one}"'
            f"{' checked' if one in chosen else ''}><bdi>{words}</bdi>{note}</label>"
        )
