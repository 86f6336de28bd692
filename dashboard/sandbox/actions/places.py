"""Geocoding both ways over the world's own gazetteer (ref 3.5)."""

from __future__ import annotations

import re
from typing import Any

from dashboard.sandbox import gazetteer
from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import ApiError, invalid
from dashboard.sandbox.model import Place
from dashboard.sandbox.params import point

GEOCODERS = frozenset({"google", "yandex", "progorod", "osm", "doublegis", "locationiq"})
PAIR = re.compile(r"\s*(-?\d+\.\d+)\s*,\s*(-?\d+\.\d+)\s*", re.ASCII)


@action("geocoder/search_address")
def search_address(asked: Asked) -> Answer:
    query, details = asked.params.need_text("q"), asked.params.boolean("with_details")
    _checked_options(asked)
    pair = PAIR.fullmatch(query)
    if pair:
        lat, lng = point("q", {"lat": float(pair[1]), "lng": float(pair[2])})
        found = [place] if (place := gazetteer.nearest_address(lat, lng)) else []
    else:
        found = gazetteer.search_places(query, _bounds(asked))
    if not found:
        raise ApiError(210)
    return {"locations": [_location(one, details=details) for one in found]}


@action("geocoder/search_location")
def search_location(asked: Asked) -> Answer:
    _checked_options(asked)
    lat, lng = _point(asked)
    place = gazetteer.nearest_address(lat, lng)
    if place is None:
        raise ApiError(210)
    details = _details(place) if asked.params.boolean("with_details") else None
    return {"value": place.address, "details": details}


def _point(asked: Asked) -> tuple[float, float]:
    """`location` wins over top-level `lat` and `lng`."""
    location = asked.params.mapping("location")
    if location is not None:
        return point("location", location)
    return point("location", {name: _number(asked, name) for name in ("lat", "lng")})


def _number(asked: Asked, name: str) -> Any:
    found = asked.params.raw.get(name)
    try:
        return float(found) if name in asked.params.textual and isinstance(found, str) else found
    except ValueError:
        return None


def _bounds(asked: Asked) -> gazetteer.Bounds | None:
    """A preference, not a filter."""
    found = asked.params.mapping("bounds")
    if found is None:
        return None
    for corner in ("nw", "se"):
        if not isinstance(found.get(corner), dict):
            raise invalid(f"bounds.{corner}", "must be an object")
        point(f"bounds.{corner}", found[corner])
    return found


def _checked_options(asked: Asked) -> None:
    geocoder = asked.params.text("geocoder")
    if geocoder is not None and geocoder not in GEOCODERS:
        raise invalid("geocoder", "unknown geocoder")
    asked.params.text("lang", longest=5)


def _location(place: Place, *, details: bool | None) -> dict[str, Any]:
    found: dict[str, Any] = {"lat": place.lat, "lng": place.lng, "address": place.address}
    return found | {"details": _details(place) if details else None}


def _details(place: Place) -> dict[str, Any]:
    return {
        "country": place.country,
        "province": place.province,
        "locality": place.locality,
        "street": place.street or None,
        "house": place.house or None,
        "postcode": place.postcode or None,
    }
