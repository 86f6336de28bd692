"""Through the door: one click in the demo, by password, with a second factor, and back to where one was."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from dashboard.sandbox import Sandbox
from dashboard.sandbox.people import Person
from tests.e2e.conftest import Watch

Visit = Callable[..., Page]
Who = Callable[[str], Person]


def test_one_click_on_a_demo_person_opens_the_list(visit: Visit, person: Who) -> None:
    page = visit()
    page.goto("/")
    page.get_by_role("button", name=person("dispatcher").name).click()
    expect(page).to_have_url("/checkins/")
    expect(page.get_by_text(person("dispatcher").login).first).to_be_visible()
    assert page.locator("[data-checkin-id]").count() > 0


def by_password(page: Page, who: Person, password: str | None = None) -> None:
    page.get_by_role("textbox", name="Login").fill(who.login)
    page.get_by_label("Password").fill(password or who.password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_shared_link_is_where_the_password_leads(visit: Visit, person: Who) -> None:
    page = visit()
    page.goto("/checkins/?period=7d&comment=filter")
    expect(page).to_have_url("/sign-in/?next=%2Fcheckins%2F%3Fperiod%3D7d%26comment%3Dfilter")
    by_password(page, person("owner"))
    expect(page).to_have_url("/checkins/?period=7d&comment=filter")


def test_a_wrong_password_is_said_and_the_login_kept(visit: Visit, person: Who, watch: Watch) -> None:
    watch.expect("status of 4")
    page = visit()
    page.goto("/sign-in/")
    by_password(page, person("owner"), "not this one")
    expect(page.get_by_role("alert")).to_contain_text("Login or password is wrong")
    expect(page.get_by_role("textbox", name="Login")).to_have_value(person("owner").login)


def test_a_second_factor_is_asked_for_and_taken(visit: Visit, person: Who) -> None:
    page, who = visit(), person("mfa")
    page.goto("/sign-in/")
    by_password(page, who)
    page.get_by_role("textbox", name="Code").fill(who.second_factor_code or "")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url("/checkins/")


def test_an_api_key_opens_the_list(visit: Visit, person: Who) -> None:
    page = visit()
    page.goto("/sign-in/?way=api-key")
    page.get_by_label("API key").fill(person("api").api_key or "")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url("/checkins/")


def test_an_ended_session_leads_to_sign_in_and_back(desk: Page, sandbox: Sandbox, person: Who) -> None:
    desk.goto("/checkins/?period=7d")
    sandbox.end_sessions()
    desk.get_by_role("searchbox", name="Comment contains").fill("lift")
    expect(desk).to_have_url("/sign-in/?next=%2Fcheckins%2F%3Fperiod%3D7d")
    by_password(desk, person("owner"))
    expect(desk).to_have_url("/checkins/?period=7d")


def test_signing_out_ends_the_session_there_too(desk: Page, sandbox: Sandbox) -> None:
    desk.goto("/checkins/")
    desk.locator(".nav-foot summary").click()
    desk.get_by_role("button", name="Sign out").click()
    expect(desk).to_have_url("/sign-in/")
    assert [call.action for call in sandbox.calls].count("user/logout") == 1
    desk.goto("/checkins/")
    expect(desk).to_have_url("/sign-in/?next=%2Fcheckins%2F")
