"""The job that sends a draft: takes it, runs the flow, and tells what came of it in draft and job."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checkins import drafts, flows, upstream
from checkins.creation import NAME, lacks
from checkins.journal import DraftJournal, open_creation, recovered
from checkins.models import UNDER_WAY, Draft, DraftState, StepState
from checkins.plans import Desk, Made, Outcome, Plan, Stopped
from dashboard.clock import now
from dashboard.jobs.kinds import JobFailed, Kind, Result
from dashboard.jobs.running import Cancelled, Running, stopping
from dashboard.uploads import book, sending


def run(job: Running) -> Result:
    draft = _taken(job)
    recovered(draft)
    plan = plan_of(draft)
    journal = DraftJournal(draft, job, total=len(plan.photos) + len(plan.form_files) + 2)
    try:
        outcome = flows.create(plan, _desk(job, journal))
    except Cancelled:
        _let_go(draft, job, state=DraftState.EDITING)
        raise
    return _told(draft, job, outcome)


KIND = Kind(
    name=NAME,
    label=gettext_lazy("New check-in"),
    icon="map-pin-plus",
    unit=gettext_lazy("steps"),
    run=run,
    cancelled=gettext_lazy("Cancelled. The draft is kept, and what of it was sent so far."),
    link_words=gettext_lazy("The draft"),
)


def plan_of(draft: Draft) -> Plan:
    """All of it that is to be sent; the draft is complete (`missing`)."""
    files = [file for file in draft.files.select_related("staged") if not file.skipped]
    items = [book.item_of(file.staged, field_id=file.field_id) for file in files]
    return Plan(
        tracker_id=draft.tracker_id or 0,
        lat=draft.lat or 0.0,
        lng=draft.lng or 0.0,
        address=draft.address,
        comment=draft.comment,
        template_id=draft.template_id,
        fields=draft.form.fields if draft.form else (),
        answers=draft.answers,
        photos=tuple(item for item in items if not item.field_id),
        form_files=tuple(item for item in items if item.field_id),
        form_id=draft.form_id if draft.form_id is not None else _spare_form(draft),
        open=open_creation(draft),
    )


def _spare_form(draft: Draft) -> int | None:
    """A form reserved for the same before the draft was changed and changed back."""
    if draft.template_id is None:
        return None
    made = draft.steps.filter(
        action=upstream.FORM, state=StepState.DONE, sent=upstream.form_key(draft)
    ).last()
    return made.result_id if made else None


def _taken(job: Running) -> Draft:
    """The draft, ours until another worker takes the job. Raises JobFailed."""
    pk = job.arguments["draft"]
    rows = drafts.of(job.account).filter(pk=pk)
    ours = {"state": DraftState.RUNNING, "run_token": job.lease.token, "job_id": job.job_id}
    with transaction.atomic():
        taken = rows.filter(job_id=job.job_id, state__in=UNDER_WAY).update(**ours)
        again = taken or rows.filter(state__in=(DraftState.PAUSED, DraftState.UNSURE)).update(**ours)
    if not again:
        raise JobFailed(_("This draft is not waiting to be sent: it was sent, changed or removed meanwhile."))
    draft = rows.get()
    if lacks(job.account, draft):
        _let_go(draft, job, state=DraftState.PAUSED)
        raise JobFailed(_("Something is missing in this draft. Open it, complete it and send it from there."))
    return draft


def _desk(job: Running, journal: DraftJournal) -> Desk:
    return Desk(
        client=job.client,
        means=sending.means(job.account, journal, lambda seconds: rest(job, seconds)),
        journal=journal,
        known=drafts.made_by(job.account),
    )


def rest(job: Running, seconds: float) -> None:
    """Raises Interrupted when the job has to stop."""
    stopping.wait(seconds)
    job.check()


def _told(draft: Draft, job: Running, outcome: Outcome) -> Result:
    """Its end, in the draft and in the job. Raises JobFailed."""
    if isinstance(outcome, Made):
        return Result(message=_made_words(draft, outcome.checkin_id))
    if isinstance(outcome, Stopped):
        _let_go(
            draft,
            job,
            state=DraftState.PAUSED,
            problem=outcome.sentence,
            reason=outcome.reason,
            code=outcome.code,
            field_errors=dict(outcome.field_errors or {}),
        )
    else:
        candidates = list(outcome.candidates)
        _let_go(draft, job, state=DraftState.UNSURE, problem=outcome.sentence, candidates=candidates)
    raise JobFailed(outcome.sentence)


def _let_go(draft: Draft, job: Running, **changes: Any) -> None:
    rows = Draft.objects.filter(pk=draft.pk, run_token=job.lease.token, state=DraftState.RUNNING)
    rows.update(run_token="", updated=now(), **changes)


def _made_words(draft: Draft, checkin_id: int) -> str:
    photos = draft.files.filter(field_id="", skipped=False).count()
    words = _("Check-in %d is made.") % checkin_id
    if photos:
        words += " " + ngettext("It has %d photo.", "It has %d photos.", photos) % photos
    return words
