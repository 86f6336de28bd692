"""Tiles as HTML for table cells, where an included template for each row would cost more than the page."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.photos.album import PhotoTile, RowTiles

_PICTURE = (
    '<a class="tile" href="{}">'
    '<img src="{}" alt="{}" width="48" height="48" loading="lazy" decoding="async"></a>'
)
_FILE = '<a class="tile tile-words" href="{}" title="{}"><span>{}</span></a>'
_WORDS = '<span class="tile tile-words" title="{}"><span>{}</span></span>'


def row_html(tiles: RowTiles | None) -> SafeString:
    """The first pictures of a check-in and how many more there are; empty without files."""
    if tiles is None:
        return SafeString("")
    shown = format_html_join("", "{}", ((_tile(tile),) for tile in tiles.shown))
    return format_html('<span class="tiles">{}{}</span>', shown, _more(tiles.more))


def _tile(tile: PhotoTile) -> SafeString:
    if tile.kind == "picture":
        return format_html(_PICTURE, tile.large_url, tile.thumb_url, tile.alt)
    if tile.original_url:
        return format_html(_FILE, tile.original_url, f"{tile.name}, {tile.size_text}", tile.words)
    return format_html(_WORDS, tile.name, tile.words)


def _more(count: int) -> SafeString:
    if not count:
        return SafeString("")
    return format_html('<span class="tiles-more" title="{}">+{}</span>', _("%d more") % count, count)
