"""What Navixy has of a draft, and what of it is no longer used: its form, places of its files, its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F

from checkins.models import OPEN, UNDER_WAY, Draft, DraftState, StepState
from checkins.submitting import UNKNOWN
from dashboard.clock import now
from dashboard.jobs.models import OVER, State
from dashboard.uploads import book

FORM, CREATE = "checkin/form/create", "checkin/create"
OF_FORM = ("tracker_id", "template_id")  # a form reserved at Navixy belongs to both
NO_PROBLEM: dict[str, Any] = {"problem": "", "reason": "", "code": None, "field_errors": {}}


def forget_form(draft: Draft) -> None:
    """It is not used any more, so files reserved for it are to be reserved anew. The journal keeps its id."""
    Draft.objects.filter(pk=draft.pk).update(form_id=None)
    for file in draft.files.exclude(field_id=""):
        forget_place(draft, file.staged_id)


def forget_place(draft: Draft, staged_pk: int) -> None:
    """The file is to be reserved and sent anew; what was reserved for it is noted as an orphan."""
    draft.steps.filter(staged_id=staged_pk, state=StepState.DONE).update(state=StepState.LOST)
    book.forget(staged_pk)


def adopt_fields(draft: Draft, record: Mapping[str, Any]) -> None:
    """Navixy's form asks other things than were frozen here: now those, with the answers that still fit."""
    template = {**(draft.template or {}), "fields": record.get("fields", [])}
    Draft.objects.filter(pk=draft.pk).update(
        template=template, answers=fitting(draft.answers, template), version=F("version") + 1
    )
    draft.files.exclude(field_id="").exclude(field_id__in=types(template)).update(skipped=True)


def finished(checkin_id: int) -> dict[str, Any]:
    """The columns of a draft whose check-in is there."""
    return {
        "state": DraftState.DONE,
        "checkin_id": checkin_id,
        "finished": now(),
        "updated": now(),
        "candidates": [],
        **NO_PROBLEM,
    }


def form_key(draft: Draft) -> dict[str, Any]:
    """What a form reserved at Navixy belongs to."""
    return {name: getattr(draft, name) for name in OF_FORM}


def has_open_creation(draft: Draft) -> bool:
    """Was the check-in sent without anybody knowing what came of it?"""
    return draft.steps.filter(action=CREATE, state__in=OPEN).exists()


def settle(draft: Draft) -> None:
    """Its job was cancelled, was given up, or is gone: the draft is its person's again."""
    job = draft.job
    if job is not None and job.state not in OVER:
        return
    sentence = job.message if job and job.state == State.FAILED else ""
    state = DraftState.PAUSED if sentence else DraftState.EDITING
    if has_open_creation(draft):
        state, sentence = DraftState.UNSURE, UNKNOWN
    rows = Draft.objects.filter(pk=draft.pk, state__in=UNDER_WAY, job=job)
    rows.update(state=state, problem=sentence, reason="other" if sentence else "", run_token="")


def fitting(answers: Mapping[str, Any], template: Mapping[str, Any]) -> dict[str, Any]:
    """Answers whose field is there, with the same type."""
    asked = types(template)
    return {key: value for key, value in answers.items() if value.get("type") == asked.get(key, "")}


def types(template: Mapping[str, Any]) -> dict[str, str]:
    """By field id."""
    return {one["id"]: one.get("type", "") for one in template.get("fields", ()) if "id" in one}
