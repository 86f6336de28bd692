"""Saving, renaming, removing and starting with views of a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.accounts import signed_in
from dashboard.htmx import wants_fragment
from dashboard.http import DashboardRequest
from dashboard.listing import saved
from dashboard.listing.forms import NameForm, SaveForm
from dashboard.listing.models import SavedView

MENU = "listing/_saved_answer.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedList:
    """A list with saved views: its name in the database, its namespace, and what tidies a query."""

    name: str
    namespace: str
    clean: Callable[[QueryDict], str]


@require_POST
@signed_in
def save(request: DashboardRequest, of: SavedList) -> HttpResponse:
    form = SaveForm(request.POST)
    if not form.is_valid():
        return _answer(request, of, form=form, status=422)
    name, query = form.cleaned_data["name"], of.clean(QueryDict(form.cleaned_data["query"]))
    if saved.is_full(request.account, of.name) and not saved.name_taken(request.account, of.name, name):
        form.add_error("name", _("There are %d views already; delete one first.") % saved.MOST)
        return _answer(request, of, form=form, status=422)
    view = saved.save(request.account, of.name, name=name, query=query)
    messages.success(request, _("View “%s” saved.") % view.name)
    return _answer(request, of)


@require_POST
@signed_in
def rename(request: DashboardRequest, of: SavedList, pk: int) -> HttpResponse:
    view, form = _view(request, of, pk), NameForm(request.POST)
    if form.is_valid() and saved.name_taken(
        request.account, of.name, form.cleaned_data["name"], other_than=pk
    ):
        form.add_error("name", _("Another view has this name."))
    if not form.is_valid():
        return _answer(request, of, renaming=pk, rename_form=form, status=422)
    view.name = form.cleaned_data["name"]
    view.save(update_fields=["name"])
    messages.success(request, _("Renamed to “%s”.") % view.name)
    return _answer(request, of)


@require_POST
@signed_in
def remove(request: DashboardRequest, of: SavedList, pk: int) -> HttpResponse:
    view = _view(request, of, pk)
    saved.remove(view)
    return _answer(request, of, removed=view)


@require_POST
@signed_in
def restore(request: DashboardRequest, of: SavedList, pk: int) -> HttpResponse:
    view = saved.restore(request.account, of.name, pk)
    if view is None:
        messages.warning(request, _("That view cannot be brought back any more."))
    else:
        messages.success(request, _("View “%s” is back.") % view.name)
    return _answer(request, of)


@require_POST
@signed_in
def start(request: DashboardRequest, of: SavedList, pk: int) -> HttpResponse:
    view = _view(request, of, pk)
    on = request.POST.get("start") != "0"
    saved.make_start(request.account, of.name, view, start=on)
    words = _("“%s” opens first from now on.") if on else _("“%s” no longer opens first.")
    messages.success(request, words % view.name)
    return _answer(request, of)


def _view(request: DashboardRequest, of: SavedList, pk: int) -> SavedView:
    view = saved.views_of(request.account, of.name).filter(pk=pk).first()
    if view is None:
        raise Http404
    return view


def _answer(request: DashboardRequest, of: SavedList, *, status: int = 200, **context: Any) -> HttpResponse:
    """The menu again, with toasts beside it; without htmx the list, where the messages show."""
    query = of.clean(QueryDict(request.POST.get("query", "")))
    if not wants_fragment(request):
        _tell(request, context)
        return redirect(f"{reverse(f'{of.namespace}:index')}?{query}")
    return render(request, MENU, {**context, **menu(request, of, query), "open": True}, status=status)


def menu(request: DashboardRequest, of: SavedList, query: str) -> dict[str, Any]:
    """What `listing/_saved.html` needs."""
    views = saved.menu_of(request.account, of.name)
    return {"saved_views": views, "saved_query": query, "saved_namespace": of.namespace}


def _tell(request: DashboardRequest, context: dict[str, Any]) -> None:
    for form in (context.get("form"), context.get("rename_form")):
        for text in (error for errors in form.errors.values() for error in errors) if form else ():
            messages.error(request, text)
    if removed := context.get("removed"):
        messages.success(request, _("View “%s” deleted.") % removed.name)
