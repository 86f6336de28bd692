"""Judging work by its pictures: gallery and lightbox, by keyboard and by touch."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, TimeoutError, expect

from dashboard.sandbox import Fault, Sandbox, awkward
from dashboard.sandbox.model import Checkin
from dashboard.sandbox.odd_files import BOTTOM_LEFT, BOTTOM_RIGHT, TOP_LEFT, TOP_RIGHT
from tests.e2e.conftest import Watch
from tests.e2e.journeys import in_place, settled, touched
from tests.web.desk import day_in

Desk = Callable[..., Page]
ALL = "/checkins/?period=7d&view=gallery&per_page=25"
ONE_PAGE = "/checkins/?period=yesterday&view=gallery&per_page=250"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
KINDS = awkward.describe()
QUARTERS = (TOP_LEFT, TOP_RIGHT, BOTTOM_RIGHT, BOTTOM_LEFT)


def newest(box: Sandbox) -> list[Checkin]:
    return list(reversed(box.visible_checkins("owner")))


def pictures(box: Sandbox, checkins: list[Checkin]) -> int:
    files = [box.world.file(file_id) for one in checkins for file_id in one.file_ids]
    return sum(file is not None and file.type == "image" and file.state == "uploaded" for file in files)


def tiles(page: Page) -> Locator:
    return page.locator("#gallery a[data-photo]")


def lightbox(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Pictures")


def count(page: Page) -> Locator:
    return lightbox(page).locator(".lb-count")


def open_picture(page: Page, tile: Locator) -> str:
    """Gives the id of the picture, which the address names from then on."""
    picture = tile.get_attribute("data-photo") or ""
    tile.click()
    shows(page, picture)
    expect(lightbox(page)).to_be_focused()
    return picture


def shows(page: Page, picture: str) -> None:
    expect(page).to_have_url(re.compile(rf"#photo=\d+-{picture}$"))


def shown(page: Page) -> str:
    found = re.search(r"#photo=\d+-(\d+)$", page.url)
    assert found, page.url
    return found[1]


def forms_read(page: Page) -> None:
    """The forms near the window have become tiles: from now on none moves another away."""
    settled(page)
    expect(page.locator("#gallery [data-form][data-loading]")).to_have_count(0)


def with_forms_read(page: Page) -> list[str]:
    """The pictures of a gallery whose forms near the window have become tiles."""
    forms_read(page)
    return [tile.get_attribute("data-photo") or "" for tile in tiles(page).all()]


# --- the gallery --------------------------------------------------------------------------------------------


def test_g_goes_to_the_gallery_and_back(desk: Page) -> None:
    desk.goto("/checkins/?period=7d")
    with in_place(desk):
        desk.keyboard.press("g")
    expect(desk.locator("#results")).to_have_attribute("data-view", "gallery")
    expect(desk).to_have_url("/checkins/?period=7d&view=gallery")
    with in_place(desk):
        desk.keyboard.press("g")
    expect(desk).to_have_url("/checkins/?period=7d")


@pytest.mark.parametrize(("label", "group"), [("By day", "day"), ("Not grouped", "none")])
def test_the_grouping_is_part_of_the_address(desk: Page, label: str, group: str) -> None:
    desk.goto("/checkins/?period=7d&view=gallery")
    desk.locator("#group-menu summary").click()
    with in_place(desk):
        desk.locator("#group-menu").get_by_role("link", name=label).click()
    expect(desk).to_have_url(f"/checkins/?period=7d&view=gallery&group={group}")
    expect(desk.locator("#gallery")).to_have_attribute("data-group", group)


def test_scrolling_goes_on_and_the_address_follows(desk: Page, sandbox: Sandbox) -> None:
    desk.goto(ALL)
    with_forms_read(desk)
    sandbox.clear_calls()
    second = next(one for one in newest(sandbox)[25:] if pictures(sandbox, [one]))
    desk.locator("#gallery-next").scroll_into_view_if_needed()
    expect(desk.locator(f"#checkin-{second.id}")).to_be_visible()
    desk.locator(f"#checkin-{second.id}").evaluate("one => one.scrollIntoView({block: 'start'})")
    expect(desk).to_have_url(f"{ALL}&page=2")
    assert {call.action for call in sandbox.calls if call.action != "storage/download"} <= {
        "checkin/list",
        "form/read",
    }


def test_back_from_a_check_in_comes_to_the_same_place(desk: Page, sandbox: Sandbox) -> None:
    desk.goto(f"{ALL}&page=3")
    with_forms_read(desk)
    sheet = desk.locator("#gallery .sheet").nth(8)
    sheet.evaluate("one => one.scrollIntoView({block: 'start'})")
    desk.wait_for_timeout(400)
    before = sheet.bounding_box()
    name = sheet.get_attribute("id")
    sheet.get_by_role("heading").get_by_role("link").click()
    expect(desk.locator("article.detail")).to_be_visible()
    desk.go_back()
    expect(desk.locator(f"#{name}")).to_be_in_viewport()
    with_forms_read(desk)
    after = desk.locator(f"#{name}").bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"]) < 30


def test_back_to_the_list_shows_the_check_in_one_came_from(desk: Page) -> None:
    desk.goto(f"{ALL}&group=none&page=2")
    with_forms_read(desk)
    desk.locator("#gallery figcaption a").nth(20).click()
    checkin = desk.locator("article.detail").get_attribute("data-checkin-id")
    desk.get_by_role("link", name="Back to the list").click()
    expect(desk.locator(f'#gallery [data-checkin-id="{checkin}"]').first).to_be_in_viewport()


def test_the_gallery_works_without_scripts(desk_of: Desk) -> None:
    page = desk_of("owner", java_script_enabled=False)
    page.goto(ALL)
    first = tiles(page).first.get_attribute("data-photo")
    page.get_by_role("link", name="Next page").click()
    expect(page).to_have_url(re.compile("page=2"))
    assert tiles(page).first.get_attribute("data-photo") != first
    expect(page.get_by_role("link", name="Earlier in the list")).to_be_visible()


def test_arrows_go_from_tile_to_tile(desk: Page) -> None:
    desk.goto(f"{ALL}&group=none")
    order = with_forms_read(desk)
    place = "document.activeElement.dataset.photo"
    tiles(desk).first.focus()
    desk.keyboard.press("ArrowRight")
    assert desk.evaluate(place) == order[1]
    desk.keyboard.press("ArrowDown")
    below = desk.evaluate("document.activeElement.getBoundingClientRect().top")
    assert below > desk.locator(f'[data-photo="{order[1]}"]').bounding_box()["y"]  # type: ignore[index]
    desk.keyboard.press("ArrowUp")
    assert desk.evaluate(place) == order[1]
    desk.keyboard.press("Home")
    assert desk.evaluate(place) == order[0]


def test_chosen_check_ins_are_counted_and_packed(desk: Page) -> None:
    desk.goto(f"{ALL}&group=none")
    with_forms_read(desk)
    bar = desk.get_by_role("form", name="Chosen check-ins")
    expect(bar).to_be_hidden()
    tiles(desk).first.focus()
    desk.keyboard.press("x")
    expect(bar).to_contain_text("1 chosen")
    sheets = desk.locator("#gallery .sheet")
    other = sheets.nth(3).locator(".pick > input").first
    other.check()
    expect(bar).to_contain_text("2 chosen")
    bar.get_by_role("button", name="Photos (zip)").click()
    expect(desk.locator("#toasts")).to_contain_text("Photos of 2 check-ins")
    bar.get_by_role("button", name="Choose none").click()
    expect(bar).to_be_hidden()


def test_a_form_that_cannot_be_read_keeps_its_tile(desk: Page, sandbox: Sandbox, watch: Watch) -> None:
    watch.expect("status of 50")
    sandbox.faults.add(Fault(action="form/read", kind="error_500", times=None))
    desk.goto(ALL)
    expect(desk.locator("[data-form]").first).to_contain_text("The form could not be read")


def test_a_page_that_does_not_come_leaves_what_is_there(desk: Page, sandbox: Sandbox, watch: Watch) -> None:
    watch.expect("status of 50")
    watch.expect("htmx:responseError|Response Status Error")
    desk.goto(ALL)
    before = len(with_forms_read(desk))
    sandbox.faults.add(Fault(action="checkin/list", kind="html_502", times=None))
    desk.locator("#gallery-next").scroll_into_view_if_needed()
    expect(desk.locator("#problem")).not_to_be_empty()
    assert tiles(desk).count() >= before
    sandbox.faults.clear()
    desk.get_by_role("link", name="Next page").click()
    expect(desk.locator("#gallery-next")).to_have_attribute("href", re.compile("page=3"))


# --- the lightbox by keyboard -------------------------------------------------------------------------------


def test_keys_go_through_the_pictures_and_focus_comes_back(desk: Page) -> None:
    desk.goto(ONE_PAGE)
    order = with_forms_read(desk)
    opener = tiles(desk).nth(2)
    opener.focus()
    desk.keyboard.press("Enter")
    expect(lightbox(desk)).to_be_focused()
    shows(desk, order[2])
    for key, at in (("ArrowRight", 3), ("ArrowLeft", 2), ("Home", 0), ("ArrowLeft", 0), ("PageDown", 1)):
        desk.keyboard.press(key)
        shows(desk, order[at])
    desk.keyboard.press("End")
    expect(desk).not_to_have_url(re.compile(f"-{order[1]}$"))
    last = desk.url.rpartition("-")[2]
    desk.keyboard.press("Escape")
    expect(lightbox(desk)).to_have_count(0)
    expect(desk.locator(f'#gallery a[data-photo="{last}"]')).to_be_focused()
    expect(desk).to_have_url(ONE_PAGE)


def test_the_number_is_true_across_pages(desk: Page, sandbox: Sandbox) -> None:
    february = day_in("Europe/Madrid", "2026-02-01", "2026-02-28")
    found = [one for one in newest(sandbox) if february(one)]
    desk.goto("/checkins/?period=last-month&view=gallery&per_page=25&page=2")
    settled(desk)
    first = next(one for one in found[25:] if pictures(sandbox, [one]))
    open_picture(desk, desk.locator(f"#checkin-{first.id} a[data-photo]").first)
    before, total = pictures(sandbox, found[:25]), pictures(sandbox, found)
    expect(count(desk)).to_have_text(f"{before + 1} of {total}")
    desk.keyboard.press("ArrowLeft")
    expect(count(desk)).to_have_text(re.compile(rf"^{before} of {total}$|^Form picture"))


def test_pictures_of_a_form_are_numbered_within_it(desk: Page) -> None:
    desk.goto(ALL)
    with_forms_read(desk)
    form = desk.locator("#gallery .sheet", has=desk.locator("a[data-question]")).first
    pictures = form.locator("a[data-question]")
    open_picture(desk, pictures.first)
    expect(count(desk)).to_have_text(f"Form picture 1 of {pictures.count()}")
    expect(lightbox(desk)).to_contain_text(f"Form: {pictures.first.get_attribute('data-question')}")


def test_going_on_past_the_last_loaded_picture_loads_the_next_page(desk: Page, sandbox: Sandbox) -> None:
    desk.goto(ALL)
    with_forms_read(desk)
    open_picture(desk, tiles(desk).first)
    desk.keyboard.press("End")
    second = next(one for one in newest(sandbox)[25:] if pictures(sandbox, [one]))
    tile = desk.locator(f"#checkin-{second.id} a[data-photo]").first
    expect(tile).to_be_attached()
    picture = tile.get_attribute("data-photo") or ""
    for _ in range(40):
        if shown(desk) == picture:
            break
        desk.keyboard.press("ArrowRight")
        desk.wait_for_timeout(60)
    shows(desk, picture)


def test_going_back_before_the_first_picture_loads_the_page_before(desk: Page, sandbox: Sandbox) -> None:
    desk.goto(f"{ALL}&page=2")
    with_forms_read(desk)
    opened = open_picture(desk, tiles(desk).first)
    earlier = next(one for one in reversed(newest(sandbox)[:25]) if pictures(sandbox, [one]))
    expect(desk.locator(f"#checkin-{earlier.id}")).to_be_attached()
    shows(desk, opened)
    desk.keyboard.press("ArrowLeft")
    expect(desk).not_to_have_url(re.compile(f"-{opened}$"))
    desk.keyboard.press("ArrowRight")
    shows(desk, opened)


def test_back_closes_the_lightbox_and_loads_nothing_anew(desk: Page) -> None:
    desk.goto("/checkins/?period=7d")
    with in_place(desk):
        desk.keyboard.press("g")
    desk.evaluate("window.neverReloaded = true")
    opener = tiles(desk).nth(1)
    open_picture(desk, opener)
    desk.keyboard.press("ArrowRight")
    desk.go_back()
    expect(lightbox(desk)).to_have_count(0)
    expect(tiles(desk).nth(2)).to_be_focused()
    assert desk.evaluate("window.neverReloaded") is True
    expect(desk).to_have_url("/checkins/?period=7d&view=gallery")


def test_a_row_of_the_table_opens_all_its_pictures(desk: Page, sandbox: Sandbox) -> None:
    many = next(one for one in newest(sandbox) if pictures(sandbox, [one]) > 3)
    day = many.marker_time.date()
    desk.goto(f"/checkins/?from={day}&to={day}&per_page=250")
    row = desk.locator(f'tr[data-checkin-id="{many.id}"]')
    opener = row.locator("a[data-photo]").first
    open_picture(desk, opener)
    expect(lightbox(desk).get_by_role("link", name="Open the check-in")).to_be_visible()
    expect(count(desk)).to_have_text(re.compile(r"^\d+ of \d+"))
    names = set()
    for _ in range(pictures(sandbox, [many])):
        names.add(shown(desk))
        expect(desk).to_have_url(re.compile(f"#photo={many.id}-"))
        desk.keyboard.press("ArrowRight")
        desk.wait_for_timeout(80)
    assert len(names) == pictures(sandbox, [many])
    last = re.search(r"#photo=(\d+)-", desk.url)
    assert last
    desk.keyboard.press("Escape")
    expect(desk.locator(f'tr[data-checkin-id="{last[1]}"] a[data-photo]').first).to_be_focused()


def test_the_check_in_page_opens_its_own_pictures(desk: Page) -> None:
    desk.goto(f"/checkins/{awkward.ROTATIONS}/")
    open_picture(desk, desk.locator("a[data-photo]").nth(1))
    expect(count(desk)).to_have_text("2 of 8")
    desk.keyboard.press("End")
    expect(count(desk)).to_have_text("8 of 8")


def test_a_copied_link_opens_the_same_picture_again(desk: Page, desk_of: Desk) -> None:
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(ONE_PAGE)
    with_forms_read(desk)
    picture = open_picture(desk, tiles(desk).nth(3))
    desk.keyboard.press("y")
    expect(desk.locator("#toasts")).to_contain_text("Link copied")
    link = desk.evaluate("navigator.clipboard.readText()")
    other = desk_of("owner")
    other.goto(link)
    expect(lightbox(other)).to_be_visible()
    shows(other, picture)
    other.keyboard.press("Escape")
    expect(lightbox(other)).to_have_count(0)
    expect(other).to_have_url(re.compile(r"/checkins/\d+/[^#]*$"))


@pytest.mark.parametrize("view", ["gallery", "table"])
def test_reloading_with_a_picture_open_opens_it_again(desk: Page, view: str) -> None:
    desk.goto(f"/checkins/?period=yesterday&view={view}&per_page=250")
    forms_read(desk)
    picture = open_picture(desk, desk.locator("#results a[data-photo]").nth(1))
    desk.reload()
    expect(lightbox(desk)).to_be_visible()
    shows(desk, picture)


def test_a_picture_that_is_not_there_any_more_is_said(desk: Page) -> None:
    desk.goto(f"{ONE_PAGE}#photo=1-2")
    expect(desk.locator("#toasts")).to_contain_text("no longer on this page")
    expect(desk).to_have_url(ONE_PAGE)


def test_c_opens_the_check_in(desk: Page) -> None:
    desk.goto(ONE_PAGE)
    open_picture(desk, tiles(desk).first)
    checkin = re.search(r"#photo=(\d+)-", desk.url)
    desk.keyboard.press("c")
    expect(desk.locator("article.detail")).to_be_visible()
    assert checkin
    assert f"/checkins/{checkin[1]}/" in desk.url


def test_d_downloads_the_original(desk_of: Desk) -> None:
    desk = desk_of("owner", photos=True)
    desk.goto(f"/checkins/{awkward.ROTATIONS}/")
    open_picture(desk, desk.locator("a[data-photo]").first)
    with desk.expect_download() as download:
        desk.keyboard.press("d")
    assert download.value.suggested_filename == "rotation_1.jpg"


def test_keys_can_be_switched_off_and_arrows_stay(desk: Page) -> None:
    desk.goto(ONE_PAGE)
    order = with_forms_read(desk)
    desk.evaluate("document.documentElement.dataset.shortcuts = 'off'")
    open_picture(desk, tiles(desk).first)
    desk.keyboard.press("i")
    expect(desk.locator(".lb-info")).to_be_hidden()
    desk.keyboard.press("ArrowRight")
    shows(desk, order[1])


def test_each_picture_is_announced(desk: Page) -> None:
    desk.goto(f"/checkins/{awkward.ROTATIONS}/")
    open_picture(desk, desk.locator("a[data-photo]").first)
    said = lightbox(desk).get_by_role("status")
    expect(said).to_contain_text("1 of 8")
    desk.keyboard.press("ArrowRight")
    expect(said).to_contain_text("2 of 8")
    expect(said).to_contain_text("rotation_2.jpg")


def test_the_page_behind_is_out_of_reach(desk: Page) -> None:
    desk.goto(ONE_PAGE)
    settled(desk)
    open_picture(desk, tiles(desk).first)
    for _ in range(14):
        desk.keyboard.press("Tab")
        assert desk.evaluate("!document.activeElement.closest('.shell')")


def test_what_the_camera_noted_stands_beside_the_check_in(desk: Page, sandbox: Sandbox) -> None:
    checkin, file = next(
        (one, file)
        for one in newest(sandbox)
        for file in map(sandbox.world.file, one.file_ids)
        if file and file.state == "uploaded" and (file.drawing.get("exif") or {}).get("place")
    )
    desk.goto(f"/checkins/{checkin.id}/#photo={checkin.id}-{file.id}")
    expect(lightbox(desk)).to_be_focused()
    desk.keyboard.press("i")
    noted = lightbox(desk).get_by_role("complementary", name="What the camera noted")
    expect(noted).to_contain_text(file.drawing["exif"]["model"])
    expect(noted).to_contain_text(re.compile(r"(before|after|within a minute of) the check-in"))
    expect(noted).to_contain_text(re.compile(r"\d k?m from the check-in"))
    expect(noted).to_contain_text("Europe/Madrid")
    desk.keyboard.press("i")
    expect(noted).to_be_hidden()


def test_two_pictures_side_by_side(desk: Page) -> None:
    desk.goto(ONE_PAGE)
    with_forms_read(desk)
    open_picture(desk, tiles(desk).first)
    desk.keyboard.press("v")
    expect(lightbox(desk).locator('[data-do="compare"]')).to_have_attribute("aria-pressed", "true")
    desk.keyboard.press("End")
    desk.keyboard.press("v")
    pair = desk.get_by_role("dialog", name="Two pictures side by side")
    expect(pair).to_be_visible()
    sources = pair.locator("img").evaluate_all("all => all.map(one => one.src)")
    assert sources[0] != sources[1]
    expect(pair).to_contain_text(re.compile(r"apart"))
    desk.keyboard.press("+")
    expect(pair.locator("img").first).to_have_attribute("style", re.compile(r"scale\(1\.5\)"))
    desk.keyboard.press("Escape")
    expect(pair).to_be_hidden()
    expect(lightbox(desk)).to_be_visible()


# --- by touch -----------------------------------------------------------------------------------------------


def drag(page: Page, *paths: list[tuple[float, float]]) -> None:
    """Fingers go along their paths at the same time."""
    fingers = page.context.new_cdp_session(page)

    def send(kind: str, at: int) -> None:
        points = (
            []
            if kind == "touchEnd"
            else [{"x": p[at][0], "y": p[at][1], "id": n} for n, p in enumerate(paths)]
        )
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", 0)
    for at in range(1, len(paths[0])):
        send("touchMove", at)
        page.wait_for_timeout(16)
    send("touchEnd", 0)


def swiped(page: Page, path: list[tuple[float, float]], shown: str | re.Pattern[str]) -> None:
    touched(lambda: drag(page, path), lambda ms: expect(count(page)).to_have_text(shown, timeout=ms))


def wider(picture: Locator, than: float, ms: float) -> None:
    try:
        picture.page.wait_for_function(
            "([one, px]) => one.getBoundingClientRect().width > px",
            arg=[picture.element_handle(), than],
            timeout=ms,
        )
    except TimeoutError as error:
        raise AssertionError(f"not wider than {than} px") from error


def closed(page: Page, ms: float) -> None:
    expect(lightbox(page)).to_have_count(0, timeout=ms)


def line(start: tuple[float, float], end: tuple[float, float], steps: int = 10) -> list[tuple[float, float]]:
    parts = [step / steps for step in range(steps + 1)]
    return [(start[0] + (end[0] - start[0]) * p, start[1] + (end[1] - start[1]) * p) for p in parts]


@pytest.fixture
def phone(desk_of: Desk) -> Page:
    page = desk_of("owner", photos=True, **PHONE)
    page.goto(f"/checkins/{awkward.ROTATIONS}/")
    page.locator("a[data-photo]").nth(1).click()
    expect(lightbox(page)).to_be_focused()
    expect(count(page)).to_have_text("2 of 8")
    settled(page)
    return page


def test_a_swipe_goes_to_the_next_picture(phone: Page) -> None:
    swiped(phone, line((300, 350), (40, 350)), "3 of 8")
    swiped(phone, line((60, 350), (320, 350)), "2 of 8")


def test_a_pinch_zooms(phone: Page) -> None:
    picture = lightbox(phone).locator("img[alt*='rotation_2']").first
    before = picture.bounding_box()
    assert before
    apart = line((160, 350), (60, 350)), line((200, 350), (300, 350))
    touched(lambda: drag(phone, *apart), lambda ms: wider(picture, before["width"] * 1.5, ms))


def test_a_swipe_down_closes(phone: Page) -> None:
    touched(lambda: drag(phone, line((180, 250), (180, 600))), lambda ms: closed(phone, ms))


def test_the_tools_are_large_enough_for_a_finger(phone: Page) -> None:
    for button in lightbox(phone).locator(".lb-button:visible").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 40
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360


def test_swiping_through_the_gallery_on_a_phone_goes_on(desk_of: Desk, sandbox: Sandbox) -> None:
    page = desk_of("owner", **PHONE)
    page.goto(ALL)
    settled(page)
    tiles(page).first.click()
    expect(count(page)).to_have_text(re.compile("^1 of "))
    swiped(page, line((300, 350), (40, 350)), re.compile("^2 of "))
    touched(lightbox(page).get_by_role("button", name="Close", exact=True).tap, lambda ms: closed(page, ms))


# --- every odd file -----------------------------------------------------------------------------------------


def quarters(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours a picture shows near its corners, clockwise from the upper left."""
    w, h = image.size
    places = ((0.15, 0.15), (0.85, 0.15), (0.85, 0.85), (0.15, 0.85))
    found = [image.convert("RGB").getpixel((int(w * x), int(h * y))) for x, y in places]
    return [colour for colour in found if isinstance(colour, tuple)]


def upright(picture: Locator) -> bool:
    found = quarters(Image.open(BytesIO(picture.screenshot())))
    return all(
        max(abs(a - b) for a, b in zip(colour, expected, strict=True)) < 40
        for colour, expected in zip(found, QUARTERS, strict=True)
    )


def loaded(picture: Locator) -> None:
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0


TURNED = [f"{way}_{n}" for way in ("rotation", "metadata_rotation") for n in range(1, 9)]


@pytest.fixture
def odd(desk_of: Desk) -> Page:
    return desk_of("owner", photos=True, reduced_motion="reduce")


def test_every_turned_picture_is_upright_in_the_gallery(odd: Page) -> None:
    odd.goto("/checkins/?from=2026-03-11&view=gallery&per_page=250")
    wrong = []
    for kind in TURNED:
        picture = odd.locator(f'a[data-photo="{KINDS[kind].file_id}"] img')
        loaded(picture)
        wrong += [] if upright(picture) else [kind]
    assert wrong == []


@pytest.mark.parametrize("checkin", [awkward.ROTATIONS, awkward.TURNED_BY_METADATA])
def test_every_turned_picture_and_its_original_is_upright_in_the_lightbox(odd: Page, checkin: int) -> None:
    odd.goto(f"/checkins/{checkin}/")
    open_picture(odd, odd.locator("a[data-photo]").first)
    wrong = []
    for number in range(1, 9):
        expect(count(odd)).to_have_text(f"{number} of 8")
        picture = lightbox(odd).locator(f"img.pswp__img[alt*='rotation_{number}.']")
        loaded(picture)
        wrong += [] if upright(picture) else [f"large {number}"]
        odd.keyboard.press("o")
        expect(lightbox(odd).locator(".lb-state")).to_contain_text("Original")
        loaded(picture)
        wrong += [] if upright(picture) else [f"original {number}"]
        odd.keyboard.press("ArrowRight")
    assert wrong == []


def test_turning_is_of_the_view_alone(odd: Page) -> None:
    odd.goto(f"/checkins/{awkward.ROTATIONS}/")
    open_picture(odd, odd.locator("a[data-photo]").first)
    picture = lightbox(odd).locator("img.pswp__img[alt*='rotation_1.']")
    loaded(picture)
    odd.keyboard.press("r")
    found = quarters(Image.open(BytesIO(picture.screenshot())))
    assert max(abs(a - b) for a, b in zip(found[1], TOP_LEFT, strict=True)) < 40
    box = picture.bounding_box()
    assert box
    assert box["height"] > box["width"]
    odd.keyboard.press("Escape")
    small = odd.locator(f'a[data-photo="{KINDS["rotation_1"].file_id}"] img')
    assert upright(small)


def test_no_tile_is_a_broken_picture(odd: Page) -> None:
    odd.goto("/checkins/?from=2026-03-11&view=gallery&per_page=250&group=none")
    kinds = [kind for kind, found in KINDS.items() if odd_picture(odd, found.file_id).count()]
    assert {"truncated", "bomb", "empty", "not_a_picture", "gone", "heic", "tiff", "cmyk"} <= set(kinds)
    for kind in kinds:
        loaded(odd_picture(odd, KINDS[kind].file_id))


def odd_picture(page: Page, file_id: int) -> Locator:
    return page.locator(f'a[data-photo="{file_id}"] img')


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("report_pdf", "protocol.pdf"),
        ("archive_zip", "logs.zip"),
        ("drawing_svg", "plan.svg"),
        ("created", "Not uploaded yet"),
        ("in_progress", "Not uploaded yet"),
        ("deleted", "Deleted from storage"),
    ],
)
def test_what_is_no_picture_is_a_tile_with_words(desk: Page, kind: str, words: str) -> None:
    desk.goto("/checkins/?from=2026-03-11&view=gallery&per_page=250")
    found = KINDS[kind]
    tile = desk.locator(f'figure[data-checkin-id="{found.checkin_id}"]', has_text=found.name)
    expect(tile).to_contain_text(words)
    expect(tile.locator("img")).to_have_count(0)


def test_a_name_with_markup_stays_text(desk: Page) -> None:
    desk.goto("/checkins/?from=2026-03-11&view=gallery&per_page=250")
    found = KINDS["name_markup"]
    settled(desk)
    open_picture(desk, desk.locator(f'a[data-photo="{found.file_id}"]'))
    expect(lightbox(desk).get_by_role("status")).to_contain_text(found.name)


# --- for everybody ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", ["checkin", "day", "none"])
def test_axe_finds_nothing_in_the_gallery(
    group: str, desk: Page, axe_in_both: Callable[[Page], list[str]]
) -> None:
    desk.goto(f"{ALL}&group={group}")
    with_forms_read(desk)
    desk.locator(".pick > input").first.check()
    assert axe_in_both(desk) == []


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_in_the_lightbox(
    options: dict[str, Any], desk_of: Desk, axe: Callable[[Page], list[str]]
) -> None:
    page = desk_of("owner", reduced_motion="reduce", **options)
    page.goto(ONE_PAGE)
    with_forms_read(page)
    open_picture(page, tiles(page).first)
    assert axe(page) == []
    page.keyboard.press("i")
    expect(lightbox(page).locator(".noted")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("v")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("v")
    expect(page.get_by_role("dialog", name="Two pictures")).to_be_visible()
    assert axe(page) == []


@pytest.mark.parametrize("group", ["checkin", "day", "none"])
def test_a_phone_needs_no_sideways_scrolling(desk_of: Desk, group: str) -> None:
    page = desk_of("owner", **PHONE)
    page.goto(f"{ALL}&group={group}")
    with_forms_read(page)
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
