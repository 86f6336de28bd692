"""The map instead of the table, and the place picker, as somebody uses them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from dashboard.sandbox import Fault, Sandbox
from tests.e2e.conftest import Watch
from tests.e2e.journeys import in_place, open_filter, settled, total

MAP = "/checkins/?view=map&period=7d"


def loaded(page: Page, url: str = MAP) -> Locator:
    """The map view, all its points drawn."""
    page.goto(url)
    view = page.locator("[data-checkin-map][data-loaded]")
    expect(view).to_be_visible()
    return view


def pins_and_clusters(view: Locator) -> int:
    """How many check-ins the pins and the numbers on the clusters add up to."""
    numbers = view.locator(".map-cluster").all_inner_texts()
    return view.locator(".map-pin").count() + sum(int(one.replace(",", "")) for one in numbers)


def test_the_map_holds_every_check_in_of_the_filter(desk: Page) -> None:
    view = loaded(desk)
    assert view.get_attribute("data-loaded") == str(total(desk))
    view.get_by_role("button", name="Show all").click()
    settled(desk)
    expect(view.get_by_role("heading")).to_have_text(f"{total(desk)} in view")
    desk.wait_for_timeout(500)
    assert pins_and_clusters(view) == total(desk)


def test_a_pin_of_the_list_opens_a_card_and_escape_goes_back(desk: Page) -> None:
    view = loaded(desk)
    first = view.locator("[data-point]").first
    who = first.locator("[data-who]").inner_text()
    first.focus()
    desk.keyboard.press("Enter")
    expect(view.get_by_role("heading", name=who)).to_be_focused()
    expect(view.get_by_role("link", name="Open the check-in")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(view.locator("[data-point]").first).to_be_focused()


def test_the_card_leads_to_the_check_in_and_back_to_the_map_as_it_was(desk: Page) -> None:
    view = loaded(desk)
    view.locator("[data-point]").nth(2).click()
    view.get_by_role("link", name="Open the check-in").click()
    expect(desk.get_by_text(re.compile(r"^\s*3 of \d+"))).to_be_visible()
    desk.get_by_role("link", name="Back to the list").click()
    expect(desk.locator("[data-checkin-map][data-loaded].has-card")).to_be_visible()


def test_stacked_pins_open_as_a_list_with_a_way_back(desk: Page, sandbox: Sandbox) -> None:
    """Two at one door: no zoom would part them."""
    one, other = sandbox.world.checkins[-2:]
    place = (other.lat, other.lng)
    other.lat, other.lng = one.lat, one.lng
    sandbox.touch()
    try:
        view = loaded(desk, f"{MAP}&lat={one.lat}&lng={one.lng}&radius=10")
        view.locator(".map-cluster").first.click()
        expect(view.get_by_role("heading", name=re.compile("at this place"))).to_be_focused()
        before = view.locator("[data-point]").count()
        view.locator("[data-point]").first.click()
        expect(view.get_by_role("link", name="Open the check-in")).to_be_visible()
        view.get_by_role("button", name="Back to the list").click()
        expect(view.locator("[data-point]")).to_have_count(before)
        view.get_by_role("button", name="Back to the list").click()
        expect(view.get_by_role("heading", name=re.compile("in view"))).to_be_visible()
    finally:
        other.lat, other.lng = place
        sandbox.touch()


def test_a_new_filter_leaves_one_map(desk: Page) -> None:
    loaded(desk)
    before = total(desk)
    for words in ("lift", "boiler"):
        with in_place(desk):
            desk.locator("#filters input[name=comment]").fill(words)
    expect(desk.locator("[data-checkin-map][data-loaded]")).to_be_visible()
    expect(desk.locator(".map-view .leaflet-container")).to_have_count(1)
    assert total(desk) < before


def test_an_error_is_said_on_the_map_and_can_be_tried_again(
    desk: Page, sandbox: Sandbox, watch: Watch
) -> None:
    watch.expect("503")
    loaded(desk)
    sandbox.faults.add(Fault(action="checkin/list", kind="error_500", times=None, after=1))
    desk.goto(f"{MAP}&comment=lift")
    problem = desk.locator("[data-map-problem]")
    expect(problem).to_contain_text("Navixy has a problem of its own")
    sandbox.faults.clear()
    problem.get_by_role("button", name="Try again").click()
    expect(problem).to_be_hidden()
    expect(desk.locator("[data-checkin-map][data-loaded]")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_map_is_accessible_and_fits(
    width: int, desk_of: Callable[..., Page], axe_in_both: Callable[[Page], list[str]]
) -> None:
    page = desk_of("owner", viewport={"width": width, "height": 740})
    view = loaded(page)
    assert axe_in_both(page) == []
    view.locator("[data-point]").first.click()
    expect(view.get_by_role("link", name="Open the check-in")).to_be_visible()
    assert axe_in_both(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# --- the place picker --------------------------------------------------------------------------------------


def test_an_address_is_searched_and_chosen_by_keyboard(desk: Page) -> None:
    desk.goto("/checkins/?period=7d")
    menu = open_filter(desk, "Place")
    search = menu.get_by_label("Search an address, or paste coordinates")
    search.fill("Valencia")
    expect(menu.get_by_role("status").first).to_contain_text("found")
    with in_place(desk):
        search.press("Enter")
    assert "lat=39.4" in desk.url
    assert "radius=" in desk.url


def test_the_menu_stays_open_when_an_address_was_clicked(desk: Page) -> None:
    """What was clicked is gone by then, and the radius comes next."""
    desk.goto("/checkins/?period=7d")
    menu = open_filter(desk, "Place")
    search = menu.get_by_label("Search an address, or paste coordinates")
    search.fill("Valencia")
    with in_place(desk):
        menu.get_by_role("listitem").first.click()
    expect(menu.get_by_label("Radius in metres")).to_be_visible()
    expect(search).to_be_focused()


def test_what_is_typed_before_the_map_has_come_is_looked_up_then(desk: Page) -> None:
    held: list[Route] = []
    desk.route("**/leaflet*.js", lambda route: held.append(route))
    desk.goto("/checkins/?period=7d")
    menu = open_filter(desk, "Place")
    menu.get_by_label("Search an address, or paste coordinates").fill("40.4168, -3.7038")
    with in_place(desk):
        for route in held:
            route.continue_()
    expect(desk).to_have_url(re.compile("lat=40.4168&lng=-3.7038&"))


def test_an_address_nobody_knows_is_said(desk: Page) -> None:
    desk.goto("/checkins/?period=7d")
    menu = open_filter(desk, "Place")
    menu.get_by_label("Search an address, or paste coordinates").fill("Qqqqzzzz")
    expect(menu.get_by_role("status").first).to_contain_text("No address matches “Qqqqzzzz”")


def test_coordinates_are_understood_as_people_write_them(desk: Page) -> None:
    desk.goto("/checkins/?period=7d")
    search = open_filter(desk, "Place").get_by_label("Search an address, or paste coordinates")
    for typed, lat, lng in (
        ("40.4168, -3.7038", "40.4168", "-3.7038"),
        ("41,4168 -3,7038", "41.4168", "-3.7038"),
        ("42,4168; -3,7038", "42.4168", "-3.7038"),
        ("43.4168 N, 3.7038 W", "43.4168", "-3.7038"),
        ("40°25′00.5″N 3°42′13.7″W", "40.416806", "-3.703806"),
        ("-33.45,-70.66", "-33.45", "-70.66"),
    ):
        with in_place(desk):
            search.fill(typed)
        expect(desk).to_have_url(re.compile(re.escape(f"lat={lat}&lng={lng}&")))


def test_the_handles_move_by_arrow_keys(desk: Page) -> None:
    desk.goto("/checkins/?period=7d&lat=40.4168&lng=-3.7038&radius=1000")
    menu = open_filter(desk, "Place")
    with in_place(desk):
        menu.get_by_label(re.compile("^Radius: drag")).press("ArrowRight")
    assert "radius=1100" in desk.url
    with in_place(desk):
        menu.get_by_label(re.compile("^Centre of the area")).press("ArrowUp")
    assert "lat=40.4168&" not in desk.url
    assert "lng=-3.7038&" in desk.url
