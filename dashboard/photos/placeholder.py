"""The picture shown in place of one that cannot be: a sign and a few words, in both themes legible."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from dashboard.photos.problems import Problem

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240" width="240" height="240" role="img">'
    "<title>{}</title>"
    '<rect width="240" height="240" fill="#e7e9ee"/>'
    '<g fill="none" stroke="#5b6474" stroke-width="7" stroke-linecap="round" stroke-linejoin="round">'
    '<path d="M76 52h88a12 12 0 0 1 12 12v72l-28-28-72 72M64 152V64a12 12 0 0 1 12-12M60 44l120 120"/></g>'
    '<g fill="#3c4454" font-family="system-ui, sans-serif" font-size="21" text-anchor="middle">{}</g></svg>'
)


def svg(problem: Problem) -> bytes:
    lines = words(problem).split("\n")
    texts = format_html_join(
        "", '<text x="120" y="{}">{}</text>', ((204 + 26 * n, line) for n, line in enumerate(lines))
    )
    return format_html(_SVG, " ".join(lines), texts).encode()


def words(problem: Problem) -> str:
    """At most two lines."""
    return {
        Problem.EMPTY: _("Empty file"),
        Problem.NOT_A_PICTURE: _("Not a picture"),
        Problem.DAMAGED: _("Damaged picture"),
        Problem.TOO_MANY_PIXELS: _("Too many pixels\nto show"),
        Problem.TOO_LARGE: _("File too large\nto show"),
        Problem.GONE: _("No longer in\nstorage"),
        Problem.NOT_ALLOWED: _("You may not\nsee this"),
        Problem.REFUSED: _("Stored where we\ndo not fetch"),
        Problem.UNREACHABLE: _("Storage does\nnot answer"),
        Problem.STALE: _("Reload the page\nto see this"),
    }[problem]
