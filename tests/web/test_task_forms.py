"""Forms of stops: attached, read, corrected with files, detached into the archive."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browserless
from PIL import Image
from pytest_django import Settings

from dashboard.archive.models import Archived, State
from dashboard.audit.models import Entry
from dashboard.navixy import forms, messages, task_forms
from dashboard.navixy.client import Client
from dashboard.navixy.forms import Form
from dashboard.navixy.routes import WholeRoute
from dashboard.sandbox import Fault
from dashboard.sandbox.s3_server import S3Server
from dashboard.uploads.models import StagedFile
from tests import s3_servers
from tests.web.planning import Connect, planned, seen_in, submit_from_app, text_of

if TYPE_CHECKING:
    from dashboard.sandbox import Sandbox

Enter = Callable[..., Browserless]


@pytest.fixture
def other(navixy: Connect, sandbox: Sandbox) -> Client:
    assert sandbox.world.work.tasks  # laid out before anybody waits for it
    return navixy("owner")


@pytest.fixture
def route(other: Client) -> WholeRoute:
    return planned(other, number=2)


@pytest.fixture
def desk(signed_in: Enter, route: WholeRoute) -> Browserless:
    return signed_in("owner")


@pytest.fixture
def template(other: Client) -> forms.FormTemplate:
    """One that asks for photos."""
    return next(
        one
        for one in forms.list_templates(other)
        if any(isinstance(field, forms.PhotoField) for field in one.fields)
    )


@pytest.fixture
def filled(route: WholeRoute, other: Client, template: forms.FormTemplate, sandbox: Sandbox) -> Form:
    """The form of the first stop, submitted once from the app."""
    stop_id = route.stops[0].id
    task_forms.attach(other, stop_id, template_id=template.id)
    submit_from_app(sandbox, other, stop_id)
    found = task_forms.read(other, stop_id)
    assert found is not None
    assert found.submitted
    return found


def photo(name: str = "proof.jpg", colour: str = "teal", size: int = 64) -> SimpleUploadedFile:
    into = BytesIO()
    Image.new("RGB", (size, size), colour).save(into, "JPEG")
    return SimpleUploadedFile(name, into.getvalue(), content_type="image/jpeg")


def photo_field(form: Form) -> str:
    return next(field.id for field in form.fields if isinstance(field, forms.PhotoField))


def shown(desk: Browserless, stop_id: int) -> dict[str, Any]:
    """What the page's form would send untouched, files apart."""
    page = desk.get(f"/checkpoints/{stop_id}/form/").content.decode()
    found: dict[str, Any] = {"seen": re.findall(r'name="seen" value="([^"]+)"', page)[0]}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="((?:answer|keep|staged)-[^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        ticked = "checked" in tag or ('type="checkbox"' not in tag and 'type="radio"' not in tag)
        if name and ticked:
            found.setdefault(name[1], []).append(value[1] if value else "on")
    texts = re.findall(r'<textarea[^>]*name="(answer-[^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    found |= dict(texts)
    for name, body in re.findall(r'<select[^>]*name="(answer-[^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', body)
        found[name] = chosen[1] if chosen else ""
    return found


def complaints(answer: Any) -> dict[str, str]:
    """What stands at each question as wrong, by field id."""
    questions = answer.content.decode().split('data-field="')[1:]
    told = re.compile(r'-error" >.*?<span[^>]*>(.*?)</span>', re.DOTALL)  # a hidden one has nothing to say
    found = {one.split('"', 1)[0]: told.search(one) for one in questions}
    return {field_id: unescape(match[1]) for field_id, match in found.items() if match}


def bytes_of(sandbox: Sandbox, other: Client, stop_id: int, file_id: int) -> bytes:
    from dashboard import connect

    record, files = task_forms.as_received(other, stop_id)
    file = next(one for one in files if one.id == file_id)
    into = BytesIO()
    assert record
    assert file.download_url
    connect.storage(other.base_url).fetch(file.download_url, into)
    return into.getvalue()


def test_a_template_is_attached_and_cannot_be_filled_from_here(
    desk: Browserless, route: WholeRoute, other: Client, template: forms.FormTemplate
) -> None:
    stop_id = route.stops[0].id
    answer = desk.post(f"/checkpoints/{stop_id}/form/attach/", {"template": template.id}, follow=True)
    assert "The form is attached." in text_of(answer)
    found = task_forms.read(other, stop_id)
    assert found is not None
    assert found.template_id == template.id
    assert "has to be filled in and submitted once in the X-GPS Tracker app" in text_of(answer)
    assert desk.get(f"/checkpoints/{stop_id}/form/").headers["Location"] == f"/checkpoints/{stop_id}/"


@pytest.mark.parametrize(
    ("code", "status", "sentence"),
    [
        (247, 409, "has a form already"),
        (201, 404, "form template is not there any more"),
        (255, 409, "no longer in a state that can be changed"),
        (13, 403, "do not have the right"),
    ],
)
def test_an_attachment_that_is_refused_says_why(
    desk: Browserless, route: WholeRoute, sandbox: Sandbox, code: int, status: int, sentence: str
) -> None:
    sandbox.faults.add(Fault(action="task/form/create", kind="error", code=code))
    answer = desk.post(f"/checkpoints/{route.stops[0].id}/form/attach/", {"template": "1"})
    assert answer.status_code == status
    assert sentence in text_of(answer)


def test_answers_and_files_of_a_submitted_form_are_shown(
    desk: Browserless, route: WholeRoute, filled: Form
) -> None:
    page = text_of(desk.get(f"/checkpoints/{route.stops[0].id}/"))
    assert f"{filled.label} Submitted" in page
    assert "Correct the answers" in page


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_a_form_is_downloaded_as_navixy_makes_it(
    desk: Browserless, route: WholeRoute, filled: Form, kind: str
) -> None:
    answer = desk.get(f"/checkpoints/{route.stops[0].id}/form/download/{kind}/")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a stream
    assert body.startswith(b"%PDF" if kind == "pdf" else b"PK")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_form_saved_untouched_has_the_same_answers(
    desk: Browserless, route: WholeRoute, other: Client, filled: Form
) -> None:
    stop_id = route.stops[0].id
    answer = desk.post(f"/checkpoints/{stop_id}/form/", shown(desk, stop_id))
    assert answer.status_code == 302, text_of(answer)
    after = task_forms.read(other, stop_id)
    assert after is not None
    assert after.values == filled.values


@pytest.mark.parametrize("mode", ["internal", "s3"])
def test_a_file_is_added_with_equal_bytes(
    desk: Browserless, route: WholeRoute, other: Client, filled: Form, sandbox: Sandbox, mode: str
) -> None:
    sandbox.switches.storage_mode = mode
    stop_id, field_id, file = route.stops[0].id, photo_field(filled), photo()
    content = file.read()
    file.seek(0)
    answer = desk.post(f"/checkpoints/{stop_id}/form/", {**shown(desk, stop_id), f"files-{field_id}": file})
    assert answer.status_code == 302, text_of(answer)
    after = task_forms.read(other, stop_id)
    assert after is not None
    ids = after.values[field_id].file_ids  # type: ignore[union-attr]  # a photo field's answer
    assert bytes_of(sandbox, other, stop_id, ids[-1]) == content
    assert not StagedFile.objects.exists(), "what is sent is kept no longer"


def test_a_file_is_replaced(
    desk: Browserless, route: WholeRoute, other: Client, filled: Form, sandbox: Sandbox
) -> None:
    stop_id, field_id = route.stops[0].id, photo_field(filled)
    desk.post(f"/checkpoints/{stop_id}/form/", {**shown(desk, stop_id), f"files-{field_id}": photo()})
    both = shown(desk, stop_id)
    (old,) = both.pop(f"keep-{field_id}")
    desk.post(f"/checkpoints/{stop_id}/form/", {**both, f"files-{field_id}": photo("new.jpg", "red")})
    after = task_forms.read(other, stop_id)
    assert after is not None
    ids = after.values[field_id].file_ids  # type: ignore[union-attr]
    assert len(ids) == 1
    assert str(ids[0]) != old


@pytest.mark.parametrize(
    ("code", "status", "sentence"),
    [
        (231, 422, "This field does not take files."),
        (255, 409, "no longer in a state"),
        (267, 507, "There are too many files for this field."),
        (268, 507, "The account's storage is full."),
        (271, 507, "The file is larger than Navixy accepts."),
    ],
)
def test_a_refused_file_is_told_at_its_question_and_kept(
    desk: Browserless,
    route: WholeRoute,
    other: Client,
    filled: Form,
    sandbox: Sandbox,
    code: int,
    status: int,
    sentence: str,
) -> None:
    stop_id, field_id = route.stops[0].id, photo_field(filled)
    sandbox.faults.add(Fault(action="task/form/file/create", kind="error", code=code))
    answer = desk.post(
        f"/checkpoints/{stop_id}/form/", {**shown(desk, stop_id), f"files-{field_id}": photo()}
    )
    assert answer.status_code == status
    assert sentence in text_of(answer)
    kept = StagedFile.objects.get()
    assert f'name="staged-{field_id}" value="{kept.pk}" checked' in answer.content.decode()
    after = task_forms.read(other, stop_id)
    assert after is not None
    assert after.values == filled.values
    again = {**shown(desk, stop_id), f"staged-{field_id}": kept.pk}
    assert desk.post(f"/checkpoints/{stop_id}/form/", again).status_code == 302, "the kept file goes"


def test_answers_that_navixy_refuses_are_told_at_their_questions(
    desk: Browserless, route: WholeRoute, filled: Form, sandbox: Sandbox
) -> None:
    stop_id = route.stops[0].id
    sandbox.faults.add(Fault(action="task/form/values/update", kind="error", code=242))
    answer = desk.post(f"/checkpoints/{stop_id}/form/", shown(desk, stop_id))
    assert answer.status_code == 422
    assert "Navixy did not accept these answers and does not say which." in text_of(answer)


def test_each_complaint_of_navixy_stands_at_its_question(
    desk: Browserless, route: WholeRoute, filled: Form, sandbox: Sandbox
) -> None:
    stop_id = route.stops[0].id
    codes = {**messages.FIELD_ERRORS, 99: "Navixy did not accept this answer."}
    questions = [field.id for field in filled.fields if field.type != "separator"]
    for first in range(0, len(codes), len(questions)):
        wrong = dict(zip(questions, list(codes)[first : first + len(questions)], strict=False))
        told = [{"field_id": key, "code": code, "error": "API words"} for key, code in wrong.items()]
        sandbox.faults.add(Fault(action="task/form/values/update", kind="error", code=242, errors=told))
        answer = desk.post(f"/checkpoints/{stop_id}/form/", shown(desk, stop_id))
        assert answer.status_code == 422
        assert complaints(answer) == {key: codes[code] for key, code in wrong.items()}
        assert "Some answers were not accepted" in text_of(answer)
        assert "API words" not in text_of(answer)


def test_a_photo_that_is_still_on_its_way_is_told_at_its_question_and_not_sent_twice(
    desk: Browserless, route: WholeRoute, filled: Form, sandbox: Sandbox, api_calls: Any
) -> None:
    sandbox.switches.upload_noticed_after = 3600
    stop_id, field_id = route.stops[0].id, photo_field(filled)
    sent = {**shown(desk, stop_id), f"files-{field_id}": photo()}
    answer = desk.post(f"/checkpoints/{stop_id}/form/", sent)
    assert complaints(answer) == {field_id: "The file is not completely uploaded yet."}
    sandbox.switches.upload_noticed_after = 0
    again = {**shown(desk, stop_id), f"staged-{field_id}": StagedFile.objects.get().pk}
    with api_calls() as made:
        assert desk.post(f"/checkpoints/{stop_id}/form/", again).status_code == 302
    assert "task/form/file/create" not in made.actions


def test_a_state_that_forbids_the_correction_is_told_and_what_was_put_in_kept(
    desk: Browserless, route: WholeRoute, filled: Form, sandbox: Sandbox
) -> None:
    stop_id, field_id = route.stops[0].id, photo_field(filled)
    sandbox.faults.add(Fault(action="task/form/values/update", kind="error", code=255))
    sent = {**shown(desk, stop_id), f"files-{field_id}": photo()}
    answer = desk.post(f"/checkpoints/{stop_id}/form/", sent)
    assert answer.status_code == 409
    assert "This stop is no longer in a state that can be changed." in text_of(answer)
    assert f'name="staged-{field_id}" value="{StagedFile.objects.get().pk}" checked' in (
        answer.content.decode()
    )
    assert Entry.objects.get(action="correct_form").result == "failed"


def test_a_stop_that_became_faulty_meanwhile_says_so_and_keeps_what_was_put_in(
    desk: Browserless, route: WholeRoute, filled: Form, sandbox: Sandbox, api_calls: Any
) -> None:
    stop_id, field_id = route.stops[0].id, photo_field(filled)
    sent = {**shown(desk, stop_id), f"files-{field_id}": photo()}
    sandbox.world.work.tasks[stop_id].status = "faulty"
    with api_calls() as made:
        answer = desk.post(f"/checkpoints/{stop_id}/form/", sent)
    assert answer.status_code == 409
    assert "Navixy does not let the form of a stop be corrected that is done with problems." in (
        text_of(answer)
    )
    assert f'name="staged-{field_id}"' in answer.content.decode()
    assert not {"task/form/file/create", "task/form/values/update"} & set(made.actions)


def test_what_the_form_forbids_is_told_before_anything_is_sent(
    desk: Browserless, route: WholeRoute, filled: Form, api_calls: Any
) -> None:
    stop_id, field_id = route.stops[0].id, photo_field(filled)
    text = SimpleUploadedFile("notes.txt", b"no picture", content_type="text/plain")
    sent = {**shown(desk, stop_id), f"files-{field_id}": text}
    with api_calls() as made:
        answer = desk.post(f"/checkpoints/{stop_id}/form/", sent)
    assert answer.status_code == 422
    assert "Nothing was saved" in text_of(answer)
    assert not {"task/form/file/create", "task/form/values/update"} & set(made.actions)


def test_a_form_corrected_elsewhere_is_a_conflict(
    desk: Browserless, route: WholeRoute, other: Client, filled: Form, sandbox: Sandbox
) -> None:
    stop_id = route.stops[0].id
    sent = {**shown(desk, stop_id), "seen": "0123456789abcdef"}
    answer = desk.post(f"/checkpoints/{stop_id}/form/", sent)
    assert answer.status_code == 409
    assert "corrected elsewhere" in text_of(answer)
    assert seen_in(answer) != ["0123456789abcdef"]


@pytest.mark.parametrize("kind", ["effect_reset", "truncated"])
def test_a_correction_whose_answer_got_lost_is_looked_for(
    desk: Browserless, route: WholeRoute, filled: Form, sandbox: Sandbox, kind: str
) -> None:
    stop_id = route.stops[0].id
    sandbox.faults.add(Fault(action="task/form/values/update", kind=kind))
    assert desk.post(f"/checkpoints/{stop_id}/form/", shown(desk, stop_id)).status_code == 302
    assert Entry.objects.get(action="correct_form").result == "done"


def test_a_form_is_archived_with_its_files_before_it_is_detached(
    desk: Browserless, route: WholeRoute, other: Client, filled: Form
) -> None:
    stop_id, field_id = route.stops[0].id, photo_field(filled)
    desk.post(f"/checkpoints/{stop_id}/form/", {**shown(desk, stop_id), f"files-{field_id}": photo()})
    assert "The archive keeps them" in text_of(desk.get(f"/checkpoints/{stop_id}/form/detach/"))
    desk.post(f"/checkpoints/{stop_id}/form/detach/")
    assert task_forms.read(other, stop_id) is None
    kept = Archived.objects.get(kind="form")
    assert kept.state == State.REMOVED
    assert kept.forms[0]["values"]
    assert [file.field_id for file in kept.files.all()].count(field_id) >= 1
    assert all(file.sha256 for file in kept.files.all())


@pytest.fixture(scope="module", params=["seaweedfs", "s3rver"])
def server(request: pytest.FixtureRequest) -> Iterator[S3Server]:
    with getattr(s3_servers, request.param)() as running:
        yield running


def test_a_file_goes_to_a_real_s3_server_with_equal_bytes(
    server: S3Server,
    desk: Browserless,
    route: WholeRoute,
    other: Client,
    filled: Form,
    sandbox: Sandbox,
    settings: Settings,
) -> None:
    settings.NAVIXY_FILE_HOSTS = [urlsplit(server.endpoint).netloc]
    sandbox.switches.storage_mode, sandbox.s3_server = "s3", server
    stop_id, field_id, file = route.stops[0].id, photo_field(filled), photo("prüfung.jpg", size=400)
    content = file.read()
    file.seek(0)
    answer = desk.post(f"/checkpoints/{stop_id}/form/", {**shown(desk, stop_id), f"files-{field_id}": file})
    assert answer.status_code == 302, text_of(answer)
    after = task_forms.read(other, stop_id)
    assert after is not None
    (file_id,) = after.values[field_id].file_ids  # type: ignore[union-attr]  # a photo field's answer
    assert bytes_of(sandbox, other, stop_id, file_id) == content
