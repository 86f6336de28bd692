"""What is written of stops and routes goes into the account's audit, with old and new values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dashboard.audit import journal
from dashboard.http import DashboardRequest
from dashboard.navixy.errors import NavixyError
from dashboard.navixy.stops import Stop, StopDraft


@dataclass(slots=True)
class Entry:
    """What one write adds to what was known before it."""

    ids: Sequence[int] = ()
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    result: str = "done"
    message: str = ""

    def refused(self, error: NavixyError) -> None:
        """The view mends the error itself: done it is not."""
        self.result = "unknown" if error.write and error.maybe_applied else "failed"
        self.message = error.message

    def not_sent(self, sentence: str) -> None:
        self.result, self.message = "failed", sentence


@contextmanager
def writing(
    request: DashboardRequest,
    action: str,
    *,
    kind: str,
    subject: str,
    ids: Sequence[int] = (),
    before: Mapping[str, Any] | None = None,
) -> Iterator[Entry]:
    """Around one write: done, failed, or unknown when it may have happened all the same."""
    entry = Entry(ids=ids, before=before)
    try:
        yield entry
    except NavixyError as error:
        entry.refused(error)
        _record(request, action, kind, subject, entry)
        raise
    _record(request, action, kind, subject, entry)


def values(stop: Stop | StopDraft) -> dict[str, Any]:
    """A stop as the audit keeps it: what a person may write, in words of the API."""
    draft = stop if isinstance(stop, StopDraft) else None
    members = (
        "label",
        "description",
        "lat",
        "lng",
        "radius",
        "address",
        "external_id",
        "max_delay",
        "min_stay",
        "min_arrival",
        "order",
    )
    found = {name: getattr(stop, name) for name in members}
    found["from"] = stop.start.isoformat() if stop.start else None
    found["to"] = stop.end.isoformat() if stop.end else None
    found["tags"] = list(stop.tag_ids)
    if draft is not None and draft.form_template_id:
        found["form_template_id"] = draft.form_template_id
    return found


def _record(request: DashboardRequest, action: str, kind: str, subject: str, entry: Entry) -> None:
    journal.record(
        request.account,
        action=action,
        kind=kind,
        subject=subject,
        ids=tuple(entry.ids),
        result=entry.result,
        message=entry.message,
        before=entry.before,
        after=entry.after if entry.result != "failed" else None,
    )
