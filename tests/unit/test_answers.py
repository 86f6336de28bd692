"""Form answers as rows: every field type, and everything that is not as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from dashboard.answers import AnswerRow, Tick, rows, unanswered
from dashboard.navixy import forms
from dashboard.navixy.forms import Answer, Field, Form

OPTIONS = ("Doors", "Brake", "Pit")


def shown(field: Field, answer: Answer | None, *, files: Mapping[int, str] | None = None) -> AnswerRow[str]:
    form = Form(id=1, label="Visit", fields=(field,), values={field.id: answer} if answer else {})
    (row,) = rows(form, files=files or {}, day=lambda day: f"{day.day}.{day.month}.{day.year}")
    return row


def text_field(**changes: object) -> forms.TextField:
    return forms.TextField(**{"id": "a", "label": "Lift", "type": "text", **changes})  # type: ignore[arg-type]  # test data


def boxes() -> forms.CheckboxGroup:
    return forms.CheckboxGroup(id="a", label="Checked", type="checkbox_group", options=OPTIONS)


def test_text_is_shown_as_written() -> None:
    row = shown(text_field(required=True, description="On the plate"), forms.TextAnswer("<b>12</b>\n13"))
    assert (row.kind, row.text, row.answered) == ("text", "<b>12</b>\n13", True)
    assert (row.label, row.description, row.required) == ("Lift", "On the plate", True)


@pytest.mark.parametrize("words", ["", "  \n"])
def test_blank_text_is_no_answer(words: str) -> None:
    assert not shown(text_field(), forms.TextAnswer(words)).answered


def test_checkboxes_keep_every_option_with_its_tick() -> None:
    row = shown(boxes(), forms.CheckboxAnswer((True, False, True)))
    assert row.answered
    assert row.ticks == (
        Tick(label="Doors", on=True),
        Tick(label="Brake", on=False),
        Tick(label="Pit", on=True),
    )


def test_no_box_ticked_is_no_answer() -> None:
    row = shown(boxes(), forms.CheckboxAnswer((False, False, False)))
    assert not row.answered
    assert len(row.ticks) == 3


def test_unanswered_checkboxes_still_show_their_options() -> None:
    row = shown(boxes(), None)
    assert (row.kind, row.answered) == ("ticks", False)
    assert [tick.label for tick in row.ticks] == list(OPTIONS)


def test_a_tick_for_an_option_the_form_lacks_has_no_label() -> None:
    row = shown(boxes(), forms.CheckboxAnswer((False, False, False, True)))
    assert row.ticks[3] == Tick(label="", on=True)


def test_missing_ticks_count_as_off() -> None:
    row = shown(boxes(), forms.CheckboxAnswer((True,)))
    assert [tick.on for tick in row.ticks] == [True, False, False]


@pytest.mark.parametrize("kind", [forms.Dropdown, forms.RadioGroup])
def test_a_choice_is_shown_by_its_label(kind: type[forms.Dropdown | forms.RadioGroup]) -> None:
    field = kind(id="a", label="Visit", type="choice", options=OPTIONS)
    assert shown(field, forms.ChoiceAnswer(1)).text == "Brake"


@pytest.mark.parametrize(("index", "text"), [(3, "4"), (-1, "0")])
def test_a_choice_outside_the_options_is_said(index: int, text: str) -> None:
    field = forms.Dropdown(id="a", label="Visit", type="dropdown", options=OPTIONS)
    row = shown(field, forms.ChoiceAnswer(index))
    assert (row.kind, row.text, row.answered) == ("outside", text, True)


def test_a_date_is_written_in_the_accounts_format() -> None:
    field = forms.DateField(id="a", label="Next visit", type="date")
    assert shown(field, forms.DateAnswer(date(2027, 2, 6))).text == "6.2.2027"


def test_a_rating_has_as_many_stars_as_the_field() -> None:
    field = forms.Rating(id="a", label="Cleanliness", type="rating", max_stars=5)
    row = shown(field, forms.RatingAnswer(3))
    assert row.stars == (True, True, True, False, False)
    assert row.stars_given == 3


@pytest.mark.parametrize("given", [7, 10**9])
def test_more_stars_than_allowed_do_not_fill_the_page(given: int) -> None:
    field = forms.Rating(id="a", label="Cleanliness", type="rating", max_stars=5)
    assert len(shown(field, forms.RatingAnswer(given)).stars) == min(given, 20)


def test_files_are_found_by_their_ids() -> None:
    field = forms.PhotoField(id="a", label="Evidence", type="photo")
    row = shown(field, forms.FileAnswer((7, 9)), files={7: "seven", 9: "nine"})
    assert (row.kind, row.files, row.missing) == ("files", ("seven", "nine"), 0)


def test_a_file_the_form_no_longer_holds_is_counted() -> None:
    field = forms.FileField(id="a", label="Protocol", type="file")
    row = shown(field, forms.FileAnswer((7, 8)), files={7: "seven"})
    assert (row.files, row.missing, row.answered) == (("seven",), 1, True)


def test_a_signature_is_one_file() -> None:
    field = forms.Signature(id="a", label="Customer", type="signature")
    row = shown(field, forms.SignatureAnswer(7), files={7: "seven"})
    assert (row.kind, row.files) == ("signature", ("seven",))


def test_a_separator_is_a_heading_and_no_question() -> None:
    row = shown(forms.Separator(id="a", label="Outcome", type="separator"), None)
    assert row.kind == "heading"
    assert unanswered((row,)) == 0


def test_an_unknown_type_is_shown_with_its_raw_value() -> None:
    field = forms.UnknownField(id="a", label="Voice", type="audio", raw={"type": "audio"})
    row = shown(field, forms.UnknownAnswer({"type": "audio", "value": "señal"}))
    assert (row.kind, row.text) == ("unknown", '{"type": "audio", "value": "señal"}')


def test_an_unknown_type_may_be_unanswered() -> None:
    field = forms.UnknownField(id="a", label="Voice", type="audio", raw={})
    assert not shown(field, None).answered


def test_an_answer_to_a_question_the_form_lacks_is_not_lost() -> None:
    form = Form(
        id=1, label="Visit", fields=(text_field(),), values={"gone": forms.UnknownAnswer({"value": 1})}
    )
    found: tuple[AnswerRow[str], ...] = rows(form, files={}, day=str)
    asked, stray = found
    assert not asked.answered
    assert (stray.label, stray.kind, stray.text) == ("gone", "unknown", '{"value": 1}')


def test_unanswered_questions_are_counted() -> None:
    fields = (text_field(id="a"), text_field(id="b"), text_field(id="c"))
    form = Form(id=1, label="Visit", fields=fields, values={"b": forms.TextAnswer("yes")})
    assert unanswered(rows(form, files={}, day=str)) == 2
