"""A new draft like a check-in that is there, or was: same crew, same form, its answers and files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from checkins.models import Draft
from dashboard.accounts import Account
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.client import Client
from dashboard.uploads.staging import Coming

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file of the former check-in, whose bytes `opened` gives; `field_id` is empty for a photo."""

    name: str
    opened: Callable[[], BinaryIO | Coming]
    field_id: str = ""


def from_checkin(account: Account, client: Client, checkin: Checkin) -> Draft:
    """Tracker, place, comment, form and answers at once; its files come with a job (`draft.job`).

    What cannot be taken over is told in `draft.notes`. Raises NavixyError.
    """
    raise NotImplementedError


def from_record(
    account: Account,
    *,
    checkin: Record,
    form: Record | None,
    template: Record | None,
    files: Sequence[Kept],
) -> Draft:
    """From an archived check-in: wire records of the check-in, of its form with its answers, and of the
    template as it is now (None: gone); and the files' bytes. Speaks to nobody."""
    raise NotImplementedError
