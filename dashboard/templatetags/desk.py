"""Tags every template has (a builtin library, see settings)."""

import re
from collections.abc import Hashable
from functools import cache, lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from dashboard.shortcuts import SHORTCUTS, ShortcutGroup

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


@register.simple_tag
def fixed(name: str, **values: Hashable) -> SafeString:
    """{% fixed "listing/_sort_levels.html" levels=results.levels %}: an include made once for equal values.

    It sees these values alone, so what is kept is the same for everybody, in each language.
    """
    return render_to_string(name, values) if settings.DEBUG else _fixed(name, get_language(), **values)


@lru_cache(maxsize=512)
def _fixed(name: str, _language: str | None, /, **values: Hashable) -> SafeString:
    return render_to_string(name, values)


@register.simple_tag
def shortcut_groups() -> tuple[ShortcutGroup, ...]:
    return SHORTCUTS
