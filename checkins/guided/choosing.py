"""Step 2: which form, or none, with its questions to look at before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from checkins import drafts
from checkins.guided import saving, steps
from checkins.guided.access import while_editable
from checkins.models import Draft
from checkins.sources import source_of
from dashboard.accounts import signed_in
from dashboard.http import DashboardRequest
from dashboard.names import Names
from dashboard.navixy import forms
from dashboard.navixy.errors import NotFound
from dashboard.navixy.fields import Field, Separator, UnknownField
from dashboard.navixy.forms import FormTemplate
from dashboard.navixy.values import Record

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KEY = "form"
NONE = "none"
SURE = "sure"  # the button that gives up answers the other form does not ask for

KINDS: dict[str, StrOrPromise] = {
    "text": gettext_lazy("text"),
    "checkbox_group": gettext_lazy("several choices"),
    "dropdown": gettext_lazy("one choice"),
    "radio_group": gettext_lazy("one choice"),
    "date": gettext_lazy("date"),
    "rating": gettext_lazy("stars"),
    "file": gettext_lazy("file"),
    "photo": gettext_lazy("photos"),
    "signature": gettext_lazy("signature"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One line of a preview; `kind` is empty for a heading."""

    label: str
    kind: str
    required: bool
    unknown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A form to choose. `warning`: why it cannot be filled in here; `news`: it changed since then."""

    id: str
    label: str
    description: str
    about: str
    questions: tuple[Question, ...]
    chosen: bool
    warning: str = ""
    news: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@while_editable
def form(request: DashboardRequest, draft: Draft) -> HttpResponse:
    if request.method == "POST":
        return _posted(request, draft)
    saving.remember_step(draft, KEY)
    return _page(request, draft)


def _posted(request: DashboardRequest, draft: Draft) -> HttpResponse:
    template_id = _chosen(request.POST.get("template", ""))
    if template_id != draft.template_id or request.POST.get("anew"):
        record = None
        if template_id:
            try:
                record = forms.template_record(request.navixy, template_id)
            except NotFound:
                words = _("This form is no longer there. Choose another; what you answered is kept.")
                return _page(request, draft, error=words, status=422)
        if (loss := _loss(draft, record)) and saving.act_of(request) not in (SURE, saving.OVERWRITE):
            return _page(request, draft, loss=loss, asked=template_id, status=422)
        try:
            version = saving.version_to_change(request, draft)
            drafts.choose_template(draft, version=version, record=record)
        except drafts.Stale:
            return saving.stale(request, draft, KEY)
    return redirect(steps.url(draft, steps.following(KEY)))


def _chosen(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 19 else None


def _loss(draft: Draft, record: Record | None) -> str:
    """What would go: answers and files of questions the other form does not have."""
    fields = {one.get("id"): one.get("type") for one in (record or {}).get("fields", ())}
    answers = sum(fields.get(key) != value.get("type") for key, value in draft.answers.items())
    files = draft.files.exclude(field_id="").exclude(field_id__in=fields).count()
    parts = []
    if answers:
        parts.append(ngettext("%d answer", "%d answers", answers) % answers)
    if files:
        parts.append(ngettext("%d file", "%d files", files) % files)
    return _(" and ").join(parts)


def _page(
    request: DashboardRequest,
    draft: Draft,
    *,
    error: str = "",
    loss: str = "",
    asked: int | None = None,
    status: int = 200,
) -> HttpResponse:
    names = source_of(request).lookup.get()
    context = {
        "choices": choices(names, draft, asked if loss else draft.template_id),
        "none_chosen": (asked if loss else draft.template_id) is None,
        "error": error,
        "loss": loss,
        "list_error": names.errors.get("templates", ""),
    }
    shown = saving.page(request, draft, KEY, saving.lacking(request, draft), **context)
    return render(request, "checkins/guided/form.html", shown, status=status)


def choices(names: Names, draft: Draft, chosen: int | None) -> tuple[Choice, ...]:
    """The account's forms; one chosen before stays choosable when Navixy no longer lists it."""
    found = [_choice(one, draft, chosen) for one in names.templates.values()]
    if draft.form and draft.template_id not in names.templates:
        found.insert(0, _choice(draft.form, draft, chosen))
    return tuple(found)


def _choice(template: FormTemplate, draft: Draft, chosen: int | None) -> Choice:
    questions = [field for field in template.fields if not isinstance(field, Separator)]
    required = sum(field.required for field in questions)
    about = ngettext("%d question", "%d questions", len(questions)) % len(questions)
    return Choice(
        id=str(template.id),
        label=template.label or _("Form %d") % template.id,
        description=template.description,
        about=f"{about}, {_('%d required') % required}" if required else about,
        questions=tuple(_question(field) for field in template.fields),
        chosen=template.id == chosen,
        warning=_warning(template),
        news=_news(template, draft),
    )


def _question(field: Field) -> Question:
    return Question(
        label=field.label,
        kind="" if isinstance(field, Separator) else str(KINDS.get(field.type, _("unknown here"))),
        required=field.required,
        unknown=isinstance(field, UnknownField),
    )


def _warning(template: FormTemplate) -> str:
    if any(isinstance(field, UnknownField) and field.required for field in template.fields):
        return _("Cannot be filled in here: it requires an answer of a kind this site does not know.")
    return ""


def _news(template: FormTemplate, draft: Draft) -> str:
    mine = draft.form if draft.template_id == template.id else None
    if mine is None or mine.version == template.version:
        return ""
    return _("This form has changed in Navixy since you chose it. Take its new questions to send it.")
