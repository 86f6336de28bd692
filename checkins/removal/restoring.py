"""A new check-in like an archived one: Navixy gives it another number and the time of its sending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from checkins import again
from checkins.again import Kept
from checkins.guided import steps
from dashboard.accounts import signed_in
from dashboard.archive import keeping, shelf
from dashboard.archive.actions import Action
from dashboard.archive.models import Archived, ArchivedFile
from dashboard.http import DashboardRequest
from dashboard.navixy import forms
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NotFound

ACTION = Action(
    label=gettext_lazy("Create again"),
    icon="copy-plus",
    hint=gettext_lazy(
        "Begins a draft with the same tracker, place, comment, answers and files. The new check-in gets"
        " another number and the time at which it is sent: Navixy takes no other."
    ),
    route="checkins:archived-again",
)


@require_POST
@signed_in
def create_again(request: DashboardRequest, pk: int) -> HttpResponse:
    """Raises NavixyError: the form's template is asked for as it is now."""
    archived = shelf.one(request.account, pk)
    if archived is None or archived.kind != "checkin":
        raise Http404
    form = next(iter(archived.forms), None)
    draft = again.from_record(
        request.account,
        checkin=archived.record,
        form=form,
        template=_template_now(request.navixy, form),
        files=[_kept(archived, file) for file in archived.files.exclude(key="")],
    )
    messages.info(request, _("A draft like it. It will get a new number and the time of its sending."))
    for note in [*draft.notes, *_lost(archived)]:
        messages.warning(request, note)
    return redirect(steps.url(draft, "who"))


def _template_now(client: Client, form: dict[str, Any] | None) -> dict[str, Any] | None:
    template_id = form.get("template_id") if form else None
    if not isinstance(template_id, int):
        return None
    try:
        return dict(forms.template_record(client, template_id))
    except NotFound:
        return None


def _kept(archived: Archived, file: ArchivedFile) -> Kept:
    return Kept(
        name=file.name,
        opened=lambda: keeping.opened(file),
        field_id=file.field_id,
        orientation=keeping.orientation_of(archived, file),
    )


def _lost(archived: Archived) -> list[str]:
    return [
        _("“%s” is not in the archive, so it is not in the draft.") % file.name
        for file in archived.files.filter(key="")
    ]
