"""A draft's changes, saved on top of the version its page showed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from checkins import drafts
from checkins.guided import steps, tiles
from checkins.models import Draft
from checkins.readiness import Missing, missing
from dashboard.formfill.installation import limits_of
from dashboard.htmx import wants_fragment
from dashboard.http import DashboardRequest

OVERWRITE = "overwrite"


def act_of(request: DashboardRequest) -> str:
    """Which button sent the form; "" for none."""
    return request.POST.get("act", "")


def save(request: DashboardRequest, draft: Draft, **changes: Any) -> Draft:
    """The draft with what is new of `changes`. Raises drafts.Stale when the page is older than the draft.

    A person who was told so may insist. Where nothing is new nothing is lost: a page that did not hear of
    its own save may go on.
    """
    new = {name: value for name, value in changes.items() if value != getattr(draft, name)}
    return drafts.change(draft, version=version_to_change(request, draft), **new) if new else draft


def version_to_change(request: DashboardRequest, draft: Draft) -> int:
    """Raises drafts.Stale as `save` does."""
    if act_of(request) != OVERWRITE and _shown_version(request) != draft.version:
        raise drafts.Stale
    return draft.version


def remember_step(draft: Draft, key: str) -> Draft:
    """So that the draft opens there next time. It is no change a person made."""
    furthest = steps.furthest_of(draft, key)
    if furthest != draft.step:
        Draft.objects.filter(pk=draft.pk).update(step=furthest)
        draft.step = furthest
    return draft


def lacking(request: DashboardRequest, draft: Draft) -> tuple[Missing, ...]:
    return missing(draft, tiles.files_of(draft), limits_of(request.account, request.navixy))


def saved(request: DashboardRequest, draft: Draft, key: str, **context: Any) -> HttpResponse:
    """What an autosave gets: when it was, the version, and what is still missing at each step."""
    context |= page(request, draft, key, lacking(request, draft))
    return render(request, "checkins/guided/_saved.html", context)


def page(
    request: DashboardRequest, draft: Draft, key: str, lacks: tuple[Missing, ...], **more: Any
) -> dict[str, Any]:
    """What the frame of every step shows."""
    return {**_of_page(draft, key, lacks), **_of_begun(request, draft, key), **more}


def _of_page(draft: Draft, key: str, lacks: tuple[Missing, ...]) -> dict[str, Any]:
    return {
        "draft": draft,
        "version": str(draft.version),
        "step": key,
        "trail": steps.trail(draft, key, lacks),
    }


def _of_begun(request: DashboardRequest, draft: Draft, key: str) -> dict[str, Any]:
    """Nothing of a draft that is only a page yet."""
    if draft.pk is None:
        return {}
    return {
        "draft_id": str(draft.pk),
        "here": steps.url(draft, key),
        "saved_at": request.account.clock.time(draft.updated),
        "remove_url": reverse("checkins:draft-remove", args=[draft.pk]),
    }


def stale(request: DashboardRequest, draft: Draft, key: str) -> HttpResponse:
    """Changed in another tab meanwhile: nothing was saved, and the person chooses which one stays."""
    context = {
        "here": steps.url(draft, key),
        "when": request.account.clock.time(draft.updated),
        "message": _("This draft was changed in another tab or on another device."),
    }
    if not wants_fragment(request):
        return render(request, "checkins/guided/stale.html", {**context, "kept": kept(request)}, status=409)
    response = render(request, "checkins/guided/_stale.html", context, status=409)
    response["HX-Retarget"] = "#problem"
    response["HX-Reswap"] = "innerHTML show:window:top"
    return response


def kept(request: DashboardRequest) -> list[tuple[str, str]]:
    """What was posted, to be posted again."""
    skip = {"csrfmiddlewaretoken", "act"}
    return [(name, text) for name, texts in request.POST.lists() if name not in skip for text in texts]


def _shown_version(request: DashboardRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
