"""Where a check-in is begun, the list of drafts, and the way out of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checkins import again, drafts, readiness
from checkins.guided import steps
from checkins.guided.access import with_draft
from checkins.models import EDITABLE, UNDER_WAY, Draft, DraftFile, DraftState
from checkins.sources import source_of
from dashboard import sessions
from dashboard.accounts import signed_in
from dashboard.clock import now
from dashboard.formfill.installation import limits_of
from dashboard.formfill.rules import Limits
from dashboard.http import DashboardRequest
from dashboard.names import Names
from dashboard.navixy import checkins as api

DELETED = "deleted"
SENT_SHOWN = 5
SENT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A draft in the list. `lacks`: what is missing, in words."""

    id: str
    url: str
    remove_url: str
    title: str
    place: str
    facts: str
    lacks: tuple[str, ...]
    more: str
    state: str
    badge: str
    age: str
    when: str
    can_go: bool


@require_safe
@signed_in
def new(_request: DashboardRequest) -> HttpResponse:
    """A page with an address of its own: what is begun there is begun once, and nothing by looking in."""
    return redirect("checkins:new-begin", uuid4())


@require_POST
@signed_in
def once_more(request: DashboardRequest, checkin_id: int) -> HttpResponse:
    """Same crew, same form; what could not be taken over stands in the draft's notes."""
    checkin = api.read(request.navixy, checkin_id)
    session = sessions.hash_of(request.session)
    draft = again.from_checkin(request.account, request.navixy, checkin, session)
    return redirect(steps.url(draft, "who"))


@require_safe
@signed_in
def index(request: DashboardRequest) -> HttpResponse:
    mine = _whole(drafts.unfinished(request.account))
    sent = drafts.of(request.account).filter(state=DraftState.DONE, finished__gte=now() - SENT_FOR)
    names, limits = source_of(request).lookup.get(), limits_of(request.account, request.navixy)
    context = {
        "rows": [_row(request, draft, names, limits) for draft in mine],
        "sent": [_row(request, draft, names, limits) for draft in _whole(sent)[:SENT_SHOWN]],
        "undo_url": _undo_url(request),
    }
    return render(request, "checkins/guided/index.html", context)


@require_safe
@signed_in
@with_draft
def draft(_request: DashboardRequest, draft: Draft) -> HttpResponse:
    """Where its person left off."""
    return redirect(steps.url(draft, _left_at(draft)))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@with_draft
def remove(request: DashboardRequest, draft: Draft) -> HttpResponse:
    """Asks first: files in a draft may be nowhere else."""
    if request.method != "POST":
        names, limits = source_of(request).lookup.get(), limits_of(request.account, request.navixy)
        return render(
            request,
            "checkins/guided/remove.html",
            {"row": _row(request, draft, names, limits), "draft": draft},
        )
    try:
        drafts.remove(draft)
    except drafts.Stale:
        messages.error(request, _("This draft is being sent. Stop that first, then delete it."))
        return redirect(steps.url(draft, "progress"))
    return redirect(f"{reverse('checkins:drafts')}?{urlencode({DELETED: draft.pk})}")


@require_POST
@signed_in
def take_back(request: DashboardRequest, pk: int) -> HttpResponse:
    """Undo of a deletion."""
    if drafts.bring_back(request.account, pk):
        messages.success(request, _("The draft is back, with its files."))
    else:
        messages.warning(request, _("This draft cannot be brought back any more."))
    return redirect("checkins:drafts")


def _undo_url(request: DashboardRequest) -> str:
    """Of the draft that was just deleted; it stands in the address, so that a reload offers it again."""
    text = request.GET.get(DELETED, "")
    pk = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    return reverse("checkins:draft-undo", args=[pk]) if drafts.removed(request.account, pk) else ""


def _whole(found: QuerySet[Draft]) -> QuerySet[Draft]:
    return found.prefetch_related(Prefetch("files", DraftFile.objects.select_related("staged")))


def _row(request: DashboardRequest, draft: Draft, names: Names, limits: Limits) -> Row:
    editable = draft.state in EDITABLE
    files = tuple(draft.files.all())
    lacks = readiness.missing(draft, files, limits) if editable else ()
    words = [f"{one.label}: {one.sentence}" if one.label else one.sentence for one in lacks]
    state, badge = _state(draft)
    return Row(
        id=str(draft.pk),
        url=reverse("checkins:draft", args=[draft.pk]),
        remove_url=reverse("checkins:draft-remove", args=[draft.pk]),
        title=title_of(draft, names),
        place=_place(draft),
        facts=_facts(draft, files),
        lacks=tuple(words[:3]),
        more=_("and %d more") % (len(words) - 3) if len(words) > 3 else "",
        state=state,
        badge=badge,
        age=_age(draft),
        when=request.account.clock.moment(draft.updated),
        can_go=draft.state not in UNDER_WAY,
    )


def title_of(draft: Draft, names: Names) -> str:
    """Who: tracker and the person who carries it."""
    if draft.tracker_id is None:
        return _("Nobody chosen yet")
    people = (one.name for one in names.employees.values() if one.tracker_id == draft.tracker_id)
    return " · ".join(filter(None, (names.tracker(draft.tracker_id), next(people, ""))))


def _place(draft: Draft) -> str:
    if draft.address:
        return draft.address
    return "" if draft.lat is None or draft.lng is None else f"{draft.lat:.5f}, {draft.lng:.5f}"


def _facts(draft: Draft, files: tuple[DraftFile, ...]) -> str:
    parts = [draft.form.label if draft.form else _("no form")]
    if draft.answers:
        parts.append(ngettext("%d answer", "%d answers", len(draft.answers)) % len(draft.answers))
    if files:
        parts.append(ngettext("%d file", "%d files", len(files)) % len(files))
    return ", ".join(parts)


def _age(draft: Draft) -> str:
    if now() - draft.updated < timedelta(minutes=1):
        return _("changed just now")
    return _("changed %s ago") % timesince(draft.updated, now())


def _state(draft: Draft) -> tuple[str, str]:
    return {
        DraftState.EDITING: (_("being written"), ""),
        DraftState.QUEUED: (_("waiting to be sent"), "badge-info"),
        DraftState.RUNNING: (_("being sent"), "badge-info"),
        DraftState.PAUSED: (_("stopped"), "badge-warn"),
        DraftState.UNSURE: (_("needs your decision"), "badge-warn"),
        DraftState.DONE: (_("made"), "badge-ok"),
    }[DraftState(draft.state)]


def _left_at(draft: Draft) -> str:
    if draft.state not in EDITABLE or draft.state == DraftState.PAUSED:
        return "progress"
    return draft.step if draft.step in steps.KEYS[:-1] else "who"
