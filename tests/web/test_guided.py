"""`/checkins/new/` and `/checkins/drafts/…`: each step, saved as it is written, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import ExifTags, Image

from checkins.models import Draft, DraftFile, DraftState
from dashboard.sandbox import Fault, Sandbox
from tests.web.desk import words_in

if TYPE_CHECKING:
    from django.test import Client as Browserless

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., "Browserless"]
HTMX = {"HX-Request": "true"}
LIFT, SOLAR, SAFETY = 201, 203, 205
MADRID = {"lat": "40.4168", "lng": "-3.7038", "address": "Plaza Mayor 1"}


def text(response: Any) -> str:
    return unescape(response.content.decode())


def picture(*, place: bool = False, size: tuple[int, int] = (60, 40), noise: bool = False) -> bytes:
    out, exif = BytesIO(), Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    if place:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (40.0, 25.0, 0.0)
        gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "W", (3.0, 42.0, 0.0)
    image = Image.effect_noise(size, 90).convert("RGB") if noise else Image.new("RGB", size, "teal")
    image.save(out, "JPEG", quality=98, exif=exif)
    return out.getvalue()


def jpeg(name: str = "lift.jpg", **options: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(**options), "image/jpeg")


@pytest.fixture
def web(signed_in: SignedIn) -> Browserless:
    return signed_in("owner")


@pytest.fixture
def tracker(sandbox: Sandbox) -> int:
    return next(
        one.id for one in sandbox.world.trackers.values() if not one.blocked and one.has_checkin_feature
    )


class Desk:
    """One person's draft, through its pages alone."""

    def __init__(self, web: Browserless) -> None:
        self.web = web
        page = web.get("/checkins/new/")["Location"]
        begun = web.post(page, {"version": 0}, headers=HTMX)
        self.base = begun["HX-Replace-Url"].removesuffix("who/")
        self.pk = int(self.base.split("/")[-2])
        cache.clear()  # of names and limits: begun some time ago

    @property
    def draft(self) -> Draft:
        return Draft.objects.get(pk=self.pk)

    def get(self, step: str, **options: Any) -> Any:
        return self.web.get(f"{self.base}{step}", **options)

    def save(self, step: str, data: dict[str, Any], *, version: int | None = None, **options: Any) -> Any:
        """What an autosave of the page does."""
        known = {"version": self.draft.version if version is None else version}
        return self.web.post(f"{self.base}{step}", {**known, **data}, headers=HTMX, **options)

    def send(self, step: str, data: dict[str, Any], **options: Any) -> Any:
        """What the form does without scripts, or its button with them."""
        known = {"version": self.draft.version, "act": "next"}
        return self.web.post(f"{self.base}{step}", {**known, **data}, **options)

    def upload(self, *files: SimpleUploadedFile, field: str = "", **more: Any) -> Any:
        data = {"field": field, "file": list(files), **more}
        accept = {"Accept": "application/json, text/html", **HTMX}
        return self.web.post(f"{self.base}files/", data, headers=accept)

    def act(self, file: DraftFile, act: str) -> Any:
        return self.web.post(f"{self.base}files/{file.pk}/{act}/", headers=HTMX)

    def files(self, field: str = "") -> list[DraftFile]:
        return list(DraftFile.objects.filter(draft=self.pk, field_id=field).select_related("staged"))

    def with_form(self, template: int) -> None:
        assert self.send("form/", {"template": template}).status_code == 302


@pytest.fixture
def desk(web: Browserless) -> Desk:
    return Desk(web)


# --- begin, list, delete -----------------------------------------------------------------------------------


def fresh(web: Browserless) -> str:
    """The address of a page on which nothing is begun yet."""
    return str(web.get("/checkins/new/")["Location"])


def test_looking_in_begins_nothing(web: Browserless) -> None:
    page = web.get("/checkins/new/", follow=True)
    assert page.status_code == 200
    assert "Kept as a draft from the first thing you enter" in words_in(page)
    assert "Draft saved" not in words_in(page)
    assert "/remove/" not in text(page)
    assert not Draft.objects.exists()


def test_the_first_thing_entered_makes_the_draft_and_gives_the_page_its_address(
    web: Browserless, tracker: int
) -> None:
    page = fresh(web)
    first = web.post(page, {"version": 0, "tracker": tracker}, headers=HTMX)
    draft = Draft.objects.get()
    assert first["HX-Replace-Url"] == f"/checkins/drafts/{draft.pk}/who/"
    assert 'id="draft-version" value="1"' in text(first)
    assert f"/checkins/drafts/{draft.pk}/remove/" in text(first)
    assert f"/checkins/drafts/{draft.pk}/answers/" in text(first)
    web.post(page, {"version": 1, "tracker": tracker, **MADRID}, headers=HTMX)
    draft.refresh_from_db()
    assert (Draft.objects.count(), draft.version, draft.address) == (1, 2, "Plaza Mayor 1")


def test_a_first_save_whose_answer_got_lost_makes_no_second_draft(web: Browserless, tracker: int) -> None:
    page, sent = fresh(web), {"version": 0, "tracker": tracker, **MADRID}
    web.post(page, sent, headers=HTMX)
    assert web.post(page, sent, headers=HTMX).status_code == 200
    assert web.post(page, {**sent, "act": "next"})["Location"].endswith("/form/")
    assert Draft.objects.count() == 1


def test_the_way_back_leads_to_what_was_begun(web: Browserless, tracker: int) -> None:
    page = fresh(web)
    on = web.post(page, {"version": 0, "tracker": tracker, **MADRID, "act": "next"})
    draft = Draft.objects.get()
    assert on["Location"] == f"/checkins/drafts/{draft.pk}/form/"
    back = web.get(page, follow=True)
    assert back.redirect_chain == [(f"/checkins/drafts/{draft.pk}/who/", 302)]
    assert f'value="{tracker}" checked' in text(back)


def test_without_scripts_what_is_missing_is_asked_for_on_the_page_of_the_draft(
    web: Browserless, tracker: int
) -> None:
    page = web.post(fresh(web), {"version": 0, "tracker": tracker, "act": "next"})
    assert page.status_code == 422
    assert "Choose where." in words_in(page)
    assert f'action="/checkins/drafts/{Draft.objects.get().pk}/who/"' in text(page)


def test_a_page_is_nobody_elses(web: Browserless, signed_in: SignedIn, tracker: int) -> None:
    page, sent = fresh(web), {"version": 0, "tracker": tracker}
    web.post(page, sent, headers=HTMX)
    other = signed_in("dispatcher")
    assert "Kept as a draft" in words_in(other.get(page))
    other.post(page, {"version": 0, "address": "Mine"}, headers=HTMX)
    assert sorted(one.address for one in Draft.objects.all()) == ["", "Mine"]


def test_a_page_whose_draft_is_deleted_or_made_begins_no_other(web: Browserless, tracker: int) -> None:
    page = fresh(web)
    web.post(page, {"version": 0, "tracker": tracker}, headers=HTMX)
    Draft.objects.update(state=DraftState.DONE)
    late = web.post(page, {"version": 1, "address": "Late"}, headers=HTMX)
    assert late["HX-Redirect"] == f"/checkins/drafts/{Draft.objects.get().pk}/progress/"
    Draft.objects.update(state=DraftState.EDITING)
    web.post(f"/checkins/drafts/{Draft.objects.get().pk}/remove/")
    assert web.post(page, {"version": 1, "address": "Late"}, headers=HTMX).status_code == 404
    assert [one.address for one in Draft.objects.all()] == [""]


def test_a_draft_with_something_in_it_is_listed_with_what_it_lacks(desk: Desk, tracker: int) -> None:
    desk.save("who/", {"tracker": tracker})
    page = words_in(desk.web.get("/checkins/drafts/"))
    assert "Choose where." in page
    assert "changed just now" in page
    assert '<span class="nav-count">1</span>' in text(desk.web.get("/checkins/drafts/"))


def test_a_draft_with_nothing_but_a_photo_counts_as_well(desk: Desk) -> None:
    desk.upload(jpeg())
    page = desk.web.get("/checkins/drafts/")
    assert '<span class="nav-count">1</span>' in text(page)
    assert text(page).count("data-draft-id") == 1


def test_a_draft_opens_where_it_was_left(desk: Desk, tracker: int) -> None:
    desk.send("who/", {"tracker": tracker, **MADRID})
    desk.get("form/")
    assert desk.get("")["Location"] == f"{desk.base}form/"


def test_a_draft_is_deleted_after_a_question_and_undo_brings_it_back(desk: Desk) -> None:
    desk.upload(jpeg())
    assert "Delete this draft?" in words_in(desk.get("remove/"))
    assert desk.get("who/").status_code == 200
    page = desk.send("remove/", {}, follow=True)
    assert "The draft is deleted. Undo" in words_in(page)
    assert "No drafts" in words_in(page)
    assert desk.get("who/").status_code == 404
    undo = re.findall(r'action="([^"]+/undo/)"', text(page))
    back = desk.web.post(undo[0], follow=True)
    assert "The draft is back, with its files." in words_in(back)
    assert text(back).count("data-draft-id") == 1
    assert desk.get(f"files/{desk.files()[0].pk}/preview/").status_code == 200


def test_undo_that_comes_too_late_says_so(desk: Desk) -> None:
    desk.upload(jpeg())
    desk.send("remove/", {})
    Draft.objects.all().delete()
    assert "cannot be brought back any more" in words_in(desk.web.post(f"{desk.base}undo/", follow=True))
    assert "Undo" not in words_in(desk.web.get("/checkins/drafts/", {"deleted": desk.pk}))


@pytest.mark.parametrize("text", ["", "x", "0", "-1", "9" * 30, "²"])
def test_an_address_that_names_no_deleted_draft_offers_no_undo(web: Browserless, text: str) -> None:
    page = web.get("/checkins/drafts/", {"deleted": text})
    assert page.status_code == 200
    assert "Undo" not in words_in(page)


@pytest.mark.parametrize(
    "path",
    [
        *("", "who/", "form/", "answers/", "review/", "progress/", "remove/", "resume/"),
        *("files/{file}/", "files/{file}/preview/"),
    ],
)
def test_anothers_draft_is_not_there(desk: Desk, signed_in: SignedIn, path: str) -> None:
    desk.upload(jpeg())
    address = desk.base + path.format(file=desk.files()[0].pk)
    assert signed_in("dispatcher").get(address).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("who/", "form/", "answers/", "review/", "remove/", "cancel/", "go-on/", "decide/", "files/"),
        *("files/order/", "files/restore/", "files/{file}/remove/", "files/{file}/retry/"),
        "files/{file}/skip/",
    ],
)
def test_nobody_changes_anothers_draft(desk: Desk, signed_in: SignedIn, path: str) -> None:
    desk.upload(jpeg())
    address = desk.base + path.format(file=desk.files()[0].pk)
    assert signed_in("dispatcher").post(address, {"version": 0}).status_code == 404
    assert len(desk.files()) == 1


# --- who and where -----------------------------------------------------------------------------------------


def test_who_offers_trackers_with_their_people_and_says_which_are_blocked(
    desk: Desk, sandbox: Sandbox
) -> None:
    page = text(desk.get("who/"))
    person = next(one for one in sandbox.world.employees.values() if one.tracker_id)
    assert sandbox.world.trackers[person.tracker_id or 0].label in page
    assert person.last_name in page
    blocked = next(one for one in sandbox.world.trackers.values() if one.blocked)
    assert re.search(rf'value="{blocked.id}"\s+disabled', page)
    assert "blocked in Navixy" in page


def test_what_is_entered_is_saved_at_once(desk: Desk, tracker: int) -> None:
    answer = desk.save("who/", {"tracker": tracker, **MADRID})
    assert answer.status_code == 200
    assert 'id="draft-version" value="1"' in text(answer)
    assert "Draft saved" in words_in(answer)
    draft = desk.draft
    assert (draft.tracker_id, draft.lat, draft.lng, draft.address) == (
        tracker,
        40.4168,
        -3.7038,
        "Plaza Mayor 1",
    )
    assert f'value="{tracker}" checked' in text(desk.get("who/"))


def test_saving_the_same_twice_changes_nothing(desk: Desk, tracker: int) -> None:
    desk.save("who/", {"tracker": tracker})
    desk.save("who/", {"tracker": tracker})
    assert desk.draft.version == 1


def test_a_save_the_page_did_not_hear_of_is_no_conflict(desk: Desk, tracker: int) -> None:
    desk.save("who/", {"tracker": tracker, **MADRID})
    on = desk.send("who/", {"tracker": tracker, **MADRID, "version": 0})
    assert on["Location"] == f"{desk.base}form/"


def test_another_tab_is_not_overwritten(desk: Desk, tracker: int) -> None:
    desk.save("who/", {"tracker": tracker, **MADRID})
    older = desk.save("who/", {"tracker": tracker, "lat": "1", "lng": "1"}, version=0)
    assert (older.status_code, older["HX-Retarget"]) == (409, "#problem")
    assert "changed in another tab" in words_in(older)
    assert desk.draft.lat == 40.4168


def test_who_insists_overwrites(desk: Desk, tracker: int) -> None:
    desk.save("who/", {"tracker": tracker, **MADRID})
    page = desk.send("who/", {"tracker": tracker, "lat": "1", "lng": "1", "version": 0})
    assert page.status_code == 409
    assert 'name="lat" value="1"' in text(page)
    kept = {"tracker": tracker, "lat": "1", "lng": "1", "version": 0, "act": "overwrite"}
    assert desk.send("who/", kept).status_code == 302
    assert desk.draft.lat == 1


def test_going_on_asks_for_what_is_missing(desk: Desk) -> None:
    page = desk.send("who/", {})
    assert page.status_code == 422
    assert "Choose who checks in." in words_in(page)
    assert "Choose where." in words_in(page)


@pytest.mark.parametrize(
    ("lat", "lng", "expected"),
    [
        ("40.4168, -3.7038", "", (40.4168, -3.7038)),
        ("40,4168; -3,7038", "", (40.4168, -3.7038)),
        ("40,4168", "−3,7038", (40.4168, -3.7038)),
        ("0", "0", (0, 0)),
    ],
)
def test_coordinates_are_understood_as_people_write_them(
    desk: Desk, tracker: int, lat: str, lng: str, expected: tuple[float, float]
) -> None:
    assert desk.send("who/", {"tracker": tracker, "lat": lat, "lng": lng}).status_code == 302
    assert (desk.draft.lat, desk.draft.lng) == expected


@pytest.mark.parametrize(("lat", "lng"), [("91", "0"), ("x", "0"), ("nan", "0"), ("1", ""), ("1", "181")])
def test_wrong_degrees_are_told_and_not_kept(desk: Desk, tracker: int, lat: str, lng: str) -> None:
    page = desk.send("who/", {"tracker": tracker, "lat": lat, "lng": lng})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in text(page)
    assert f'value="{lat}"' in text(page)
    assert (desk.draft.tracker_id, desk.draft.lat) == (tracker, None)


def test_a_blocked_tracker_is_refused_in_words(desk: Desk, sandbox: Sandbox) -> None:
    blocked = next(one.id for one in sandbox.world.trackers.values() if one.blocked)
    page = desk.send("who/", {"tracker": blocked, **MADRID})
    assert page.status_code == 422
    assert "blocked in Navixy. Choose another" in words_in(page)


def test_the_last_known_position_is_offered(web: Browserless, tracker: int) -> None:
    answer = web.get("/checkins/drafts/position/", {"tracker": tracker}, headers=HTMX)
    assert "Last known position" in words_in(answer)
    assert "data-position" in text(answer)


@pytest.mark.parametrize("query", [{}, {"tracker": "x"}, {"tracker": "0"}])
def test_no_tracker_has_no_position(web: Browserless, query: dict[str, str]) -> None:
    answer = web.get("/checkins/drafts/position/", query, headers=HTMX)
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_position_that_cannot_be_read_is_told_there(
    web: Browserless, sandbox: Sandbox, tracker: int
) -> None:
    sandbox.faults.add(Fault(action="tracker/get_states", kind="error_500", times=None))
    answer = web.get("/checkins/drafts/position/", {"tracker": tracker}, headers=HTMX)
    assert answer.status_code == 503
    assert "Its last position is not known now." in words_in(answer)


def test_without_scripts_a_button_takes_the_position(desk: Desk, tracker: int) -> None:
    assert desk.send("who/", {"tracker": tracker, "act": "position"})["Location"] == f"{desk.base}who/"
    assert desk.draft.lat is not None


def test_names_that_cannot_be_loaded_do_not_end_the_step(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(action="tracker/list", kind="error_500", times=None))
    page = desk.get("who/")
    assert page.status_code == 200
    assert "Navixy has a problem of its own" in words_in(page)


# --- form --------------------------------------------------------------------------------------------------


def test_each_form_shows_its_questions(desk: Desk) -> None:
    page = words_in(desk.get("form/"))
    assert "Lift maintenance visit" in page
    assert "10 questions, 5 required" in page
    assert "Customer's signature * required signature" in page
    assert "unknown here" in page


def test_a_chosen_form_stays_as_it_was(desk: Desk, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.with_form(LIFT)
    monkeypatch.setattr(sandbox.world.templates[LIFT], "fields", [])
    assert "Lift number" in words_in(desk.get("answers/"))


def test_no_form_is_a_choice(desk: Desk) -> None:
    desk.with_form(LIFT)
    assert desk.send("form/", {"template": "none"}).status_code == 302
    assert desk.draft.template is None


def test_a_form_that_is_gone_is_told(desk: Desk) -> None:
    page = desk.send("form/", {"template": 99999})
    assert page.status_code == 422
    assert "no longer there" in words_in(page)


def test_answers_are_not_given_up_without_a_question(desk: Desk) -> None:
    desk.with_form(LIFT)
    desk.save("answers/", {"answer-text-2": "RAE 4"})
    page = desk.send("form/", {"template": SAFETY})
    assert page.status_code == 422
    assert "With this form 1 answer would go" in words_in(page)
    assert desk.draft.template_id == LIFT
    assert desk.send("form/", {"template": SAFETY, "act": "sure"}).status_code == 302
    assert (desk.draft.template_id, desk.draft.answers) == (SAFETY, {})


def test_a_form_that_changed_since_offers_its_new_questions(
    desk: Desk, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.with_form(LIFT)
    desk.save("answers/", {"answer-text-2": "RAE 4"})
    template = sandbox.world.templates[LIFT]
    monkeypatch.setattr(template, "version", template.version + 1)
    monkeypatch.setattr(template, "fields", template.fields[:3])
    cache.clear()
    assert "has changed in Navixy since you chose it" in words_in(desk.get("form/"))
    assert desk.send("form/", {"template": LIFT, "anew": "1"}).status_code == 302
    assert desk.draft.answers == {"text-2": {"type": "text", "value": "RAE 4"}}
    assert len(desk.draft.form.fields if desk.draft.form else ()) == 3


# --- answers -----------------------------------------------------------------------------------------------

FILLED = {
    "comment": "All well",
    "answer-text-2": "RAE 4471/2",
    "answer-dropdown-3": "1",
    "answer-checkbox-group-4": ["0", "2"],
    "answer-radio-group-5": "0",
    "answer-date-7": "2026-04-01",
    "answer-rating-8": "4",
    "answer-text-11": "Line one\r\nline two",
}


def test_every_kind_of_answer_is_kept_and_shown_again(desk: Desk) -> None:
    desk.with_form(LIFT)
    assert desk.save("answers/", FILLED).status_code == 200
    assert desk.draft.answers["text-11"] == {"type": "text", "value": "Line one\nline two"}
    page = text(desk.get("answers/"))
    for shown in ('value="RAE 4471/2"', 'value="2026-04-01"', "Line one\nline two", "All well"):
        assert shown in page
    ticked = re.findall(r'name="answer-[^"]*"\s+value="(\d)"[^>]* checked>', page)
    assert ticked == ["0", "2", "0", "4"]  # two ticks, a radio button, four stars


def test_nothing_is_refused_while_it_is_unfinished(desk: Desk) -> None:
    desk.with_form(LIFT)
    answer = desk.save("answers/", {"answer-text-2": "x" * 50})
    assert answer.status_code == 200
    assert desk.draft.answers["text-2"]["value"] == "x" * 50
    assert "data-refused" not in text(desk.get("answers/"))


def test_going_on_says_at_each_question_what_is_wrong(desk: Desk) -> None:
    desk.with_form(LIFT)
    page = desk.send("answers/", {**FILLED, "answer-text-2": "x" * 50, "answer-date-7": "2026-01-01"})
    assert page.status_code == 422
    words = words_in(page)
    assert "Write at most 40 characters." in words
    assert "Choose today or a later day." in words
    assert "A signature is required here." in words
    assert text(page).count("data-refused") == 3


def test_what_navixy_refused_stands_at_its_question_until_that_changes(desk: Desk) -> None:
    desk.with_form(LIFT)
    desk.save("answers/", FILLED)
    Draft.objects.filter(pk=desk.pk).update(
        state=DraftState.PAUSED,
        problem="Some answers were not accepted.",
        code=242,
        field_errors={"text-2": "This is below the minimum.", "rating-8": "This is above the maximum."},
    )
    page = text(desk.get("answers/"))
    assert page.count("data-refused") == 2
    assert "This is below the minimum." in page
    desk.save("answers/", {**FILLED, "answer-text-2": "Another"})
    assert desk.draft.field_errors == {"rating-8": "This is above the maximum."}


def test_an_unknown_kind_of_question_is_explained_and_may_stay_empty(desk: Desk) -> None:
    desk.with_form(SOLAR)
    page = words_in(desk.get("answers/"))
    assert "does not know (temperature_probe). It may stay unanswered." in page
    assert desk.send("answers/", {"answer-dropdown-1": "0"}).status_code == 302


def test_one_that_is_required_stands_in_the_way(
    desk: Desk, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sandbox.world.templates[SOLAR].fields[1], "required", True)
    assert "Cannot be filled in here" in words_in(desk.get("form/"))
    desk.with_form(SOLAR)
    assert desk.send("answers/", {"answer-dropdown-1": "0"}).status_code == 422


# --- files -------------------------------------------------------------------------------------------------


def test_a_photo_comes_in_and_is_shown(desk: Desk) -> None:
    answer = desk.upload(jpeg("a lift.jpg"), jpeg("b.jpg"))
    assert answer.status_code == 200
    assert [file.staged.name for file in desk.files()] == ["a lift.jpg", "b.jpg"]
    assert "40 × 60" in words_in(answer)  # the right way up
    small = desk.web.get(f"{desk.base}files/{desk.files()[0].pk}/preview/")
    assert small["Content-Type"] == "image/jpeg"
    assert "private" in small["Cache-Control"]
    assert Image.open(BytesIO(small.content)).size == (40, 60)


@pytest.mark.parametrize(
    ("field", "name", "content", "sentence"),
    [
        ("", "note.txt", b"text", "Only pictures are accepted here."),
        ("", "empty.jpg", b"", "The file is empty."),
        ("file-10", "a.exe", b"MZ", "Only files of these types: pdf, txt."),
        ("signature-12", "note.txt", b"text", "Only pictures are accepted here."),
        ("text-2", "a.jpg", b"x", "no longer asks for this"),
        ("nonsense", "a.jpg", b"x", "no longer asks for this"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_in_words(
    desk: Desk, field: str, name: str, content: bytes, sentence: str
) -> None:
    desk.with_form(LIFT)
    answer = desk.upload(SimpleUploadedFile(name, content), field=field)
    assert answer.status_code == 422
    assert sentence in answer.json()["message"]
    assert not DraftFile.objects.exists()


def test_no_more_files_than_the_question_takes(desk: Desk) -> None:
    desk.with_form(LIFT)
    assert desk.upload(jpeg(), field="signature-12").status_code == 200
    assert desk.upload(jpeg(), field="signature-12").status_code == 422


def test_a_picture_beyond_the_limit_is_made_smaller_only_when_asked(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.switches.max_file_size = 400_000
    large = picture(size=(1000, 750), noise=True)
    assert len(large) > 400_000
    answer = desk.upload(SimpleUploadedFile("large.jpg", large))
    assert "Make it smaller" in words_in(answer)
    assert desk.files()[0].staged.size == len(large)
    assert "A file is larger than 400 kB." in words_in(desk.get("review/"))
    desk.act(desk.files()[0], "shrink")
    assert desk.files()[0].staged.size <= 400_000
    assert desk.files()[0].staged.name == "large.jpg"
    desk.upload(SimpleUploadedFile("second.jpg", large), shrink="1")
    assert desk.files()[1].staged.size <= 400_000


def test_the_place_goes_out_of_a_picture_and_the_pixels_stay(desk: Desk) -> None:
    desk.upload(jpeg(place=True))
    before = desk.files()[0].staged
    assert before.has_place
    answer = desk.act(desk.files()[0], "place")
    assert "Remove its place" not in words_in(answer)
    after = desk.files()[0].staged
    assert (after.has_place, after.orientation, after.width) == (False, 6, before.width)


def test_a_removed_file_can_be_brought_back(desk: Desk) -> None:
    desk.upload(jpeg())
    answer = desk.act(desk.files()[0], "remove")
    assert desk.files() == []
    assert "lift.jpg is removed." in words_in(answer)
    staged = re.search(r'name="staged" value="(\d+)"', text(answer))
    assert staged
    undo = {"field": "", "staged": staged[1]}
    assert desk.web.post(f"{desk.base}files/restore/", undo, headers=HTMX).status_code == 200
    assert [file.staged.name for file in desk.files()] == ["lift.jpg"]
    assert desk.web.post(f"{desk.base}files/restore/", undo, headers=HTMX).status_code == 410


def test_files_are_put_in_order(desk: Desk) -> None:
    desk.upload(jpeg("a.jpg"), jpeg("b.jpg"), jpeg("c.jpg"))
    a, b, c = desk.files()
    desk.act(c, "earlier")
    assert [file.staged.name for file in desk.files()] == ["a.jpg", "c.jpg", "b.jpg"]
    order = {"field": "", "order": f"{b.pk},{a.pk},{c.pk}"}
    assert desk.web.post(f"{desk.base}files/order/", order, headers=HTMX).status_code == 200
    assert [file.staged.name for file in desk.files()] == ["b.jpg", "a.jpg", "c.jpg"]


def test_without_scripts_files_come_and_go_with_the_form(desk: Desk) -> None:
    desk.with_form(LIFT)
    page = desk.send("answers/", {**FILLED, "files-": [jpeg()], "files-signature-12": jpeg("sign.jpg")})
    assert page["Location"] == f"{desk.base}review/"
    assert [file.staged.name for file in desk.files("signature-12")] == ["sign.jpg"]
    photo = desk.files()[0]
    gone = desk.send("answers/", {**FILLED, "act": f"remove:{photo.pk}", "comment": "Changed"})
    assert gone["Location"] == f"{desk.base}answers/"
    assert (desk.files(), desk.draft.comment) == ([], "Changed")


def test_a_refused_file_is_told_on_the_page_without_scripts(desk: Desk) -> None:
    page = desk.send("answers/", {"files-": SimpleUploadedFile("a.txt", b"text")}, follow=True)
    assert "Only pictures are accepted here." in words_in(page)


# --- review ------------------------------------------------------------------------------------------------


def test_review_says_what_will_be_sent_and_what_is_missing(desk: Desk, tracker: int) -> None:
    desk.send("who/", {"tracker": tracker, **MADRID})
    desk.with_form(LIFT)
    desk.save("answers/", FILLED)
    desk.upload(jpeg())
    page = desk.get("review/")
    words = words_in(page)
    for shown in ("Plaza Mayor 1", "RAE 4471/2", "All well", "lift.jpg", "4 of 5 stars"):
        assert shown in words
    assert "Navixy stamps the moment it receives the check-in" in words
    assert "cannot be changed" in words
    assert "1 thing is missing" in words
    assert f'href="{desk.base}answers/?check=1#question-12-whole"' in text(page)
    assert "A signature is required here." in words_in(desk.get("answers/?check=1"))


def test_an_incomplete_draft_is_not_sent(desk: Desk, sandbox: Sandbox) -> None:
    page = desk.send("review/", {})
    assert page.status_code == 422
    assert "2 things are missing" in words_in(page)
    assert [call.action for call in sandbox.calls if call.action == "checkin/create"] == []


# --- doors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["who/", "form/", "answers/", "review/"])
def test_each_step_is_a_whole_page(desk: Desk, step: str) -> None:
    page = text(desk.get(step))
    assert "<!DOCTYPE html>" in page
    assert 'aria-current="step"' in page


def test_a_session_that_ended_leads_back_to_the_step_with_everything_kept(
    desk: Desk, sandbox: Sandbox, tracker: int
) -> None:
    desk.save("who/", {"tracker": tracker, **MADRID})
    sandbox.end_sessions()
    answer = desk.save("form/", {"template": LIFT})
    assert answer["HX-Redirect"].startswith("/sign-in/?next=")
    assert desk.draft.lat == 40.4168


def test_an_upload_after_the_session_ended_is_told_as_json(desk: Desk) -> None:
    Client().get("/")
    desk.web.post("/sign-out/")
    answer = desk.upload(jpeg())
    assert answer.status_code == 401
    assert answer.json()["sign_in"].startswith("/sign-in/")


def test_a_post_without_our_token_changes_nothing(desk: Desk) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.web.cookies
    assert strict.post(f"{desk.base}who/", {"version": 0, **MADRID}).status_code == 403
    assert desk.draft.lat is None
