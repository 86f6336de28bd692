"""A sheet for each form template: a row for each filled form, an answer in each column (ref 6.5)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from checkins.reports import table
from checkins.rows import Words
from dashboard.navixy import forms
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.forms import Answer, Form, FormTemplate
from dashboard.reports.cells import Column, Link, Value
from dashboard.reports.workbook import Book, Sheet

MOST_SHEETS = 100
_WIDTHS = {
    **dict.fromkeys(("rating", "file", "photo", "signature"), 12.0),
    **dict.fromkeys(("date", "dropdown", "radio_group"), 18.0),
}
Key = tuple[int | None, str]


@dataclass
class _Page:
    """The sheet of one template; `ids`: the questions that have a column, in order."""

    sheet: Sheet
    ids: tuple[str, ...]


@dataclass
class FormSheets:
    """`left`: forms for which no sheet was left."""

    book: Book
    url: Callable[[int], str]
    forms: int = 0
    left: int = 0
    _pages: dict[Key, _Page] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._identity = table.identity(self.book.clock, self.url)

    @property
    def count(self) -> int:
        return len(self._pages)

    def add(self, checkin: Checkin, form: Form, words: Words) -> None:
        page = self._page(form, words)
        if page is None:
            self.left += 1
            return
        self.forms += 1
        start = [one.value(checkin, words) for one in self._identity]
        link = f"{self.url(checkin.id)}#answers-title"
        by_id = {one.id: one for one in form.fields}
        answers = [cell(by_id.get(key), form.values.get(key), link) for key in page.ids]
        page.sheet.append([*start, *answers, _others(page.ids, form)])

    def _page(self, form: Form, words: Words) -> _Page | None:
        key = (form.template_id, "" if form.template_id else form.label)
        if key not in self._pages:
            if len(self._pages) >= MOST_SHEETS:
                return None
            template = words.names.templates.get(form.template_id) if form.template_id else None
            self._pages[key] = self._begun(form, template)
        return self._pages[key]

    def _begun(self, form: Form, template: FormTemplate | None) -> _Page:
        """Columns for what the template asks now, then for what only this form holds."""
        now = template.fields if template else ()
        known = {one.id for one in now}
        asked = [*now, *(one for one in form.fields if one.id not in known)]
        questions = [one for one in asked if not isinstance(one, forms.Separator)]
        columns = [one.column for one in self._identity]
        columns += _labelled(questions)
        columns.append(Column(label=_("Answers to other questions"), width=30))
        sheet = self.book.sheet((template.label if template else form.label) or _("Form"), columns)
        return _Page(sheet=sheet, ids=tuple(one.id for one in questions))


def cell(question: forms.Field | None, answer: Answer | None, link: str) -> Value:
    """An answer as a cell: options as labels, ratings as numbers, files counted and linked."""
    match answer:
        case None:
            return None
        case forms.TextAnswer(value):
            return value
        case forms.CheckboxAnswer(values):
            return _ticked(_options(question), values)
        case forms.ChoiceAnswer(index):
            return _option(_options(question), index)
        case forms.DateAnswer(value):
            return value
        case forms.RatingAnswer(value):
            return value
        case forms.FileAnswer(ids):
            return Link(len(ids), link) if ids else None
        case forms.SignatureAnswer():
            return Link(1, link)
    return json.dumps(dict(answer.raw), ensure_ascii=False, default=str)


def _labelled(questions: Iterable[forms.Field]) -> list[Column]:
    """Two questions of one name are told apart by a number."""
    seen: dict[str, int] = {}
    columns = []
    for one in questions:
        label = one.label or one.id
        seen[label] = seen.get(label, 0) + 1
        label = f"{label} ({seen[label]})" if seen[label] > 1 else label
        columns.append(Column(label=label, width=_WIDTHS.get(one.type, 32.0)))
    return columns


def _options(question: forms.Field | None) -> tuple[str, ...]:
    if isinstance(question, forms.CheckboxGroup | forms.Dropdown | forms.RadioGroup):
        return question.options
    return ()


def _option(options: tuple[str, ...], index: int) -> str:
    if 0 <= index < len(options):
        return options[index]
    return _("Option %d, which the form does not have") % (index + 1)


def _ticked(options: tuple[str, ...], values: tuple[bool, ...]) -> str:
    return "; ".join(_option(options, at) for at, on in enumerate(values) if on)


def _others(ids: tuple[str, ...], form: Form) -> Value:
    """What an older or newer edition of the form asked: nothing that was answered is lost."""
    labels = {one.id: one.label for one in form.fields}
    fields = {one.id: one for one in form.fields}
    found = [
        f"{labels.get(key) or key}: {_plain(cell(fields.get(key), answer, ''))}"
        for key, answer in form.values.items()
        if key not in ids
    ]
    return "\n".join(found) or None


def _plain(value: Value) -> str:
    if isinstance(value, Link):
        return str(value.value)
    return "" if value is None else str(value)
