"""The filter panel of the board and the list: what can be chosen, and what is."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from checkpoints import periods, wording
from checkpoints.filters import STATUSES, Filters
from checkpoints.progress import status_label
from checkpoints.tags import Tags
from dashboard.clock import Clock
from dashboard.listing import typed
from dashboard.listing.choices import Choice, Option, choice, options
from dashboard.names import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    period: str  # in words, for the button
    presets: tuple[Option, ...]
    custom: bool
    start: tuple[str, str]  # date and time, as the inputs want them
    end: tuple[str, str]
    choices: tuple[Choice, ...]
    q: str
    external: str
    ids: str
    kinds: tuple[Option, ...]


def panel(filters: Filters, names: Names, tags: Tags, clock: Clock) -> Panel:
    return Panel(
        period=wording.period(filters, clock),
        presets=options(periods.LABELS, filters.period),
        custom=not filters.period,
        start=typed.day_and_time(filters.start),
        end=typed.day_and_time(filters.end),
        choices=_choices(filters, names, tags),
        q=filters.q,
        external=filters.external,
        ids=", ".join(str(one) for one in filters.ids),
        kinds=_kinds(filters),
    )


def _kinds(filters: Filters) -> tuple[Option, ...]:
    labels = {"checkpoint": _("Stops of routes"), "task": _("Tasks of their own"), "all": _("Both")}
    return options(labels, filters.kind)


def _choices(filters: Filters, names: Names, tags: Tags) -> tuple[Choice, ...]:
    trackers = {one.id: one.label for one in names.trackers.values()}
    people = {one.id: one.name for one in names.employees.values() if one.tracker_id}
    labels = {one.id: one.name for one in tags.get().values()}
    strange_trackers = {one: names.tracker(one) for one in filters.trackers if one not in trackers}
    strange_people = {one: names.employee(one) for one in filters.employees if one not in people}
    strange_tags = {one: tags.name(one) for one in filters.tags if one not in labels}
    blocked = {one.id: _("blocked") for one in names.trackers.values() if one.blocked}
    return (
        choice(
            key="statuses",
            name="status",
            label=_("Status"),
            chosen=filters.statuses,
            labels={one: status_label(one) for one in STATUSES},
        ),
        choice(
            key="trackers",
            name="tracker",
            label=_("Tracker"),
            chosen=filters.trackers,
            labels={**strange_trackers, **trackers},
            notes=blocked,
            problem=names.errors.get("trackers", ""),
        ),
        choice(
            key="employees",
            name="employee",
            label=_("Employee"),
            chosen=filters.employees,
            labels={**strange_people, **people},
            notes={one: names.department_of(one) for one in people},
            problem=names.errors.get("employees", ""),
        ),
        choice(
            key="tags",
            name="tag",
            label=_("Tag"),
            chosen=filters.tags,
            labels={**strange_tags, **labels},
            problem=tags.error,
        ),
    )
