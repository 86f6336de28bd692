"""A form's questions as controls to fill in: every word and limit ready for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dashboard.formfill import drops, words
from dashboard.formfill.drops import Addresses, Drop, Tile
from dashboard.formfill.posted import name_of
from dashboard.formfill.rules import FILE_KINDS, LONGEST_TEXT, Code, Limits, Value, length
from dashboard.navixy.fields import (
    CheckboxGroup,
    DateField,
    Dropdown,
    Field,
    RadioGroup,
    Rating,
    Separator,
    TextField,
)

ONE_LINE = 100  # a text of at most so many characters gets a single line
STARS = 10  # more are typed as a number


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice; `id` is the control's in the page."""

    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One question.

    `kind`: heading, line, text, ticks, dropdown, radios, date, stars, number, files, unknown. `least` and
    `most` bound characters, ticks, days or stars; empty when nothing does. `wrong_least`, `wrong_most` and
    `wrong` are what the page says at once.
    """

    kind: str
    id: str
    name: str
    field_id: str
    label: str
    description: str = ""
    required: bool = False
    hint: str = ""
    error: str = ""
    value: str = ""
    least: str = ""
    most: str = ""
    count: str = ""
    wrong_least: str = ""
    wrong_most: str = ""
    wrong: str = ""
    options: tuple[Option, ...] = ()
    drop: Drop | None = None

    @property
    def described_by(self) -> str:
        """The error is always there to be named: scripts fill it, too."""
        about = [f"{self.id}-about"] if self.description else []
        return " ".join([*about, *([f"{self.id}-hint"] if self.hint else []), f"{self.id}-error"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What stands in the form so far. `tiles` and `errors` (sentences) are by field id."""

    values: Mapping[str, Value]
    tiles: Mapping[str, tuple[Tile, ...]]
    errors: Mapping[str, str]
    limits: Limits
    addresses: Addresses


def controls(fields: Sequence[Field], filling: Filling) -> tuple[Control, ...]:
    return tuple(control(field, number, filling) for number, field in enumerate(fields, 1))


def control(field: Field, number: int, filling: Filling) -> Control:
    """`number` counts the questions of a page: ids of fields are opaque, ids in a page are not."""
    common: dict[str, Any] = {
        "id": f"question-{number}",
        "name": name_of(field),
        "field_id": field.id,
        "label": field.label or _("Question %d") % number,
        "description": field.description,
        "required": field.required,
        "error": filling.errors.get(field.id, ""),
        "hint": _hint(field, filling),
    }
    if isinstance(field, Separator):
        return Control(kind="heading", **common)
    if isinstance(field, FILE_KINDS):
        made = Control(kind="files", **common)
        return Control(kind="files", **common, drop=_drop(field, number, filling, made.described_by))
    return Control(**common, **_shown(field, number, filling))


def _hint(field: Field, filling: Filling) -> str:
    """Nothing that the error beside it says as well."""
    hint = words.hint(field, filling.limits)
    return "" if filling.errors.get(field.id, "").rstrip(".") == hint else hint


def _drop(field: Field, number: int, filling: Filling, described_by: str) -> Drop:
    return drops.of_field(
        field,
        number=number,
        tiles=filling.tiles.get(field.id, ()),
        addresses=filling.addresses,
        limits=filling.limits,
        described_by=described_by,
    )


def _shown(field: Field, number: int, filling: Filling) -> dict[str, Any]:
    """What depends on the field's type. A value of another type is shown as no value."""
    value: Value = filling.values.get(field.id, {})
    match field:
        case TextField():
            return _text(field, str(value.get("value", "")), filling.limits)
        case CheckboxGroup():
            return _ticks(field, number, value.get("values") or [], filling.limits)
        case Dropdown():
            return {"kind": "dropdown", "options": _choices(field, number, value.get("value_index"))}
        case RadioGroup():
            return {"kind": "radios", "options": _choices(field, number, value.get("value_index"))}
        case DateField():
            return _date(field, str(value.get("value", "")), filling.limits)
        case Rating():
            return _stars(field, number, value.get("value"), filling.limits)
    return {"kind": "unknown", "value": words.unknown_kind(field)}


def _text(field: TextField, text: str, limits: Limits) -> dict[str, Any]:
    most = min(field.max_length or LONGEST_TEXT, LONGEST_TEXT)
    return {
        "kind": "line" if most <= ONE_LINE and "\n" not in text else "text",
        "value": text,
        "least": str(field.min_length or 0),
        "most": str(most),
        "count": str(length(text)),
        "wrong": words.complaint(field, Code.SIZE, limits),
    }


def _ticks(field: CheckboxGroup, number: int, checked: Sequence[object], limits: Limits) -> dict[str, Any]:
    on = [bool(one) for one in checked][: len(field.options)]
    on += [False] * (len(field.options) - len(on))
    return {
        "kind": "ticks",
        "least": str(field.min_checked or 0),
        "most": str(field.max_checked or len(field.options)),
        "count": str(sum(on)),
        "wrong": words.complaint(field, Code.ABOVE, limits),
        "options": tuple(
            Option(id=f"question-{number}-{index}", value=str(index), label=label, chosen=ticked)
            for index, (label, ticked) in enumerate(zip(field.options, on, strict=True))
        ),
    }


def _choices(field: Dropdown | RadioGroup, number: int, chosen: object) -> tuple[Option, ...]:
    """With an option for no answer: a choice once made could not be taken back otherwise."""
    nothing = Option(
        id=f"question-{number}-none",
        value="",
        label=_("Choose…") if field.required else _("No answer"),
        chosen=chosen is None,
    )
    options = tuple(
        Option(
            id=f"question-{number}-{index}",
            value=str(index),
            label=label or _("Option %d") % (index + 1),
            chosen=chosen == index and chosen is not None,
        )
        for index, label in enumerate(field.options)
    )
    return options if field.required and isinstance(field, RadioGroup) else (nothing, *options)


def _date(field: DateField, text: str, limits: Limits) -> dict[str, Any]:
    today = limits.today.isoformat()
    return {
        "kind": "date",
        "value": text,
        "least": today if field.disable_past else date.min.isoformat(),
        "most": today if field.disable_future else "9999-12-31",
        "wrong_least": words.complaint(field, Code.BELOW, limits),
        "wrong_most": words.complaint(field, Code.ABOVE, limits),
        "wrong": words.complaint(field, Code.TYPE, limits),
    }


def _stars(field: Rating, number: int, stars: object, limits: Limits) -> dict[str, Any]:
    wrong = words.complaint(field, Code.ABOVE, limits)
    if field.max_stars > STARS:
        value = "" if stars is None else str(stars)
        return {"kind": "number", "value": value, "least": "1", "most": str(field.max_stars), "wrong": wrong}
    options = [
        Option(
            id=f"question-{number}-{star}",
            value=str(star),
            label=_stars_label(star, field),
            chosen=stars == star,
        )
        for star in range(1, field.max_stars + 1)
    ]
    if not field.required:
        options.append(
            Option(id=f"question-{number}-none", value="", label=_("No answer"), chosen=stars is None)
        )
    return {"kind": "stars", "options": tuple(options), "most": str(field.max_stars), "wrong": wrong}


def _stars_label(star: int, field: Rating) -> str:
    return _("%(star)d of %(most)d stars") % {"star": star, "most": field.max_stars}
