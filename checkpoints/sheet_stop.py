"""One row of a sheet as a stop, or all that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from checkpoints.sheet_cells import Setting, Wrong, decimal, moment, tags, template, tracker, whole
from dashboard.navixy.errors import NotSendable
from dashboard.navixy.stops import LONGEST_LABEL, StopDraft

Cells = Mapping[str, str]
_SOUND: Mapping[str, Any] = {"label": "-", "lat": 0.0, "lng": 0.0, "end": datetime(2000, 1, 1, tzinfo=UTC)}
_CHECKED_TOGETHER = (
    ("label",),
    ("description",),
    ("lat", "lng"),
    ("start", "end"),
    ("external_id",),
    ("max_delay",),
    ("min_stay",),
    ("min_arrival",),
    ("radius",),
)


class _Reading:
    """The members of a draft that could be read, and what is wrong with the others."""

    def __init__(self) -> None:
        self.members: dict[str, Any] = {}
        self.wrong: list[str] = []

    def read(self, name: str, value: Callable[[], object]) -> None:
        try:
            self.members[name] = value()
        except Wrong as error:
            self.wrong.append(str(error))

    def check(self) -> None:
        """Each limit alone: a draft tells the first only."""
        for names in _CHECKED_TOGETHER:
            present = {name: self.members[name] for name in names if name in self.members}
            if len(present) < len(names):
                continue
            try:
                StopDraft(**{**_SOUND, **present})
            except NotSendable as error:
                self.wrong.append(error.message)


def stop_of(cells: Cells, setting: Setting) -> tuple[StopDraft, str]:
    """The draft, and the address to look up for it. Raises Wrong with every fault of the row."""
    reading = _Reading()
    reading.read("label", lambda: _label(cells))
    _read_place(reading, cells)
    _read_window(reading, cells, setting)
    reading.members |= {
        "description": cells.get("description", ""),
        "address": cells.get("address", ""),
        "external_id": cells.get("external_id") or None,
    }
    reading.read("tracker_id", lambda: tracker(cells.get("tracker", ""), setting.trackers))
    reading.read("max_delay", lambda: whole(cells.get("max_delay") or "0", _("allowed delay")))
    reading.read("min_stay", lambda: whole(cells.get("min_stay") or "0", _("minimum stay")))
    reading.read("min_arrival", lambda: whole(cells.get("min_arrival") or "0", _("minimum arrival")))
    reading.read("radius", lambda: whole(cells.get("radius") or "100", _("radius")))
    reading.read("tag_ids", lambda: tags(cells.get("tags", ""), setting.tags))
    reading.read("form_template_id", lambda: template(cells.get("form", ""), setting.templates))
    if len(cells.get("route", "")) > LONGEST_LABEL:
        reading.wrong.append(_("The name of the route is longer than %d characters.") % LONGEST_LABEL)
    reading.check()
    if reading.wrong:
        raise Wrong(" ".join(dict.fromkeys(reading.wrong)))
    has_place = bool(cells.get("lat") and cells.get("lng"))
    return StopDraft(**reading.members), "" if has_place else cells.get("address", "")


def _label(cells: Cells) -> str:
    if not cells.get("label"):
        raise Wrong(_("The name is missing."))
    return cells["label"]


def _read_place(reading: _Reading, cells: Cells) -> None:
    """0, 0 stands for a place that is looked up later."""
    lat, lng = cells.get("lat", ""), cells.get("lng", "")
    if lat:
        reading.read("lat", lambda: decimal(lat, _("latitude")))
    if lng:
        reading.read("lng", lambda: decimal(lng, _("longitude")))
    if bool(lat) != bool(lng):
        reading.wrong.append(_("Latitude and longitude belong together; one is missing."))
    elif not lat:
        reading.members |= {"lat": 0.0, "lng": 0.0}
        if not cells.get("address"):
            reading.wrong.append(_("There is neither an address nor a latitude with a longitude."))


def _read_window(reading: _Reading, cells: Cells, setting: Setting) -> None:
    day = cells.get("day", "")
    if start := cells.get("start"):
        reading.read("start", lambda: moment(start, day, setting))
    else:
        reading.members["start"] = None
    reading.read("end", lambda: _end(cells, day, setting))
    if "end" in reading.members and reading.members["end"] < setting.now:
        reading.wrong.append(_("The window is over already."))


def _end(cells: Cells, day: str, setting: Setting) -> datetime:
    if not cells.get("end"):
        raise Wrong(_("The end of the window is missing."))
    return moment(cells["end"], day, setting)
