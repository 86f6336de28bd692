"""Rows of a sheet of stops: times as people write them, and what is refused rather than guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from checkpoints import sheet_cells, sheet_reading, sheet_stop
from checkpoints.sheet_cells import Setting, Wrong, moment, tags, template
from checkpoints.sheet_columns import COLUMNS, guess
from checkpoints.sheet_reading import Line, SheetError, read_sheet
from checkpoints.sheet_rows import Onto, Row, check, groups, read
from dashboard.navixy.forms import FormTemplate
from dashboard.navixy.people import Tag

SETTING = Setting(zone=ZoneInfo("Europe/Madrid"), now=datetime(2030, 1, 1, tzinfo=UTC), trackers=())
MAPPING = {"label": 0, "lat": 1, "lng": 2, "end": 3, "route": 4}


def checked(*routes: str) -> tuple[Row, ...]:
    lines = [
        Line(number=number, cells=("Stop", "40.4", "-3,7", "2030-01-15 10:00", route))
        for number, route in enumerate(routes, 2)
    ]
    return check(read(lines, MAPPING, SETTING))


@pytest.mark.parametrize(
    "text", ["2030-01-15 08:30", "2030-01-15T08:30:00", "15.01.2030 8.30", "15/1/2030 8:30 am"]
)
def test_a_time_is_read_in_the_zone_of_the_account(text: str) -> None:
    assert moment(text, "", SETTING) == datetime(2030, 1, 15, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2030-01-15T08:30:00Z",
        "2030-01-15T08:30:00.000Z",
        "2030-01-15T08:30+05:00",
        "2030-01-15 08:30 UTC",
    ],
)
def test_a_time_of_another_zone_is_refused_rather_than_taken_for_local(text: str) -> None:
    with pytest.raises(Wrong, match="zone of its own"):
        moment(text, "", SETTING)


def test_a_route_name_too_long_to_be_kept_is_told() -> None:
    """Cut, it would not be found again after an answer that was lost."""
    assert {row.wrong for row in checked("R" * 201, "R" * 201)} == {
        "The name of the route is longer than 200 characters."
    }
    assert [row.wrong for row in checked("R" * 200, "R" * 200)] == ["", ""]


WHOLE = ("label", "lat", "lng", "day", "start", "end", "tracker", "tags", "radius", "route")


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        (
            ("", "91", "-3,7", "2030-13-15", "08:00", "10:00", "Nobody", "", "", ""),
            "The name is missing. “2030-13-15” is no date. You see no tracker “Nobody”."
            " This is no place on Earth: latitude goes from −90 to 90, longitude from −180 to 180.",
        ),
        (
            ("Stop", "north", "", "2030-01-15", "early", "", "", "Warm, Wet", "much", "R" * 201),
            "The latitude “north” is no number. Latitude and longitude belong together; one is missing."
            " “early” has no time of day. The end of the window is missing. The radius “much” is no number."
            " There is no tag “Warm”. There is no tag “Wet”."
            " The name of the route is longer than 200 characters.",
        ),
        (
            ("S" * 201, "", "", "2029-01-15", "10:00", "08:00", "", "", "0", ""),
            "There is neither an address nor a latitude with a longitude. The window is over already."
            " A name has between 1 and 200 characters and is not blank. The visit window ends before it"
            " starts. The radius lies between 1 and 300,000 metres.",
        ),
        (("Stop", "40.4", "-3,7", "2030-01-15", "08:00", "10:00", "", "", "", ""), ""),
    ],
)
def test_all_that_is_wrong_with_a_row_is_told_at_once(cells: tuple[str, ...], wrong: str) -> None:
    mapping = {key: at for at, key in enumerate(WHOLE)}
    assert read([Line(number=2, cells=cells)], mapping, SETTING)[0].wrong == wrong


def test_a_route_of_one_stop_is_told() -> None:
    assert "would have 1" in checked("Round")[0].wrong


def test_a_row_left_out_does_not_count_for_its_route() -> None:
    rows = checked("Round", "Round", "Other", "Other")
    without = check(rows, {2: "Already there."})
    assert [row.left_out for row in without] == ["Already there.", "", "", ""]
    assert "would have 1" in without[1].wrong
    assert list(groups(without)) == ["route|Other|0"]


def test_a_time_of_an_hour_that_comes_twice_is_what_navixy_answers() -> None:
    """In its own zone it is equal to nothing (PEP 495), and a retry would not find the stop."""
    twice = moment("2030-10-27 02:30", "", SETTING)
    assert twice == datetime(2030, 10, 27, 0, 30, tzinfo=UTC)


def test_a_day_no_calendar_can_turn_to_utc_is_told() -> None:
    east = Setting(zone=ZoneInfo("Asia/Tokyo"), now=SETTING.now, trackers=())
    with pytest.raises(Wrong, match="is no date and time"):
        moment("0001-01-01 00:00", "", east)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (("", "40.4", "-3,7", "2030-01-15 10:00", ""), "The name is missing."),
        (("Stop", "north", "-3,7", "2030-01-15 10:00", ""), "The %(what)s “%(text)s” is no number."),
        (("Stop", "40.4", "-3,7", "soon", ""), "“%s” has no date."),
    ],
)
def test_what_is_wrong_is_told_in_the_language_of_its_reader(
    monkeypatch: pytest.MonkeyPatch, cells: tuple[str, ...], sentence: str
) -> None:
    asked: list[str] = []

    def translated(text: str) -> str:
        asked.append(text)
        return text

    for module in (sheet_cells, sheet_stop):
        monkeypatch.setattr(module, "_", translated)
    assert read([Line(number=2, cells=cells)], MAPPING, SETTING)[0].wrong
    assert sentence in asked


def test_a_file_that_cannot_be_used_is_told_in_the_language_of_its_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheet_reading, "_", str.upper)
    with pytest.raises(SheetError, match="THE SHEET IS EMPTY"):
        read_sheet(b" ")


def test_the_columns_of_the_template_are_found_by_their_own_titles() -> None:
    assert guess([str(one.title) for one in COLUMNS]) == {one.key: at for at, one in enumerate(COLUMNS)}
    assert guess(["Customer", "lon", "lat", "Due"]) == {"label": 0, "lng": 1, "lat": 2, "end": 3}


TAGS = (
    Tag(id=1, name="Cold"),
    Tag(id=2, name="Fragile"),
    Tag(id=3, name="Keys, code"),
    Tag(id=4, name="Twin"),
    Tag(id=5, name="twin"),
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", ()),
        ("cold", (1,)),
        ("Fragile, Cold;fragile,", (2, 1)),
        ("Keys, code", (3,)),
        ("2", (2,)),
        ("4", (4,)),
    ],
)
def test_tags_are_read_by_name(text: str, ids: tuple[int, ...]) -> None:
    assert tags(text, TAGS) == ids


@pytest.mark.parametrize(
    ("text", "words"),
    [("Cold, Warm", "There is no tag “Warm”."), ("Twin", "Several tags are called “Twin”.")],
)
def test_a_tag_that_cannot_be_told_is_said(text: str, words: str) -> None:
    with pytest.raises(Wrong, match=words):
        tags(text, TAGS)


def test_a_form_is_read_by_its_label_or_number() -> None:
    known = [FormTemplate(id=7, label="Visit"), FormTemplate(id=8, label="Safety")]
    assert [template(text, known) for text in ("", "visit", "8")] == [None, 7, 8]
    with pytest.raises(Wrong, match="There is no form “Visits”"):
        template("Visits", known)


def test_rows_for_a_route_are_held_against_its_size_and_latest_start() -> None:
    tenth = datetime(2030, 1, 15, 9, 0, tzinfo=UTC)  # 10:00 in Madrid
    lines = [
        Line(number=n, cells=("Stop", "40.4", "-3,7", f"2030-01-15 {n}:00", "")) for n in (9, 10, 11, 12)
    ]
    rows = check(read(lines, MAPPING, SETTING), onto=Onto(route_id=7, label="Round", size=498, latest=tenth))
    assert [row.wrong for row in rows] == [
        "Its window ends before that of an earlier stop of the route begins.",
        "",
        "",
        "A route has at most 500 stops.",
    ]
    assert list(groups(rows)) == ["stop|10", "stop|11"]
