"""Stops from a sheet: choose the file, see what would be created, start. Nothing is kept until it starts.

Between the steps the rows travel in the form, signed for the login that brought them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checkpoints import import_doubles, import_job, import_preview, import_result
from checkpoints.import_doubles import Doubles
from checkpoints.sheet_cells import Setting
from checkpoints.sheet_columns import COLUMNS, KEYS, guess
from checkpoints.sheet_reading import MOST_BYTES, MOST_ROWS, Line, Sheet, SheetError, read_sheet
from checkpoints.sheet_rows import Row, check, groups, read
from checkpoints.sheet_setting import setting_for
from dashboard import sessions
from dashboard.accounts import signed_in
from dashboard.clock import now
from dashboard.htmx import problem, wants_fragment
from dashboard.http import DashboardRequest
from dashboard.jobs import answers, desk
from dashboard.reports.downloads import MIMES

SALT = "checkpoints.imports"
LIFE = 12 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a preview is of: the sheet, what its columns hold, and the rows wanted although they are there."""

    sheet: Sheet
    mapping: Mapping[str, int]
    again: frozenset[int] = frozenset()
    again_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would come of it."""

    rows: tuple[Row, ...]
    setting: Setting
    doubles: Doubles
    left_out: Mapping[int, str]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choose(request: DashboardRequest) -> HttpResponse:
    """The file; with one, what it would become."""
    if request.method != "POST":
        return _choosing(request)
    if not request.account.has("task_update"):
        return _choosing(request, status=403)
    uploaded = request.FILES.get("sheet")
    if uploaded is None:
        return _choosing(request, _("Choose a file first."), status=422)
    try:
        if uploaded.size is None or uploaded.size > MOST_BYTES:
            raise SheetError(_("The file is larger than %d MB.") % (MOST_BYTES // 1_000_000))
        sheet = read_sheet(uploaded.read())
    except SheetError as error:
        return _choosing(request, str(error), status=422)
    asked = Asked(sheet=sheet, mapping=guess(sheet.head))
    return _preview(request, asked, _planned(request, asked))


@require_POST
@signed_in
def start(request: DashboardRequest) -> HttpResponse:
    """With `check` the preview anew, for another mapping or other rows; else the job."""
    try:
        asked = _asked(request)
    except signing.BadSignature:
        words = _("This preview is too old. Choose the file again.")
        if wants_fragment(request):
            return problem(request, words, status=422)
        return _choosing(request, words, status=422)
    plan = _planned(request, asked)
    if "check" in request.POST:
        return _preview(request, asked, plan)
    if not request.account.has("task_update"):
        return _choosing(request, status=403)
    if plan.doubles.error:
        return _preview(request, asked, plan, status=503)
    if not groups(plan.rows):
        return _preview(request, asked, plan, status=422)
    try:
        job = desk.ask(
            request.account,
            sessions.hash_of(request.session),
            kind=import_job.KIND.name,
            title=_("Import of %d rows") % len(asked.sheet.lines),
            arguments=_arguments(request, asked, plan),
            link=reverse("routes:index"),
        )
    except desk.TooMany:
        return _preview(request, asked, plan, message=answers.too_many(), status=429)
    return redirect("jobs:detail", pk=job.pk)


@require_safe
@signed_in
def template(request: DashboardRequest) -> HttpResponse:
    response = HttpResponse(import_result.template(request.account.clock), content_type=MIMES["xlsx"])
    response.headers["Content-Disposition"] = 'attachment; filename="stops.xlsx"'
    return response


def _choosing(request: DashboardRequest, message: str = "", *, status: int = 200) -> HttpResponse:
    context = {
        "message": message,
        "most": f"{MOST_ROWS:,}",
        "may": request.account.has("task_update"),
        "titles": [one.title for one in COLUMNS],
    }
    return render(request, "routes/import.html", context, status=status)


def _planned(request: DashboardRequest, asked: Asked) -> Plan:
    lines = asked.sheet.lines
    setting = setting_for(
        request.navixy,
        lines,
        asked.mapping,
        zone=request.account.zone,
        now=now(),
        american=_is_american(request),
    )
    rows = read(lines, asked.mapping, setting)
    doubles = import_doubles.look(request.navixy, rows, request.account.clock)
    left_out = doubles.left_out(doubles.rows if asked.again_all else asked.again)
    return Plan(rows=check(rows, left_out), setting=setting, doubles=doubles, left_out=left_out)


def _preview(
    request: DashboardRequest, asked: Asked, plan: Plan, *, message: str = "", status: int = 200
) -> HttpResponse:
    clock = request.account.clock
    context = {
        **import_preview.rows_context(plan.rows, plan.setting, plan.doubles, clock),
        **import_preview.columns_context(asked.sheet.head, asked.mapping),
        "message": message,
        "again_all": asked.again_all,
        "packed": signing.dumps([request.account.cache_key, _packed(asked.sheet)], salt=SALT, compress=True),
        "zone": request.account.zone.key,
    }
    page = "routes/_import_rows.html" if wants_fragment(request) else "routes/import_check.html"
    response = render(request, page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _arguments(request: DashboardRequest, asked: Asked, plan: Plan) -> dict[str, Any]:
    return _packed(asked.sheet) | {
        "mapping": dict(asked.mapping),
        "american": _is_american(request),
        "left_out": sorted(plan.left_out.items()),
    }


def _is_american(request: DashboardRequest) -> bool:
    return request.account.clock.date_format.startswith("MM")


def _asked(request: DashboardRequest) -> Asked:
    """Raises BadSignature, for another login's rows too."""
    owner, packed = signing.loads(request.POST.get("rows", ""), salt=SALT, max_age=LIFE)
    if owner != request.account.cache_key:
        raise signing.BadSignature
    sheet = _unpacked(packed)
    return Asked(
        sheet=sheet,
        mapping=_mapping(request.POST, len(sheet.head)),
        again=frozenset(int(one) for one in request.POST.getlist("again") if _is_number(one)),
        again_all="again_all" in request.POST,
    )


def _mapping(posted: QueryDict, width: int) -> dict[str, int]:
    chosen = {key: posted.get(f"column_{key}", "") for key in KEYS}
    return {key: int(at) for key, at in chosen.items() if _is_number(at) and int(at) < width}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _packed(sheet: Sheet) -> dict[str, Any]:
    return {"head": list(sheet.head), "rows": [[line.number, list(line.cells)] for line in sheet.lines]}


def _unpacked(packed: Mapping[str, Any]) -> Sheet:
    lines = tuple(Line(number=number, cells=tuple(cells)) for number, cells in packed["rows"])
    return Sheet(head=tuple(packed["head"]), lines=lines)
