"""The form of a stop: attach a template, and take the filled form away as a file."""

from __future__ import annotations

from typing import Literal, cast

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checkpoints import journal
from checkpoints.form_card import change_locked
from checkpoints.stop_page import read
from dashboard.accounts import signed_in
from dashboard.htmx import problem
from dashboard.http import DashboardRequest
from dashboard.navixy import task_forms
from dashboard.navixy.errors import NotFound, WrongState

LARGEST = 64 * 1024 * 1024
TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_POST
@signed_in
def attach(request: DashboardRequest, stop_id: int) -> HttpResponse:
    text = request.POST.get("template", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return problem(request, _("Choose the form to attach."), status=422)
    stop = read(request, stop_id)
    with journal.writing(request, "attach_form", kind="form", subject=stop.label, ids=[stop_id]) as entry:
        entry.after = {"template": int(text)}
        try:
            task_forms.attach(request.navixy, stop_id, template_id=int(text))
        except NotFound as error:
            entry.refused(error)
            return problem(
                request, _("This form template is not there any more. Choose another one."), status=404
            )
        except WrongState as error:
            entry.refused(error)
            told = change_locked(request.account, stop) if error.code == 255 else ""
            if error.code == 247:
                told = _("This stop has a form already. Detach that one first; its answers are archived.")
            return problem(request, told or error, status=409)
    messages.success(request, _("The form is attached."))
    return redirect("checkpoints:detail", stop_id)


@require_safe
@signed_in
def download(request: DashboardRequest, stop_id: int, format: str) -> StreamingHttpResponse:
    """Navixy's own file of the form, passed through."""
    if format not in TYPES:
        raise Http404
    kind = cast(Literal["pdf", "xlsx"], format)
    found = task_forms.download(request.navixy, stop_id, format=kind)
    response = StreamingHttpResponse(found.iter_bytes(at_most=LARGEST), content_type=TYPES[format])
    name = f"form-of-stop-{stop_id}.{format}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
