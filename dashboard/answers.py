"""A form's questions and answers as rows to show (ref 6.5). No Django: words are the template's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from itertools import zip_longest
from typing import Any, Generic, TypeVar

from dashboard.navixy import forms

T = TypeVar("T")  # whatever stands for a file on the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One option of a checkbox group; `label` is empty when the form does not name it."""

    label: str
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow(Generic[T]):
    """One question.

    `kind`: heading, text, choice, ticks, date, rating, files, signature, outside (the options), unknown.
    """

    kind: str
    label: str
    description: str = ""
    required: bool = False
    answered: bool = False
    text: str = ""
    ticks: tuple[Tick, ...] = ()
    stars: tuple[bool, ...] = ()
    files: tuple[T, ...] = ()
    missing: int = 0  # files the answer names and the form does not hold

    @property
    def stars_given(self) -> int:
        return sum(self.stars)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page(Generic[T]):
    files: Mapping[int, T]
    day: Callable[[date], str]


def rows(form: forms.Form, *, files: Mapping[int, T], day: Callable[[date], str]) -> tuple[AnswerRow[T], ...]:
    """Every question in the form's order, then answers to questions it does not hold.

    `files` maps file ids to what the page shows for them; `day` writes a plain date.
    """
    page = _Page(files=files, day=day)
    return (*_asked(form, page), *_strays(form))


def unanswered(found: tuple[AnswerRow[T], ...]) -> int:
    return sum(not row.answered for row in found if row.kind != "heading")


def _asked(form: forms.Form, page: _Page[T]) -> Iterator[AnswerRow[T]]:
    for field in form.fields:
        if isinstance(field, forms.Separator):
            yield AnswerRow(kind="heading", label=field.label, description=field.description)
            continue
        shown = _shown(field, form.values.get(field.id), page)
        yield AnswerRow(
            label=field.label,
            description=field.description,
            required=field.required,
            **shown,
        )


def _strays(form: forms.Form) -> Iterator[AnswerRow[T]]:
    known = {field.id for field in form.fields}
    for field_id, answer in form.values.items():
        if field_id not in known:
            yield AnswerRow(kind="unknown", label=field_id, answered=True, text=_plain(answer))


def _shown(field: forms.Field, answer: forms.Answer | None, page: _Page[T]) -> dict[str, Any]:
    """The members that depend on the answer's type."""
    match answer:
        case None:
            return _nothing(field)
        case forms.TextAnswer(value):
            return {"kind": "text", "text": value, "answered": bool(value.strip())}
        case forms.CheckboxAnswer(values):
            return {"kind": "ticks", "ticks": _ticks(field, values), "answered": any(values)}
        case forms.ChoiceAnswer(index):
            return _choice(field, index)
        case forms.DateAnswer(value):
            return {"kind": "date", "text": page.day(value), "answered": True}
        case forms.RatingAnswer(value):
            return {"kind": "rating", "stars": _stars(field, value), "answered": value > 0}
        case forms.FileAnswer(ids):
            return _files("files", ids, page)
        case forms.SignatureAnswer(file_id):
            return _files("signature", (file_id,), page)
        case _:
            return {"kind": "unknown", "text": _plain(answer), "answered": True}


def _nothing(field: forms.Field) -> dict[str, Any]:
    """Not answered; the options of a checkbox group are still worth seeing."""
    if isinstance(field, forms.CheckboxGroup):
        return {"kind": "ticks", "ticks": _ticks(field, ())}
    return {"kind": "unknown" if isinstance(field, forms.UnknownField) else "text"}


def _options(field: forms.Field) -> tuple[str, ...]:
    if isinstance(field, forms.CheckboxGroup | forms.Dropdown | forms.RadioGroup):
        return field.options
    return ()


def _ticks(field: forms.Field, values: tuple[bool, ...]) -> tuple[Tick, ...]:
    pairs = zip_longest(_options(field), values)
    return tuple(Tick(label=label or "", on=bool(on)) for label, on in pairs)


def _choice(field: forms.Field, index: int) -> dict[str, Any]:
    options = _options(field)
    if 0 <= index < len(options):
        return {"kind": "choice", "text": options[index], "answered": True}
    return {"kind": "outside", "text": str(index + 1), "answered": True}


def _stars(field: forms.Field, value: int) -> tuple[bool, ...]:
    most = field.max_stars if isinstance(field, forms.Rating) else 0
    return tuple(star < value for star in range(min(max(most, value), 20)))


def _files(kind: str, ids: tuple[int, ...], page: _Page[T]) -> dict[str, Any]:
    found = tuple(page.files[file_id] for file_id in ids if file_id in page.files)
    return {"kind": kind, "files": found, "missing": len(ids) - len(found), "answered": bool(ids)}


def _plain(answer: forms.Answer) -> str:
    raw = dict(answer.raw) if isinstance(answer, forms.UnknownAnswer) else asdict(answer)
    return json.dumps(raw, ensure_ascii=False, default=str)
