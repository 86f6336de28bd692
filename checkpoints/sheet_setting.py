"""What a sheet is read against: the names of the account, those asked for that a column of it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from checkpoints.sheet_cells import Setting
from checkpoints.sheet_reading import Line
from dashboard.navixy import forms, people
from dashboard.navixy.client import Client


def setting_for(
    client: Client,
    lines: Sequence[Line],
    mapping: Mapping[str, int],
    *,
    zone: ZoneInfo,
    now: datetime,
    american: bool,
) -> Setting:
    """One call for each kind of name that is filled in. Raises NavixyError."""

    def filled(key: str) -> bool:
        at = mapping.get(key)
        return at is not None and any(at < len(line.cells) and line.cells[at] for line in lines)

    return Setting(
        zone=zone,
        now=now,
        trackers=people.list_trackers(client) if filled("tracker") else (),
        tags=people.list_tags(client) if filled("tags") else (),
        templates=forms.list_templates(client) if filled("form") else (),
        american=american,
    )
