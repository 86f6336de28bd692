"""What happened to a stop, as lines: `task/history/list` in words (ref 7.4)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from checkpoints.progress import status_label
from dashboard.clock import Clock
from dashboard.names import Names
from dashboard.navixy.tasks import TaskEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    when: str
    what: str


def told(event: TaskEvent, clock: Clock, names: Names) -> Line:
    return Line(when=clock.moment(event.time) if event.time else "", what=_words(event, names))


def _words(event: TaskEvent, names: Names) -> str:
    match event.operation:
        case "create":
            return _("Created")
        case "update":
            return _("Changed")
        case "assign":
            return _assigned(event, names)
        case "status_change":
            return _changed(event)
    return event.operation


def _assigned(event: TaskEvent, names: Names) -> str:
    if event.tracker_id is None:  # Navixy leaves out what is null (ref 1.4)
        return _("Assigned to nobody")
    return _("Assigned to %s") % names.tracker(event.tracker_id)


def _changed(event: TaskEvent) -> str:
    """As much as the entry says: not every installation need tell what the status was before."""
    words = {"old": status_label(event.old_status), "new": status_label(event.status)}
    if event.status and event.old_status:
        return _("Status changed from %(old)s to %(new)s") % words
    return _("Status changed to %(new)s") % words if event.status else _("Status changed")
