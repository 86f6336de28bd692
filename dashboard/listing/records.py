"""Lists of what this site keeps itself: pages of rows, and the people they are of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Max, Model, QuerySet

from dashboard.listing import paging
from dashboard.listing.choices import Option
from dashboard.listing.paging import Pager

PER_PAGE = 50
M = TypeVar("M", bound=Model)


def paged(found: QuerySet[M], page: int, query: Callable[[int], str]) -> tuple[Page[M], Pager]:
    """A page beyond the last is the last; `query` writes the query string of a page."""
    pages = Paginator(found, PER_PAGE)
    shown = pages.get_page(page)
    pager = paging.pager(
        page=shown.number,
        pages=pages.num_pages,
        per_page=PER_PAGE,
        shown=len(shown.object_list),
        total=pages.count,
        query=lambda number: query(number) or "page=1",
    )
    return shown, pager


def people(rows: QuerySet[M], chosen: int | None) -> tuple[Option, ...]:
    """Everybody in `user_id`, by the name in `who` they had last."""
    latest = rows.order_by().values("user_id").annotate(last=Max("id")).values("last")
    named = rows.filter(pk__in=latest).order_by("who").values_list("user_id", "who")
    return tuple(Option(value=str(user), label=who, chosen=user == chosen) for user, who in named)
