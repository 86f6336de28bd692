"""What several journeys look at or do, in the words of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect


def rows(page: Page) -> list[int]:
    """The ids of the check-ins shown, in order."""
    found = page.locator("#results [data-checkin-id]").evaluate_all(
        "all => all.map(one => one.dataset.checkinId)"
    )
    return [int(one) for one in found]


def total(page: Page) -> int:
    return int(page.locator("#results").get_attribute("data-total") or "-1")


def column(page: Page, key: str) -> list[str]:
    return [one.strip() for one in page.locator(f"#results tbody .c-{key}").all_inner_texts()]


def head(page: Page, name: str) -> Locator:
    return page.locator("#results thead").get_by_role("link", name=re.compile(f"^{name}"))


def searchbox(page: Page, name: str) -> Locator:
    return page.get_by_role("searchbox", name=f"{name} contains")


def open_filter(page: Page, name: str) -> Locator:
    """Opens one menu of the filter bar and gives its panel."""
    menu = page.locator("#filters details").filter(
        has=page.locator("summary", has_text=re.compile(rf"^\s*{name}"))
    )
    menu.locator("summary").click()
    return menu


@contextmanager
def in_place(page: Page) -> Iterator[None]:
    """What is done inside changes the results, and does not load the page anew."""
    page.evaluate("document.getElementById('results').dataset.old = '1'; window.neverReloaded = true")
    yield
    expect(page.locator("#results:not([data-old]):not([aria-busy])")).to_have_count(1)
    assert page.evaluate("window.neverReloaded") is True, "the page was loaded anew"


def settled(page: Page) -> None:
    """Scripts have run, what loads later has come, a map has its markers."""
    page.wait_for_load_state()
    expect(page.locator("#results[aria-busy], .skeleton")).to_have_count(0)
    if page.locator("[data-checkin-map]").count():
        page.locator(".leaflet-marker-icon").first.wait_for()


def touched(gesture: Callable[[], object], outcome: Callable[[float], object]) -> None:
    """A touch that a busy machine stretches over half a second is a long press: then once more.

    `outcome` asserts what the gesture brings about, within the milliseconds given.
    """
    for _ in range(3):
        gesture()
        try:
            outcome(4000)
        except AssertionError:
            continue
        return
    gesture()
    outcome(15_000)
