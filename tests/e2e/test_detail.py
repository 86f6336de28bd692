"""One check-in among many: open it, step through the list over page borders, and find the way back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.journeys import rows, settled, total

LIST = "/checkins/?period=last-month&per_page=25"


def shown(page: Page) -> int:
    return int(page.locator("article[data-checkin-id]").get_attribute("data-checkin-id") or "0")


def open_row(page: Page, number: int) -> None:
    page.locator("#results [data-row-link]").nth(number).click()
    expect(page.locator("article[data-checkin-id]")).to_be_visible()


def test_next_steps_over_the_page_border_to_the_next_pages_first_row(desk: Page) -> None:
    desk.goto(f"{LIST}&page=2")
    second_page = rows(desk)
    desk.goto(LIST)
    first_page, count = rows(desk), total(desk)
    open_row(desk, 24)
    assert shown(desk) == first_page[24]
    expect(desk.get_by_text(f"25 of {count}")).to_be_visible()
    desk.get_by_role("link", name="Next", exact=True).click()
    expect(desk.get_by_text(f"26 of {count}")).to_be_visible()
    assert shown(desk) == second_page[0]
    desk.get_by_role("link", name="Previous", exact=True).click()
    expect(desk.get_by_text(f"25 of {count}")).to_be_visible()
    assert shown(desk) == first_page[24]


def test_back_to_the_list_is_the_page_of_the_check_in(desk: Page) -> None:
    desk.goto(LIST)
    open_row(desk, 24)
    desk.get_by_role("link", name="Next", exact=True).click()
    expect(desk.get_by_text("26 of")).to_be_visible()
    here = shown(desk)
    desk.get_by_role("link", name="Back to the list").click()
    expect(desk.locator("#results")).to_be_visible()
    assert here in rows(desk)
    assert "page=2" in desk.url
    row = desk.locator(f"#checkin-{here}")
    expect(row.locator("[data-row-link]")).to_be_focused()
    head, box = desk.locator("#results thead").bounding_box(), row.bounding_box()
    assert head
    assert box
    assert box["y"] >= head["y"] + head["height"] - 1  # not under the head that stays


def test_earlier_visits_grow_with_the_distance(desk: Page) -> None:
    desk.goto(LIST)
    open_row(desk, 0)
    settled(desk)
    earlier = desk.locator("#earlier")
    expect(earlier).not_to_contain_text("Loading")
    before = earlier.locator("[data-checkin-id], li, tr").count()
    desk.locator("#distance").fill(desk.locator("#distance").get_attribute("max") or "0")
    settled(desk)
    desk.wait_for_timeout(600)
    assert earlier.locator("[data-checkin-id], li, tr").count() >= before


def test_the_first_has_no_previous_and_the_last_no_next(desk: Page) -> None:
    desk.goto(f"{LIST}&comment=filter&per_page=250")
    last = total(desk)
    open_row(desk, 0)
    expect(desk.get_by_role("link", name="Previous", exact=True)).to_have_count(0)
    desk.get_by_role("link", name="Back to the list").click()
    open_row(desk, last - 1)
    expect(desk.get_by_role("link", name="Next", exact=True)).to_have_count(0)
