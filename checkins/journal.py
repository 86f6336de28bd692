"""The journal of a run in the database. Every write names the lease: a worker that lost it writes no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from checkins import upstream
from checkins.looking import Sent
from checkins.models import OPEN, Draft, DraftState, DraftStep, StepState
from checkins.upstream import CREATE, FORM
from dashboard.accounts import Account
from dashboard.audit import journal as audit
from dashboard.clock import now
from dashboard.jobs.leases import LeaseLost
from dashboard.jobs.running import Running
from dashboard.navixy.errors import NavixyError
from dashboard.navixy.files import UploadTarget
from dashboard.uploads import book
from dashboard.uploads.flows import Item

UPLOAD = "upload"
IMAGE, FORM_FILE = "checkin/image/create", "checkin/form/file/create"


class DraftJournal:
    """`plans.Journal` for one run of one draft."""

    def __init__(self, draft: Draft, job: Running, *, total: int) -> None:
        self._draft, self._job = draft, job
        self._done, self._total = 0, total
        self._step: DraftStep | None = None
        self._bytes = book.PlainBook(lambda item, _gone: self._progress(item.name))

    # the form

    def form_intended(self) -> None:
        self._begin(FORM, sent=upstream.form_key(self._draft))

    def form_made(self, form_id: int) -> None:
        with self._ours() as rows:
            rows.update(form_id=form_id)
            self._end(StepState.DONE, result_id=form_id)
        self._advance(_("Form made"))

    def form_not_made(self, error: NavixyError) -> None:
        self._not_reserved(error)

    def form_dropped(self) -> None:
        with self._ours() as rows:
            upstream.forget_form(self._draft)
            rows.update(form_id=None)
            self._draft.steps.filter(action=FORM, state=StepState.DONE).update(state=StepState.LOST)

    def form_differs(self, record: Mapping[str, Any]) -> None:
        with self._ours():
            upstream.adopt_fields(self._draft, record)

    def places_lost(self) -> bool:
        return self._draft.steps.filter(action=FORM_FILE, state=StepState.LOST).exists()

    # one file

    def reserving(self, item: Item) -> None:
        self._begin(FORM_FILE if item.field_id else IMAGE, item)

    def reserved(self, item: Item, target: UploadTarget) -> None:
        with self._ours():
            book.reserved(item, target)
            self._end(StepState.DONE, result_id=target.file_id)

    def not_reserved(self, item: Item, error: NavixyError) -> None:
        with self._ours():
            book.not_reserved(item, error)
        self._not_reserved(error)

    def uploading(self, item: Item) -> None:
        with self._ours():
            self._begin(UPLOAD, item)
            book.uploading(item)

    def sent(self, item: Item, gone: int) -> None:
        self._bytes.sent(item, gone)

    def uploaded(self, item: Item) -> None:
        with self._ours():
            book.uploaded(item)
            self._end(StepState.DONE, result_id=item.file_id)
        self._advance(item.name)

    def not_uploaded(self, item: Item, error: NavixyError) -> None:
        with self._ours():
            book.not_uploaded(item, error)
            self._end(StepState.UNKNOWN if error.maybe_applied else StepState.REFUSED, error)

    def given_up(self, item: Item) -> None:
        with self._ours():
            upstream.forget_place(self._draft, item.pk)

    def doubted(self, field_ids: Collection[str]) -> None:
        with self._ours():
            for file in self._draft.files.filter(field_id__in=field_ids):
                upstream.forget_place(self._draft, file.staged_id)

    # the check-in

    def intended(self, sent: Sent) -> None:
        self._job.check()  # from here to the answer nothing may stop this run
        self._begin(CREATE, sent=sent.packed())

    def made(self, checkin_id: int) -> None:
        with self._ours() as rows:
            rows.update(**upstream.finished(checkin_id))
            self._draft.steps.filter(action=CREATE, state__in=OPEN).update(
                state=StepState.DONE, result_id=checkin_id, ended=now()
            )
            self._note("done", ids=(checkin_id,))

    def not_made(self, error: NavixyError | None) -> None:
        with self._ours():
            self._draft.steps.filter(action=CREATE, state__in=OPEN).update(
                state=StepState.REFUSED if error else StepState.SETTLED,
                message=error.message if error else "",
                code=error.code if error else None,
                ended=now(),
            )
            if error:
                self._note("failed", message=error.message)

    def unanswered(self, error: NavixyError) -> None:
        with self._ours():
            self._note("unknown", message=error.message)
            self._end(StepState.UNKNOWN, error)

    # how it is written

    def _note(self, result: str, *, ids: Sequence[int] = (), message: str = "") -> None:
        note(self._job.account, self._draft, result, ids=ids, message=message)

    def _begin(self, action: str, item: Item | None = None, sent: dict[str, Any] | None = None) -> None:
        with self._ours():
            self._step = DraftStep.objects.create(
                draft=self._draft,
                action=action,
                staged_id=item.pk if item else None,
                sent=sent or {},
                begun=now(),
            )

    def _end(
        self, state: StepState, error: NavixyError | None = None, *, result_id: int | None = None
    ) -> None:
        """Of an upload found to have arrived in an earlier run there is no step in this one."""
        if self._step is None:
            return
        self._step.state, self._step.result_id, self._step.ended = state, result_id, now()
        if error:
            self._step.message, self._step.code = error.message, error.code
        self._step.save()
        self._step = None

    def _not_reserved(self, error: NavixyError) -> None:
        with self._ours():
            self._end(StepState.LOST if error.maybe_applied else StepState.REFUSED, error)

    def _progress(self, words: str) -> None:
        self._job.progress(min(self._done, self._total), self._total, words)

    def _advance(self, words: str) -> None:
        """Progress, and the place where a run may be stopped."""
        self._done += 1
        self._job.save(min(self._done, self._total), self._total, words)

    @contextmanager
    def _ours(self) -> Iterator[Any]:
        """All or nothing, and only while nobody took the draft over. Raises LeaseLost."""
        with transaction.atomic():
            rows = Draft.objects.filter(pk=self._draft.pk, run_token=self._job.lease.token)
            if not rows.filter(state=DraftState.RUNNING).exists():
                raise LeaseLost
            yield rows


def note(account: Account, draft: Draft, result: str, *, ids: Sequence[int] = (), message: str = "") -> None:
    """For the account's owner: who made which check-in, with which result."""
    after = {name: getattr(draft, name) for name in ("tracker_id", "lat", "lng", "address", "comment")}
    audit.record(
        account,
        action="create",
        kind="checkin",
        subject=draft.address or _("Check-in"),
        ids=ids,
        result=result,
        message=message,
        after=after | {"form": draft.form.label if draft.form else None},
    )


def recovered(draft: Draft) -> None:
    """What a process that died had under way: its answer will never come."""
    steps = draft.steps.filter(state=StepState.INTENDED)
    steps.filter(action__in=(FORM, IMAGE, FORM_FILE)).update(state=StepState.LOST, ended=now())
    steps.filter(action=UPLOAD).update(state=StepState.UNKNOWN, ended=now())


def open_creation(draft: Draft) -> Sent | None:
    """The sending of the check-in that nobody knows the end of."""
    step = draft.steps.filter(action=CREATE, state__in=OPEN).last()
    return Sent.unpacked(step.sent) if step else None
