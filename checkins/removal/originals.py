"""Everything of a check-in that is to outlive it: its record, its form with the answers, every file."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from checkins.removal.models import RemovalItem
from checkins.services import Source
from dashboard.accounts import Account
from dashboard.archive.keeping import FileMissing, Original, keep
from dashboard.archive.models import Archived
from dashboard.clock import Clock
from dashboard.names import Names
from dashboard.navixy import checkins as api
from dashboard.navixy import forms
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.client import Client
from dashboard.navixy.errors import (
    BadReply,
    NavixyError,
    NotFound,
    RateLimited,
    SessionEnded,
    Unavailable,
    Unreachable,
)
from dashboard.navixy.filehosts import HostRefused
from dashboard.navixy.files import File, files_from
from dashboard.navixy.storage import FileGone, FileTooLarge, Storage
from dashboard.navixy.values import Record

AT_ONCE = 4
PAUSES = (0.5, 2.0)  # seconds before a storage that does not answer is asked again
PASSING = (Unreachable, Unavailable, RateLimited, BadReply)
_BLOCK = 256 * 1024


class FormUnreadable(Exception):
    """Without its answers a check-in is not whole; the text is the reason people read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file as it lies on this machine now; without a path `reason` says why not."""

    file: File
    form_id: int | None
    field_id: str
    path: Path | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """`gone`: Navixy has it no longer. `problem`: why it cannot be archived now."""

    item: RemovalItem
    record: Record | None = None
    checkin: Checkin | None = None
    form: Record | None = None
    files: tuple[Fetched, ...] = ()
    gone: bool = False
    problem: str = ""
    code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gatherer:
    client: Client
    storage: Storage
    folder: Path
    pauses: tuple[float, ...] = field(default_factory=lambda: PAUSES)

    def gather(self, items: Iterable[RemovalItem]) -> Iterator[Gathered]:
        """In that order, some at a time. Raises NavixyError that concern more than one of them."""
        with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="removal") as pool:
            yield from pool.map(self._gathered, items)

    def _gathered(self, item: RemovalItem) -> Gathered:
        try:
            return self._whole(item)
        except NotFound:
            return Gathered(item=item, gone=True)
        except (SessionEnded, *PASSING):
            raise
        except NavixyError as error:
            return Gathered(item=item, problem=error.message, code=error.code)

    def _whole(self, item: RemovalItem) -> Gathered:
        record = api.record(self.client, item.checkin_id)
        checkin = api.checkin_from(record, self.client.zone)
        try:
            form = self._form(checkin)
        except NotFound as error:
            words = _("Its form cannot be read, so its answers would be lost.")
            return Gathered(item=item, problem=words, code=error.code)
        found = [self._fetched(file, None, "") for file in checkin.files]
        if form is not None:
            fields = _fields_of_files(form)
            of_form = files_from(form, "files", self.client.zone)
            found += [self._fetched(file, checkin.form_id, fields.get(file.id, "")) for file in of_form]
        return Gathered(item=item, record=record, checkin=checkin, form=form, files=tuple(found))

    def _form(self, checkin: Checkin) -> Record | None:
        return None if checkin.form_id is None else forms.whole_record(self.client, checkin.form_id)

    def _fetched(self, file: File, form_id: int | None, field_id: str) -> Fetched:
        reason, path = _unreachable(file), self.folder / f"file-{file.id}"
        if not reason:
            try:
                self._patiently(file.download_url or "", path)
            except FileGone:
                reason = _("The storage no longer has it")
            except FileTooLarge:
                reason = _("Larger than this site fetches")
            except HostRefused:
                reason = _("Kept where this site does not fetch from")
            except PASSING:
                reason = _("The storage did not answer")
        return Fetched(
            file=file, form_id=form_id, field_id=field_id, path=None if reason else path, reason=reason
        )

    def _patiently(self, url: str, path: Path) -> None:
        for pause in self.pauses:
            try:
                return self._copy(url, path)
            except PASSING:
                time.sleep(pause)
        return self._copy(url, path)

    def _copy(self, url: str, path: Path) -> None:
        with path.open("wb") as into:
            self.storage.fetch(url, into)


def archived(gathered: Gathered, account: Account, source: Source) -> Archived:
    """Into the archive, from what lies on this machine; that is cleared away then."""
    checkin, record = gathered.checkin, gathered.record
    if checkin is None or record is None:
        raise ValueError("nothing was gathered")
    names = source.lookup.knowing({checkin.tracker_id}, {checkin.employee_id})
    try:
        return keep(
            account,
            kind="checkin",
            upstream_id=checkin.id,
            title=gathered.item.label,
            record=record,
            names=shown(checkin, names, account.clock),
            forms=[gathered.form] if gathered.form else (),
            files=[_original(one) for one in gathered.files],
        )
    finally:
        for one in gathered.files:
            if one.path:
                one.path.unlink(missing_ok=True)


def shown(checkin: Checkin, names: Names, clock: Clock) -> dict[str, str]:
    """What its page says of it, in the words of this moment."""
    words = {
        _("Time"): clock.long(checkin.marker_time),
        _("Time zone"): clock.zone_label_at(checkin.marker_time),
        _("Employee"): names.employee(checkin.employee_id),
        _("Department"): names.department_of(checkin.employee_id),
        _("Tracker"): names.tracker(checkin.tracker_id),
        _("Address"): checkin.address,
        _("Coordinates"): f"{checkin.lat:.6f}, {checkin.lng:.6f}",
        _("Precision"): "" if checkin.precision is None else _("%s m") % f"{checkin.precision:,}",
        _("Comment"): checkin.comment,
        _("Form"): checkin.form_label or "",
    }
    return {label: text for label, text in words.items() if text}


def _original(fetched: Fetched) -> Original:
    return Original(
        upstream_id=fetched.file.id,
        name=fetched.file.name,
        mime_type=fetched.file.mime_type,
        write=_copier(fetched),
        form_id=fetched.form_id,
        field_id=fetched.field_id,
    )


def _copier(fetched: Fetched) -> Callable[[BinaryIO], None]:
    def write(into: BinaryIO) -> None:
        if fetched.path is None:
            raise FileMissing(fetched.reason)
        with fetched.path.open("rb") as content:
            shutil.copyfileobj(content, into, _BLOCK)

    return write


def _unreachable(file: File) -> str:
    if file.state == "deleted":
        return _("Deleted from the storage")
    if not file.download_url:
        return _("Not uploaded yet")
    return ""


def _fields_of_files(form: Mapping[str, Any]) -> dict[int, str]:
    """Which question each file answers (ref 6.5)."""
    found: dict[int, str] = {}
    values = form.get("values")
    for field_id, value in values.items() if isinstance(values, Mapping) else ():
        if not isinstance(value, Mapping):
            continue
        several = value.get("file_ids")
        ids = several if isinstance(several, list) else [value.get("file_id")]
        found |= {one: str(field_id) for one in ids if isinstance(one, int)}
    return found
