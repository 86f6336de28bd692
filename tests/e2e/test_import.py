"""A sheet of stops becomes routes: chosen, looked at on the map, imported, the bad rows taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from dashboard.jobs import runner
from dashboard.sandbox import Sandbox
from tests.web.test_stop_import import imported, row, workbook


@pytest.mark.parametrize("width", [1280, 360])
def test_a_sheet_is_looked_at_imported_and_its_bad_rows_come_back(
    width: int, desk_of: Callable[..., Page], sandbox: Sandbox, axe_in_both: Callable[[Page], list[str]]
) -> None:
    page = desk_of("owner", viewport={"width": width, "height": 800})
    page.goto("/routes/")
    page.get_by_role("link", name="Import").click()
    content = workbook([row(0), row(1), row(2, To="soon"), row(3)])
    page.get_by_label("File").set_input_files(
        {"name": "stops.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="Check the rows").click()

    expect(page.get_by_role("heading", name="What the rows would become")).to_be_visible()
    expect(page.locator(".map-stop")).to_have_text(["1", "2", "3"])
    expect(page.locator(".map-stop").first).to_have_attribute(
        "title", re.compile("^1. Stop 0, .+, route “Round 0”$")
    )
    key = page.get_by_role("button", name="Round 0", exact=True)
    expect(key.locator(".route-key")).to_have_class("route-key route-c0")
    key.press("Enter")
    expect(key).to_have_attribute("aria-pressed", "true")
    expect(page.locator("tr[data-wrong]")).to_contain_text("Stop 2")

    page.get_by_role("button", name="Import 3 stops").click()
    expect(page.locator("[data-job-id]")).to_be_visible()
    runner.run_next()
    expect(page.locator("[data-state=done]")).to_be_visible()
    with page.expect_download() as download:
        page.locator("[data-job-id] a[download]").click()
    assert download.value.suggested_filename == "not-imported.xlsx"
    sheet = load_workbook(BytesIO(download.value.path().read_bytes())).worksheets[0]
    [back] = list(sheet.iter_rows(min_row=2, values_only=True))
    assert "Stop 2" in back
    assert imported(sandbox) == {"IMP-0": 1, "IMP-1": 1, "IMP-3": 1}

    page.goto("/routes/import/")
    page.get_by_label("File").set_input_files(
        {"name": "stops.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_role("button", name="Import 0 stops")).to_be_disabled()
    tick = page.get_by_label("Import it all the same, row 2")
    tick.check()
    page.get_by_label("Import it all the same, row 3").check()
    expect(page.get_by_role("button", name="Import 2 stops")).to_be_enabled()
    expect(tick).to_be_checked()
    expect(page.locator(".map-stop")).to_have_text(["1", "2"])
    assert axe_in_both(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
