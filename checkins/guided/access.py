"""Drafts through the account: what is not this person's is not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponse
from django.urls import reverse

from checkins import drafts
from checkins.models import EDITABLE, Draft
from dashboard.htmx import client_redirect
from dashboard.http import DashboardRequest

DraftView = Callable[[DashboardRequest, Draft], HttpResponse]
PkView = Callable[[DashboardRequest, int], HttpResponse]


def draft_of(request: DashboardRequest, pk: int) -> Draft:
    draft = drafts.one(request.account, pk)
    if draft is None:
        raise Http404
    return draft


def with_draft(view: DraftView) -> PkView:
    @wraps(view)
    def found(request: DashboardRequest, pk: int) -> HttpResponse:
        return view(request, draft_of(request, pk))

    return found


def while_editable(view: DraftView) -> PkView:
    """What is being sent, or has been, can only be looked at."""

    @wraps(view)
    def found(request: DashboardRequest, pk: int) -> HttpResponse:
        draft = draft_of(request, pk)
        if draft.state not in EDITABLE:
            return client_redirect(request, reverse("checkins:draft-progress", args=[pk]))
        return view(request, draft)

    return found
