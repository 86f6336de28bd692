"""What can be done with a draft's files, by a button of the form or by its own address."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.utils.translation import gettext as _

from checkins import drafts, readiness
from checkins.models import Draft, DraftFile
from dashboard.formfill import rules, words
from dashboard.formfill.installation import limits_of
from dashboard.formfill.rules import FILE_KINDS, Code
from dashboard.http import DashboardRequest
from dashboard.navixy.fields import Field
from dashboard.uploads import changing, staging
from dashboard.uploads.staging import StagingRefused

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

Act = Callable[[DashboardRequest, Draft, DraftFile], None]


def field_of(draft: Draft, field_id: str) -> Field | None:
    """The question that takes files; None when there is none. "" is the check-in itself."""
    if not field_id:
        return readiness.PHOTO
    fields = draft.form.fields if draft.form else ()
    return next((one for one in fields if one.id == field_id and isinstance(one, FILE_KINDS)), None)


def take(
    request: DashboardRequest, draft: Draft, field: Field, file: UploadedFile[Any], *, shrink: bool = False
) -> DraftFile:
    """A file from the browser into the draft. Raises StagingRefused with the sentence, drafts.Stale.

    A picture beyond the limit may come: it can be made smaller here.
    """
    limits = limits_of(request.account, request.navixy)
    here = draft.files.filter(field_id=field.id, skipped=False).count()
    most = rules.most_files(field, limits) if field.id else readiness.MOST_PHOTOS
    if here >= most:
        raise StagingRefused(words.complaint(field, Code.SIZE, limits))
    staged = staging.stage(request.account, file.name or "", file)
    attached = rules.Attached(name=staged.name, size=staged.size, picture=staged.is_image)
    code = rules.file_code(field, attached, limits)
    if code and not (code == Code.ABOVE and staged.is_image):
        staging.remove(staged)
        raise StagingRefused(words.complaint(field, code, limits))
    kept = drafts.attach(draft, staged, field_id=field.id)
    if shrink and code:
        shrunk(request, draft, kept)
    return kept


def shrunk(request: DashboardRequest, draft: Draft, file: DraftFile) -> None:
    """Raises StagingRefused, drafts.Stale."""
    field = field_of(draft, file.field_id) or readiness.PHOTO
    most = rules.largest_file(field, limits_of(request.account, request.navixy))
    drafts.exchange(draft, file, changing.smaller(request.account, file.staged, most))


def without_place(request: DashboardRequest, draft: Draft, file: DraftFile) -> None:
    drafts.exchange(draft, file, changing.without_place(request.account, file.staged))


def removed(_request: DashboardRequest, draft: Draft, file: DraftFile) -> None:
    drafts.set_aside(draft, file)


def earlier(_request: DashboardRequest, draft: Draft, file: DraftFile) -> None:
    _moved(draft, file, by=-1)


def later(_request: DashboardRequest, draft: Draft, file: DraftFile) -> None:
    _moved(draft, file, by=1)


ACTS: dict[str, Act] = {
    "remove": removed,
    "earlier": earlier,
    "later": later,
    "shrink": shrunk,
    "place": without_place,
}


def carried_out(request: DashboardRequest, draft: Draft) -> bool:
    """Files chosen in the form, and its buttons beside them; whether there was anything to tell of."""
    told = False
    for name, chosen in request.FILES.lists():
        if name.startswith("files-") and (field := field_of(draft, name.removeprefix("files-"))):
            refusals = [_refused(request, partial(take, request, draft, field, file)) for file in chosen]
            told |= any(refusals)
    act, _colon, pk = request.POST.get("act", "").partition(":")
    if act not in ACTS or not pk.isdigit():
        return told
    if kept := draft.files.select_related("staged").filter(pk=int(pk[:18])).first():
        _refused(request, partial(ACTS[act], request, draft, kept))
    return True


def _refused(request: DashboardRequest, act: Callable[[], object]) -> bool:
    """A refusal becomes a message of the page."""
    try:
        act()
    except StagingRefused as error:
        messages.error(request, str(error))
        return True
    return False


def _moved(draft: Draft, file: DraftFile, *, by: int) -> None:
    order = list(draft.files.filter(field_id=file.field_id).values_list("pk", flat=True))
    at = order.index(file.pk)
    to = min(len(order) - 1, max(0, at + by))
    order.insert(to, order.pop(at))
    drafts.arrange(draft, order, field_id=file.field_id)


def browser_config() -> dict[str, object]:
    """What the file scripts have to know."""
    return {
        "largest": staging.LARGEST,
        "texts": {
            "empty": _("The file is empty."),
            "dismiss": _("Dismiss"),
            "shrink": _("Make it smaller"),
            "leaveOut": _("Leave it out"),
            "waiting": _("Waiting"),
            "going": _("{share} %"),
            "checking": _("Looking at it…"),
            "cancel": _("Cancel"),
            "retry": _("Try again"),
            "signIn": _("Sign in again"),
            "signedOut": _("You have been signed out. Sign in, then choose this file again."),
            "failed": _("The file did not arrive. Check the connection and try again."),
            "here": _("{name} is here."),
        },
    }
