"""Step 4: what will be sent, in full, and what is missing; the button that sends it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from checkins import creation, drafts
from checkins.creation import NotReady
from checkins.guided import saving, steps, tiles
from checkins.guided.access import while_editable
from checkins.models import Draft, DraftFile
from checkins.readiness import Missing
from checkins.sources import source_of
from dashboard import answers, sessions
from dashboard.accounts import signed_in
from dashboard.formfill import sending
from dashboard.htmx import problem
from dashboard.http import DashboardRequest
from dashboard.jobs import desk
from dashboard.jobs.answers import too_many
from dashboard.navixy.answers import answers_from
from dashboard.navixy.forms import Form
from dashboard.photos.album import PhotoTile, size_text

KEY = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something missing, with the way to where it is mended."""

    label: str
    sentence: str
    url: str


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@while_editable
def review(request: DashboardRequest, draft: Draft) -> HttpResponse:
    if request.method == "POST":
        return _sent(request, draft)
    saving.remember_step(draft, KEY)
    return _page(request, draft, saving.lacking(request, draft))


def _sent(request: DashboardRequest, draft: Draft) -> HttpResponse:
    try:
        version = saving.version_to_change(request, draft)
        creation.start(request.account, sessions.hash_of(request.session), draft, version=version)
    except drafts.Stale:
        return saving.stale(request, draft, KEY)
    except NotReady as error:
        return _page(request, draft, error.missing, status=422)
    except desk.TooMany:
        return problem(request, too_many(), status=409)
    saving.remember_step(draft, "progress")
    return redirect(steps.url(draft, "progress"))


def _page(
    request: DashboardRequest, draft: Draft, lacks: Sequence[Missing], status: int = 200
) -> HttpResponse:
    files = tiles.files_of(draft)
    going = [file for file in files if not file.skipped]
    shown = saving.page(
        request,
        draft,
        KEY,
        tuple(lacks),
        **who_and_where(request, draft),
        lack_links=lack_links(draft, lacks),
        photos=photo_tiles(file for file in going if not file.field_id),
        form=draft.form,
        answers=_answers(request, draft, going),
        sum=_sum(going),
        left_out=len(files) - len(going),
    )
    return render(request, "checkins/guided/review.html", shown, status=status)


def who_and_where(request: DashboardRequest, draft: Draft) -> dict[str, Any]:
    """A draft's tracker, person and place in words."""
    names = source_of(request).lookup.knowing({draft.tracker_id} if draft.tracker_id else set(), ())
    people = [one.name for one in names.employees.values() if one.tracker_id == draft.tracker_id]
    return {
        "tracker": names.tracker(draft.tracker_id) if draft.tracker_id else "",
        "person": people[0] if draft.tracker_id and people else "",
        "lat": "" if draft.lat is None else f"{draft.lat:.6f}",
        "lng": "" if draft.lng is None else f"{draft.lng:.6f}",
    }


def lack_links(draft: Draft, lacks: Iterable[Missing]) -> tuple[Lack, ...]:
    """Each leads to its very control."""
    numbers = {field.id: n for n, field in enumerate(draft.form.fields if draft.form else (), 1)}
    anchors = {"tracker": "crew", "place": "place", "comment": "comment", "files": "photos"}
    found = []
    for one in lacks:
        step = steps.step_of(one.part)
        anchor = anchors.get(one.part) or f"question-{numbers.get(one.part, 1)}-whole"
        where = f"{steps.url(draft, step)}{'?check=1' if step == 'answers' else ''}#{anchor}"
        found.append(Lack(label=one.label, sentence=one.sentence, url=where))
    return tuple(found)


def photo_tiles(files: Iterable[DraftFile]) -> tuple[PhotoTile, ...]:
    return tuple(_tile(file) for file in files)


def _tile(file: DraftFile) -> PhotoTile:
    preview = tiles.preview_url(file)
    tile = PhotoTile(
        kind="file", id=str(file.pk), name=file.staged.name, size_text=size_text(file.staged.size)
    )
    if not preview:
        return replace(tile, words=file.staged.mime_type)
    return replace(tile, kind="picture", alt=file.staged.name, thumb_url=preview, large_url=preview)


def _answers(
    request: DashboardRequest, draft: Draft, files: Sequence[DraftFile]
) -> tuple[answers.AnswerRow[PhotoTile], ...]:
    """As the check-in's own page will show them."""
    if draft.form is None:
        return ()
    by_field: dict[str, list[int]] = {}
    for file in files:
        by_field.setdefault(file.field_id, []).append(file.pk)
    fields = draft.form.fields
    values = sending.submission(fields, draft.answers, by_field)
    form = Form(id=0, label=draft.form.label, fields=fields, values=answers_from(values, fields))
    shown = {file.pk: _tile(file) for file in files}
    return answers.rows(form, files=shown, day=request.account.clock.day)


def _sum(files: Sequence[DraftFile]) -> str:
    return size_text(sum(file.staged.size for file in files)) if files else ""
