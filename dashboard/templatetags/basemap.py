from functools import lru_cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from dashboard.basemap import browser_config

register = template.Library()


@register.simple_tag(takes_context=True)
def map_scripts(context: template.Context) -> SafeString:
    """For the scripts block of a page that may show a map: what maps.js has to know, and maps.js."""
    imperial = getattr(context.get("account"), "measurement_system", "") == "imperial"
    return _map_scripts(imperial, get_language(), settings.MAP_TILE_URL, settings.MAP_TILE_ATTRIBUTION)


@lru_cache(maxsize=32)
def _map_scripts(imperial: bool, *_settings: str | None) -> SafeString:
    config = json_script(browser_config(imperial=imperial), "map-config")
    return format_html('{}<script type="module" src="{}"></script>', config, static("js/maps.js"))
