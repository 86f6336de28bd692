from django import template
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString

from dashboard.basemap import browser_config

register = template.Library()


@register.simple_tag(takes_context=True)
def map_scripts(context: template.Context) -> SafeString:
    """For the scripts block of a page that may show a map: what maps.js has to know, and maps.js."""
    account = context.get("account")
    imperial = getattr(account, "measurement_system", "") == "imperial"
    settings = json_script(browser_config(imperial=imperial), "map-config")
    return format_html('{}<script type="module" src="{}"></script>', settings, static("js/maps.js"))
