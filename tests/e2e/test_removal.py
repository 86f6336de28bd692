"""Choosing across pages, deleting what is chosen, stopping, and what the archive shows of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from checkins.removal.models import Removal
from dashboard.jobs import runner
from dashboard.sandbox import Sandbox, storage
from tests.e2e.conftest import Watch
from tests.removing import ids_of

WEEK = "/checkins/?period=7d&per_page=25"
FEW = "/checkins/?period=today&comment=door"


@pytest.fixture(autouse=True)
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "file_bytes", lambda file: f"file {file.id}".encode())


def bar(page: Page) -> Locator:
    return page.get_by_role("form", name="Chosen check-ins")


def boxes(page: Page) -> Locator:
    return page.locator("tbody [data-pick]")


def test_a_choice_survives_paging_sorting_and_view_but_not_other_filters(desk: Page) -> None:
    desk.goto(WEEK)
    boxes(desk).nth(1).check()
    boxes(desk).nth(3).click(modifiers=["Shift"])
    expect(bar(desk)).to_contain_text("3 chosen")
    desk.locator("tbody [data-row-link]").nth(6).focus()
    desk.keyboard.press("x")
    expect(bar(desk)).to_contain_text("4 chosen")

    desk.get_by_role("link", name="Next page").click()
    expect(desk.locator("p[data-count]")).to_contain_text("26–50")
    expect(bar(desk)).to_contain_text("4 chosen")
    boxes(desk).first.check()
    expect(bar(desk)).to_contain_text("5 chosen")
    desk.get_by_role("link", name="Gallery").last.click()
    expect(desk.locator("#gallery")).to_be_visible()
    expect(bar(desk)).to_contain_text("5 chosen")
    desk.go_back()
    expect(boxes(desk).first).to_be_checked()
    desk.goto(f"{WEEK}&sort=comment%3Dasc")
    expect(bar(desk)).to_contain_text("5 chosen")

    desk.goto("/checkins/?period=today")
    expect(desk.locator("#toasts")).to_contain_text("the 5 check-ins you had chosen are no longer chosen")
    expect(bar(desk)).to_be_hidden()


def test_all_that_match_are_deleted_only_with_their_number_and_can_be_stopped(
    desk: Page, sandbox: Sandbox, axe: Callable[[Page], list[str]], watch: Watch
) -> None:
    watch.expect("status of 422")
    before = ids_of(sandbox)
    desk.goto(WEEK)
    total = int(desk.locator("#results").get_attribute("data-total") or 0)
    desk.get_by_role("checkbox", name="Choose every check-in on this page").check()
    expect(bar(desk)).to_contain_text("25 chosen")
    bar(desk).get_by_role("button", name="Choose all").click()
    expect(bar(desk)).to_contain_text(f"All {total} chosen")
    bar(desk).get_by_role("button", name="Delete").click()

    expect(desk.get_by_role("heading", name=f"Delete {total} check-ins?")).to_be_visible()
    assert axe(desk) == []
    number = desk.get_by_label(f"Type {total} to confirm")
    number.fill("25")
    desk.get_by_role("button", name=f"Delete {total}").click()
    expect(desk.get_by_text(f"That is not {total}. Nothing was deleted.")).to_be_visible()
    number.fill(str(total))
    number.press("Enter")
    expect(desk.get_by_text("Waiting for its turn")).to_be_visible()
    desk.get_by_role("button", name="Cancel").click()
    expect(desk.get_by_text("Cancelled", exact=True)).to_be_visible()
    expect(desk.locator("#outcome")).to_contain_text(f"Not dealt with {total}")
    assert ids_of(sandbox) == before


@pytest.mark.parametrize("width", [360, 1280])
def test_chosen_ones_are_deleted_while_one_watches_and_found_in_the_archive(
    desk_of: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    axe_in_both: Callable[[Page], list[str]],
    width: int,
) -> None:
    page = desk_of("owner", viewport={"width": width, "height": 800})
    page.goto(FEW)
    boxes(page).first.check()
    expect(bar(page)).to_contain_text("1 chosen")
    assert axe_in_both(page) == []
    page.get_by_role("checkbox", name="Choose check-in").nth(1).check()
    bar(page).get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete 2").click()
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    page.evaluate("window.stayed = true")

    runner.run_next()

    expect(page.locator("#outcome")).to_contain_text("Deleted 2")
    expect(page.locator(".job")).to_contain_text("2 deleted and in the archive.")
    assert page.evaluate("window.stayed") is True
    page.reload()  # nothing swaps under the check any more
    assert axe(page) == []
    page.locator("#outcome tbody a").first.click()
    expect(page.get_by_text("Kept here until")).to_be_visible()
    expect(page.get_by_role("button", name="Create again")).to_be_visible()
    assert axe_in_both(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto("/archive/")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert axe_in_both(page) == []
    page.goto(FEW)
    expect(bar(page)).to_be_hidden()
    assert Removal.objects.get().total == 2
