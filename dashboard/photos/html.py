"""Tiles as HTML for table cells: hundreds on a page, so plain strings, escaped here, and no templates."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from markupsafe import escape

from dashboard.photos.album import PhotoTile, RowTiles
from dashboard.templatetags.desk import icon


def row_html(tiles: RowTiles | None) -> SafeString:
    """The first files of a check-in and how many more there are; empty without files."""
    if tiles is None:
        return SafeString("")
    more = _more(tiles.more) if tiles.more else ""
    return SafeString(f'<span class="tiles">{"".join(map(_tile, tiles.shown))}{more}</span>')


def _tile(tile: PhotoTile) -> str:
    """Links are made of characters that need no escaping; names are anybody's."""
    if tile.kind == "picture":
        return (
            f'<a class="tile" href="{tile.large_url}" data-photo="{tile.id}">'
            f'<img src="{tile.thumb_url}" alt="{escape(tile.alt)}"'
            ' width="40" height="40" loading="lazy" decoding="async" fetchpriority="low"></a>'
        )
    title = escape(f"{tile.words}: {tile.name}, {tile.size_text}")
    inside = f'{icon(tile.icon)}<span class="visually-hidden">{title}</span>'
    if tile.original_url:
        return f'<a class="tile" href="{tile.original_url}" title="{title}" download>{inside}</a>'
    return f'<span class="tile" title="{title}">{inside}</span>'


def _more(count: int) -> str:
    return f'<span class="tiles-more" title="{escape(_("%d more") % count)}">+{count}</span>'
