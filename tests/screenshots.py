"""`make screenshots`: the README's pictures, from the demo as it runs."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from dashboard.sandbox.people import DEMO_PEOPLE
from tests.browser import launch_options
from tests.running import ROOT, demo

FOLDER = ROOT / ".screenshots"
SIZE: ViewportSize = {"width": 1280, "height": 800}
LARGEST = 300_000


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with demo() as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page(base_url=running.url, viewport=SIZE, reduced_motion="reduce")
        sign_in(page)
        table(page)
        on_the_map(page)
        detail(page)
        browser.close()


def sign_in(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name=DEMO_PEOPLE[0].name).click()
    page.wait_for_url("**/checkins/**")


def table(page: Page) -> None:
    page.goto("/checkins/?period=7d&per_page=25&comment=replaced")
    take(page, "table")


def on_the_map(page: Page) -> None:
    page.goto("/checkins/?period=7d&view=map")
    page.locator(".leaflet-marker-icon").first.wait_for()
    take(page, "map")


def detail(page: Page) -> None:
    page.goto("/checkins/?period=7d&comment=replaced&per_page=25")
    with_form = page.locator("tr:has(.c-photos img):has(.c-form bdi)").first
    with_form.locator("[data-row-link]").click()
    page.locator("article[data-checkin-id]").wait_for()
    take(page, "detail")


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)  # the base map draws after its data came
    file = Path(FOLDER / f"{name}.png")
    page.screenshot(path=file)
    assert file.stat().st_size < LARGEST, f"{file} is too large for a repository"


if __name__ == "__main__":
    main()
