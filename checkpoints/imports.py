"""Stops from a sheet: choose the file, see what would be created, start. Nothing is kept until it starts."""

from __future__ import annotations

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checkpoints import import_asked, import_job, import_preview, import_result, import_target
from checkpoints.import_asked import Asked, asked_of
from checkpoints.import_plan import Plan, is_american, planned
from checkpoints.route_view import WRITE_RIGHT, conflict_words
from checkpoints.sheet_columns import COLUMNS, guess
from checkpoints.sheet_reading import MOST_BYTES, MOST_ROWS, Sheet, SheetError, read_sheet
from checkpoints.sheet_rows import groups
from dashboard import sessions
from dashboard.accounts import signed_in
from dashboard.clock import now
from dashboard.htmx import problem, wants_fragment
from dashboard.http import DashboardRequest
from dashboard.jobs import answers, desk
from dashboard.navixy import routes
from dashboard.navixy.errors import NotFound
from dashboard.reports.downloads import MIMES


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choose(request: DashboardRequest) -> HttpResponse:
    """The file, and maybe a route (`route`) to add to; with a file, what it would become."""
    if request.method != "POST":
        return _choosing(request)
    if not request.account.has(WRITE_RIGHT):
        return _choosing(request, status=403)
    try:
        asked = _brought(request)
        return _preview(request, asked, planned(request, asked))
    except SheetError as error:
        return _choosing(request, str(error), status=422)
    except NotFound:
        return _choosing(request, import_target.gone(), status=404)


@require_POST
@signed_in
def start(request: DashboardRequest) -> HttpResponse:
    """With `check` the preview anew, for another mapping or other rows; else the job."""
    try:
        asked = asked_of(request)
        plan = planned(request, asked)
    except signing.BadSignature:
        return _anew(request, _("This preview is too old. Choose the file again."), status=422)
    except NotFound:
        return _anew(request, import_target.gone(), status=404)
    if "check" in request.POST:
        return _preview(request, asked, plan)
    if not request.account.has(WRITE_RIGHT):
        return _choosing(request, status=403)
    if plan.doubles.error:
        return _preview(request, asked, plan, status=503)
    if plan.joined and (plan.joined.refused or plan.joined.changed):
        return _preview(request, asked, plan, contested=True, status=409)
    if not groups(plan.rows):
        return _preview(request, asked, plan, status=422)
    return _started(request, asked, plan)


@require_safe
@signed_in
def template(request: DashboardRequest) -> HttpResponse:
    response = HttpResponse(import_result.template(request.account.clock), content_type=MIMES["xlsx"])
    response.headers["Content-Disposition"] = 'attachment; filename="stops.xlsx"'
    return response


def _choosing(request: DashboardRequest, message: str = "", *, status: int = 200) -> HttpResponse:
    may, clock = request.account.has(WRITE_RIGHT), request.account.clock
    chosen = import_asked.number(request.POST.get("route", request.GET.get("route", "")))
    found, refused = import_target.choices(request.navixy, clock, now(), chosen) if may else ((), "")
    context = {
        "message": message or refused,
        "most": f"{MOST_ROWS:,}",
        "may": may,
        "titles": [one.title for one in COLUMNS],
        "routes": found,
        "chosen": chosen,
    }
    return render(request, "routes/import.html", context, status=status)


def _anew(request: DashboardRequest, message: str, *, status: int) -> HttpResponse:
    """Back to the file; in the middle of a preview only the words."""
    if wants_fragment(request):
        return problem(request, message, status=status)
    return _choosing(request, message, status=status)


def _brought(request: DashboardRequest) -> Asked:
    """Raises SheetError, NotFound."""
    sheet = _sheet(request)
    route_id = import_asked.number(request.POST.get("route", ""))
    whole = routes.read_whole(request.navixy, route_id) if route_id else None
    target = import_target.target_of(whole) if whole else None
    return Asked(sheet=sheet, mapping=import_asked.usable(guess(sheet.head), target), target=target)


def _sheet(request: DashboardRequest) -> Sheet:
    uploaded = request.FILES.get("sheet")
    if uploaded is None:
        raise SheetError(_("Choose a file first."))
    if uploaded.size is None or uploaded.size > MOST_BYTES:
        raise SheetError(_("The file is larger than %d MB.") % (MOST_BYTES // 1_000_000))
    return read_sheet(uploaded.read())


def _preview(
    request: DashboardRequest,
    asked: Asked,
    plan: Plan,
    *,
    message: str = "",
    contested: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`contested`: it should have started, but the route is not as it was shown."""
    target = plan.joined.target if plan.joined else None
    conflicts = plan.joined.changed if plan.joined and contested else ()
    context = {
        **import_preview.rows_context(plan, request.account.clock),
        **import_preview.columns_context(asked),
        "message": message,
        "conflicts": [conflict_words(one) for one in conflicts],
        "again_all": asked.again_all,
        "packed": import_asked.packed(request, asked.sheet, target),
        "zone": request.account.zone.key,
    }
    page = "routes/_import_rows.html" if wants_fragment(request) else "routes/import_check.html"
    response = render(request, page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _started(request: DashboardRequest, asked: Asked, plan: Plan) -> HttpResponse:
    onto = asked.target.onto if asked.target else None
    more = {"american": is_american(request), "left_out": sorted(plan.left_out.items())}
    try:
        job = desk.ask(
            request.account,
            sessions.hash_of(request.session),
            kind=import_job.KIND.name,
            title=_("Import of %d rows") % len(asked.sheet.lines),
            arguments=asked.arguments() | more,
            link=reverse("routes:detail", args=[onto.route_id]) if onto else reverse("routes:index"),
        )
    except desk.TooMany:
        return _preview(request, asked, plan, message=answers.too_many(), status=429)
    return redirect("jobs:detail", pk=job.pk)
