"""Working the table: filter, sort, share, go back; the address bar is the state and nothing reloads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from dashboard.sandbox import Fault, Sandbox
from dashboard.sandbox.model import Checkin
from tests.conftest import NOW
from tests.e2e.conftest import Watch
from tests.e2e.journeys import column, head, in_place, open_filter, rows, searchbox, settled, total

LAST_MONTH = "/checkins/?period=last-month&per_page=25"


def february(box: Sandbox) -> list[Checkin]:
    """Last month in Madrid, newest first, as the emulator's own data has it; without blocked trackers."""
    madrid = timedelta(hours=1)
    return [
        one
        for one in reversed(box.world.checkins)
        if (one.marker_time + madrid).strftime("%Y-%m") == "2026-02"
        and not box.world.trackers[one.tracker_id].blocked
    ]


def test_typing_filters_in_place(desk: Page, sandbox: Sandbox) -> None:
    desk.goto(LAST_MONTH)
    expected = [one.id for one in february(sandbox) if "filter" in (one.comment or "").lower()]
    with in_place(desk):
        searchbox(desk, "Comment").press_sequentially("filter", delay=20)
    expect(desk.locator(f'#results[data-total="{len(expected)}"]')).to_be_visible()
    assert rows(desk) == expected[:25]
    expect(desk).to_have_url("/checkins/?period=last-month&comment=filter&per_page=25")
    expect(searchbox(desk, "Comment")).to_be_focused()


def test_enter_applies_a_condition_and_the_button_hands_the_focus_on(desk: Page) -> None:
    desk.goto(LAST_MONTH)
    menu = open_filter(desk, "Conditions")
    value = menu.get_by_label("Value")
    told = menu.get_by_role("status")
    expect(told).to_be_empty()
    value.press("Enter")
    expect(told).to_contain_text("a value is missing")
    value.fill("filter")
    expect(told).to_be_empty()
    with in_place(desk):
        value.press("Enter")
    expect(value).to_be_focused()
    value.fill("pump")
    with in_place(desk):
        menu.get_by_role("button", name="Apply").press("Enter")
    expect(menu.locator("summary")).to_be_focused()


def test_enter_in_a_menu_hands_the_focus_to_what_opened_it(desk: Page) -> None:
    desk.goto(f"{LAST_MONTH}&lat=40.4&lng=-3.7&radius=500")
    menu = open_filter(desk, "Place")
    menu.get_by_label("Radius in metres").fill("5000")
    with in_place(desk):
        menu.get_by_label("Radius in metres").press("Enter")
    expect(menu.locator("summary")).to_be_focused()


def test_a_chip_takes_its_filter_away(desk: Page, sandbox: Sandbox) -> None:
    desk.goto(f"{LAST_MONTH}&comment=filter")
    with in_place(desk):
        desk.get_by_role("link", name="Remove Comment contains: filter").click()
    assert total(desk) == len(february(sandbox))
    expect(searchbox(desk, "Comment")).to_have_value("")


def test_choosing_two_trackers_shows_theirs_alone(desk: Page, sandbox: Sandbox) -> None:
    desk.goto(LAST_MONTH)
    two = [sandbox.world.trackers[one] for one in dict.fromkeys(c.tracker_id for c in february(sandbox))][:2]
    menu = open_filter(desk, "Tracker")
    for tracker in two:
        menu.get_by_label(tracker.label).check()
    expected = [one.id for one in february(sandbox) if one.tracker_id in {tracker.id for tracker in two}]
    expect(desk.locator(f'#results[data-total="{len(expected)}"]')).to_be_visible()
    assert rows(desk) == expected[:25]


def test_sorting_by_two_columns(desk: Page) -> None:
    desk.goto(LAST_MONTH)
    with in_place(desk):
        head(desk, "Address").click()
    addresses = [one for one in column(desk, "address") if one != "No address"]
    assert addresses == sorted(addresses, key=str.casefold)
    with in_place(desk):
        head(desk, "Time").click(modifiers=["Shift"])
    expect(desk).to_have_url(
        "/checkins/?period=last-month&sort=location%3Dasc&sort=marker_time%3Ddesc&per_page=25"
    )
    assert [one.inner_text() for one in desk.locator(".sort-order").all()] == ["2", "1"]


def test_a_shared_address_shows_the_same_in_another_browser(desk: Page, desk_of: Callable[..., Page]) -> None:
    desk.goto(LAST_MONTH)
    with in_place(desk):
        searchbox(desk, "Address").fill("Madrid")
    with in_place(desk):
        head(desk, "Employee" if head(desk, "Employee").count() else "Address").click()
    other = desk_of("owner")
    other.goto(desk.url)
    assert rows(other) == rows(desk)
    assert total(other) == total(desk) > 0
    expect(searchbox(other, "Address")).to_have_value("Madrid")


def test_back_and_forward_walk_through_the_filters(desk: Page) -> None:
    desk.goto(LAST_MONTH)
    all_rows = rows(desk)
    with in_place(desk):
        searchbox(desk, "Comment").fill("filter")
    expect(desk).to_have_url("/checkins/?period=last-month&comment=filter&per_page=25")
    some_rows = rows(desk)
    desk.go_back()
    expect(desk).to_have_url(LAST_MONTH)
    expect(searchbox(desk, "Comment")).to_have_value("")
    assert rows(desk) == all_rows
    desk.wait_for_load_state()
    desk.go_forward()
    expect(searchbox(desk, "Comment")).to_have_value("filter")
    assert rows(desk) == some_rows != all_rows


def test_reloading_keeps_everything(desk: Page) -> None:
    desk.goto(LAST_MONTH)
    with in_place(desk):
        searchbox(desk, "Comment").fill("filter")
    before = rows(desk)
    desk.reload()
    assert rows(desk) == before


def test_an_older_answer_never_overwrites_a_newer_one(desk: Page, sandbox: Sandbox) -> None:
    desk.goto(LAST_MONTH)
    settled(desk)
    words = next(one.comment or "" for one in february(sandbox) if len(one.comment or "") > 20)
    newest = [one.id for one in february(sandbox) if words.lower() in (one.comment or "").lower()]
    sandbox.faults.add(Fault(action="checkin/list", kind="slow", seconds=0.9))
    box = searchbox(desk, "Comment")
    box.fill(words[:2])
    desk.wait_for_timeout(500)  # long enough for the slow question to be asked
    with in_place(desk):
        box.fill(words)
    desk.wait_for_timeout(900)  # the slow answer has come by now
    assert rows(desk) == newest[:25]
    assert total(desk) == len(newest) > 0


def test_an_older_message_goes_when_a_refusal_is_told_in_place(
    desk: Page, sandbox: Sandbox, watch: Watch
) -> None:
    watch.expect("503|403|Service Unavailable|Forbidden")
    desk.goto(LAST_MONTH)
    sandbox.faults.add(Fault(action="checkin/list", kind="error_500", times=None))
    head(desk, "Employee").click()
    expect(desk.locator("#problem")).to_contain_text("Navixy has a problem")
    sandbox.faults.clear()
    sandbox.faults.add(Fault(action="checkin/list", kind="error", code=13, times=None))
    head(desk, "Employee").click()
    expect(desk.locator("#results")).to_contain_text("You may not see check-ins")
    expect(desk.locator("#problem")).to_be_empty()


def test_a_radius_picked_on_the_map_filters(desk: Page, sandbox: Sandbox) -> None:
    desk.goto(LAST_MONTH)
    everything = total(desk)
    menu = open_filter(desk, "Place")
    picker = menu.locator(".leaflet-container")
    expect(picker).to_be_visible()
    settled(desk)
    with in_place(desk):
        picker.click(position={"x": 150, "y": 100})
    assert "lat=" in desk.url
    expect(menu.locator(".map-radius")).to_be_visible()
    drawn = menu.locator(".map-radius").bounding_box()
    assert drawn
    assert drawn["width"] > 24  # wide enough to be seen and to be dragged by its edge
    with in_place(desk):
        menu.get_by_label("Radius in metres").fill("300000")
        menu.get_by_label("Radius in metres").press("Tab")
    assert "radius=300000" in desk.url
    assert total(desk) < everything


def test_dragging_the_edge_changes_the_radius(desk: Page) -> None:
    desk.goto(f"{LAST_MONTH}&lat=40.4168&lng=-3.7038&radius=5000")
    before = total(desk)
    menu = open_filter(desk, "Place")
    edge = menu.locator(".map-handle-edge")
    expect(edge).to_be_visible()
    settled(desk)
    place = edge.bounding_box()
    assert place
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    with in_place(desk):
        desk.mouse.move(x, y)
        desk.mouse.down()
        desk.mouse.move(x + 20, y, steps=4)
        desk.mouse.move(x + 40, y, steps=4)
        desk.mouse.up()
    assert int(menu.get_by_label("Radius in metres").input_value()) > 5000
    assert total(desk) >= before


def test_new_check_ins_are_announced_without_moving_rows(desk: Page, sandbox: Sandbox) -> None:
    desk.goto("/checkins/")
    before = rows(desk)
    sandbox.arrive(3)
    desk.evaluate("htmx.trigger(document.getElementById('new-checkins'), 'poll')")
    offer = desk.locator("#new-checkins").get_by_role("link")
    expect(offer).to_contain_text("3 new check-ins")
    assert rows(desk) == before
    with in_place(desk):
        offer.click()
    assert rows(desk)[3:] == before[: len(rows(desk)) - 3]


def test_a_failure_keeps_the_rows_and_says_so(desk: Page, sandbox: Sandbox, watch: Watch) -> None:
    watch.expect("status of 50")
    watch.expect("htmx:responseError|Response Status Error")
    desk.goto(LAST_MONTH)
    before = rows(desk)
    sandbox.faults.add(Fault(action="checkin/list", kind="html_502", times=None))
    searchbox(desk, "Comment").fill("filter")
    expect(desk.locator("#problem")).to_contain_text("Navixy has a problem of its own")
    expect(desk.locator("#results")).not_to_have_attribute("aria-busy", "true")
    assert rows(desk) == before
    expect(desk).to_have_url(LAST_MONTH)
    sandbox.faults.clear()
    with in_place(desk):
        searchbox(desk, "Comment").fill("filter ")
    expect(desk.locator("#problem")).to_be_empty()


@pytest.mark.parametrize("view", ["table", "map"])
def test_switching_views_keeps_the_filter(desk: Page, view: str) -> None:
    other = {"table": "map", "map": "table"}[view]
    desk.goto(f"{LAST_MONTH}&comment=filter&view={view}")
    count = total(desk)
    with in_place(desk):
        desk.locator("#results").get_by_role("link", name=other.title(), exact=True).click()
    assert desk.locator("#results").get_attribute("data-view") == other
    assert total(desk) == count


def test_two_people_see_their_own_rows_and_clock(desk_of: Callable[..., Page]) -> None:
    madrid, new_york = desk_of("owner"), desk_of("viewer")
    madrid.goto(LAST_MONTH)
    new_york.goto(LAST_MONTH)
    expect(madrid.get_by_text("Europe/Madrid").first).to_be_visible()
    expect(new_york.get_by_text("America/New_York").first).to_be_visible()
    assert total(madrid) != total(new_york)
    assert NOW.tzinfo is not None
