"""A draft's files: taken in, looked at, put in order, changed, taken away and brought back."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checkins import drafts
from checkins.guided import acts, steps, tiles
from checkins.guided.access import draft_of, while_editable
from checkins.guided.filling import is_fetching
from checkins.models import Draft, DraftFile
from dashboard.accounts import signed_in
from dashboard.formfill.installation import limits_of
from dashboard.htmx import problem, wants_fragment, wants_json
from dashboard.http import DashboardRequest
from dashboard.photos import render as pictures
from dashboard.photos.problems import Unshowable
from dashboard.uploads import staging
from dashboard.uploads.staging import StagingRefused

LIST = "formfill/_tiles.html"
GONE = 410


@require_POST
@signed_in
@while_editable
def upload(request: DashboardRequest, draft: Draft) -> HttpResponse:
    """One file or several, as `file`, for the question `field`; the answer is the list as it is now."""
    field = acts.field_of(draft, request.POST.get("field", ""))
    if field is None:
        return refused(request, draft, _("The form no longer asks for this. Load the page again."))
    coming = request.FILES.getlist("file")
    if not coming:
        return refused(request, draft, _("No file arrived. Choose it again."))
    try:
        for file in coming:
            acts.take(request, draft, field, file, shrink=request.POST.get("shrink") == "1")
    except StagingRefused as error:
        return refused(request, draft, str(error))
    except drafts.Stale:
        return refused(request, draft, _("This draft is being sent; files can no longer be added."))
    return shown(request, draft, field.id)


@require_POST
@signed_in
def change(request: DashboardRequest, pk: int, file: int, act: str) -> HttpResponse:
    """Removes, moves, shrinks … one file."""
    draft = draft_of(request, pk)
    found = draft.files.select_related("staged").filter(pk=file).first()
    if act not in acts.ACTS:
        raise Http404
    if found is None:
        return refused(request, draft, _("This file is no longer here."), status=GONE)
    try:
        acts.ACTS[act](request, draft, found)
    except StagingRefused as error:
        return refused(request, draft, str(error))
    except drafts.Stale:
        return refused(request, draft, _("This draft is being sent; its files stay as they are."))
    undo = found if act == "remove" else None
    return shown(request, draft, found.field_id, removed=undo)


@require_POST
@signed_in
@while_editable
def restore(request: DashboardRequest, draft: Draft) -> HttpResponse:
    """Undo of a removal, as long as the bytes are kept."""
    field = acts.field_of(draft, request.POST.get("field", ""))
    staged_id = request.POST.get("staged", "")
    staged = staging.one(request.account, int(staged_id[:18])) if staged_id.isdigit() else None
    if field is None or staged is None or DraftFile.objects.filter(staged=staged).exists():
        return refused(request, draft, _("This file cannot be brought back any more."), status=GONE)
    drafts.attach(draft, staged, field_id=field.id)
    return shown(request, draft, field.id)


@require_POST
@signed_in
@while_editable
def order(request: DashboardRequest, draft: Draft) -> HttpResponse:
    field_id = request.POST.get("field", "")
    if acts.field_of(draft, field_id) is None:
        raise Http404
    wanted = [int(one[:18]) for one in request.POST.get("order", "").split(",") if one.isdigit()]
    drafts.arrange(draft, wanted, field_id=field_id)
    return shown(request, draft, field_id)


@require_safe
@signed_in
@while_editable
def coming(request: DashboardRequest, draft: Draft) -> HttpResponse:
    """Files fetched from the earlier check-in, as far as they are here."""
    limits = limits_of(request.account)
    here = tiles.by_field(draft, tiles.files_of(draft), limits)
    context = {
        "draft": draft,
        "draft_id": str(draft.pk),
        "fetching": is_fetching(request, draft),
        "drops": [tiles.field_drop(draft, one, some, limits) for one, some in here.items()],
    }
    return render(request, "checkins/guided/_coming.html", context)


@require_safe
@signed_in
def one(request: DashboardRequest, pk: int, file: int) -> HttpResponse:
    """A file has no page of its own; its addresses begin with this one."""
    draft = draft_of(request, pk)
    return redirect(f"{steps.url(draft, 'answers')}#file-{file}")


@require_safe
@signed_in
def preview(request: DashboardRequest, pk: int, file: int) -> HttpResponse:
    """A small picture of what will be sent."""
    found = draft_of(request, pk).files.select_related("staged").filter(pk=file).first()
    if found is None or not found.staged.is_image:
        raise Http404
    try:
        with staging.opened(found.staged) as stream:
            small = pictures.render(
                cast(BinaryIO, stream), "thumb", "jpeg", orientation=found.staged.orientation
            )
    except (FileNotFoundError, Unshowable):
        raise Http404 from None
    headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(small, content_type="image/jpeg", headers=headers)


def shown(
    request: DashboardRequest, draft: Draft, field_id: str, removed: DraftFile | None = None
) -> HttpResponse:
    if not wants_fragment(request):
        return redirect(steps.url(draft, "answers"))
    limits = limits_of(request.account, request.navixy)
    here = tiles.by_field(draft, tiles.files_of(draft), limits).get(field_id, ())
    context = {
        "drop": tiles.field_drop(draft, field_id, here, limits),
        "removed": removed,
        "staged_id": str(removed.staged_id) if removed else "",
        "draft_id": str(draft.pk),
    }
    return render(request, "checkins/guided/_files_answer.html", context)


def refused(request: DashboardRequest, draft: Draft, sentence: str, status: int = 422) -> HttpResponse:
    """In words, where the file's line is; without scripts on the page."""
    if wants_fragment(request) or wants_json(request):
        return problem(request, sentence, status=status)
    messages.error(request, sentence)
    return redirect(steps.url(draft, "answers"))
