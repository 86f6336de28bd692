"""Cells, names and lines of reports: nothing runs, nothing escapes, nothing is lost without a word."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from dashboard.clock import Clock
from dashboard.reports import csv_lines, names
from dashboard.reports.cells import Column, Link, Row, Value
from dashboard.reports.texts import LONGEST, cell_text, clean, csv_field
from dashboard.reports.workbook import Book

CLOCK = Clock(zone=ZoneInfo("Europe/Madrid"))
DANGEROUS = (
    *("=1+1", "+1", "-1", "@A1", "\t=1", "\n=1", "\r=1", " =1+1", "＝1", "=cmd|' /C calc'!A0", '="a"&"b"'),
    *('=HYPERLINK("http://evil","x")', "{=1}", "DDE(1)", '","=1+1', "';=1"),
)
Write = Callable[..., Any]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """write(rows, columns…) → the workbook, read back."""

    def written(rows: list[Row], columns: list[Column] | None = None, **limits: int) -> Any:
        columns = columns or [Column(label=f"Column {n}") for n in range(len(rows[0]))]
        with Book(tmp_path, CLOCK, **limits) as book:  # type: ignore[arg-type]  # limits are numbers
            sheet = book.sheet("Rows", columns)
            for row in rows:
                sheet.append(row)
            book.save(tmp_path / "book.xlsx", title="Rows")
        found: Any = openpyxl.load_workbook(tmp_path / "book.xlsx")
        found.said = book.notes()
        return found

    return written


def column_of(book: Any, sheet: str = "Rows") -> list[Any]:
    return [row[0].value for row in book[sheet].iter_rows(min_row=2)]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_is_typed_as_text(write: Write, text: str) -> None:
    cell = write([[text]])["Rows"]["A2"]
    assert (cell.data_type, cell.value) == ("s", clean(text))


def test_no_formula_is_in_the_xml(write: Write, tmp_path: Path) -> None:
    write([[text, Link(text, "https://desk.example/1")] for text in DANGEROUS])
    with zipfile.ZipFile(tmp_path / "book.xlsx") as parts:
        sheets = [parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name]
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<f " in sheet]


@given(st.text(st.characters(), max_size=60))
def test_whatever_the_text_a_reader_gets_it_back(text: str) -> None:
    kept, cut = cell_text(text)
    assert not cut
    assert unescape(kept) == clean(text) or "_x" in clean(text)
    kept.encode()  # no lone surrogate


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_characters_that_xml_cannot_hold_are_left_out(write: Write, bad: str) -> None:
    assert column_of(write([[f"a{bad}b"], ["the next row"]])) == ["ab", "the next row"]


def test_lines_are_broken_as_a_cell_breaks_them(write: Write) -> None:
    assert column_of(write([["one\r\ntwo\rthree\nfour\tfive"]])) == ["one\ntwo\nthree\nfour\tfive"]


def test_what_looks_like_an_escape_of_excel_stays_as_it_is(write: Write) -> None:
    assert unescape(column_of(write([["a_x0041_b"]]))[0]) == "a_x0041_b"
    assert cell_text("a_x0041_b")[0] == "a_x005F_x0041_b"


@pytest.mark.parametrize("text", ["x" * LONGEST, "👷" * (LONGEST // 2)])
def test_the_longest_text_fits(write: Write, text: str) -> None:
    book = write([[text]])
    assert column_of(book) == [text]
    assert not book.said


@pytest.mark.parametrize("text", ["x" * (LONGEST + 1), "👷" * LONGEST])
def test_a_longer_text_is_cut_and_says_so(write: Write, text: str) -> None:
    book = write([[text]])
    found = column_of(book)[0]
    assert len(found.encode("utf-16-le")) // 2 <= LONGEST
    assert found.endswith(f"[…cut: {len(text):,} characters in all]")
    assert "1 text is longer than the 32,767 characters" in book.said[0]


def test_a_full_sheet_goes_on_in_another(write: Write) -> None:
    """At 1,048,576 rows; here at four."""
    book = write([[n] for n in range(7)], most_rows=4)
    assert book.sheetnames == ["Rows", "Rows 2", "Rows 3"]
    assert [column_of(book, name) for name in book.sheetnames] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [book[name].auto_filter.ref for name in book.sheetnames] == ["A1:A4", "A1:A4", "A1:A2"]
    assert book.said == ["A sheet holds 4 rows: “Rows” goes on in “Rows 2”, “Rows 3”."]


def test_numbers_are_numbers_and_too_long_ones_are_text(write: Write) -> None:
    values: list[Value] = [3, -3.75, 2**53, 2**53 + 1, float("inf"), float("nan")]
    cells = [row[0] for row in write([[one] for one in values])["Rows"].iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["n", "n", "n", "s", "s", "s"]
    assert [cell.value for cell in cells][:4] == [3, -3.75, 2**53, str(2**53 + 1)]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),  # the last second of winter time
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        datetime(2025, 10, 26, 0, 30, tzinfo=UTC),  # 02:30 in summer time
        datetime(2025, 10, 26, 1, 30, tzinfo=UTC),  # 02:30 in winter time
        datetime(2026, 12, 31, 23, 30, tzinfo=UTC),  # next year there
        datetime(1969, 7, 20, 20, 17, 40, tzinfo=UTC),
    ],
)
def test_moments_are_dates_of_the_zone(write: Write, moment: datetime) -> None:
    cell = write([[moment]])["Rows"]["A2"]
    assert cell.is_date
    assert cell.value == moment.astimezone(CLOCK.zone).replace(tzinfo=None)


def test_the_hour_that_comes_twice_says_which(write: Write) -> None:
    moments = [datetime(2025, 10, 26, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)]
    moments.append(datetime(2026, 3, 29, 1, 30, tzinfo=UTC))  # spring skips an hour and doubles none
    cells = [row[0] for row in write([[one] for one in moments])["Rows"].iter_rows(min_row=2)]
    assert ["UTC" in cell.number_format for cell in cells] == [True, True, False, False]
    assert [cell.number_format[-8:] for cell in cells][:2] == ['(UTC+2)"', '(UTC+1)"']


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(1900, 2, 28), date(1, 1, 1)])
def test_days_that_a_spreadsheet_has_not_are_text(write: Write, day: date) -> None:
    assert column_of(write([[day]])) == [day.isoformat()]


def test_moments_before_a_spreadsheets_time_are_text(write: Write) -> None:
    moment = datetime(1890, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert column_of(write([[moment]]))[0].startswith("1890-01-02 ")


def test_links_end_at_their_limit_and_the_book_says_so(write: Write) -> None:
    book = write([[Link(n, f"https://desk.example/{n}")] for n in range(4)], most_links=3)
    cells = [row[0] for row in book["Rows"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [0, 1, 2, 3]
    targets = [cell.hyperlink.target if cell.hyperlink else None for cell in cells]
    assert targets == [*(f"https://desk.example/{n}" for n in range(3)), None]
    assert "The first 3 links are links" in book.said[0]


# --- names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Lift [north]: a/b\\c?*", "Lift north a b c"),
        ("'quoted'", "quoted"),
        ("History", "History _"),
        ("", "Sheet"),
        ("\x00\t\n", "Sheet"),
        ("=SUM(A1)", "=SUM(A1)"),
        ("x" * 40, "x" * 31),
        ("👷" * 20, "👷" * 15),
        ("../../etc/passwd", ".. .. etc passwd"),
    ],
)
def test_sheet_names_are_what_excel_allows(wanted: str, name: str) -> None:
    assert names.sheet_name(wanted, ()) == name


def test_sheet_names_differ_whatever_the_case() -> None:
    taken: list[str] = []
    for wanted in ("Visit", "visit", "VISIT", "x" * 31, "X" * 40):
        taken.append(names.sheet_name(wanted, taken))
    assert taken == ["Visit", "visit (2)", "VISIT (3)", "x" * 31, "X" * 27 + " (2)"]


@given(st.text(max_size=50))
def test_any_sheet_name_can_be_saved(wanted: str) -> None:
    name = names.sheet_name(wanted, ["Sheet"])
    assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
    assert not set(name) & set("[]:*?/\\")
    assert name[0] != "'" != name[-1]


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("checkins", "2026-03-06"), "checkins_2026-03-06.xlsx"),
        (("../../etc/passwd",), "etc-passwd.xlsx"),
        (('a"b\r\nc',), "a-b-c.xlsx"),
        (("CON",), "file_CON.xlsx"),
        (("com1", ""), "file_com1.xlsx"),
        (("Übergabe „100 %“",), "Ubergabe-100.xlsx"),
        (("",), "file.xlsx"),
        (("نموذج",), "nmwdhj.xlsx"),
    ],
)
def test_file_names_are_plain(parts: tuple[str, ...], name: str) -> None:
    assert names.file_name(*parts, ending="xlsx") == name


# --- CSV ---------------------------------------------------------------------------------------------------


def csv_of(rows: list[Row], *columns: Column) -> list[list[str]]:
    raw = b"".join(csv_lines.lines(columns, rows, CLOCK))
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_field_begins_a_formula(text: str) -> None:
    head, row = csv_of([[text, 1]], Column(label="=Text"), Column(label="N", kind="number"))
    assert head == ["'=Text", "N"]
    assert row[1] == "1"
    assert not row[0].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))


@given(st.text(max_size=40))
def test_any_text_comes_back_as_one_field(text: str) -> None:
    rows = csv_of([[text, "end"]], Column(label="Text"), Column(label="End"))
    assert rows[1:] == [[csv_field(text).encode("utf-8", "replace").decode(), "end"]]


def test_times_stand_beside_their_offset() -> None:
    moments: list[Row] = [[datetime(2025, 10, 26, hour, 30, tzinfo=UTC)] for hour in (0, 1)]
    rows = csv_of(
        [*moments, [None]],
        Column(label="Time (Europe/Madrid)", kind="moment"),
    )
    assert rows == [
        ["Time (Europe/Madrid)", "UTC offset"],
        ["2025-10-26 02:30:00", "UTC+02:00"],
        ["2025-10-26 02:30:00", "UTC+01:00"],
        ["", ""],
    ]


def test_numbers_and_days_are_plain_and_links_give_what_is_behind_them() -> None:
    url = "https://desk.example/7"
    row: Row = [-3.7, date(2026, 3, 12), Link(7, url), Link("Map", url)]
    assert csv_of([row], *(Column(label=str(n)) for n in range(4)))[1] == ["-3.7", "2026-03-12", "7", url]
