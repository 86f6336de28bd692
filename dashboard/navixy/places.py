"""Geocoding both ways (ref 3.5)."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.navixy import values
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NotFound

NO_MATCH = 210


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A place that matches a search, in WGS84 degrees."""

    lat: float
    lng: float
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A box in degrees; for a search a preference, not a filter."""

    north: float
    west: float
    south: float
    east: float

    def to_wire(self) -> dict[str, dict[str, float]]:
        return {
            "nw": {"lat": self.north, "lng": self.west},
            "se": {"lat": self.south, "lng": self.east},
        }


def search_address(
    client: Client, query: str, *, bounds: Bounds | None = None, lang: str | None = None
) -> tuple[Found, ...]:
    """Places for an address, best first; none is an empty tuple (`geocoder/search_address`, error 210)."""
    params: dict[str, object] = {"q": query}
    if bounds is not None:
        params["bounds"] = bounds.to_wire()
    if lang:
        params["lang"] = lang[:5]
    try:
        locations = client.read("geocoder/search_address", params).records("locations")
    except NotFound as error:
        if error.code != NO_MATCH:
            raise
        return ()
    found = (_found(location) for location in locations)
    return tuple(place for place in found if place is not None)


def search_location(client: Client, *, lat: float, lng: float, lang: str | None = None) -> str:
    """The address of a point; an empty text when there is none (`geocoder/search_location`)."""
    params: dict[str, object] = {"location": {"lat": lat, "lng": lng}}
    if lang:
        params["lang"] = lang[:5]
    try:
        return values.text(client.read("geocoder/search_location", params).body, "value") or ""
    except NotFound as error:
        if error.code != NO_MATCH:
            raise
        return ""


def _found(record: values.Record) -> Found | None:
    lat, lng = values.number(record, "lat"), values.number(record, "lng")
    if lat is None or lng is None:
        return None
    return Found(lat=lat, lng=lng, address=values.text(record, "address") or f"{lat:.5f}, {lng:.5f}")
