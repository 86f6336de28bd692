"""Deleting routes and stops, and detaching forms: told first, archived, then done, with a word for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from checkpoints import journal, keeping
from checkpoints.changes import conflicts
from checkpoints.form_card import change_locked
from checkpoints.keeping import Desk, FilesMissing
from checkpoints.posted import RouteForm
from checkpoints.route_page import contested_page, gone
from checkpoints.sources import source_of
from checkpoints.stop_page import kind, locked, read
from checkpoints.wrong import KEPT, state_sentence, told
from dashboard.accounts import signed_in
from dashboard.htmx import status_of
from dashboard.http import DashboardRequest
from dashboard.navixy import checkpoints, routes, task_forms, tasks
from dashboard.navixy.errors import BadReply, NavixyError, NotFound, SessionEnded
from dashboard.navixy.routes import WholeRoute
from dashboard.navixy.stops import Stop

CONFIRM = "checkpoints/delete.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the confirmation says."""

    title: str
    facts: Sequence[str]
    button: str
    back: str
    locked: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def stop(request: DashboardRequest, stop_id: int) -> HttpResponse:
    try:
        found = read(request, stop_id)
    except NotFound as error:
        return gone(request, error, stop_id)
    question = _about_stop(request, found)
    if request.method != "POST" or question.locked:
        return _asked(request, question)
    delete = checkpoints.delete if found.type == "checkpoint" else tasks.delete
    with journal.writing(
        request, "delete", kind=kind(found), subject=found.label, ids=[stop_id], before=journal.values(found)
    ) as entry:
        try:
            keeping.remove_stop(_desk(request), found, lambda: delete(request.navixy, stop_id))
        except KEPT as error:
            entry.refused(error)
            return _asked(request, question, error=error, state=locked(request, found))
    messages.success(request, _("“%s” is deleted; the archive keeps it.") % found.label)
    return redirect("routes:detail", found.parent_id) if found.parent_id else redirect("checkpoints:index")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def route(request: DashboardRequest, route_id: int) -> HttpResponse:
    try:
        whole = routes.read_whole(request.navixy, route_id)
    except (NotFound, BadReply) as error:
        if isinstance(error, BadReply):
            raise
        return gone(request, error, route_id)
    question = _about_route(request, whole)
    if request.method != "POST" or question.locked:
        return _asked(request, question)
    ids = [route_id, *(one.id for one in whole.stops)]
    before = {"label": whole.route.label, "stops": [one.label for one in whole.stops]}
    with journal.writing(
        request, "delete", kind="route", subject=whole.route.label, ids=ids, before=before
    ) as entry:
        try:
            keeping.remove_route(
                _desk(request), whole.route, whole.stops, lambda: routes.delete(request.navixy, route_id)
            )
        except KEPT as error:
            entry.refused(error)
            return _asked(request, question, error=error)
    messages.success(
        request, _("“%s” is deleted with its stops; the archive keeps them.") % whole.route.label
    )
    return redirect("routes:index")


@require_POST
@signed_in
def stops(request: DashboardRequest, route_id: int) -> HttpResponse:
    """Ticked stops of a route: shown first, deleted one by one with a word for each."""
    form = RouteForm(request.POST)
    form.is_valid()
    whole = routes.read_whole(request.navixy, route_id)
    chosen = [one for one in whole.stops if one.id in form.ticked]
    if not chosen:
        messages.error(request, _("Tick the stops to delete."))
        return redirect("routes:detail", route_id)
    if found := conflicts(form.marks, whole):
        return contested_page(request, whole, found)
    if not form.cleaned_data["confirmed"]:
        context = {
            "route": whole.route,
            "chosen": chosen,
            "left": len(whole.stops) - len(chosen),
            "seen": form.marks,
        }
        return render(request, "routes/remove.html", context)
    failed = [(one, words) for one in chosen if (words := _removed(request, one))]
    done = len(chosen) - len(failed)
    if done:
        words = ngettext(
            "%d stop deleted; the archive keeps it.", "%d stops deleted; the archive keeps them.", done
        )
        messages.success(request, words % done)
    for one, sentence in failed:
        messages.error(request, f"“{one.label}”: {sentence}")
    return redirect("routes:detail", route_id) if done < len(whole.stops) else redirect("routes:index")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def form(request: DashboardRequest, stop_id: int) -> HttpResponse:
    """Detaching deletes all answers at Navixy (ref 7.8), so they are archived first."""
    found = read(request, stop_id)
    question = Question(
        title=_("Detach the form of “%s”?") % found.label,
        facts=(
            _("Navixy deletes the form with all its answers and files."),
            _("The archive keeps them; they cannot be put back into the stop."),
        ),
        button=_("Detach the form"),
        back=f"/checkpoints/{stop_id}/",
        locked=change_locked(request.account, found),
    )
    if request.method != "POST" or question.locked:
        return _asked(request, question)
    with journal.writing(request, "detach_form", kind="form", subject=found.label, ids=[stop_id]) as entry:
        try:
            keeping.remove_form(_desk(request), found, lambda: task_forms.detach(request.navixy, stop_id))
        except KEPT as error:
            entry.refused(error)
            return _asked(request, question, error=error, state=change_locked(request.account, found))
    messages.success(request, _("The form is detached; the archive keeps its answers."))
    return redirect("checkpoints:detail", stop_id)


def _removed(request: DashboardRequest, one: Stop) -> str:
    """Why a stop is still there; "" when it is gone."""
    with journal.writing(
        request, "delete", kind="checkpoint", subject=one.label, ids=[one.id], before=journal.values(one)
    ) as entry:
        try:
            keeping.remove_stop(_desk(request), one, lambda: checkpoints.delete(request.navixy, one.id))
        except SessionEnded:
            raise
        except NavixyError as error:
            entry.refused(error)
            return told(error, state=state_sentence(one.status, _("stop")) if not one.is_editable else "")
    return ""


def _desk(request: DashboardRequest) -> Desk:
    return Desk(
        account=request.account,
        client=request.navixy,
        names=source_of(request).lookup.get(),
        incomplete=request.POST.get("incomplete") == "1",
    )


def _asked(
    request: DashboardRequest, question: Question, *, error: NavixyError | None = None, state: str = ""
) -> HttpResponse:
    context = {
        "question": question,
        "message": told(error, state=state) if error else "",
        "code": error.code if error else None,
        "incomplete": isinstance(error, FilesMissing),
    }
    return render(request, CONFIRM, context, status=status_of(error) if error else 200)


def _about_stop(request: DashboardRequest, found: Stop) -> Question:
    facts = [_("Navixy deletes it for good; this site's archive keeps it with its form, answers and files.")]
    if found.type == "checkpoint":
        facts.append(_("The other stops of the route close the gap; with its last stop the route goes too."))
    return Question(
        title=_("Delete “%s”?") % found.label,
        facts=facts,
        button=_("Delete the stop"),
        back=f"/checkpoints/{found.id}/",
        locked=locked(request, found) if found.type == "checkpoint" else _no_right(request),
    )


def _about_route(request: DashboardRequest, whole: WholeRoute) -> Question:
    number = len(whole.stops)
    count = ngettext("Its %d stop goes with it.", "Its %d stops go with it.", number) % number
    return Question(
        title=_("Delete the route “%s”?") % whole.route.label,
        facts=(
            count,
            _("Navixy deletes them for good; this site's archive keeps them with forms, answers and files."),
        ),
        button=_("Delete the route"),
        back=f"/routes/{whole.route.id}/",
        locked=_no_right(request),
    )


def _no_right(request: DashboardRequest) -> str:
    if request.account.has("task_update"):
        return ""
    return _("Deleting needs the right “task_update”. The owner of the account grants it.")
