"""Stops from a sheet: choose the file, see what would be created, start. Nothing is kept until it starts.

Between the steps the rows travel in the form, signed for the login that brought them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checkpoints import import_job, import_preview, import_result
from checkpoints.sheet_cells import Setting
from checkpoints.sheet_columns import COLUMNS, KEYS, guess
from checkpoints.sheet_reading import MOST_BYTES, MOST_ROWS, Line, Sheet, SheetError, read_sheet
from checkpoints.sheet_rows import check, groups
from checkpoints.sheet_setting import setting_for
from dashboard import sessions
from dashboard.accounts import signed_in
from dashboard.clock import now
from dashboard.http import DashboardRequest
from dashboard.jobs import answers, desk
from dashboard.reports.downloads import MIMES

SALT = "checkpoints.imports"
LIFE = 12 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choose(request: DashboardRequest) -> HttpResponse:
    """The file; with one, what it would become."""
    if request.method != "POST":
        return _asked(request)
    if not request.account.has("task_update"):
        return _asked(request, status=403)
    uploaded = request.FILES.get("sheet")
    if uploaded is None:
        return _asked(request, _("Choose a file first."), status=422)
    try:
        if uploaded.size is None or uploaded.size > MOST_BYTES:
            raise SheetError(_("The file is larger than %d MB.") % (MOST_BYTES // 1_000_000))
        sheet = read_sheet(uploaded.read())
    except SheetError as error:
        return _asked(request, str(error), status=422)
    return _preview(request, sheet, guess(sheet.head))


@require_POST
@signed_in
def start(request: DashboardRequest) -> HttpResponse:
    """With `check` the preview anew, for another mapping; else the job."""
    try:
        sheet = _unpacked(request, request.POST.get("rows", ""))
    except signing.BadSignature:
        return _asked(request, _("This preview is too old. Choose the file again."), status=422)
    mapping = _mapping(request.POST, len(sheet.head))
    if "check" in request.POST:
        return _preview(request, sheet, mapping)
    if not request.account.has("task_update"):
        return _asked(request, status=403)
    if not groups(check(sheet.lines, mapping, _setting(request, sheet, mapping))):
        return _preview(request, sheet, mapping, status=422)
    try:
        job = desk.ask(
            request.account,
            sessions.hash_of(request.session),
            kind=import_job.KIND.name,
            title=_("Import of %d rows") % len(sheet.lines),
            arguments=_packed(sheet) | {"mapping": mapping, "american": _is_american(request)},
            link=reverse("routes:index"),
        )
    except desk.TooMany:
        return _preview(request, sheet, mapping, problem=answers.too_many(), status=429)
    return redirect("jobs:detail", pk=job.pk)


@require_safe
@signed_in
def template(request: DashboardRequest) -> HttpResponse:
    response = HttpResponse(import_result.template(request.account.clock), content_type=MIMES["xlsx"])
    response.headers["Content-Disposition"] = 'attachment; filename="stops.xlsx"'
    return response


def _asked(request: DashboardRequest, problem: str = "", *, status: int = 200) -> HttpResponse:
    context = {
        "message": problem,
        "most": f"{MOST_ROWS:,}",
        "may": request.account.has("task_update"),
        "titles": [one.title for one in COLUMNS],
    }
    return render(request, "routes/import.html", context, status=status)


def _preview(
    request: DashboardRequest,
    sheet: Sheet,
    mapping: Mapping[str, int],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    setting = _setting(request, sheet, mapping)
    rows = check(sheet.lines, mapping, setting)
    context = {
        **import_preview.rows_context(rows, setting, request.account.clock),
        **import_preview.columns_context(sheet.head, mapping),
        "message": problem,
        "packed": signing.dumps([request.account.cache_key, _packed(sheet)], salt=SALT, compress=True),
        "zone": request.account.zone.key,
    }
    return render(request, "routes/import_check.html", context, status=status)


def _setting(request: DashboardRequest, sheet: Sheet, mapping: Mapping[str, int]) -> Setting:
    return setting_for(
        request.navixy,
        sheet.lines,
        mapping,
        zone=request.account.zone,
        now=now(),
        american=_is_american(request),
    )


def _is_american(request: DashboardRequest) -> bool:
    return request.account.clock.date_format.startswith("MM")


def _mapping(posted: QueryDict, width: int) -> dict[str, int]:
    chosen = {key: posted.get(f"column_{key}", "") for key in KEYS}
    return {key: int(at) for key, at in chosen.items() if at.isdecimal() and int(at) < width}


def _packed(sheet: Sheet) -> dict[str, Any]:
    return {"head": list(sheet.head), "rows": [[line.number, list(line.cells)] for line in sheet.lines]}


def _unpacked(request: DashboardRequest, text: str) -> Sheet:
    """Raises BadSignature, for another login's rows too."""
    owner, packed = signing.loads(text, salt=SALT, max_age=LIFE)
    if owner != request.account.cache_key:
        raise signing.BadSignature
    lines = tuple(Line(number=number, cells=tuple(cells)) for number, cells in packed["rows"])
    return Sheet(head=tuple(packed["head"]), lines=lines)
