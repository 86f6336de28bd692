"""A new draft like a check-in that is there, or was: same crew, same form, its answers and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checkins import drafts
from checkins.drafts import Stale
from checkins.models import Draft
from dashboard import connect
from dashboard.accounts import Account
from dashboard.jobs import desk as jobs
from dashboard.jobs.kinds import JobFailed, Kind, Result
from dashboard.jobs.running import Running
from dashboard.navixy import checkins as api
from dashboard.navixy import forms
from dashboard.navixy.answers import FileAnswer, SignatureAnswer
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NotFound
from dashboard.navixy.filehosts import HostRefused
from dashboard.navixy.files import File
from dashboard.navixy.storage import FileGone, FileTooLarge
from dashboard.uploads import staging
from dashboard.uploads.staging import Coming, StagingRefused

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file of the former check-in, whose bytes `opened` gives; `field_id` is empty for a photo."""

    name: str
    opened: Callable[[], AbstractContextManager[Coming]]
    field_id: str = ""
    orientation: int | None = None


def from_checkin(account: Account, client: Client, checkin: Checkin, session_hash: str = "") -> Draft:
    """Tracker, place, comment, form and answers at once; its files come by a job of that session.

    What cannot be taken over is told in `draft.notes`. Raises NavixyError.
    """
    form = template = None
    if checkin.form_id is not None:
        form = forms.form_record(client, checkin.form_id)
        template = _template_now(client, form)
    draft = _begun(account, checkin, form, template)
    if session_hash and (checkin.files or checkin.form_id is not None):
        arguments = {"draft": draft.pk, "checkin": checkin.id}
        title = _("Files for a new check-in")
        try:
            jobs.ask(account, session_hash, kind=KIND.name, title=title, arguments=arguments)
        except jobs.TooMany:
            _note(draft, _("Its files were not fetched: too many jobs are under way. Add them by hand."))
    return draft


def from_record(
    account: Account, *, checkin: Record, form: Record | None, template: Record | None, files: Sequence[Kept]
) -> Draft:
    """From an archived check-in: wire records of it, of its form with its answers, and of the template as
    it is now (None: gone); and the files' bytes. Speaks to nobody. What was left behind is in its notes."""
    draft = _begun(account, api.checkin_from(checkin), form, template)
    for file in files:
        with file.opened() as content:
            if sentence := _taken(account, draft, file, content):
                _note(draft, sentence)
    return draft


def run(job: Running) -> Result:
    """Files of the former check-in into the draft, one by one; those that are there already stay."""
    draft = drafts.one(job.account, job.arguments["draft"])
    if draft is None:
        raise JobFailed(_("The draft was removed meanwhile."))
    checkin = api.read(job.client, job.arguments["checkin"])
    wanted = [(file, "") for file in checkin.files]
    if checkin.form_id is not None and draft.template is not None:
        wanted += _of_form(job.client, checkin.form_id)
    for number, (file, field_id) in enumerate(wanted, start=1):
        if file.id not in job.saved.get("got", []):
            _fetched(job, draft, file, field_id)
        job.save(number, len(wanted), file.name, got=[*job.saved.get("got", []), file.id])
    here = draft.files.count()
    return Result(message=ngettext("%d file is in the draft.", "%d files are in the draft.", here) % here)


KIND = Kind(
    name="checkin-again",
    label=gettext_lazy("Files for a new check-in"),
    icon="copy-plus",
    unit=gettext_lazy("files"),
    run=run,
)


def _begun(account: Account, checkin: Checkin, form: Record | None, template: Record | None) -> Draft:
    draft = drafts.begin(
        account,
        tracker_id=checkin.tracker_id or None,
        lat=checkin.lat,
        lng=checkin.lng,
        address=checkin.address,
        comment=checkin.comment,
        origin_id=checkin.id,
    )
    if form is None:
        return draft
    if template is None:
        label = str(form.get("label") or "")
        _note(draft, _("Its form, “%s”, is not offered any more, so this one begins without it.") % label)
        return draft
    answers = form.get("values") or {}
    draft = drafts.change(draft, version=draft.version, answers=_without_files(answers, template))
    draft = drafts.choose_template(draft, version=draft.version, record=template)
    if missing := _left_behind(form, answers, template):
        _note(draft, _("The form has changed since; answers left behind: %s.") % ", ".join(missing))
    return draft


def _template_now(client: Client, form: Record) -> Record | None:
    template_id = form.get("template_id")
    if not isinstance(template_id, int):
        return None
    try:
        return forms.template_record(client, template_id)
    except NotFound:
        return None


def _without_files(answers: Record, template: Record) -> dict[str, Any]:
    of_files = {one.get("id") for one in template.get("fields", ()) if one.get("type") in _FILE_TYPES}
    return {
        key: dict(value)
        for key, value in answers.items()
        if isinstance(value, dict) and key not in of_files and not {"file_ids", "file_id"} & value.keys()
    }


_FILE_TYPES = ("file", "photo", "signature")


def _left_behind(form: Record, answers: Record, template: Record) -> list[str]:
    """Labels of questions that were answered and are not asked any more, or asked otherwise."""
    now = {one.get("id"): one.get("type") for one in template.get("fields", ())}
    return [
        str(one.get("label") or one.get("id"))
        for one in form.get("fields", ())
        if one.get("id") in answers and now.get(one["id"]) != one.get("type")
    ]


def _of_form(client: Client, form_id: int) -> list[tuple[File, str]]:
    form = forms.read_form(client, form_id)
    known = {file.id: file for file in form.files}
    found: list[tuple[File, str]] = []
    for field_id, answer in form.values.items():
        ids = answer.file_ids if isinstance(answer, FileAnswer) else ()
        ids = (answer.file_id,) if isinstance(answer, SignatureAnswer) else ids
        found += [(known[file_id], field_id) for file_id in ids if file_id in known]
    return found


def _fetched(job: Running, draft: Draft, file: File, field_id: str) -> None:
    path = job.folder / f"{file.id}"
    kept = Kept(
        name=file.name, opened=lambda: path.open("rb"), field_id=field_id, orientation=file.orientation
    )
    try:
        if file.download_url is None:
            raise FileGone(action="file")
        with path.open("wb") as into:
            connect.storage(job.account.api_url).fetch(file.download_url, into)
        with path.open("rb") as content:
            sentence = _taken(job.account, draft, kept, content)
    except (FileGone, FileTooLarge, HostRefused):
        sentence = _("“%s” could not be had any more.") % file.name
    finally:
        path.unlink(missing_ok=True)
    if sentence:
        _note(draft, sentence)


def _taken(account: Account, draft: Draft, file: Kept, content: Coming) -> str:
    """Why the file did not get into the draft; empty when it did. Raises JobFailed without a draft."""
    asked = {field.id for field in draft.form.fields} if draft.form else set()
    if file.field_id and file.field_id not in asked:
        return _("The form does not ask for “%s” any more.") % file.name
    try:
        staged = staging.stage(account, file.name, content)
    except StagingRefused as error:
        return f"{file.name}: {error}"
    if draft.files.filter(field_id=file.field_id, staged__sha256=staged.sha256).exists():
        staging.remove(staged)  # of an earlier attempt
        return ""
    if staged.orientation is None and staged.is_image and file.orientation:
        staged.orientation = file.orientation
        staged.save(update_fields=["orientation"])
    try:
        drafts.attach(draft, staged, field_id=file.field_id)
    except Stale:
        staging.remove(staged)
        raise JobFailed(_("The draft was sent or removed before all its files were here.")) from None
    return ""


def _note(draft: Draft, sentence: str) -> None:
    draft.notes = [*draft.notes, sentence]
    Draft.objects.filter(pk=draft.pk).update(notes=draft.notes)
