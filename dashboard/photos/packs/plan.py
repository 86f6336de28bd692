"""What goes into a pack: decided once, a line for each check-in, so that every attempt packs the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from dashboard.navixy.checkins import Checkin
from dashboard.navixy.files import File
from dashboard.photos.album import kind_of
from dashboard.seal import seal, unseal


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """`reason`: why it cannot be had. `sealed`: its link, encrypted, as it opens without a credential."""

    id: int
    name: str
    size: int
    mime: str
    of_form: bool
    sealed: str = field(repr=False)
    reason: str = ""

    @property
    def url(self) -> str | None:
        return unseal(self.sealed) if self.sealed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A check-in with its words as they were when the job began. `problem`: why it could not be read."""

    id: int
    time: datetime | None
    who: str
    tracker: str
    address: str
    lat: float | None
    lng: float | None
    comment: str
    form_id: int | None
    form: str
    files: tuple[PlannedFile, ...] = ()
    problem: str = ""

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some check-ins of `total`."""

    items: tuple[Planned, ...]
    total: int


_REASONS = {
    "pending": "Not uploaded yet",
    "deleted": "Deleted from the storage",
    "missing": "Nothing is stored under this name",
}


def planned(checkin: Checkin, *, who: str, tracker: str) -> Planned:
    return Planned(
        id=checkin.id,
        time=checkin.marker_time,
        who=who or tracker,
        tracker=tracker,
        address=checkin.address,
        lat=checkin.lat,
        lng=checkin.lng,
        comment=checkin.comment,
        form_id=checkin.form_id,
        form=checkin.form_label or "",
        files=tuple(planned_file(file, of_form=False) for file in checkin.files),
    )


def unreadable(checkin_id: int, problem: str) -> Planned:
    return Planned(
        id=checkin_id,
        time=None,
        who="",
        tracker="",
        address="",
        lat=None,
        lng=None,
        comment="",
        form_id=None,
        form="",
        problem=problem,
    )


def planned_file(file: File, *, of_form: bool) -> PlannedFile:
    reason = _REASONS.get(kind_of(file), "")
    return PlannedFile(
        id=file.id,
        name=file.name,
        size=file.size,
        mime=file.mime_type,
        of_form=of_form,
        sealed=seal(file.download_url) if file.download_url and not reason else "",
        reason=reason,
    )


def line_of(item: Planned) -> str:
    packed = asdict(item) | {"time": item.time.isoformat() if item.time else None}
    return json.dumps(packed, separators=(",", ":")) + "\n"


def items_in(lines: Iterable[bytes]) -> Iterator[Planned]:
    for line in lines:
        yield _item(json.loads(line))


def files_line(files: Iterable[PlannedFile]) -> str:
    return json.dumps([asdict(file) for file in files])


def files_in(line: str) -> tuple[PlannedFile, ...]:
    return tuple(PlannedFile(**packed) for packed in json.loads(line))


def _item(packed: dict[str, Any]) -> Planned:
    time = packed["time"]
    return Planned(
        **packed
        | {
            "time": datetime.fromisoformat(time) if time else None,
            "files": tuple(PlannedFile(**file) for file in packed["files"]),
        }
    )
