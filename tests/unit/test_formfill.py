"""Filling in the ten field types: what was posted, what is wrong with it, what is sent, what is shown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from dashboard.formfill import posted, rules, sending, words
from dashboard.formfill.controls import Control, Filling, control, controls
from dashboard.formfill.drops import Addresses
from dashboard.formfill.rules import Attached, Code, Limits
from dashboard.navixy.fields import (
    CheckboxGroup,
    DateField,
    Dropdown,
    Field,
    FileField,
    PhotoField,
    RadioGroup,
    Rating,
    Separator,
    Signature,
    TextField,
    UnknownField,
)

TODAY = date(2026, 3, 12)
LIMITS = Limits(today=TODAY)
TEXT = TextField(id="t", label="Lift", type="text", min_length=3, max_length=10)
CHECKS = CheckboxGroup(
    id="c", label="Done", type="checkbox_group", options=("a", "b", "c", "d"), min_checked=2, max_checked=3
)
DROPDOWN = Dropdown(id="d", label="Visit", type="dropdown", options=("a", "b"))
RADIOS = RadioGroup(id="r", label="State", type="radio_group", options=("a", "b"))
DATE = DateField(id="day", label="Next", type="date", disable_past=True)
RATING = Rating(id="s", label="Stars", type="rating", max_stars=5)
FILE = FileField(
    id="f", label="File", type="file", min_file_size=10, max_file_size=1000, allowed_extensions=("pdf",)
)
PHOTO = PhotoField(id="p", label="Photos", type="photo", max_files=2)
SIGNATURE = Signature(id="sign", label="Signature", type="signature")
SEPARATOR = Separator(id="sep", label="Part 2", type="separator")
UNKNOWN = UnknownField(id="u", label="Probe", type="temperature_probe")
ALL: tuple[Field, ...] = (
    *(TEXT, CHECKS, DROPDOWN, RADIOS, DATE, RATING, FILE, PHOTO, SIGNATURE, SEPARATOR, UNKNOWN),
)
FILLED = (
    "answer-t=RAE+4&answer-c=0&answer-c=2&answer-d=1&answer-r=0&answer-day=2026-03-12&answer-s=4"
    "&answer-f=x&answer-u=x"
)
PICTURE = Attached(name="a.jpg", size=100, picture=True)
PAPER = Attached(name="a.PDF", size=100, picture=False)


def required(field: Field) -> Field:
    values = {name: getattr(field, name) for name in type(field).__dataclass_fields__}
    return type(field)(**values | {"required": True})


def read(query: str, *fields: Field) -> dict[str, dict[str, Any]]:
    return posted.read(fields or ALL, QueryDict(query))


def code(field: Field, value: dict[str, Any] | None = None, *files: Attached) -> Code | None:
    values = {} if value is None else {field.id: {"type": field.type, **value}}
    return rules.wrong([field], values, {field.id: files}, LIMITS).get(field.id)


def shown(field: Field, value: dict[str, Any] | None = None, error: str = "") -> Control:
    filling = Filling(
        values={field.id: {"type": field.type, **value}} if value else {},
        tiles={},
        errors={field.id: error} if error else {},
        limits=LIMITS,
        addresses=Addresses(upload="/up/", order="/order/"),
    )
    return control(field, 1, filling)


# --- what was posted ---------------------------------------------------------------------------------------


def test_each_type_is_read_as_its_value_object() -> None:
    assert read(FILLED) == {
        "t": {"type": "text", "value": "RAE 4"},
        "c": {"type": "checkbox_group", "values": [True, False, True, False]},
        "d": {"type": "dropdown", "value_index": 1},
        "r": {"type": "radio_group", "value_index": 0},
        "day": {"type": "date", "value": "2026-03-12"},
        "s": {"type": "rating", "value": 4},
    }


@pytest.mark.parametrize(
    "query", ["", "answer-t=+++&answer-d=&answer-r=&answer-day=&answer-s=", "answer-c=x&answer-s=-1"]
)
def test_no_answer_is_left_out(query: str) -> None:
    assert read(query) == {}


def test_a_line_end_counts_once() -> None:
    assert read("answer-t=a%0D%0Ab", TEXT)["t"]["value"] == "a\nb"


def test_what_is_wrong_stays_as_it_was_typed() -> None:
    assert read("answer-day=31.2.2026&answer-t=x&answer-d=77") == {
        "day": {"type": "date", "value": "31.2.2026"},
        "t": {"type": "text", "value": "x"},
        "d": {"type": "dropdown", "value_index": 77},
    }


# --- what is wrong -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", [one for one in ALL if one is not SEPARATOR], ids=lambda one: one.type)
def test_only_a_required_question_needs_an_answer(field: Field) -> None:
    assert code(field) is None
    assert code(required(field)) in (Code.REQUIRED, Code.UNKNOWN_KIND)


def test_a_heading_is_never_wrong() -> None:
    assert code(required(SEPARATOR)) is None


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (TEXT, {"value": "ab"}, Code.SIZE),
        (TEXT, {"value": "abc"}, None),
        (TEXT, {"value": "a" * 10}, None),
        (TEXT, {"value": "a" * 11}, Code.SIZE),
        (TEXT, {"value": "😀" * 6}, Code.SIZE),  # twelve units of UTF-16
        (TEXT, {"value": "ab\x07c"}, Code.CHARACTER),
        (TEXT, {"value": "a\nbc"}, None),
        (CHECKS, {"values": [True, False, False, False]}, Code.BELOW),
        (CHECKS, {"values": [True, True, False, False]}, None),
        (CHECKS, {"values": [True] * 4}, Code.ABOVE),
        (CHECKS, {"values": [True, True]}, Code.SIZE),
        (DROPDOWN, {"value_index": 1}, None),
        (DROPDOWN, {"value_index": 2}, Code.INDEX),
        (RADIOS, {"value_index": -1}, Code.INDEX),
        (DATE, {"value": "2026-03-12"}, None),
        (DATE, {"value": "2026-03-11"}, Code.BELOW),
        (DATE, {"value": "2026-02-30"}, Code.TYPE),
        (DATE, {"value": "12.03.2026"}, Code.TYPE),
        (RATING, {"value": 5}, None),
        (RATING, {"value": 0}, Code.BELOW),
        (RATING, {"value": 6}, Code.ABOVE),
        (RATING, {"value": "5"}, Code.TYPE),
        (TEXT, {"type": "date", "value": "2026-03-12"}, Code.TYPE),
    ],
)
def test_values_are_checked(field: Field, value: dict[str, Any], expected: Code | None) -> None:
    assert code(field, value) == expected


def test_a_day_after_today_can_be_forbidden() -> None:
    past = DateField(id="day", label="Cleaned", type="date", disable_future=True)
    assert code(past, {"value": TODAY.isoformat()}) is None
    assert code(past, {"value": (TODAY + timedelta(days=1)).isoformat()}) == Code.ABOVE


@pytest.mark.parametrize(
    ("field", "files", "expected"),
    [
        (PHOTO, [PICTURE, PICTURE], None),
        (PHOTO, [PICTURE] * 3, Code.SIZE),
        (PHOTO, [PAPER], Code.FILE_TYPE),
        (PHOTO, [Attached(name="a.jpg", size=16_777_217, picture=True)], Code.ABOVE),
        (FILE, [PAPER], None),
        (FILE, [PICTURE], Code.FILE_TYPE),
        (FILE, [Attached(name="a.pdf", size=9, picture=False)], Code.BELOW),
        (FILE, [Attached(name="a.pdf", size=1001, picture=False)], Code.ABOVE),
        (FILE, [PAPER] * 7, Code.SIZE),
        (SIGNATURE, [PICTURE], None),
        (SIGNATURE, [PICTURE, PICTURE], Code.SIZE),
        (SIGNATURE, [PAPER], Code.FILE_TYPE),
    ],
)
def test_files_are_checked(field: Field, files: list[Attached], expected: Code | None) -> None:
    assert code(field, None, *files) == expected


@pytest.mark.parametrize("field", ALL, ids=lambda one: one.type)
@pytest.mark.parametrize("wrong", list(Code), ids=lambda one: one.name)
def test_every_code_has_a_sentence_for_every_field(field: Field, wrong: Code) -> None:
    sentence = words.complaint(field, wrong, LIMITS)
    assert sentence.endswith(".")
    assert "%" not in sentence


def test_sentences_name_the_limit() -> None:
    assert words.complaint(TEXT, Code.SIZE, LIMITS) == "Write between 3 and 10 characters."
    assert words.complaint(CHECKS, Code.ABOVE, LIMITS) == "Choose between 2 and 3."
    assert words.complaint(FILE, Code.FILE_TYPE, LIMITS) == "Only files of these types: pdf."
    assert "temperature_probe" in words.complaint(required(UNKNOWN), Code.UNKNOWN_KIND, LIMITS)


# --- what is sent ------------------------------------------------------------------------------------------


def test_a_submission_holds_answers_and_files_and_nothing_empty() -> None:
    values = read("answer-t=abc")
    assert sending.submission(ALL, values, {"p": [4, 5], "sign": [6], "f": []}) == {
        "t": {"type": "text", "value": "abc"},
        "p": {"type": "photo", "file_ids": [4, 5]},
        "sign": {"type": "file", "file_id": 6},
    }


# --- what is shown -----------------------------------------------------------------------------------------


def test_every_type_has_a_control() -> None:
    filling = Filling(
        values=read(FILLED), tiles={}, errors={}, limits=LIMITS, addresses=Addresses(upload="", order="")
    )
    kinds = [one.kind for one in controls(ALL, filling)]
    assert kinds == [
        *("line", "ticks", "dropdown", "radios", "date", "stars"),
        *("files", "files", "files", "heading", "unknown"),
    ]


def test_an_optional_choice_can_be_taken_back() -> None:
    assert [one.value for one in shown(RADIOS, {"value_index": 1}).options] == ["", "0", "1"]
    assert [one.value for one in shown(required(RADIOS)).options] == ["0", "1"]


def test_a_date_is_bound_by_the_day_it_is_there() -> None:
    assert shown(DATE).least == "2026-03-12"


def test_a_long_text_gets_room_and_a_short_one_a_line() -> None:
    assert shown(TEXT).kind == "line"
    assert shown(TextField(id="t", label="", type="text")).kind == "text"
    assert shown(TEXT, {"value": "a\nb"}).kind == "text"


def test_many_stars_become_a_number() -> None:
    assert shown(Rating(id="s", label="", type="rating", max_stars=100)).kind == "number"


def test_a_refused_question_says_why_where_it_is() -> None:
    made = shown(TEXT, error="Write between 3 and 10 characters.")
    assert made.error
    assert "question-1-error" in made.described_by


@given(st.binary(max_size=40))
def test_nothing_that_is_posted_breaks_anything(noise: bytes) -> None:
    query = QueryDict(mutable=True)
    for field in ALL:
        query.setlist(posted.name_of(field), [noise.decode("utf-8", "replace")] * 2)
    values = posted.read(ALL, query)
    wrong = rules.wrong(ALL, values, {}, LIMITS)
    assert all(words.complaint(field, wrong[field.id], LIMITS) for field in ALL if field.id in wrong)
    filling = Filling(
        values=values, tiles={}, errors={}, limits=LIMITS, addresses=Addresses(upload="", order="")
    )
    assert len(controls(ALL, filling)) == len(ALL)
