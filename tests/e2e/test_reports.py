"""A report as a person asks for it in the list, and takes it away."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from dashboard.jobs import runner
from tests.e2e.journeys import total


def test_a_filter_becomes_a_workbook_without_leaving_the_list(desk: Page) -> None:
    desk.goto("/checkins/?period=today&comment=door")
    count = total(desk)
    desk.evaluate("window.stayed = true")
    desk.get_by_role("link", name=f"Report of {count} check-ins").click()
    dialog = desk.get_by_role("dialog", name=f"Report of {count} check-ins")
    expect(dialog.get_by_role("radio", name="Workbook (xlsx)")).to_be_focused()
    dialog.get_by_role("radio", name="Printable page").check()
    expect(dialog.get_by_role("group", name="Columns")).to_be_hidden()
    dialog.get_by_role("radio", name="Workbook (xlsx)").check()
    dialog.get_by_role("radio", name="All columns").check()
    dialog.get_by_role("button", name=f"Make the report of {count}").click()
    expect(desk.get_by_role("status").filter(has_text="under way")).to_be_visible()
    expect(dialog).to_be_hidden()
    runner.run_next()
    told = desk.get_by_role("status").filter(has_text="check-ins,")
    expect(told).to_be_visible()
    assert desk.evaluate("window.stayed") is True
    desk.get_by_role("navigation", name="Main").get_by_role("link", name="Reports").click()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Download").first.click()
    assert download.value.suggested_filename.endswith(f"_{count}.xlsx")
    book: Any = openpyxl.load_workbook(BytesIO(download.value.path().read_bytes()))
    assert book["Check-ins"].max_row == count + 1


@pytest.mark.parametrize("width", [360, 1280])
def test_reports_are_accessible_and_fit(
    desk_of: Callable[..., Page], axe: Callable[[Page], list[str]], width: int
) -> None:
    page = desk_of("owner", viewport={"width": width, "height": 740})
    page.goto("/reports/")
    expect(page.get_by_text("No reports yet")).to_be_visible()
    assert axe(page) == []
    page.goto("/checkins/?period=today&comment=door")
    page.locator("#make-report").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert axe(page) == []
    page.goto("/reports/new/?period=today&comment=door")
    assert axe(page) == []
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_role("status").filter(has_text="under way")).to_be_visible()
    runner.run_next()
    for path in ("/reports/", "/checkins/print/?period=today&comment=door"):
        page.goto(path)
        assert axe(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
