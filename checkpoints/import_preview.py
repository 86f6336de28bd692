"""What a preview shows of the rows of a sheet: each as it would be sent, those with a word to say first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from checkpoints import import_map, import_result
from checkpoints.import_asked import UNUSED, Asked
from checkpoints.import_doubles import Double, Doubles
from checkpoints.import_plan import Plan
from checkpoints.import_twins import twins
from checkpoints.sheet_cells import Setting
from checkpoints.sheet_columns import COLUMNS
from checkpoints.sheet_rows import Row, groups
from dashboard.clock import Clock
from dashboard.navixy.routes import WholeRoute
from dashboard.navixy.stops import StopDraft

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One select of the mapping: what it is for, and the column it stands on."""

    key: str
    title: str
    at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One row of the table."""

    number: int
    label: str
    external: str
    place: str
    window: str
    route: str
    details: tuple[str, ...]
    note: str
    wrong: str
    there: Double | None
    again: bool


def rows_context(plan: Plan, clock: Clock) -> dict[str, Any]:
    rows, doubles, wanted = plan.rows, plan.doubles, groups(plan.rows)
    like = () if plan.joined else twins(wanted, doubles.routes, clock)
    twin_rows = frozenset(one.row for one in like)
    wrong = sum(1 for row in rows if row.wrong)
    ordered = sorted(rows, key=lambda row: _place(row, doubles, twin_rows))[:MOST_SHOWN]
    shown = {row.line.number for row in ordered}
    return {
        "twins": like,
        "twin_rows": twin_rows,
        "rows": [_shown(row, plan.setting, doubles.rows.get(row.line.number), clock) for row in ordered],
        "more": len(rows) - len(ordered),
        "good": sum(map(len, wanted.values())),
        "sum": _sum(plan, wanted),
        "wrong": import_result.left_out(wrong) if wrong else "",
        "there": len(doubles.rows),
        "days": doubles.days,
        "look_problem": doubles.error,
        "joined": plan.joined,
        "layers": import_map.planned_layers(wanted.values(), clock, shown=shown, whole=_whole(plan)),
        "lookups": len({row.lookup for row in rows if row.wanted and row.lookup}),
    }


def _sum(plan: Plan, wanted: Mapping[str, Sequence[Row]]) -> str:
    good = sum(map(len, wanted.values()))
    if plan.joined:
        return import_result.added(good, plan.joined.target.onto.label)
    number = sum(1 for key in wanted if key.startswith("route"))
    return import_result.counted(good, number, len(wanted) - number)


def _whole(plan: Plan) -> WholeRoute | None:
    return plan.joined.whole if plan.joined else None


def _place(row: Row, doubles: Doubles, twin_rows: Collection[int]) -> tuple[bool, bool, bool, int]:
    """What is wrong first, then what is there already, then what else there is to say."""
    number = row.line.number
    return not row.wrong, number not in doubles.rows and number not in twin_rows, not row.note, number


def columns_context(asked: Asked) -> dict[str, Any]:
    wanted = [one for one in COLUMNS if not (asked.target and one.key in UNUSED)]
    return {
        "columns": [(at, title or _("Column %d") % (at + 1)) for at, title in enumerate(asked.sheet.head)],
        "mapping": [
            Chosen(key=one.key, title=str(one.title), at=asked.mapping.get(one.key)) for one in wanted
        ],
    }


def _shown(row: Row, setting: Setting, there: Double | None, clock: Clock) -> Shown:
    """Of a row that cannot be sent, its cells."""
    draft = row.draft
    cells = " · ".join(cell for cell in row.line.cells if cell)
    return Shown(
        number=row.line.number,
        label=draft.label if draft else Truncator(cells).chars(120),
        external=draft.external_id or "" if draft else "",
        place=row.lookup or (f"{draft.lat:.5f}, {draft.lng:.5f}" if draft else ""),
        window=import_map.window_words(draft.start, draft.end, clock) if draft else "",
        route=row.route,
        details=tuple(_details(draft, setting)) if draft else (),
        note=row.note,
        wrong=row.wrong,
        there=there,
        again=not row.left_out,
    )


def _details(draft: StopDraft, setting: Setting) -> Iterator[str]:
    """What else would be sent, in words."""
    if draft.tracker_id:
        yield _("Tracker: %s") % _name(draft.tracker_id, ((one.id, one.label) for one in setting.trackers))
    if draft.form_template_id:
        yield _("Form: %s") % _name(
            draft.form_template_id, ((one.id, one.label) for one in setting.templates)
        )
    if draft.tag_ids:
        names = {one.id: one.name for one in setting.tags}
        yield _("Tags: %s") % ", ".join(names[one] for one in draft.tag_ids)
    for words, minutes in (
        (_("Minimum stay: %d min"), draft.min_stay),
        (_("Minimum arrival: %d min"), draft.min_arrival),
        (_("Allowed delay: %d min"), draft.max_delay),
    ):
        if minutes:
            yield words % minutes


def _name(number: int, named: Iterable[tuple[int, str]]) -> str:
    return next(name for one, name in named if one == number)
