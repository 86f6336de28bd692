"""A check-in from the first step to the result: on a desk, on a telephone, by keyboard, through faults."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

from django.conf import settings as site
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from checkins.models import Draft
from dashboard.jobs import runner
from dashboard.navixy import checkins, forms
from dashboard.navixy.client import Client
from dashboard.sandbox import Fault, Sandbox
from tests.e2e.conftest import Watch

if TYPE_CHECKING:
    from dashboard.sandbox.people import Person

NavixyOf = Callable[[str], Client]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


def photo(name: str, colour: str = "teal") -> FilePayload:
    out = BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def step(page: Page, name: str) -> None:
    expect(page.locator("[aria-current=step]")).to_contain_text(name)


def saved(page: Page) -> None:
    """Nothing is waiting to be saved."""
    expect(page.locator("#draft-state:not(.is-waiting, .is-bad)")).to_contain_text("Draft saved")


def go_on(page: Page) -> None:
    page.locator(".guided-foot").get_by_role("button").click()


def question(page: Page, words: str) -> Locator:
    return page.locator(".fill").filter(has_text=words)


def choose_who_and_where(page: Page) -> None:
    """By the search, and where that tracker was last."""
    page.get_by_role("searchbox", name="Search trackers and people").fill("madrid")
    page.locator(".crew:visible").first.click()
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_label("Latitude")).not_to_have_value("")
    saved(page)


def work() -> None:
    while runner.run_next():
        pass


def sign(page: Page) -> None:
    question(page, "Customer's signature").get_by_role("button", name="Sign here").click()
    paper = page.get_by_role("dialog").locator("canvas")
    box = paper.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for at in range(20):
        page.mouse.move(box["x"] + 40 + 8 * at, box["y"] + 60 + 12 * (at % 4))
    page.mouse.up()
    page.get_by_role("button", name="Use this signature").click()
    expect(question(page, "Customer's signature").get_by_alt_text("Preview of")).to_be_visible()


def fill_in(page: Page) -> None:
    page.get_by_label("Lift number").fill("RAE 4471/2")
    page.get_by_role("combobox", name="Visit").select_option("Yearly")
    page.get_by_label("Doors").check()
    page.get_by_label("Needs work").check()
    saved(page)


def test_a_check_in_is_made_step_by_step(
    desk: Page,
    sandbox: Sandbox,
    axe: Callable[[Page], list[str]],
    axe_in_both: Callable[[Page], list[str]],
    navixy: NavixyOf,
    watch: Watch,
) -> None:
    """With a reload in the middle; each step is clean for assistive technology in both themes."""
    watch.expect("status of 422")  # the step that was not complete
    page = desk
    page.goto("/account/")
    page.keyboard.press("n")
    step(page, "Who and where")
    choose_who_and_where(page)
    assert axe_in_both(page) == []
    go_on(page)
    step(page, "Form")
    page.get_by_role("radio", name=re.compile("Lift maintenance visit")).check()
    assert axe_in_both(page) == []
    go_on(page)
    step(page, "Answers and photos")
    page.locator("#drop-photos-input").set_input_files([photo("a.jpg"), photo("b.jpg", "navy")])
    expect(page.get_by_alt_text("Preview of b.jpg")).to_be_visible()
    fill_in(page)
    go_on(page)
    expect(page.get_by_text("A signature is required here.")).to_be_visible()
    expect(question(page, "Customer's signature").get_by_role("button").first).to_be_focused()
    assert axe_in_both(page) == []
    page.reload()
    expect(page.get_by_label("Lift number")).to_have_value("RAE 4471/2")
    sign(page)
    go_on(page)
    step(page, "Review")
    expect(page.get_by_text("RAE 4471/2")).to_be_visible()
    assert axe_in_both(page) == []
    page.get_by_role("button", name="Create the check-in").click()
    expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    assert axe(page) == []
    work()
    expect(page.get_by_role("heading", name="The check-in is made")).to_be_focused()
    assert axe_in_both(page) == []
    made = checkins.read(navixy("owner"), Draft.objects.get().checkin_id or 0)
    assert [file.name for file in made.files] == ["a.jpg", "b.jpg"]
    answers = forms.read_form(navixy("owner"), made.form_id or 0).values
    assert len(answers) == 5
    page.get_by_role("link", name="Open the check-in").click()
    expect(page.locator(f'article[data-checkin-id="{made.id}"]')).to_be_visible()


def sign_in_again(page: Page, person: Callable[[str], Person]) -> None:
    who = person("owner")
    page.get_by_role("textbox", name="Login").fill(who.login)
    page.get_by_label("Password").fill(who.password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_on_a_telephone_a_lost_session_loses_nothing(
    desk_of: Callable[..., Page], sandbox: Sandbox, person: Callable[[str], Person]
) -> None:
    page = desk_of("owner", **PHONE)
    page.goto("/checkins/new/")
    choose_who_and_where(page)
    assert fits(page)
    go_on(page)
    page.get_by_text("Safety briefing", exact=True).click()
    assert fits(page)
    go_on(page)
    step(page, "Answers and photos")
    page.get_by_role("textbox", name="Comment").fill("Before the session ended")
    saved(page)
    page.context.clear_cookies(name=site.SESSION_COOKIE_NAME)
    page.get_by_label("Helmet").check()
    sign_in_again(page, person)
    step(page, "Answers and photos")
    expect(page.get_by_role("textbox", name="Comment")).to_have_value("Before the session ended")
    expect(page.get_by_label("Helmet")).to_be_checked()
    assert fits(page)
    saved(page)
    page.locator("#trail-review").click()
    expect(page.get_by_role("heading", name="1 thing is missing")).to_be_visible()
    assert fits(page)


def written(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Address")


def test_the_first_thing_entered_makes_the_draft_and_no_way_back_loses_it(
    desk: Page, person: Callable[[str], Person]
) -> None:
    page = desk
    page.goto("/checkins/new/")
    expect(page.get_by_text("Kept as a draft from the first thing you enter")).to_be_visible()
    assert not Draft.objects.exists()
    page.context.clear_cookies(name=site.SESSION_COOKIE_NAME)
    written(page).fill("Before anything was saved")
    sign_in_again(page, person)
    expect(written(page)).to_have_value("Before anything was saved")
    expect(page).to_have_url(re.compile("/checkins/drafts/[0-9]+/who/$"))
    saved(page)
    page.context.clear_cookies(name=site.SESSION_COOKIE_NAME)
    written(page).fill("After the first save")
    sign_in_again(page, person)
    expect(written(page)).to_have_value("After the first save")
    assert Draft.objects.count() == 1


def test_who_goes_on_before_anything_is_saved_can_come_back_to_it(desk: Page) -> None:
    page = desk
    page.goto("/checkins/new/")
    page.locator(".crew:visible").first.click()
    page.get_by_label("Latitude").fill("40.4168")
    page.get_by_label("Longitude").fill("-3.7038")
    written(page).fill("Sent at once")
    go_on(page)
    step(page, "Form")
    page.go_back()
    step(page, "Who and where")
    expect(written(page)).to_have_value("Sent at once")
    assert Draft.objects.count() == 1


def test_a_file_that_fails_on_either_way_is_tried_again(desk: Page, sandbox: Sandbox, watch: Watch) -> None:
    """From the browser to the site, and from the site to the storage."""
    watch.expect("net::ERR_FAILED|upload")
    desk.goto("/checkins/new/")
    choose_who_and_where(desk)
    go_on(desk)
    go_on(desk)
    step(desk, "Answers and photos")
    desk.route("**/files/", lambda route: route.abort("failed"), times=1)
    desk.locator("#drop-photos-input").set_input_files(photo("a.jpg"))
    expect(desk.locator(".drop-file .error")).to_contain_text("The file did not arrive.")
    desk.get_by_role("button", name=re.compile("Try again.*a.jpg")).click()
    expect(desk.get_by_alt_text("Preview of a.jpg")).to_be_visible()
    desk.locator("#drop-photos-input").set_input_files(photo("b.jpg"))
    expect(desk.get_by_alt_text("Preview of b.jpg")).to_be_visible()
    go_on(desk)
    sandbox.faults.add(Fault(action="storage/upload", kind="error_500", times=None, after=1))
    desk.get_by_role("button", name="Create the check-in").click()
    expect(desk.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    work()
    expect(desk.get_by_role("heading", name="Not made yet")).to_be_visible()
    sandbox.faults.clear()
    desk.get_by_role("button", name=re.compile("Go on without it.*b.jpg")).click()
    expect(desk.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    work()
    expect(desk.get_by_role("heading", name="The check-in is made")).to_be_visible()


def tab_to(page: Page, target: Locator, *, most: int = 80) -> None:
    for _ in range(most):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not get there")


def test_the_keyboard_alone_makes_a_check_in(desk: Page, sandbox: Sandbox) -> None:
    desk.goto("/checkins/drafts/")
    desk.keyboard.press("n")
    step(desk, "Who and where")
    tab_to(desk, desk.get_by_role("searchbox", name="Search trackers and people"))
    desk.keyboard.type("getafe")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Use it")).to_be_visible()
    tab_to(desk, desk.get_by_role("button", name="Use it"))
    desk.keyboard.press("Enter")
    saved(desk)
    tab_to(desk, desk.locator(".guided-foot button"))
    desk.keyboard.press("Enter")
    step(desk, "Form")
    tab_to(desk, desk.get_by_role("radio", name=re.compile("No form")))
    for _ in range(2):
        desk.keyboard.press("ArrowDown")
    expect(desk.get_by_role("radio", name=re.compile("Hand-over"))).to_be_checked()
    desk.keyboard.press("Enter")
    step(desk, "Answers and photos")
    tab_to(desk, desk.get_by_role("radio", name="1 of 10 stars"))
    for _ in range(6):
        desk.keyboard.press("ArrowRight")
    expect(desk.get_by_role("radio", name="7 of 10 stars")).to_be_checked()
    desk.locator("#drop-4-input").set_input_files(photo("signed.jpg"))  # the system's own chooser
    expect(desk.get_by_alt_text("Preview of signed.jpg")).to_be_visible()
    saved(desk)
    tab_to(desk, desk.locator(".guided-foot button"))
    desk.keyboard.press("Enter")
    step(desk, "Review")
    tab_to(desk, desk.get_by_role("button", name="Create the check-in"))
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    work()
    expect(desk.get_by_role("heading", name="The check-in is made")).to_be_focused()
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="Open the check-in")).to_be_focused()
