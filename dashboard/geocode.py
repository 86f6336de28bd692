"""Address search for the place picker: one call of the API for each new question."""

from __future__ import annotations

from hashlib import sha256

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.accounts import signed_in
from dashboard.http import DashboardRequest
from dashboard.navixy.places import search_address

SHORTEST, LONGEST = 3, 200  # characters; a shorter question finds the world
KEPT = 24 * 3600


@require_safe
@signed_in
def geocode(request: DashboardRequest) -> HttpResponse:
    """`[{lat, lng, address}]`, best first, empty without a match (ref 3.5)."""
    query = " ".join(request.GET.get("q", "").split())
    if not SHORTEST <= len(query) <= LONGEST:
        message = _("Write between %(least)d and %(most)d characters.") % {"least": SHORTEST, "most": LONGEST}
        return JsonResponse({"message": message}, status=422)
    return JsonResponse(_found(request, query), safe=False)


def _found(request: DashboardRequest, query: str) -> list[dict[str, object]]:
    key = f"geocode:{request.account.cache_key}:{sha256(query.casefold().encode()).hexdigest()}"
    kept: list[dict[str, object]] | None = cache.get(key)
    if kept is None:
        lang = request.account.locale[:2]
        found = search_address(request.navixy, query, lang=lang or None)
        kept = [{"lat": place.lat, "lng": place.lng, "address": place.address} for place in found[:8]]
        cache.set(key, kept, KEPT)
    return kept
