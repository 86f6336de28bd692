"""Every page: clean for assistive technology in both themes, usable at 360 px, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.sandbox import Sandbox
from tests.e2e.journeys import in_place, rows, searchbox, settled

PAGES = {
    "list": "/checkins/?period=7d&per_page=25",
    "list with filters": "/checkins/?period=7d&per_page=25&comment=e&sort=location%3Dasc&sort=comment%3Ddesc",
    "nothing found": "/checkins/?period=7d&comment=zzzzzz",
    "map": "/checkins/?period=7d&view=map",
    "detail": "/checkins/{checkin}/",
    "detail in a list": "/checkins/{checkin}/?period=all&at=3",
    "print": "/checkins/{checkin}/print/",
    "account": "/account/",
    "gone": "/checkins/999999999/",
    "not found": "/no-such-page/",
}
PARTS = ["nav", "#filters", ".results-tools", "thead", "tbody"]
ERRORS = {"gone", "not found"}


def opened(page: Page, name: str, sandbox: Sandbox) -> Page:
    with_form = next(one for one in reversed(sandbox.world.checkins) if one.form_id and one.file_ids)
    page.goto(PAGES[name].format(checkin=with_form.id))
    settled(page)
    return page


@pytest.fixture(autouse=True)
def _missing_pages_are_meant(request: pytest.FixtureRequest, watch: object) -> None:
    parameters = getattr(request.node, "callspec", None)
    if parameters and parameters.params.get("name") in ERRORS:
        watch.expect("status of 404")  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    name: str, desk: Page, sandbox: Sandbox, axe_in_both: Callable[[Page], list[str]]
) -> None:
    assert axe_in_both(opened(desk, name, sandbox)) == []


def test_axe_finds_nothing_at_the_door(
    visit: Callable[..., Page], axe_in_both: Callable[[Page], list[str]]
) -> None:
    page = visit()
    page.goto("/sign-in/")
    assert axe_in_both(page) == []


def test_axe_finds_nothing_in_an_open_filter(
    desk: Page, sandbox: Sandbox, axe: Callable[[Page], list[str]]
) -> None:
    opened(desk, "list", sandbox)
    for menu in ("Tracker", "Place", "Conditions", "Last 7 days"):
        desk.locator("#filters summary", has_text=menu).click()
        settled(desk)
        assert axe(desk) == [], menu


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_needs_no_sideways_scrolling(
    name: str, desk_of: Callable[..., Page], sandbox: Sandbox
) -> None:
    page = opened(desk_of("owner", viewport={"width": 360, "height": 740}, has_touch=True), name, sandbox)
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]


def test_the_filters_open_on_a_phone(desk_of: Callable[..., Page], sandbox: Sandbox) -> None:
    page = opened(desk_of("owner", viewport={"width": 360, "height": 740}, has_touch=True), "list", sandbox)
    page.get_by_role("button", name="Filters").tap()
    searchbox(page, "Comment").fill("e")
    with in_place(page):
        page.get_by_role("button", name="Show results").tap()
    expect(page.locator("#results [data-checkin-id]").first).to_be_visible()


def test_the_keyboard_alone_finds_opens_and_returns(desk: Page, sandbox: Sandbox) -> None:
    opened(desk, "list", sandbox)
    desk.keyboard.press("/")
    expect(searchbox(desk, "Address")).to_be_focused()
    with in_place(desk):
        desk.keyboard.type("Calle")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Shift+Tab")
    desk.evaluate("document.activeElement.blur()")
    shown = rows(desk)
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.locator(f'article[data-checkin-id="{shown[1]}"]')).to_be_visible()
    desk.wait_for_load_state()
    desk.keyboard.press("Escape")
    expect(desk.locator("#results")).to_be_visible()
    assert rows(desk) == shown


def test_tab_reaches_every_part_of_the_list_in_reading_order(desk: Page, sandbox: Sandbox) -> None:
    opened(desk, "list", sandbox)
    seen: list[str] = []
    for _ in range(60):
        desk.keyboard.press("Tab")
        part = desk.evaluate(f"{PARTS}.find(one => document.activeElement.closest(one)) || ''")
        if part and (not seen or seen[-1] != part):
            seen.append(part)
        if part == "tbody":
            break
    assert [one for one in seen if one != "nav"] == ["#filters", ".results-tools", "thead", "tbody"]


def test_help_opens_with_a_question_mark_and_closes_with_escape(desk: Page, sandbox: Sandbox) -> None:
    opened(desk, "list", sandbox)
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)
