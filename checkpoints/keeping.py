"""Routes, stops and their forms into the archive, then away at Navixy: never the other way round."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkpoints import rows
from checkpoints.progress import status_label
from dashboard import connect
from dashboard.accounts import Account
from dashboard.archive import keeping
from dashboard.archive.keeping import FileMissing, Original
from dashboard.archive.models import Archived
from dashboard.clock import Clock
from dashboard.names import Names
from dashboard.navixy import task_forms, tasks
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NavixyError, NotFound, SessionEnded, WrongState
from dashboard.navixy.files import File
from dashboard.navixy.routes import Route
from dashboard.navixy.stops import Stop
from dashboard.navixy.storage import FileGone, FileTooLarge


class FilesMissing(WrongState):
    """Files of it can no longer be had, so it was not deleted. `number` of them."""

    def __init__(self, number: int) -> None:
        super().__init__(description=f"{number} files missing")
        self.number = number

    @property
    def message(self) -> str:
        told = ngettext(
            "%d of its files cannot be fetched from Navixy any more, so it was not deleted.",
            "%d of its files cannot be fetched from Navixy any more, so it was not deleted.",
            self.number,
        )
        return told % self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who removes what for whom. `incomplete`: also what cannot be archived with every file."""

    account: Account
    client: Client
    names: Names
    incomplete: bool = False

    @property
    def clock(self) -> Clock:
        return self.account.clock


def remove_stop(desk: Desk, stop: Stop, delete: Callable[[], None]) -> None:
    """Archives the stop with its form, then deletes it. Raises NavixyError; FilesMissing before anything."""
    form, files = task_forms.as_received(desk.client, stop.id)
    record, _stops = tasks.as_received(desk.client, stop.id)
    kind = "checkpoint" if stop.type == "checkpoint" else "task"
    archived = keeping.keep(
        desk.account,
        kind=kind,
        upstream_id=stop.id,
        title=stop.label,
        record=record,
        names=_stop_names(desk, stop),
        forms=[form] if form else [],
        files=_originals(desk, files, form),
    )
    _then(desk, archived, delete, lambda: _is_gone(desk.client, stop.id))


def remove_route(desk: Desk, route: Route, stops: Sequence[Stop], delete: Callable[[], None]) -> None:
    """Archives the route with all its stops and their forms, then deletes it. Raises as `remove_stop`."""
    record, nested = tasks.as_received(desk.client, route.id)
    found = [task_forms.as_received(desk.client, stop.id) for stop in stops]
    archived = keeping.keep(
        desk.account,
        kind="route",
        upstream_id=route.id,
        title=route.label,
        record={**record, "checkpoints": list(nested)},
        names=_route_names(desk, route, stops),
        forms=[form for form, _files in found if form],
        files=(one for form, files in found for one in _originals(desk, files, form)),
    )
    _then(desk, archived, delete, lambda: _is_gone(desk.client, route.id))


def remove_form(desk: Desk, stop: Stop, detach: Callable[[], None]) -> None:
    """Archives the form of a stop with answers and files, then detaches it. Raises as `remove_stop`."""
    form, files = task_forms.as_received(desk.client, stop.id)
    if form is None:
        raise NotFound(action="task/form/delete", code=201)
    archived = keeping.keep(
        desk.account,
        kind="form",
        upstream_id=int(form["id"]),
        title=f"{form.get('label') or _('Form')} · {stop.label}",
        record={"task_id": stop.id, "label": stop.label, "form_id": form["id"]},
        names={_("Form"): str(form.get("label") or ""), **_stop_names(desk, stop)},
        forms=[form],
        files=_originals(desk, files, form),
    )
    _then(desk, archived, detach, lambda: task_forms.read(desk.client, stop.id) is None)


def _then(desk: Desk, archived: Archived, remove: Callable[[], None], is_gone: Callable[[], bool]) -> None:
    """What was kept counts once it is gone there; a refusal leaves nothing here."""
    if archived.missing and not desk.incomplete:
        keeping.discard(archived)
        raise FilesMissing(archived.missing)
    try:
        remove()
    except NavixyError as error:
        _settle(archived, error, is_gone)
        raise
    keeping.confirm(archived)


def _settle(archived: Archived, error: NavixyError, is_gone: Callable[[], bool]) -> None:
    if not error.maybe_applied:
        keeping.discard(archived)
        return
    try:
        gone = is_gone()
    except SessionEnded:
        keeping.unsure(archived)
        raise
    except NavixyError:
        keeping.unsure(archived)
        return
    keeping.confirm(archived) if gone else keeping.discard(archived)


def _is_gone(client: Client, task_id: int) -> bool:
    try:
        tasks.kind_of(client, task_id)
    except NotFound:
        return True
    return False


def _originals(desk: Desk, files: Sequence[File], form: Mapping[str, Any] | None) -> Iterator[Original]:
    form_id = int(form["id"]) if form else None
    fields = _fields_of(form)
    for file in files:
        if file.state == "uploaded":
            yield Original(
                upstream_id=file.id,
                name=file.name,
                mime_type=file.mime_type,
                write=partial(_fetch, desk, file),
                form_id=form_id,
                field_id=fields.get(file.id, ""),
            )


def _fetch(desk: Desk, file: File, into: BinaryIO) -> None:
    if not file.download_url:
        raise FileMissing(_("Navixy gives no address for it."))
    try:
        connect.storage(desk.account.api_url).fetch(file.download_url, into)
    except (FileGone, FileTooLarge) as error:
        raise FileMissing(error.message) from None


def _fields_of(form: Mapping[str, Any] | None) -> dict[int, str]:
    """Which question each file answers."""
    values = (form or {}).get("values") or {}
    found: dict[int, str] = {}
    for field_id, value in values.items() if isinstance(values, Mapping) else ():
        ids = [*(value.get("file_ids") or ()), value.get("file_id")] if isinstance(value, Mapping) else []
        found |= {one: str(field_id) for one in ids if isinstance(one, int)}
    return found


def _stop_names(desk: Desk, stop: Stop) -> dict[str, str]:
    tracker, person = rows.executor(stop.tracker_id, desk.names)
    window = f"{desk.clock.moment(stop.start)} – " if stop.start else ""
    shown = {
        _("Status"): status_label(stop.status),
        _("Window"): f"{window}{desk.clock.moment(stop.end)}" if stop.end else "",
        _("Address"): stop.address,
        _("Tracker"): tracker,
        _("Employee"): person,
        _("External id"): stop.external_id or "",
        _("Description"): stop.description,
    }
    return {label: words for label, words in shown.items() if words}


def _route_names(desk: Desk, route: Route, stops: Sequence[Stop]) -> dict[str, str]:
    tracker, person = rows.executor(route.tracker_id, desk.names)
    window = f"{desk.clock.moment(route.start)} – " if route.start else ""
    shown = {
        _("Status"): status_label(route.status),
        _("Window"): f"{window}{desk.clock.moment(route.end)}" if route.end else "",
        _("Tracker"): tracker,
        _("Employee"): person,
        _("Stops"): ", ".join(stop.label for stop in stops),
        _("Description"): route.description,
    }
    return {label: words for label, words in shown.items() if words}
