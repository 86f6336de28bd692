"""Tiles as HTML for table cells, where a template for each row would cost more than the rest of the page."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.photos.album import PhotoTile, RowTiles
from dashboard.templatetags.desk import icon

_PICTURE = (
    '<a class="tile" href="{}">'
    '<img src="{}" alt="{}" width="40" height="40" loading="lazy" decoding="async"></a>'
)
_FILE = '<a class="tile" href="{}" title="{}" download>{}<span class="visually-hidden">{}</span></a>'
_WORDS = '<span class="tile" title="{}">{}<span class="visually-hidden">{}</span></span>'


def row_html(tiles: RowTiles | None) -> SafeString:
    """The first files of a check-in and how many more there are; empty without files."""
    if tiles is None:
        return SafeString("")
    shown = format_html_join("", "{}", ((_tile(tile),) for tile in tiles.shown))
    return format_html('<span class="tiles">{}{}</span>', shown, _more(tiles.more))


def _tile(tile: PhotoTile) -> SafeString:
    if tile.kind == "picture":
        # Links are of characters that need no escaping; a page has hundreds of them
        return format_html(_PICTURE, SafeString(tile.large_url), SafeString(tile.thumb_url), tile.alt)
    title = f"{tile.words}: {tile.name}, {tile.size_text}"
    if tile.original_url:
        return format_html(_FILE, tile.original_url, title, icon(tile.icon), title)
    return format_html(_WORDS, title, icon(tile.icon), title)


def _more(count: int) -> SafeString:
    if not count:
        return SafeString("")
    return format_html('<span class="tiles-more" title="{}">+{}</span>', _("%d more") % count, count)
