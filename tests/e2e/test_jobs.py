"""A pack of photos as a person asks for it, watches it and takes it away."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.jobs import leases, runner
from dashboard.jobs.models import Job
from tests.e2e.conftest import Watch


def ask(page: Page) -> None:
    page.goto("/checkins/?period=today&comment=door")
    page.locator("#download-photos").click()
    expect(page.get_by_role("status").filter(has_text="under way")).to_be_visible()


def test_a_pack_is_asked_for_watched_and_taken_away(desk: Page) -> None:
    """The page stays where it is: no reload on the way, and the end is told in a polite region."""
    ask(desk)
    desk.evaluate("window.stayed = true")
    expect(desk.get_by_role("link", name="1 job")).to_be_visible()
    runner.run_next()
    told = desk.get_by_role("status").filter(has_text="files of")
    expect(told).to_be_visible()
    expect(desk.get_by_role("link", name="1 job")).to_be_hidden()
    assert desk.evaluate("window.stayed") is True
    told.get_by_role("link", name="Download").click()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Download").first.click()
    assert download.value.suggested_filename.endswith(".zip")
    assert zipfile.ZipFile(download.value.path()).testzip() is None


def test_the_list_follows_a_job_and_keeps_the_focus(desk: Page) -> None:
    ask(desk)
    desk.goto("/jobs/")
    desk.get_by_role("button", name="Cancel").focus()
    lease = leases.take()
    assert lease
    lease.write(done=1, total=4, words="3 files so far")
    expect(desk.get_by_text("3 files so far")).to_be_visible()
    expect(desk.get_by_role("progressbar")).to_have_attribute("value", "25")
    expect(desk.get_by_role("button", name="Cancel")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Stopping")).to_be_visible()
    expect(desk.locator("[data-job-id] h2 a")).to_be_focused()


def test_cancel_try_again_and_remove_by_keyboard(desk: Page) -> None:
    ask(desk)
    desk.goto("/jobs/")
    desk.get_by_role("button", name="Cancel").press("Enter")
    expect(desk.get_by_text("Cancelled")).to_be_visible()
    expect(desk.locator("[data-job-id] h2 a")).to_be_focused()
    desk.get_by_role("button", name="Try again").press("Enter")
    desk.wait_for_url("**/jobs/*/")
    expect(desk.get_by_text("Waiting for its turn")).to_be_visible()
    desk.goto("/jobs/")
    desk.get_by_role("button", name="Remove").press("Enter")
    expect(desk.locator("[data-job-id]")).to_have_count(1)


@pytest.mark.parametrize("width", [360, 1280])
def test_jobs_are_accessible_and_fit(
    desk_of: Callable[..., Page], axe: Callable[[Page], list[str]], width: int
) -> None:
    page = desk_of("owner", viewport={"width": width, "height": 740})
    page.goto("/jobs/")
    expect(page.get_by_text("No jobs yet")).to_be_visible()
    assert axe(page) == []
    ask(page)
    runner.run_next()
    ask(page)
    for path in ("/jobs/", f"/jobs/{Job.objects.latest('pk').pk}/"):
        page.goto(path)
        assert axe(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_site_that_is_away_is_no_news_while_polling(desk: Page, watch: Watch) -> None:
    """The sign in the head asks again and again: its failures must not pile up before the person."""
    watch.expect("jobs/tray|htmx:sendError")
    ask(desk)
    desk.route("**/jobs/tray/", lambda route: route.abort())
    desk.wait_for_timeout(4000)
    assert desk.get_by_text("The site did not answer").count() == 0
