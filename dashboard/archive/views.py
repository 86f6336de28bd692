"""`/archive/`: what was removed through this site, as it was."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header, parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard import answers
from dashboard.accounts import signed_in
from dashboard.archive import actions, bundle, keeping, shelf
from dashboard.archive.filters import Filters
from dashboard.archive.forms import FilterForm
from dashboard.archive.models import Archived, ArchivedFile
from dashboard.audit import journal
from dashboard.htmx import problem
from dashboard.http import DashboardRequest
from dashboard.listing import records, typed
from dashboard.photos import placeholder
from dashboard.photos import render as pictures
from dashboard.photos.problems import Unshowable
from dashboard.photos.render import Size
from dashboard.photos.views import safe_name

_KEEP = "private, max-age=3600"
_ZIP = "application/zip"


@require_safe
@signed_in
def index(request: DashboardRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    filters, account = form.filters(), request.account
    found = shelf.found(account, filters).annotate(file_count=Count("files")).order_by("-removed", "-id")
    page, pager = records.paged(found, filters.page, lambda one: filters.replace(page=one).query())
    context = {
        "rows": shelf.rows(page.object_list, account.clock),
        "pager": pager,
        "filters": filters,
        "complaints": form.complaints(),
        **_choices(request, filters),
    }
    return render(request, "archive/index.html", context)


@require_safe
@signed_in
def detail(request: DashboardRequest, pk: int) -> HttpResponse:
    archived = _archived(request, pk)
    clock = request.account.clock
    files = list(archived.files.all())
    tiles = {kept.upstream_id: shelf.tile(kept) for kept in files}
    shown = [
        {"form": form, "answers": answers.rows(form, files=tiles, day=clock.day)}
        for form in bundle.read_forms(archived)
    ]
    context = {
        "row": shelf.row(archived, clock, len(files)),
        "facts": archived.names,
        "photos": [shelf.tile(kept) for kept in files if kept.form_id is None],
        "forms": shown,
        "actions": actions.of(archived.kind),
        "upstream_id": str(archived.upstream_id),
    }
    return render(request, "archive/detail.html", context)


@require_safe
@signed_in
def picture(request: DashboardRequest, pk: int, file: int, size: Size) -> HttpResponseBase:
    """A small one of ours, made from the bytes kept here; a placeholder when they are no picture."""
    kept = _file(request, pk, file)
    tag = f'"{kept.sha256[:32]}-{size}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": _KEEP})
    try:
        with keeping.opened(kept) as content:
            turned = keeping.orientation_of(kept.archived, kept)
            shown = pictures.render(cast("BinaryIO", content), size, "jpeg", orientation=turned)
    except Unshowable as error:
        return HttpResponse(
            placeholder.svg(error.problem),
            content_type="image/svg+xml",
            headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
        )
    headers = {"ETag": tag, "Cache-Control": _KEEP, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(shown, content_type="image/jpeg", headers=headers)


@require_safe
@signed_in
def file(request: DashboardRequest, pk: int, file: int) -> HttpResponseBase:
    """The original, only ever saved: what it is called and what it is are anybody's."""
    kept = _file(request, pk, file)
    try:
        content = keeping.opened(kept)
    except FileNotFoundError:
        raise Http404 from None
    return _download(FileResponse(content, content_type="application/octet-stream"), safe_name(kept.name))


@require_safe
@signed_in
def download(request: DashboardRequest, pk: int) -> HttpResponseBase:
    archived = _archived(request, pk)
    pack = TemporaryFile()  # noqa: SIM115  the response closes it
    bundle.write(archived, pack, request.account.clock)
    pack.seek(0)
    return _download(FileResponse(pack, content_type=_ZIP), bundle.name_of(archived))


@require_POST
@signed_in
def purge(request: DashboardRequest, pk: int) -> HttpResponse:
    archived = _archived(request, pk)
    if not request.account.is_owner:
        words = _("Only the owner of the account may remove something from the archive before its time.")
        return problem(request, words, status=403, title=_("For the account's owner"))
    title, upstream_id = archived.title, archived.upstream_id
    keeping.discard(archived)
    journal.record(
        request.account, action="purge", kind="archive", subject=title, ids=[upstream_id], result="done"
    )
    messages.success(request, _("Removed from the archive, with its files."))
    return redirect("archive:index")


def _archived(request: DashboardRequest, pk: int) -> Archived:
    found = shelf.one(request.account, pk)
    if found is None:
        raise Http404
    return found


def _file(request: DashboardRequest, pk: int, file: int) -> ArchivedFile:
    kept = _archived(request, pk).files.exclude(key="").filter(pk=file).first()
    if kept is None:
        raise Http404
    return kept


def _choices(request: DashboardRequest, filters: Filters) -> dict[str, Any]:
    return {
        "start": typed.day_and_time(filters.start)[0],
        "end": typed.day_and_time(filters.end)[0],
        "people": records.people(shelf.of(request.account), filters.person),
        "kinds": shelf.kinds(request.account, filters.kind),
    }


def _download(response: FileResponse, name: str) -> FileResponse:
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
