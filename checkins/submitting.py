"""The last call of making a check-in, sent until it is known to have been made, and never twice (ref 5.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checkins.looking import Seen, Sent, look
from checkins.plans import AlreadyMade, Desk, FormGone, Made, Outcome, Plan, Stopped, Unsure
from dashboard.navixy import checkins as api
from dashboard.navixy import forms, messages
from dashboard.navixy.checkins import FormSubmission
from dashboard.navixy.errors import (
    InvalidAnswers,
    NavixyError,
    NotFound,
    RateLimited,
    SessionEnded,
    StorageRefused,
    Unreachable,
    WrongState,
)
from dashboard.navixy.fields import Signature
from dashboard.navixy.values import Record
from dashboard.uploads.flows import PASSING

Values = dict[str, dict[str, Any]]

UNKNOWN_FILE, NOT_UPLOADED_YET, OTHER_TYPE = 8, 10, 2  # ref 6.6
NOT_UPLOADED = 269
NOTICED_AFTER = 1.0  # seconds until a fresh upload counts (ref 10, "unknown")
LOOK_AFTER = 2.0  # seconds that a call without an answer may still be at work
MOST_SENDS = 3

UNKNOWN = (
    "Navixy did not say whether the check-in was made, and it could not be looked up. Nothing was sent twice;"
    " look again, or decide."
)
UNSURE = "The check-in may have been made: there is one like it. Look whether it is yours, then decide."
_OF_THE_FILE = (UNKNOWN_FILE, NOT_UPLOADED_YET)
_REASONS = {268: "quota", 201: "tracker", 208: "tracker", 217: "tracker", NOT_UPLOADED: "files"}


def submitted(plan: Plan, desk: Desk, form_id: int | None, sent: Mapping[int, int]) -> Outcome:
    """Sends, and after an unclear answer looks before it sends again. Raises FormGone, AlreadyMade."""
    patience, signature = True, "file"
    for _ in range(MOST_SENDS):
        submission = _submission(plan, form_id, sent, signature)
        try:
            return _sent(plan, desk, submission, [sent[item.pk] for item in plan.photos])
        except NavixyError as error:
            failure = error
        if isinstance(failure, SessionEnded) or _will_pass(failure):
            raise failure
        if failure.maybe_applied:
            desk.means.wait(LOOK_AFTER)
            if outcome := looked(_what(plan, desk, form_id, sent), desk):
                return outcome
        elif patience and _is_early(failure):
            patience = False
            desk.means.wait(NOTICED_AFTER)
        elif signature == "file" and _wants_signatures(failure, plan):
            signature = "signature"
        else:
            return _refused(failure, plan, desk, form_id)
    raise failure


def _sent(plan: Plan, desk: Desk, form: FormSubmission | None, photos: list[int]) -> Made:
    """Once. Raises NavixyError, written down."""
    file_ids = tuple(photos)
    desk.journal.intended(_sent_value(plan, desk, form.form_id if form else None, file_ids))
    try:
        checkin_id = api.create(
            desk.client,
            tracker_id=plan.tracker_id,
            lat=plan.lat,
            lng=plan.lng,
            address=plan.address,
            comment=plan.comment,
            file_ids=file_ids,
            form=form,
        )
    except NavixyError as error:
        if error.maybe_applied:
            desk.journal.unanswered(error)
        else:
            desk.journal.not_made(error)
        raise
    desk.journal.made(checkin_id)
    return Made(checkin_id=checkin_id)


def _sent_value(plan: Plan, desk: Desk, form_id: int | None, file_ids: tuple[int, ...]) -> Sent:
    return Sent(
        at=desk.means.now(),
        tracker_id=plan.tracker_id,
        lat=plan.lat,
        lng=plan.lng,
        comment=plan.comment,
        form_id=form_id,
        file_ids=file_ids,
    )


def _what(plan: Plan, desk: Desk, form_id: int | None, sent: Mapping[int, int]) -> Sent:
    return _sent_value(plan, desk, form_id, tuple(sent[item.pk] for item in plan.photos))


def looked(sent: Sent, desk: Desk) -> Outcome | None:
    """None: it was not made, so it may be sent. Raises what may pass by itself: then look again later."""
    try:
        seen = look(desk.client, sent, known=desk.known, now=desk.means.now())
    except (SessionEnded, *PASSING):
        raise
    except NavixyError:
        return Unsure(sentence=UNKNOWN)
    return _judged(seen, desk)


def _judged(seen: Seen, desk: Desk) -> Outcome | None:
    if seen.checkin_id is not None:
        desk.journal.made(seen.checkin_id)
        return Made(checkin_id=seen.checkin_id)
    if seen.candidates:
        return Unsure(sentence=UNSURE, candidates=seen.candidates)
    desk.journal.not_made(None)
    return None


def _will_pass(error: NavixyError) -> bool:
    """Nothing was done, and later it may be."""
    return not error.maybe_applied and isinstance(error, (Unreachable, RateLimited))


def _is_early(error: NavixyError) -> bool:
    """A file is there and not noticed yet (ref 10)."""
    if isinstance(error, InvalidAnswers):
        return bool(error.fields) and all(one.code == NOT_UPLOADED_YET for one in error.fields)
    return isinstance(error, WrongState) and error.code == NOT_UPLOADED


def _wants_signatures(error: NavixyError, plan: Plan) -> bool:
    """The documents give a signature's value the type "file", where others have their field's (ref 10.11)."""
    signatures = {field.id for field in plan.fields if isinstance(field, Signature)}
    return isinstance(error, InvalidAnswers) and any(
        one.code == OTHER_TYPE and one.field_id in signatures for one in error.fields
    )


def _refused(error: NavixyError, plan: Plan, desk: Desk, form_id: int | None) -> Stopped:
    """Raises FormGone, AlreadyMade when that is what it means."""
    if isinstance(error, NotFound) and form_id is not None:
        form_record(desk, form_id)
    if doubted := _doubted(error, plan):
        desk.journal.doubted(doubted)
    return stopped(error)


def _doubted(error: NavixyError, plan: Plan) -> set[str]:
    """Fields whose files Navixy does not know, or not as uploaded; "" for the photos."""
    if isinstance(error, InvalidAnswers):
        with_files = {item.field_id for item in plan.form_files}
        return {one.field_id for one in error.fields if one.code in _OF_THE_FILE} & with_files
    return {""} if error.code in (NOT_UPLOADED, 201) and plan.photos else set()


def form_record(desk: Desk, form_id: int) -> Record:
    """The form while it is empty. Raises FormGone, AlreadyMade."""
    try:
        record = forms.form_record(desk.client, form_id)
    except NotFound:
        raise FormGone from None
    form = forms.form_from(record, desk.client.zone)
    if form.checkin_id is not None:
        raise AlreadyMade(form.checkin_id)
    if form.submitted is not None:
        raise FormGone
    return record


def _submission(
    plan: Plan, form_id: int | None, sent: Mapping[int, int], signature: str
) -> FormSubmission | None:
    if form_id is None:
        return None
    values: Values = {key: dict(value) for key, value in plan.answers.items()}
    for field in plan.fields:
        file_ids = [sent[item.pk] for item in plan.form_files if item.field_id == field.id]
        if file_ids and isinstance(field, Signature):
            values[field.id] = {"type": signature, "file_id": file_ids[0]}
        elif file_ids:
            values[field.id] = {"type": field.type, "file_ids": file_ids}
    return FormSubmission(form_id=form_id, values=values)


def stopped(error: NavixyError) -> Stopped:
    if isinstance(error, InvalidAnswers):
        told = {one.field_id: messages.for_field(one.code) for one in error.fields}
        return Stopped(reason="answers", sentence=error.message, code=error.code, field_errors=told)
    reason = "files" if isinstance(error, StorageRefused) else "other"
    reason = _REASONS.get(error.code or 0, reason)
    return Stopped(reason=reason, sentence=error.message, code=error.code)
