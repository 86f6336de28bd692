"""Correcting the submitted form of a stop: answers, and files added or replaced (ref 7.8).

Each file is kept here, reserved, uploaded and written down as it goes; only then the answers are sent, all of
them. Whatever fails, what was put in stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checkpoints import answering, journal, looking
from checkpoints.answering import Filled
from checkpoints.form_card import not_correctable
from checkpoints.route_page import gone
from checkpoints.stop_page import read
from dashboard import connect
from dashboard.accounts import signed_in
from dashboard.clock import now
from dashboard.formfill.installation import limits_of
from dashboard.htmx import status_of
from dashboard.http import DashboardRequest
from dashboard.navixy import messages as sentences
from dashboard.navixy import task_forms
from dashboard.navixy.errors import (
    InvalidAnswers,
    InvalidRequest,
    NavixyError,
    NotFound,
    SessionEnded,
    StorageRefused,
    WrongState,
)
from dashboard.navixy.files import UploadTarget
from dashboard.navixy.forms import Form
from dashboard.navixy.stops import Stop
from dashboard.photos import album
from dashboard.uploads import book, flows, staging
from dashboard.uploads.flows import Means
from dashboard.uploads.models import StagedFile

RESERVE = "task/form/file/create"


class FieldRefused(Exception):
    """Navixy refused a file of one question; nothing of the form was changed."""

    def __init__(self, field_id: str, error: NavixyError) -> None:
        super().__init__(field_id)
        self.field_id, self.error = field_id, error


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def correct(request: DashboardRequest, stop_id: int) -> HttpResponse:
    try:
        stop = read(request, stop_id)
        form = task_forms.read(request.navixy, stop_id)
    except NotFound as error:
        return gone(request, error, stop_id)
    why_not = form and not_correctable(request.account, stop, form)
    if form is None or (why_not and request.method != "POST"):
        return redirect("checkpoints:detail", stop_id)  # its page says why
    if request.method != "POST":
        return _page(request, stop, form, answering.loaded(form))
    filled = answering.received(form, request, request.account)
    if why_not:  # since the page was opened: what was put in is not to vanish
        return _page(request, stop, form, filled, message=why_not, status=409)
    if request.POST.get("seen") != mark(form):
        return _page(request, stop, form, filled, contested=True, status=409)
    if errors := answering.wrong(form, filled, limits_of(request.account, request.navixy)):
        return _page(request, stop, form, filled, errors=errors, status=422)
    return _sent(request, stop, form, filled)


def mark(form: Form) -> str:
    """Another one when the form was submitted or corrected anew."""
    return sha256(f"{form.submitted} {sorted(form.values.items())}".encode()).hexdigest()[:16]


def _sent(request: DashboardRequest, stop: Stop, form: Form, filled: Filled) -> HttpResponse:
    before = {key: str(one) for key, one in form.values.items()}
    with journal.writing(
        request,
        "correct_form",
        kind="form",
        subject=f"{form.label} · {stop.label}",
        ids=[stop.id],
        before=before,
    ) as entry:
        try:
            uploaded = _upload(request, stop, filled)
            values = answering.submission(form, filled, uploaded)
            entry.after = dict(values)
            _update(request, stop, values)
        except FieldRefused as refused:
            entry.refused(refused.error)
            told = {refused.field_id: _sentence(refused.error, request, stop, form)}
            return _page(
                request, stop, form, _again(request, filled), errors=told, status=status_of(refused.error)
            )
        except InvalidAnswers as error:
            entry.refused(error)
            told = {one.field_id: sentences.for_field(one.code) for one in error.fields}
            return _page(request, stop, form, _again(request, filled), errors=told, error=error)
        except SessionEnded:
            raise
        except NavixyError as error:
            entry.refused(error)
            return _page(request, stop, form, _again(request, filled), error=error)
    for staged in (one for some in filled.staged.values() for one in some):
        staging.remove(staged)
    messages.success(request, _("The answers are corrected."))
    return redirect("checkpoints:detail", stop.id)


def _upload(request: DashboardRequest, stop: Stop, filled: Filled) -> dict[str, list[int]]:
    """File ids by field, in order. Raises FieldRefused, NavixyError."""
    means = Means(
        storage=connect.storage(request.account.api_url),
        opened=book.opened,
        book=book.PlainBook(),
        now=now,
        wait=time.sleep,
    )
    found: dict[str, list[int]] = {}
    pause = 0.0
    for field_id, some in filled.staged.items():
        for staged in some:
            time.sleep(pause)
            pause = connect.upload_pause()  # between files (ref 8.2)
            found.setdefault(field_id, []).append(_file(request, stop, field_id, staged, means))
    return found


def _file(request: DashboardRequest, stop: Stop, field_id: str, staged: StagedFile, means: Means) -> int:
    item = book.item_of(staged, field_id=field_id)
    reserve: Callable[[], UploadTarget] = partial(
        task_forms.reserve_file,
        request.navixy,
        task_id=stop.id,
        field_id=field_id,
        size=staged.size,
        filename=staged.name,
        orientation=staged.orientation,
    )
    try:
        return flows.send(item, means, reserve=reserve)
    except (InvalidRequest, WrongState, StorageRefused, NotFound) as error:
        raise FieldRefused(field_id, error) from error


def _update(request: DashboardRequest, stop: Stop, values: Mapping[str, Mapping[str, Any]]) -> None:
    """An answer that got lost is looked for: the form either has these answers now or it has not."""

    def as_sent() -> bool | None:
        record, _files = task_forms.as_received(request.navixy, stop.id)
        there = (record or {}).get("values") or {}
        return True if {key: dict(value) for key, value in values.items()} == there else None

    def update() -> bool:
        task_forms.update_values(request.navixy, stop.id, values)
        return True

    looking.surely(update, as_sent)


def _again(request: DashboardRequest, filled: Filled) -> Filled:
    """The files' rows as they are now: what is uploaded is not sent twice."""
    fresh = {
        field_id: tuple(now for one in some if (now := staging.one(request.account, one.pk)))
        for field_id, some in filled.staged.items()
    }
    return Filled(values=filled.values, kept=filled.kept, staged=fresh, errors={})


def _sentence(error: NavixyError, request: DashboardRequest, stop: Stop, form: Form) -> str:
    """For 255 the state that forbids it, when the stop has it by now."""
    if isinstance(error, WrongState) and error.code == 255:
        return not_correctable(request.account, read(request, stop.id), form) or error.message
    return error.message


def _page(
    request: DashboardRequest,
    stop: Stop,
    form: Form,
    filled: Filled,
    *,
    errors: Mapping[str, str] | None = None,
    error: NavixyError | None = None,
    contested: bool = False,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    limits = limits_of(request.account, request.navixy)
    context = {
        "stop": stop,
        "form": form,
        "seen": mark(form),
        "questions": answering.questions(form, filled, errors or {}, limits, album.of(request).form(form)),
        "wrong": bool(errors),
        "contested": contested,
        "message": _sentence(error, request, stop, form) if error else message,
        "code": error.code if error else None,
    }
    return render(request, "checkpoints/correct.html", context, status=status_of(error) if error else status)
