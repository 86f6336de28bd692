"""Step 5: how the sending goes, what to do where it stopped, and the check-in it made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checkins import creation, drafts
from checkins.creation import NotReady
from checkins.guided import review, saving, steps, tiles
from checkins.guided.access import draft_of, with_draft
from checkins.models import EDITABLE, Draft, DraftState
from checkins.progress import Progress, Stage, progress_of
from checkins.sources import source_of
from dashboard import accounts, sessions
from dashboard.accounts import signed_in
from dashboard.htmx import client_redirect, problem, wants_fragment
from dashboard.http import DashboardRequest
from dashboard.jobs import desk
from dashboard.jobs.answers import too_many
from dashboard.navixy import checkins as api
from dashboard.navixy import users
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.photos import album
from dashboard.photos.album import size_text

KEY = "progress"
CREATE = "checkin/create"
DENIED = 13

ICONS = {
    "waiting": "circle",
    "active": "loader-circle",
    "done": "circle-check",
    "failed": "circle-alert",
    "skipped": "skip-forward",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One stage as the page shows it."""

    label: str
    look: str
    icon: str
    words: str
    percent: str
    problem: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A check-in that may be the one that was sent; `problem` when it could not be read."""

    id: str
    when: str = ""
    who: str = ""
    where: str = ""
    comment: str = ""
    form: str = ""
    photos: tuple[Any, ...] = ()
    problem: str = ""


@require_safe
@signed_in
@with_draft
def progress(request: DashboardRequest, draft: Draft) -> HttpResponse:
    """The page, or the part of it that asks again and again while something happens."""
    if draft.state == DraftState.EDITING:
        return client_redirect(request, steps.url(draft, "review"))
    if draft.code == DENIED and draft.state == DraftState.PAUSED:
        accounts.remember_denied(request, CREATE)
    context = _context(request, draft)
    if wants_fragment(request):
        return render(request, "checkins/guided/_progress.html", context)
    return render(request, "checkins/guided/progress.html", context)


@require_POST
@signed_in
@with_draft
def cancel(request: DashboardRequest, draft: Draft) -> HttpResponse:
    creation.cancel(request.account, draft)
    messages.info(request, _("Stopped. What was sent already is kept; you can change the rest and go on."))
    return _on(request, draft)


@require_POST
@signed_in
@with_draft
def go_on(request: DashboardRequest, draft: Draft) -> HttpResponse:
    """From where the last run stopped."""
    return _begun(request, draft, lambda: creation.start(request.account, _session(request), draft))


@require_POST
@signed_in
def retry(request: DashboardRequest, pk: int, file: int) -> HttpResponse:
    draft = draft_of(request, pk)
    return _begun(request, draft, lambda: creation.retry(request.account, _session(request), draft, file))


@require_POST
@signed_in
def skip(request: DashboardRequest, pk: int, file: int) -> HttpResponse:
    draft = draft_of(request, pk)
    return _begun(request, draft, lambda: creation.skip(request.account, _session(request), draft, file))


@require_POST
@signed_in
@with_draft
def decide(request: DashboardRequest, draft: Draft) -> HttpResponse:
    """The person has looked: it is that check-in, or none of them and it is to be sent."""
    text = request.POST.get("checkin", "")
    chosen = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    if chosen is None and text != "none":
        return problem(request, _("Choose one of the possibilities first."), status=422)
    return _begun(request, draft, lambda: creation.decide(request.account, _session(request), draft, chosen))


@require_safe
@signed_in
@with_draft
def resume(request: DashboardRequest, draft: Draft) -> HttpResponse:
    """Whoever is signed out at Navixy goes through the sign-in and comes back here; then it goes on."""
    users.get_info(request.navixy)
    desk.go_on(request.account)
    return redirect(steps.url(draft, KEY))


def _session(request: DashboardRequest) -> str:
    return sessions.hash_of(request.session)


def _begun(request: DashboardRequest, draft: Draft, act: Callable[[], object]) -> HttpResponse:
    """What a person asked for, or why not; either way the draft as it is now is shown."""
    try:
        act()
    except NotReady as error:
        messages.error(request, error.missing[0].sentence)
        return client_redirect(request, steps.url(draft, "review"))
    except drafts.Stale:
        messages.info(request, _("That was decided already, in another tab or on another device."))
    except desk.TooMany:
        return problem(request, too_many(), status=409)
    return _on(request, draft)


def _on(request: DashboardRequest, draft: Draft) -> HttpResponse:
    return client_redirect(request, steps.url(draft, KEY))


def _context(request: DashboardRequest, draft: Draft) -> dict[str, Any]:
    found = progress_of(draft)
    shown = saving.page(request, draft, KEY, ())
    return {
        **shown,
        "state": found.state,
        "every": "1s" if found.polls else "5s" if found.waits else "",
        "waits": found.waits,
        "words": found.words,
        "percent": str(found.percent),
        "bytes": _bytes(found),
        "lines": tuple(_line(one) for one in found.stages),
        "problem": found.problem,
        "code": found.code,
        "failed": len(found.failed),
        "mend": _mend(draft),
        "signed_out": _signed_out(draft),
        "candidates": _candidates(request, found) if found.state == DraftState.UNSURE else (),
        "checkin_url": reverse("checkins:detail", args=[draft.checkin_id]) if draft.checkin_id else "",
        "checkin_id": str(draft.checkin_id or ""),
        "editable": draft.state in EDITABLE,
        **(_mine(request, draft) if found.state == DraftState.UNSURE else {}),
    }


def _line(stage: Stage) -> Line:
    words = {
        "waiting": _("waiting"),
        "active": _("under way"),
        "done": _("done"),
        "failed": _("failed"),
        "skipped": _("left out"),
    }[stage.look]
    if stage.look == "active" and stage.size:
        words = _("%(sent)s of %(size)s") % {"sent": size_text(stage.sent), "size": size_text(stage.size)}
    elif stage.size:
        words = f"{words}, {size_text(stage.size)}"
    return Line(
        label=stage.label,
        look=stage.look,
        icon=ICONS[stage.look],
        words=words,
        percent=str(stage.percent) if stage.look == "active" and stage.size else "",
        problem=stage.problem if stage.look == "failed" else "",
        file=str(stage.file) if stage.file else "",
    )


def _bytes(found: Progress) -> str:
    if not found.bytes_total:
        return ""
    parts = {"sent": size_text(found.bytes_sent), "total": size_text(found.bytes_total)}
    return _("%(sent)s of %(total)s") % parts


def _mend(draft: Draft) -> dict[str, str]:
    """Where a person mends what stopped it: a link and its words; empty when going on is all there is."""
    if draft.state != DraftState.PAUSED:
        return {}
    places = {
        "answers": ("answers", _("Correct the answers")),
        "template": ("form", _("Look through the form")),
        "tracker": ("who", _("Choose another tracker")),
        "files": ("answers", _("Change the files")),
    }
    step, words = places.get(draft.reason, ("review", _("Change the draft")))
    return {"url": steps.url(draft, step), "words": words}


def _signed_out(draft: Draft) -> bool:
    return bool(draft.job and draft.is_under_way and draft.job.state == "waiting")


def _mine(request: DashboardRequest, draft: Draft) -> dict[str, Any]:
    """What was sent, to be compared with what is there."""
    photos = [file for file in tiles.files_of(draft) if not file.field_id and not file.skipped]
    return {
        **review.who_and_where(request, draft),
        "sent_at": request.account.clock.long(draft.updated),
        "photos": review.photo_tiles(photos),
    }


def _candidates(request: DashboardRequest, found: Progress) -> tuple[Candidate, ...]:
    return tuple(_candidate(request, one) for one in found.candidates)


def _candidate(request: DashboardRequest, checkin_id: int) -> Candidate:
    try:
        checkin = api.read(request.navixy, checkin_id)
    except SessionEnded:
        raise
    except NavixyError as error:
        return Candidate(id=str(checkin_id), problem=error.message)
    return _told(request, checkin)


def _told(request: DashboardRequest, checkin: Checkin) -> Candidate:
    names = source_of(request).lookup.knowing({checkin.tracker_id}, {checkin.employee_id})
    parts = (names.employee(checkin.employee_id), names.tracker(checkin.tracker_id))
    return Candidate(
        id=str(checkin.id),
        when=request.account.clock.long(checkin.marker_time),
        who=" · ".join(filter(None, parts)),
        where=checkin.address or f"{checkin.lat:.6f}, {checkin.lng:.6f}",
        comment=checkin.comment,
        form=checkin.form_label or "",
        photos=album.of(request).checkin(checkin),
    )
