"""The job that brings the files of a former check-in into a draft made like it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checkins import drafts
from checkins.again import NAME, Kept, note, taken
from checkins.models import Draft
from dashboard import connect
from dashboard.jobs.kinds import JobFailed, Kind, Result
from dashboard.jobs.running import Running
from dashboard.navixy import checkins as api
from dashboard.navixy import forms
from dashboard.navixy.answers import FileAnswer, SignatureAnswer
from dashboard.navixy.client import Client
from dashboard.navixy.filehosts import HostRefused
from dashboard.navixy.files import File
from dashboard.navixy.storage import FileGone, FileTooLarge


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
    name=NAME,
    label=gettext_lazy("Files for a new check-in"),
    icon="copy-plus",
    unit=gettext_lazy("files"),
    run=run,
    cancelled=gettext_lazy("Cancelled. Files that had come are in the draft."),
    link_words=gettext_lazy("The draft"),
)


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
            sentence = taken(job.account, draft, kept, content)
    except (FileGone, FileTooLarge, HostRefused):
        sentence = _("“%s” could not be had any more.") % file.name
    finally:
        path.unlink(missing_ok=True)
    if sentence:
        note(draft, sentence)
