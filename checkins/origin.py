"""The list somebody came from, as a check-in's address says: its filters and the check-in's place in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from checkins.filters import Filters
from checkins.forms import FilterForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """`position` counts from 1; None when the address does not name it."""

    filters: Filters
    position: int | None

    @classmethod
    def of(cls, request: HttpRequest) -> Origin:
        at = request.GET.get("at", "")
        position = int(at) if at.isascii() and at.isdigit() and len(at) < 10 else None
        return cls(filters=FilterForm(request.GET).filters(), position=position or None)

    def list_url(self, checkin_id: int, position: int | None) -> str:
        """Back to the page of the list that holds the check-in, and there to its row."""
        page = (position - 1) // self.filters.per_page + 1 if position else self.filters.page
        query = self.filters.replace(page=page).url_query()
        return f"{reverse('checkins:index')}?{query}#checkin-{checkin_id}"

    def url(self, checkin_id: int, position: int | None, route: str = "checkins:detail") -> str:
        query = QueryDict(self.filters.replace(page=1).url_query(), mutable=True)
        if position:
            query["at"] = str(position)
        return f"{reverse(route, args=[checkin_id])}?{query.urlencode()}"
