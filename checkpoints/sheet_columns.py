"""The columns a sheet of stops may have, and which of a sheet's own columns stands for which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetColumn:
    """`title` heads the template; `words` are what people write instead, the English title among them."""

    key: str
    title: StrOrPromise
    words: tuple[str, ...]


def _column(key: str, title: StrOrPromise, *words: str) -> SheetColumn:
    return SheetColumn(key=key, title=title, words=words)


COLUMNS = (
    _column("label", _("Name"), "name", "stop", "customer", "title", "client"),
    _column("address", _("Address"), "address", "place", "street", "location"),
    _column("lat", _("Latitude"), "latitude", "y"),
    _column("lng", _("Longitude"), "longitude", "lon", "long", "x"),
    _column("radius", _("Radius m"), "radius m", "radius", "zone"),
    _column("day", _("Date"), "date", "day"),
    _column("start", _("From"), "from", "start", "window from", "begin", "earliest"),
    _column("end", _("To"), "to", "end", "until", "window to", "latest", "due"),
    _column("external_id", _("Order number"), "order number", "order", "reference", "order no", "id"),
    _column("description", _("Description"), "description", "note", "notes", "comment", "remarks"),
    _column("max_delay", _("Allowed delay min"), "allowed delay min", "delay", "allowed delay"),
    _column("min_stay", _("Minimum stay min"), "minimum stay min", "stay", "minimum stay", "duration"),
    _column("min_arrival", _("Minimum arrival min"), "minimum arrival min", "arrival", "minimum arrival"),
    _column("tags", _("Tags"), "tags", "tag", "tag names"),
    _column("form", _("Form"), "form", "form template", "template", "questionnaire"),
    _column("route", _("Route"), "route", "tour", "round", "route name"),
    _column("tracker", _("Tracker"), "tracker", "vehicle", "van", "executor", "tracker id"),
)
KEYS = tuple(one.key for one in COLUMNS)


def guess(head: Sequence[str]) -> dict[str, int]:
    """Which column holds what: by the template's words first, then by others; each column once."""
    plain = [_plain(title) for title in head]
    found: dict[str, int] = {}
    for exact in (True, False):
        for one in COLUMNS:
            words = {_plain(str(one.title)), _plain(one.key)} if exact else set(one.words)
            at = next(
                (n for n, title in enumerate(plain) if title in words and n not in found.values()), None
            )
            if one.key not in found and at is not None:
                found[one.key] = at
    return found


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text.casefold().replace("_", " ")).split())
