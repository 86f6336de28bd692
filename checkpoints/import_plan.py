"""What would come of an import if it started now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checkpoints import import_doubles, import_target
from checkpoints.changes import Conflict
from checkpoints.import_asked import Asked
from checkpoints.import_doubles import Doubles
from checkpoints.import_target import Target
from checkpoints.sheet_cells import Setting
from checkpoints.sheet_rows import Row, check, read
from checkpoints.sheet_setting import setting_for
from dashboard.clock import now
from dashboard.http import DashboardRequest
from dashboard.navixy import routes
from dashboard.navixy.routes import WholeRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The route that the rows are added to, as it is now.

    `refused` says why it takes none; `changed` what is not as it was shown before.
    """

    whole: WholeRoute
    target: Target
    refused: str
    changed: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`left_out`: why rows are not imported, by their number."""

    rows: tuple[Row, ...]
    setting: Setting
    doubles: Doubles
    left_out: Mapping[int, str]
    joined: Joined | None


def planned(request: DashboardRequest, asked: Asked) -> Plan:
    """Raises NotFound when the route is gone."""
    joined = _joined(request, asked.target) if asked.target else None
    setting = setting_for(
        request.navixy,
        asked.sheet.lines,
        asked.mapping,
        zone=request.account.zone,
        now=now(),
        american=is_american(request),
    )
    rows = read(asked.sheet.lines, asked.mapping, setting)
    doubles = import_doubles.look(request.navixy, rows, request.account.clock, new_routes=joined is None)
    left_out = doubles.left_out(doubles.rows if asked.again_all else asked.again)
    return Plan(
        rows=check(rows, left_out, joined.target.onto if joined else None),
        setting=setting,
        doubles=doubles,
        left_out=left_out,
        joined=joined,
    )


def is_american(request: DashboardRequest) -> bool:
    return request.account.clock.date_format.startswith("MM")


def _joined(request: DashboardRequest, target: Target) -> Joined:
    whole = routes.read_whole(request.navixy, target.onto.route_id)
    return Joined(
        whole=whole,
        target=import_target.target_of(whole),
        refused=import_target.refusal(whole.route),
        changed=import_target.changed(target, whole),
    )
