"""Making a check-in: form, photos, files of the form, then the check-in itself (ref 5.4 to 5.6).

A state machine over a journal: each result is written down before the next call, so that going on is reading
the journal. Knows no Django: client, storage, journal and clock come in.
"""

from __future__ import annotations

from dataclasses import replace

from checkins.plans import AlreadyMade, Desk, FormGone, Made, Outcome, Plan, Stopped
from checkins.submitting import form_record, looked, stopped, submitted
from dashboard.navixy import checkins as api
from dashboard.navixy import forms, messages
from dashboard.navixy.errors import NavixyError, NotAllowed, NotFound, SessionEnded
from dashboard.navixy.files import UploadTarget
from dashboard.uploads import flows as uploads
from dashboard.uploads.flows import PASSING, Item

QUOTA, TOO_MANY = 268, 267
MOST_SILENT = 2  # files in a row the storage does not answer for: it is down

CHANGED_FORM = (
    "The form was changed in Navixy since it was chosen here. What you entered is kept; look through the form"
    " and send again."
)
FILES_MISSING = "Not all files could be sent. What is there is kept; try those again, or go on without them."


def create(plan: Plan, desk: Desk) -> Outcome:
    """To the end, or as far as it goes. Safe to run again, also after a process died anywhere in it.

    Raises SessionEnded, and what may pass by itself (Unreachable, Unavailable, RateLimited, BadReply): then
    run it again later.
    """
    if plan.open and (outcome := looked(plan.open, desk)):
        return outcome
    try:
        try:
            return _attempt(plan, desk)
        except FormGone:
            desk.journal.form_dropped()
            return _attempt(_without_form(plan), desk)
    except AlreadyMade as made:
        desk.journal.made(made.checkin_id)
        return Made(checkin_id=made.checkin_id)
    except FormGone:
        return Stopped(reason="other", sentence=messages.for_code(201) or "", code=201)
    except (SessionEnded, *PASSING):
        raise
    except NavixyError as error:
        return stopped(error)


def _attempt(plan: Plan, desk: Desk) -> Outcome:
    """Raises FormGone, AlreadyMade, NavixyError."""
    form_id = None
    if plan.template_id is not None:
        form_id = _form(plan, desk)
        if form_id is None:
            return Stopped(reason="template", sentence=CHANGED_FORM)
    sent = _files(plan, desk, form_id)
    if sent is None:
        return Stopped(reason="files", sentence=FILES_MISSING)
    return submitted(plan, desk, form_id, sent)


# --- the form ----------------------------------------------------------------------------------------------


def _form(plan: Plan, desk: Desk) -> int | None:
    """The empty form of this check-in; None when it asks other things than the draft has answered."""
    form_id = plan.form_id if plan.form_id is not None else _made_form(plan, desk)
    record = form_record(desk, form_id)
    if forms.form_from(record).fields == plan.fields:
        return form_id
    desk.journal.form_differs(record)
    return None


def _made_form(plan: Plan, desk: Desk) -> int:
    """A lost answer leaves an empty form that nobody sees; so it is asked for once more."""
    for last in (False, True):
        desk.journal.form_intended()
        try:
            form_id = api.create_form(
                desk.client, tracker_id=plan.tracker_id, template_id=plan.template_id or 0
            )
        except NavixyError as error:
            desk.journal.form_not_made(error)
            if last or not error.maybe_applied:
                raise
        else:
            desk.journal.form_made(form_id)
            return form_id
        desk.means.wait(uploads.AGAIN_AFTER)
    raise AssertionError("the last try returns or raises")


def _without_form(plan: Plan) -> Plan:
    afresh = tuple(replace(item, target=None, begun=False, file_id=None) for item in plan.form_files)
    return replace(plan, form_id=None, form_files=afresh)


# --- the files ---------------------------------------------------------------------------------------------


def _files(plan: Plan, desk: Desk, form_id: int | None) -> dict[int, int] | None:
    """Ids upstream by the item's `pk`; None when some could not be sent: the journal knows which and why.

    A file's own fault does not keep the others back. Raises FormGone, NavixyError of what concerns all.
    """
    sent: dict[int, int] = {}
    silent = 0
    for item in (*plan.photos, *plan.form_files):
        try:
            sent[item.pk] = _sent(item, desk, form_id)
        except NavixyError as error:
            _judge(error, item, desk)
            silent = silent + 1 if isinstance(error, PASSING) else 0
            if silent >= MOST_SILENT:
                break
        else:
            silent = 0
    return sent if len(sent) == len(plan.photos) + len(plan.form_files) else None


def _judge(error: NavixyError, item: Item, desk: Desk) -> None:
    """Returns when only this file is concerned."""
    if isinstance(error, SessionEnded):
        raise error
    if error.action == "upload":
        return
    if item.field_id and (
        isinstance(error, NotFound) or (error.code == TOO_MANY and desk.journal.places_lost())
    ):
        raise FormGone
    if isinstance(error, (NotAllowed, *PASSING)) or error.code == QUOTA:
        raise error


def _sent(item: Item, desk: Desk, form_id: int | None) -> int:
    if not item.field_id or form_id is None:
        return uploads.send(item, desk.means, reserve=lambda: _image_place(item, desk))
    return uploads.send(
        item,
        desk.means,
        reserve=lambda: _form_place(item, desk, form_id),
        arrived=lambda file_id: _has_arrived(item, file_id, desk, form_id),
    )


def _image_place(item: Item, desk: Desk) -> UploadTarget:
    return api.reserve_image(desk.client, size=item.size, filename=item.name, orientation=item.orientation)


def _form_place(item: Item, desk: Desk, form_id: int) -> UploadTarget:
    return api.reserve_form_file(
        desk.client,
        form_id=form_id,
        field_id=item.field_id,
        size=item.size,
        filename=item.name,
        orientation=item.orientation,
    )


def _has_arrived(item: Item, file_id: int, desk: Desk, form_id: int) -> bool | None:
    """Files of a form can be looked at before it is submitted; photos cannot (ref 5.6, 6.2)."""
    try:
        files = forms.read_form(desk.client, form_id).files
    except SessionEnded:
        raise
    except NavixyError:
        return None
    return any(file.id == file_id and file.is_ready and file.size == item.size for file in files)
