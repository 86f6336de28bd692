"""Reports from the dialog to the file: every cell against the sandbox's data, and what is told."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.test import Client as Browserless

from checkins import services
from checkins.parts import Window
from checkins.reports import walk
from dashboard import connect
from dashboard.jobs import runner
from dashboard.jobs.models import Job, State
from dashboard.navixy.client import Transport
from dashboard.navixy.transport import Timeouts
from dashboard.reports.texts import clean
from dashboard.sandbox import Fault, Sandbox, awkward
from dashboard.sandbox.listing import full_name
from dashboard.sandbox.model import Checkin
from tests.web.desk import words_in
from tests.workers import until, worker

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Browserless]
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/checkins/"}
MADRID = ZoneInfo("Europe/Madrid")
ODD = list(range(awkward.FIRST_ID, awkward.LAST_ID + 1))
Rows = list[dict[str, Any]]
PATIENT = Transport(timeouts=Timeouts(connect=5, read=15, file_read=30))


@pytest.fixture(autouse=True)
def patient(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading hundreds of check-ins at once may take a busy machine longer than a second."""
    monkeypatch.setattr(walk, "PAGE", 200)
    monkeypatch.setattr(connect, "transport", lambda: PATIENT)


def made(web: Browserless, query: str = "period=7d", **data: Any) -> Job:
    """Ask for a report and let a worker make it."""
    answer = web.post(f"/reports/new/?{query}", {"format": "xlsx", "answers": "on"} | data)
    assert answer.status_code == 302, answer.content
    while runner.run_next():
        pass
    return Job.objects.latest("pk")


def content(web: Browserless, path: str) -> bytes:
    response: Any = web.get(path)
    assert response.status_code == 200, response
    return b"".join(response.streaming_content)


def book_of(web: Browserless, job: Job) -> Any:
    assert job.state == State.DONE, job.message
    return openpyxl.load_workbook(io.BytesIO(content(web, f"/reports/{job.pk}/download/")))


def rows_of(book: Any, sheet: str) -> Rows:
    head, *rest = book[sheet].iter_rows()
    labels = [str(cell.value) for cell in head]
    return [dict(zip(labels, row, strict=True)) for row in rest]


def values(row: dict[str, Any]) -> dict[str, Any]:
    return {label: cell.value for label, cell in row.items()}


def week(sandbox: Sandbox, key: str = "owner") -> list[Checkin]:
    start = datetime(2026, 3, 6, tzinfo=MADRID)
    return [one for one in sandbox.visible_checkins(key) if one.marker_time >= start]


def local(one: Checkin, zone: ZoneInfo = MADRID) -> datetime:
    return one.marker_time.astimezone(zone).replace(tzinfo=None)


def words_of(sandbox: Sandbox, one: Checkin) -> tuple[str | None, ...]:
    """Employee, address, comment as a workbook gives them back."""
    person = sandbox.world.employees.get(one.employee_id or 0)
    who = full_name(person) if person else "Employee no longer listed" if one.employee_id else None
    return tuple(clean(text) if text else None for text in (who, one.address, one.comment))


# --- the workbook ------------------------------------------------------------------------------------------


def test_each_cell_is_what_the_sandbox_has(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    book = book_of(web, made(web, columns="all"))
    rows = {row["Check-in no."].value: row for row in rows_of(book, "Check-ins")}
    assert rows.keys() == {one.id for one in week(sandbox)}
    for one in week(sandbox):
        row = values(rows[one.id])
        assert row["Time (Europe/Madrid)"] == local(one)
        assert row["Time (UTC)"] == f"{one.marker_time:%Y-%m-%dT%H:%M:%SZ}"
        assert (row["Employee"], row["Address"], row["Comment"]) == words_of(sandbox, one)
        assert row["Tracker"] == sandbox.world.trackers[one.tracker_id].label
        assert (row["Latitude"], row["Longitude"]) == (one.lat, one.lng)
        assert (row["Precision (m)"], row["Form"]) == (one.precision, one.form_label)
        assert row["Photo count"] == len(one.file_ids)


def test_the_rows_and_columns_are_those_of_the_screen(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    query = "period=7d&columns=address,time,employee&sort=location=asc&sort=marker_time=desc"
    book = book_of(web, made(web, query))
    rows = rows_of(book, "Check-ins")
    labels = ["Address", "Time (Europe/Madrid)", "Employee", "Check-in no.", "Map"]
    assert list(rows[0]) == labels
    addresses = [(row["Address"].value or "").casefold() for row in rows]
    assert addresses == sorted(addresses)


def test_nothing_is_a_formula_and_no_sheet_or_head_is(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    book = book_of(web, made(web, "period=7d", columns="all"))
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    texts = {cell.value for cell in book["Check-ins"]["K"]}
    assert {'=HYPERLINK("http://evil","x")', "+1", "@cmd", "-2+3+cmd|' /C calc'!A0", "=1+1"} <= texts


def test_links_lead_back_here_and_to_a_map(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    rows = rows_of(book_of(web, made(web)), "Check-ins")
    for row in rows:
        number = row["Check-in no."]
        assert number.hyperlink.target == f"http://testserver/checkins/{number.value}/"
        assert row["Map"].hyperlink.target.startswith("https://www.openstreetmap.org/?mlat=")


def test_the_head_is_frozen_and_filters_all_rows(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    sheet = book_of(web, made(web))["Check-ins"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions


@pytest.mark.parametrize(("key", "zone"), [("owner", "Europe/Madrid"), ("dispatcher", "Atlantic/Canary")])
def test_times_are_real_dates_in_the_persons_zone(
    signed_in: SignedIn, sandbox: Sandbox, key: str, zone: str
) -> None:
    """Over the change to winter time too: the hour that comes twice says which."""
    moments = [datetime.fromisoformat(f"2025-10-26T0{hour}:30:00+00:00") for hour in (0, 1, 2)]
    oldest = sandbox.visible_checkins(key)[:3]
    # Copies: the records themselves are every test's.
    changed = [replace(one, marker_time=moment) for one, moment in zip(oldest, moments, strict=True)]
    with sandbox.lock:
        sandbox.world.remove([one.id for one in oldest])
        for one in changed:
            sandbox.world.add(one)
        sandbox.touch()
    web = signed_in(key)
    book = book_of(web, made(web, "from=2025-10-25&to=2025-10-27&columns=time"))
    rows = {row["Check-in no."].value: row[f"Time ({zone})"] for row in rows_of(book, "Check-ins")}
    assert [rows[one.id].value for one in changed] == [local(one, ZoneInfo(zone)) for one in changed]
    said = [re.findall(r"UTC[+\d]*", rows[one.id].number_format) for one in changed]
    assert said == [["UTC+2"], ["UTC+1"], []] if key == "owner" else [["UTC+1"], ["UTC"], []]


def test_answers_are_on_a_sheet_for_each_form(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    book = book_of(web, made(web))
    rows = {row["Check-in no."].value: row for row in rows_of(book, "Lift maintenance visit")}
    filled = [one for one in week(sandbox) if one.form_label == "Lift maintenance visit"]
    assert rows.keys() == {one.id for one in filled}
    for one in filled:
        form = sandbox.world.form(one.form_id or 0)
        assert form
        assert form.values
        check_answers(rows[one.id], form.values)


def check_answers(row: dict[str, Any], given: dict[str, Any]) -> None:
    fields = {
        "Lift number": given["text-2"]["value"].replace("\r\n", "\n"),
        "Visit": ("Quarterly", "Yearly", "Repair", "Official inspection")[given["dropdown-3"]["value_index"]],
        "Condition of the machine room": given.get("rating-8", {}).get("value"),
        "Evidence": len(given["photo-9"]["file_ids"]) if "photo-9" in given else None,
        "Customer's signature": 1,
    }
    assert {label: row[label].value for label in fields} == fields
    ticks = given["checkbox-group-4"]["values"]
    names = ("Doors", "Brake", "Ropes", "Pit", "Emergency phone")
    assert row["Checked"].value == "; ".join(name for name, on in zip(names, ticks, strict=True) if on)
    if "date-7" in given:
        assert row["Next visit"].value == datetime.fromisoformat(given["date-7"]["value"])
    assert row["Customer's signature"].hyperlink.target.endswith("#answers-title")


def test_answers_come_in_bulk(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    job = made(web)
    alone = {one.id for one in week(sandbox) if one.form_id and one.template_id is None}
    assert len(sandbox.calls_of("form/read")) == len(alone)
    assert 1 <= len(sandbox.calls_of("task/form/list")) <= len(sandbox.world.templates)
    sheets = book_of(web, job)
    forms = sum(len(rows_of(sheets, name)) for name in sheets.sheetnames[2:-2])
    assert forms == sum(one.form_id is not None for one in week(sandbox))


def test_forms_that_the_list_lacks_are_read_alone(signed_in: SignedIn, sandbox: Sandbox) -> None:
    sandbox.switches.checkin_forms_are_listed = False
    web = signed_in()
    job = made(web)
    assert len(sandbox.calls_of("form/read")) == sum(one.form_id is not None for one in week(sandbox))
    assert "filled forms" in job.message


def test_a_field_nobody_knows_and_old_forms_lose_no_answer(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    rows = rows_of(book_of(web, made(web, ids=ODD)), "Solar plant inspection")
    row = next(row for row in rows if row["Check-in no."].value == awkward.UNKNOWN_FIELD)
    assert "temperature_probe" in row["Module temperature"].value


def test_the_summary_counts_what_is_there(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    book = book_of(web, made(web))
    days = {
        row["Day (Europe/Madrid)"].value.date(): row["Check-ins"].value for row in rows_of(book, "By day")
    }
    found = week(sandbox)
    assert days == {day: sum(local(one).date() == day for one in found) for day in days}
    people = {row["Employee"].value: row["Check-ins"].value for row in rows_of(book, "By employee")}
    assert sum(people.values()) == len(found)
    nobody = sum(one.employee_id is None for one in found)
    assert people.get("Nobody assigned", 0) == nobody
    assert len(book["By day"]._charts) == len(book["By employee"]._charts) == 1


def test_the_cover_says_of_what_when_and_in_which_zone(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    book = book_of(web, made(web, "period=7d&comment=lift"))
    cover = " | ".join(str(cell.value) for row in book["Report"] for cell in row if cell.value is not None)
    total = sum("lift" in (one.comment or "").casefold() for one in week(sandbox))
    for words in (f"Report of {total} check-ins", "Comment contains: lift", "All times in Europe/Madrid"):
        assert words in cover
    assert "Nothing was cut or left out." in cover
    assert book.sheetnames[0] == "Report"


def test_pictures_lie_in_the_cells(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    chosen = [one for one in week(sandbox) if one.id > awkward.LAST_ID and one.file_ids][:2]
    book = book_of(web, made(web, ids=[one.id for one in chosen], pictures="on"))
    images = book["Check-ins"]._images
    assert 1 <= len(images) <= sum(min(3, len(one.file_ids)) for one in chosen)
    assert {image.anchor._from.row for image in images} <= {1, 2}
    assert all(image.format == "jpeg" for image in images)


# --- which check-ins ---------------------------------------------------------------------------------------


def test_chosen_ones_are_reported_and_those_gone_are_told_of(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    book = book_of(web, made(web, ids="101,102,999999999"))
    assert [row["Check-in no."].value for row in rows_of(book, "Check-ins")] == [101, 102]
    cover = str([[cell.value for cell in row] for row in book["Report"]])
    assert "1 of the chosen check-ins is no longer there" in cover


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_job_counts_what_is_in_the_file(
    signed_in: SignedIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("checkins.reports.views.AT_ONCE", 0)
    job = made(signed_in(), ids="101,102,999999999", format=kind)
    assert (job.done, job.total) == (2, 2)


def test_many_chosen_ones_are_picked_out_of_the_list(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    chosen = [one.id for one in week(sandbox)][: walk.FEW + 10]
    book = book_of(web, made(web, ids=",".join(map(str, chosen))))
    assert {row["Check-in no."].value for row in rows_of(book, "Check-ins")} == set(chosen)
    assert not sandbox.calls_of("checkin/read")


def test_a_sub_user_gets_only_what_it_sees(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in("viewer")
    seen = {one.id for one in sandbox.visible_checkins("viewer")}
    unseen = next(one.id for one in sandbox.visible_checkins("owner") if one.id not in seen)
    book = book_of(web, made(web, ids=f"101,{unseen}"))
    assert [row["Check-in no."].value for row in rows_of(book, "Check-ins")] == [101]


def test_pages_that_move_lose_and_double_nothing(
    signed_in: SignedIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "PAGE", 20)
    web = signed_in()
    before = {one.id for one in week(sandbox)}
    answer = web.post("/reports/new/?period=7d", {"format": "xlsx"})
    assert answer.status_code == 302
    sandbox.arrive(5)
    sandbox.clear_calls()
    while runner.run_next():
        pass
    assert len(sandbox.calls_of("checkin/list")) > len(before) / 20
    rows = rows_of(book_of(web, Job.objects.get()), "Check-ins")
    ids = [row["Check-in no."].value for row in rows]
    assert len(ids) == len(set(ids))
    assert before <= set(ids)


def test_a_long_period_comes_whole_although_navixy_gives_it_in_parts(
    signed_in: SignedIn, sandbox: Sandbox
) -> None:
    web = signed_in()
    job = made(web, "period=all&columns=number", answers="")
    rows = rows_of(book_of(web, job), "Check-ins")
    assert {row["Check-in no."].value for row in rows} == {
        one.id for one in sandbox.visible_checkins("owner")
    }


# --- CSV ---------------------------------------------------------------------------------------------------


def test_a_small_csv_comes_at_once(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    answer = web.post("/reports/new/?period=7d", {"format": "csv", "columns": "all"})
    assert not Job.objects.exists()
    raw = content(web, answer.headers["Location"])
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    found = {one.id: one for one in week(sandbox)}
    assert {int(row["Check-in no."]) for row in rows} == found.keys()
    for row in rows:
        one = found[int(row["Check-in no."])]
        assert row["Time (Europe/Madrid)"] == str(local(one))
        assert row["UTC offset"] == "UTC+01:00"
        assert row["Latitude"] == str(one.lat)
        assert not re.match(r"[=+@\t\r]", row["Comment"])
        assert not re.match(r"-", row["Comment"])


def test_pages_are_on_their_way_side_by_side(
    signed_in: SignedIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    together, window = threading.Barrier(2, timeout=10), services.window

    def meeting(*args: Any, offset: int, limit: int) -> Window:
        if offset in (19, 38):
            together.wait()
        return window(*args, offset=offset, limit=limit)

    monkeypatch.setattr(services, "window", meeting)
    monkeypatch.setattr(walk, "PAGE", 20)
    web = signed_in()
    assert len(rows_of(book_of(web, made(web)), "Check-ins")) == len(week(sandbox))


def test_a_long_csv_is_a_job(signed_in: SignedIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checkins.reports.views.AT_ONCE", 10)
    web = signed_in()
    job = made(web, format="csv")
    raw = content(web, f"/reports/{job.pk}/download/")
    assert raw.count(b"\r\n") - 1 >= len(week(sandbox))
    assert job.results[0]["name"] == f"checkins_2026-03-06_2026-03-12_{len(week(sandbox))}.csv"


# --- Navixy's own files and paper --------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "start"), [("xlsx", b"PK"), ("pdf", b"%PDF")])
def test_navixys_own_file_is_passed_through(
    signed_in: SignedIn, sandbox: Sandbox, kind: str, start: bytes
) -> None:
    web = signed_in()
    answer = web.post("/reports/new/?period=7d", {"format": f"navixy-{kind}"})
    response: Any = web.get(answer.headers["Location"])
    assert b"".join(response.streaming_content).startswith(start)
    name = f"navixy_2026-03-06_2026-03-12_{len(week(sandbox))}.{kind}"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert sandbox.calls_of("checkin/list")[-1].params["format"] == kind


def test_navixy_makes_no_file_of_chosen_ones(signed_in: SignedIn, sandbox: Sandbox) -> None:
    answer = signed_in().post("/reports/new/?period=7d", {"format": "navixy-pdf", "ids": "101"})
    assert answer.status_code == 422
    assert "not of chosen check-ins" in words_in(answer)


@pytest.mark.parametrize("code", [1, 13, 211])
def test_a_refusal_in_place_of_the_file_is_a_page(signed_in: SignedIn, sandbox: Sandbox, code: int) -> None:
    web = signed_in()
    sandbox.faults.add(Fault(action="checkin/list", kind="error", code=code, times=None, after=1))
    answer = web.get("/checkins/export/navixy-pdf/?period=7d")
    assert answer.status_code >= 400
    assert answer.headers["Content-Type"].startswith("text/html")
    assert f"code {code}" in words_in(answer)


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_a_form_comes_as_navixy_prints_it(signed_in: SignedIn, sandbox: Sandbox, kind: str) -> None:
    response: Any = signed_in().get(f"/checkins/{awkward.FIRST_TEXT}/form/{kind}/")
    assert b"".join(response.streaming_content)
    name = f"form_Hand-over-100-satisfied_checkin-{awkward.FIRST_TEXT}.{kind}"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize(
    "path", ["/checkins/103/form/pdf/", "/checkins/110/form/exe/", "/checkins/9/form/pdf/"]
)
def test_there_is_no_such_form_file(signed_in: SignedIn, sandbox: Sandbox, path: str) -> None:
    assert signed_in().get(path).status_code == 404


def test_the_paper_shows_each_chosen_check_in_with_answers(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    answer = web.post("/reports/new/", {"format": "print", "ids": f"101,{awkward.EVERYTHING}"})
    page = web.get(answer.headers["Location"])
    words = words_in(page)
    assert page.content.decode().count('<article class="sheet"') == 2
    assert "Customer&#x27;s signature" in page.content.decode()
    assert "Print 2 check-ins" in words
    assert "signature_" in page.content.decode()


def test_more_than_fits_on_paper_is_said(
    signed_in: SignedIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checkins.reports.printing.MOST_PRINTED", 5)
    words = words_in(signed_in().get("/checkins/print/?period=7d"))
    assert f"the first 5 of {len(week(sandbox))} check-ins" in words


# --- the dialog and the list of reports --------------------------------------------------------------------


def test_the_button_and_the_dialog_say_how_many(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web, total = signed_in(), len(week(sandbox))
    assert f"Report of {total} check-ins" in words_in(web.get("/checkins/?period=7d"))
    page, part = web.get("/reports/new/?period=7d"), web.get("/reports/new/?period=7d", headers=HTMX)
    for answer in (page, part):
        assert f"Report of {total} check-ins" in words_in(answer)
    assert b"<html" in page.content
    assert b"<html" not in part.content


def test_chosen_ids_reach_the_options(signed_in: SignedIn, sandbox: Sandbox) -> None:
    answer = signed_in().post("/reports/new/?period=7d", {"ids": ["101,102", "103"]})
    assert b'name="ids" value="101,102,103"' in answer.content
    assert "Report of 3 check-ins" in words_in(answer)


def test_all_matching_wins_over_ticked_ones(signed_in: SignedIn, sandbox: Sandbox) -> None:
    answer = signed_in().post("/reports/new/?period=7d", {"ids": "101", "all_matching": "1"})
    assert f"Report of {len(week(sandbox))} check-ins" in words_in(answer)


def test_by_htmx_a_job_answers_the_sign_and_a_toast(signed_in: SignedIn, sandbox: Sandbox) -> None:
    answer = signed_in().post("/reports/new/?period=7d", {"format": "xlsx"}, headers=HTMX)
    assert b'hx-swap-oob="beforeend:#toasts"' in answer.content
    assert Job.objects.get().kind == "report"


def test_by_htmx_a_file_is_a_redirect_of_the_browser(signed_in: SignedIn, sandbox: Sandbox) -> None:
    answer = signed_in().post("/reports/new/?period=7d", {"format": "csv"}, headers=HTMX)
    assert answer.headers["HX-Redirect"].startswith("/checkins/export/csv/?")


@pytest.mark.parametrize(
    ("query", "data"),
    [
        ("period=7d", {"format": "exe"}),
        ("period=7d", {"ids": "x"}),
        ("comment=nobodywrotethis", {"format": "xlsx"}),
    ],
)
def test_wrong_wishes_make_no_job(
    signed_in: SignedIn, sandbox: Sandbox, query: str, data: dict[str, str]
) -> None:
    assert signed_in().post(f"/reports/new/?{query}", data).status_code == 422
    assert not Job.objects.exists()


def test_reports_are_listed_with_their_options(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    assert "No reports yet" in words_in(web.get("/reports/"))
    job = made(web)
    words = words_in(web.get("/reports/"))
    assert f"Report of {len(week(sandbox))} check-ins" in words
    assert "Workbook (xlsx), columns as on the screen, with answers, without pictures" in words
    assert "Kept until" in words_in(web.get(f"/reports/{job.pk}/"))


@pytest.mark.parametrize("path", ["", "download/"])
def test_a_report_is_nobody_elses(signed_in: SignedIn, sandbox: Sandbox, path: str) -> None:
    job = made(signed_in())
    assert signed_in("dispatcher").get(f"/reports/{job.pk}/{path}").status_code == 404


def test_other_jobs_are_no_reports(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    web.post("/photos/packs/new/?period=today")
    assert "No reports yet" in words_in(web.get("/reports/"))
    assert web.get(f"/reports/{Job.objects.get().pk}/").status_code == 404


def test_a_retry_keeps_the_options(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    first = made(web, "period=7d&comment=lift", columns="all", pictures="on", answers="")
    web.post(f"/jobs/{first.pk}/again/")
    assert Job.objects.latest("pk").arguments == first.arguments


def test_a_report_waits_for_the_next_sign_in(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    web.post("/reports/new/?period=7d", {"format": "xlsx"})
    sandbox.end_sessions()
    while runner.run_next():
        pass
    assert Job.objects.get().state == State.WAITING
    signed_in()
    while runner.run_next():
        pass
    assert Job.objects.get().state == State.DONE


def test_no_credential_and_no_storage_link_is_in_a_report(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    job = made(web, columns="all")
    book = book_of(web, job)
    everything = str([[cell.value, cell.hyperlink] for sheet in book for row in sheet for cell in row])
    everything += str(Job.objects.values().get())
    assert not [one.hash for one in sandbox.sessions._live.values() if one.hash in everything]
    assert "/storage/" not in everything


@pytest.mark.django_db(transaction=True)
def test_a_killed_workers_report_is_begun_anew_and_says_so(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    sandbox.latency_ms = 150
    web.post("/reports/new/?period=all", {"format": "xlsx", "answers": "on"})
    with worker() as first:
        until(lambda: sandbox.calls_of("task/form/list"))
        first.kill()
        first.wait(10)
    sandbox.latency_ms = 0
    with worker(slots=2):
        until(lambda: Job.objects.get().state not in (State.QUEUED, State.RUNNING))
    job = Job.objects.get()
    assert (job.state, job.attempts) == (State.DONE, 2), job.message
    assert "begun anew after an interruption" in job.message
    rows = rows_of(book_of(web, job), "Check-ins")
    assert len(rows) == len(sandbox.visible_checkins("owner"))
