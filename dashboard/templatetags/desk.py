"""Tags every template has (a builtin library, see settings)."""

import re
from functools import cache

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
_SVG = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@cache
def _drawing(name: str) -> SafeString:
    """The strokes of a Lucide icon; an unknown name is a mistake in a template and raises."""
    path = settings.NODE_MODULES / "lucide-static" / "icons" / f"{name}.svg"
    match = _SVG.search(path.read_text())
    if not match:
        raise ValueError(f"{path} is no drawing")
    strokes = " ".join(match[1].split()).replace(" />", "/>").replace("> <", "><")
    return mark_safe(strokes)  # noqa: S308  an installed package's file, not input


@cache
def _icon(name: str, classes: str, label: str) -> SafeString:
    named = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>',
        classes,
        named,
        _drawing(name),
    )


@register.simple_tag
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """{% icon "map-pin" %}: decoration unless it is given a label."""
    return _icon(name, classes, label)
