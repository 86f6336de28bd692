"""A new draft like a check-in that is there, or was: same crew, same form, its answers and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from checkins import drafts
from checkins.creation import PAGE
from checkins.drafts import Stale
from checkins.models import Draft
from dashboard.accounts import Account
from dashboard.jobs import desk as jobs
from dashboard.jobs.kinds import JobFailed
from dashboard.navixy import checkins as api
from dashboard.navixy import forms
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NotFound
from dashboard.uploads import staging
from dashboard.uploads.staging import Coming, StagingRefused

Record = Mapping[str, Any]
NAME = "checkin-again"


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
            jobs.ask(account, session_hash, kind=NAME, title=title, arguments=arguments, link=PAGE % draft.pk)
        except jobs.TooMany:
            note(draft, _("Its files were not fetched: too many jobs are under way. Add them by hand."))
    return draft


def from_record(
    account: Account, *, checkin: Record, form: Record | None, template: Record | None, files: Sequence[Kept]
) -> Draft:
    """From an archived check-in: wire records of it, of its form with its answers, and of the template as
    it is now (None: gone); and the files' bytes. Speaks to nobody. What was left behind is in its notes."""
    draft = _begun(account, api.checkin_from(checkin), form, template)
    for file in files:
        with file.opened() as content:
            if sentence := taken(account, draft, file, content):
                note(draft, sentence)
    return draft


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
        note(draft, _("Its form, “%s”, is not offered any more, so this one begins without it.") % label)
        return draft
    answers = form.get("values") or {}
    draft = drafts.change(draft, version=draft.version, answers=_without_files(answers, template))
    draft = drafts.choose_template(draft, version=draft.version, record=template)
    if missing := _left_behind(form, answers, template):
        note(draft, _("The form has changed since; answers left behind: %s.") % ", ".join(missing))
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


def taken(account: Account, draft: Draft, file: Kept, content: Coming) -> str:
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


def note(draft: Draft, sentence: str) -> None:
    """For its person to read on the draft's pages."""
    draft.notes = [*draft.notes, sentence]
    Draft.objects.filter(pk=draft.pk).update(notes=draft.notes)
