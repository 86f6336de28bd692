"""A day's routes as a dispatcher works on them: order by hand and by keys, a conflict, a form put right."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from dashboard.navixy import checkpoints, forms, routes, stops, task_forms
from dashboard.navixy.client import Client
from dashboard.navixy.routes import WholeRoute
from dashboard.sandbox import Sandbox
from tests.e2e.conftest import Watch
from tests.web.planning import ids, planned, submit_from_app

Connect = Callable[..., Client]


@pytest.fixture
def other(navixy: Connect, sandbox: Sandbox) -> Client:
    assert sandbox.world.work.tasks  # laid out before anybody waits for it
    return navixy("owner")


@pytest.fixture
def route(other: Client) -> WholeRoute:
    return planned(other, label="Morning round")


def opened(page: Page, route: WholeRoute) -> None:
    page.goto(f"/routes/{route.route.id}/")
    expect(page.locator("[data-route-map] .map-stop")).to_have_count(len(route.stops))


def shows(page: Page, *wanted: str) -> None:
    expect(page.locator("[data-stop] .stop-title a")).to_have_text(list(wanted))


def test_stops_are_put_in_order_by_keys_and_by_hand(desk: Page, route: WholeRoute, other: Client) -> None:
    opened(desk, route)
    grip = desk.get_by_role("button", name="Move “Stop 1”, stop 1")
    grip.focus()
    for key in ("Space", "ArrowDown", "ArrowDown"):
        desk.keyboard.press(key)
    shows(desk, "Stop 2", "Stop 3", "Stop 1", "Stop 4")
    expect(desk.locator("[data-order-said]")).to_have_text("Stop 1, place 3 of 4.")
    desk.keyboard.press("Escape")
    shows(desk, "Stop 1", "Stop 2", "Stop 3", "Stop 4")
    expect(desk.locator("[data-save-bar]")).to_be_hidden()
    for key in ("Space", "ArrowDown", "Space"):
        desk.keyboard.press(key)
    expect(desk.locator("[data-save-bar]")).to_contain_text("2 stops in another place, not saved yet")
    expect(desk.locator(".map-stop").first).to_have_text("2")

    desk.locator("[data-stop] [data-grip]").nth(3).hover()  # waits until nothing moves it any more
    target = desk.locator("[data-stop]").first.bounding_box()
    assert target
    desk.mouse.down()
    desk.mouse.move(target["x"] + 40, target["y"] + 40, steps=8)
    for nudge in range(50):  # the list makes room in its own time
        desk.mouse.move(target["x"] + 40, target["y"] + 6 + nudge % 2, steps=4)
        if "Stop 4" in desk.locator("[data-stop]").first.inner_text():
            break
        desk.wait_for_timeout(100)
    desk.mouse.up()
    shows(desk, "Stop 4", "Stop 2", "Stop 1", "Stop 3")
    assert ids(routes.read_whole(other, route.route.id)) == ids(route), "nothing is sent before it is saved"

    desk.get_by_role("button", name="Save the order").click()
    expect(desk.get_by_text("The new order is saved.")).to_be_visible()
    after = routes.read_whole(other, route.route.id)
    assert [stop.label for stop in after.stops] == ["Stop 4", "Stop 2", "Stop 1", "Stop 3"]
    desk.get_by_role("button", name="Undo").click()
    expect(desk.get_by_text("Undone: the route is as it was.")).to_be_visible()
    shows(desk, "Stop 1", "Stop 2", "Stop 3", "Stop 4")


def test_a_stop_changed_elsewhere_is_shown_and_kept(
    desk: Page, route: WholeRoute, other: Client, watch: Watch
) -> None:
    watch.expect("409")
    opened(desk, route)
    desk.get_by_role("link", name="Move “Stop 4” up").click()
    checkpoints.update(other, stops.draft_of(route.stops[1], label="Urgent call", order=1))
    desk.get_by_role("button", name="Save the order").click()
    conflict = desk.locator("#conflict")
    expect(conflict).to_contain_text("“Urgent call” was changed.")
    shows(desk, "Stop 1", "Urgent call", "Stop 4", "Stop 3")
    assert ids(routes.read_whole(other, route.route.id)) == ids(route)
    desk.get_by_role("button", name="Save the order").click()
    expect(desk.get_by_text("The new order is saved.")).to_be_visible()
    after = [stop.label for stop in routes.read_whole(other, route.route.id).stops]
    assert after == ["Stop 1", "Urgent call", "Stop 4", "Stop 3"]


def test_a_submitted_form_is_put_right_with_a_new_photo(
    desk: Page,
    route: WholeRoute,
    other: Client,
    sandbox: Sandbox,
    axe_in_both: Callable[[Page], list[str]],
) -> None:
    stop_id = route.stops[0].id
    template = next(
        one
        for one in forms.list_templates(other)
        if any(isinstance(field, forms.PhotoField) for field in one.fields)
    )
    desk.goto(f"/checkpoints/{stop_id}/")
    desk.get_by_label("Form template").select_option(str(template.id))
    desk.get_by_role("button", name="Attach").click()
    expect(desk.get_by_text("submitted once in the X-GPS Tracker app")).to_be_visible()
    submit_from_app(sandbox, other, stop_id)
    desk.reload()
    desk.get_by_role("link", name="Correct the answers").click()
    picture = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "JPEG")
    field = next(one for one in template.fields if isinstance(one, forms.PhotoField))
    desk.locator(f"input[name='files-{field.id}']").set_input_files(
        {"name": "meter.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    expect(desk.get_by_text("meter.jpg")).to_be_visible()
    assert axe_in_both(desk) == []
    desk.get_by_role("button", name="Save the answers").click()
    expect(desk.get_by_text("The answers are corrected.")).to_be_visible()
    form = task_forms.read(other, stop_id)
    assert form is not None
    assert [file.name for file in form.files] == ["meter.jpg"]


BEHIND_THE_BAR = """() => {
  const bar = document.querySelector('.editor-foot');
  const seen = (one) => (one.focus(), one.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top);
  return [...document.querySelectorAll('.editor-main :is(input, select, textarea):not([type=hidden])')]
    .filter((one) => one.checkVisibility() && !seen(one)).map((one) => one.name);
}"""


def test_the_bar_of_the_stop_editor_hides_nothing_and_lets_nothing_through(
    desk: Page, route: WholeRoute
) -> None:
    desk.set_viewport_size({"width": 360, "height": 500})
    desk.goto(f"/checkpoints/{route.stops[0].id}/edit/")
    assert desk.evaluate(BEHIND_THE_BAR) == []
    ground = "getComputedStyle(document.querySelector('.editor-foot')).backgroundColor"
    assert desk.evaluate(ground).startswith("rgb("), "a ground that lets the form through has an alpha"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_every_page_of_routes_is_accessible_and_fits(
    desk_of: Callable[..., Page], route: WholeRoute, axe: Callable[[Page], list[str]], width: int, scheme: str
) -> None:
    page = desk_of(
        "owner", viewport={"width": width, "height": 800}, reduced_motion="reduce", color_scheme=scheme
    )
    stop_id, backwards = route.stops[0].id, ",".join(map(str, ids(route)[::-1]))
    for path in (
        "/routes/?period=week",
        "/routes/?period=tomorrow&view=map",
        "/checkpoints/?period=week",
        f"/routes/{route.route.id}/?order={backwards}",
        f"/routes/{route.route.id}/edit/",
        "/routes/new/",
        f"/checkpoints/{stop_id}/",
        f"/checkpoints/{stop_id}/edit/",
        f"/checkpoints/{stop_id}/transmute/",
        f"/checkpoints/{stop_id}/delete/",
    ):
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        if page.locator("[data-route-map]").count():
            expect(page.locator(".map-stop").first).to_be_visible()
        assert axe(page) == [], path
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0, f"{path} is wider than {width} px"


def test_the_fields_of_a_planned_stop_stand_apart(desk: Page) -> None:
    desk.goto("/routes/new/")
    row = desk.locator(".plan-row").first
    edges = row.locator("input").evaluate_all("all => all.map((one) => one.getBoundingClientRect().toJSON())")
    assert all(left["right"] < right["left"] for left, right in pairwise(edges))
