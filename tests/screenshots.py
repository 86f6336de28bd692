"""`make screenshots`: the README's pictures, from the demo as it runs."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.browser import launch_options
from tests.running import ROOT, demo

FOLDER = ROOT / ".screenshots"
SIZE: ViewportSize = {"width": 1360, "height": 800}
LARGEST = 300_000
DRAWN = """[...document.images].filter((one) => one.getBoundingClientRect().top < innerHeight)
  .every((one) => one.complete)"""


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with demo() as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page(base_url=running.url, viewport=SIZE, reduced_motion="reduce")
        sign_in(page)
        table(page)
        on_the_map(page)
        detail(page)
        guided(page)
        routes(page)
        browser.close()


def sign_in(page: Page) -> None:
    page.goto("/")
    page.locator("button[name=person][value=owner]").click()
    page.wait_for_url("**/checkins/**")


def table(page: Page) -> None:
    page.goto("/checkins/?period=last-month&per_page=25&address=Madrid")
    take(page, "table")


def on_the_map(page: Page) -> None:
    page.goto("/checkins/?period=7d&view=map")
    page.locator(".leaflet-marker-icon").first.wait_for()
    take(page, "map")


def detail(page: Page) -> None:
    page.goto("/checkins/?period=last-month&per_page=25&address=Madrid")
    with_form = page.locator("tr:has(.c-photos img):has(.c-form bdi):has(.c-employee bdi)").first
    with_form.locator("[data-row-link]").click()
    page.locator("article[data-checkin-id]").wait_for()
    take(page, "detail")


def guided(page: Page) -> None:
    page.goto("/checkins/?period=last-month&per_page=25&address=Madrid")
    with_form = page.locator("tr:has(.c-photos img):has(.c-form bdi):has(.c-employee bdi)").first
    with_form.locator("[data-row-link]").click()
    page.locator("article[data-checkin-id]").wait_for()
    page.get_by_role("button", name="Create again").first.click()
    page.wait_for_url("**/checkins/drafts/**")
    page.goto(page.url.rsplit("/", 2)[0] + "/answers/")
    take(page, "guided")


def routes(page: Page) -> None:
    page.goto("/routes/")
    take(page, "routes")


def take(page: Page, name: str) -> None:
    for _ in range(600):  # the page's own policy forbids wait_for_function
        if page.evaluate(DRAWN):
            break
        page.wait_for_timeout(200)
    page.wait_for_timeout(4000)  # the base map draws after its data came
    file = Path(FOLDER / f"{name}.png")
    page.screenshot(path=file)
    assert file.stat().st_size < LARGEST, f"{file} is too large for a repository"


if __name__ == "__main__":
    main()
