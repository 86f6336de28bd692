"""The form of a stop on its page: answers and files, and what may be done with it now (ref 7.8)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from checkpoints.progress import status_label
from dashboard import answers
from dashboard.accounts import Account
from dashboard.htmx import TRANSIENT
from dashboard.http import DashboardRequest
from dashboard.names import Names
from dashboard.navixy import task_forms
from dashboard.navixy.errors import NavixyError, SessionEnded
from dashboard.navixy.forms import Form
from dashboard.navixy.stops import Stop
from dashboard.photos import album

WRITE_RIGHT = "task_update"


def card(request: DashboardRequest, stop: Stop, names: Names) -> dict[str, Any]:
    """What `checkpoints/_form.html` needs; what goes wrong with the form is told in its place."""
    try:
        form = task_forms.read(request.navixy, stop.id)
    except SessionEnded:
        raise
    except NavixyError as error:
        return {"form": None, "form_error": error, "form_transient": isinstance(error, TRANSIENT)}
    found: dict[str, Any] = {
        "form": form,
        "templates": tuple(names.templates.values()),
        "form_locked": change_locked(request.account, stop),
    }
    if form is None:
        return found
    clock = request.account.clock
    rows = answers.rows(form, files=album.of(request).form(form), day=clock.day)
    return found | {
        "answers": rows if form.submitted else (),
        "unanswered": answers.unanswered(rows),
        "submitted": clock.moment(form.submitted) if form.submitted else "",
        "not_correctable": not_correctable(request.account, stop, form),
    }


def change_locked(account: Account, stop: Stop) -> str:
    """Why no form can be attached or detached now, or ""."""
    if not account.has(WRITE_RIGHT):
        return _("Changing forms of stops needs the right “task_update”.")
    if stop.status in task_forms.OPEN:
        return ""
    return _("This stop is already %s; Navixy lets forms be attached and detached only before that.") % (
        status_label(stop.status).lower()
    )


def not_correctable(account: Account, stop: Stop, form: Form) -> str:
    """Why the answers cannot be corrected here, or "" (ref 7.8)."""
    if not account.has(WRITE_RIGHT):
        return _("Correcting answers needs the right “task_update”.")
    if form.submitted is None:
        return _(
            "A form of a stop has to be filled in and submitted once in the X-GPS Tracker app;"
            " only then can its answers be corrected here."
        )
    if stop.status in task_forms.OPEN:
        return ""
    if stop.status in task_forms.COMPLETED:
        if account.has(task_forms.COMPLETED_RIGHT):
            return ""
        return _(
            "This stop is already %s; correcting its form needs the right “completed_form_update” as well."
        ) % (status_label(stop.status).lower())
    return _("Navixy does not let the form of a stop be corrected that is %s.") % (
        status_label(stop.status).lower()
    )
