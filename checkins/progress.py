"""How far the sending of a draft is, as one value for its page. Asks the database alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from checkins import upstream
from checkins.models import Draft, DraftFile, DraftState
from dashboard.uploads.models import State

Look = Literal["waiting", "active", "done", "failed", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One line of the list: the form, each file, the check-in itself. `file` is a DraftFile's id.

    `sent` and `size` are bytes, 0 where there are none. `problem` is a sentence.
    """

    label: str
    look: Look
    sent: int = 0
    size: int = 0
    problem: str = ""
    file: int | None = None
    field_id: str = ""

    @property
    def percent(self) -> int:
        if self.look == "done":
            return 100
        return min(99, 100 * self.sent // self.size) if self.size else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`waits`: for its person to sign in again, or for Navixy; `words` says so."""

    state: str
    stages: tuple[Stage, ...]
    words: str = ""
    problem: str = ""
    reason: str = ""  # see `plans.Stopped`
    code: int | None = None
    waits: bool = False
    checkin_id: int | None = None
    candidates: tuple[int, ...] = ()

    @property
    def polls(self) -> bool:
        return self.state in (DraftState.QUEUED, DraftState.RUNNING)

    @property
    def done(self) -> int:
        return sum(one.look in ("done", "skipped") for one in self.stages)

    @property
    def total(self) -> int:
        return len(self.stages)

    @property
    def bytes_sent(self) -> int:
        return sum(one.size if one.look == "done" else one.sent for one in self.stages)

    @property
    def bytes_total(self) -> int:
        return sum(one.size for one in self.stages if one.look != "skipped")

    @property
    def percent(self) -> int:
        """By bytes where there are files, else by steps."""
        if self.state == DraftState.DONE:
            return 100
        if self.bytes_total:
            return min(99, 100 * self.bytes_sent // self.bytes_total)
        return min(99, 100 * self.done // max(1, self.total))

    @property
    def failed(self) -> tuple[Stage, ...]:
        return tuple(one for one in self.stages if one.look == "failed")


def progress_of(draft: Draft) -> Progress:
    """Read the draft anew before (`drafts.one`): four queries, however many files there are."""
    job = draft.job
    return Progress(
        state=draft.state,
        stages=tuple(_stages(draft)),
        words=(job.message if job and draft.is_under_way else ""),
        waits=bool(job and draft.is_under_way and job.message),
        problem=draft.problem,
        reason=draft.reason,
        code=draft.code,
        checkin_id=draft.checkin_id,
        candidates=tuple(draft.candidates),
    )


def _stages(draft: Draft) -> list[Stage]:
    files = [_file(draft, file) for file in draft.files.select_related("staged")]
    form = [_form(draft)] if draft.template_id is not None else []
    return [*form, *files, _checkin(draft, after=[*form, *files])]


def _form(draft: Draft) -> Stage:
    label = draft.form.label if draft.form else ""
    active = draft.state == DraftState.RUNNING
    look: Look = "done" if draft.form_id else "active" if active else "waiting"
    return Stage(label=_("Form: %s") % label, look=look)


def _file(draft: Draft, file: DraftFile) -> Stage:
    staged = file.staged
    look: Look = "waiting"
    if file.skipped:
        look = "skipped"
    elif staged.state == State.UPLOADED:
        look = "done"
    elif staged.state == State.FAILED:
        look = "failed"
    elif staged.sent and draft.state == DraftState.RUNNING:
        look = "active"
    return Stage(
        label=staged.name,
        look=look,
        sent=0 if look == "skipped" else staged.sent,
        size=staged.size,
        problem=staged.problem,
        file=file.pk,
        field_id=file.field_id,
    )


def _checkin(draft: Draft, *, after: list[Stage]) -> Stage:
    if draft.state == DraftState.DONE:
        return Stage(label=_("Check-in"), look="done")
    ready = all(one.look in ("done", "skipped") for one in after)
    active = draft.state == DraftState.RUNNING and (ready or upstream.has_open_creation(draft))
    return Stage(label=_("Check-in"), look="active" if active else "waiting")
