"""The filter panel: what can be chosen, and what is."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from checkins import columns, periods, wording
from checkins import where as tree
from checkins.filters import Area, Filters
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
    address: str
    comment: str
    circle: Area | None
    where: str
    where_count: int
    active: int


def panel(filters: Filters, names: Names, clock: Clock, *, active: int) -> Panel:
    """`active`: how many chips there are."""
    return Panel(
        period=wording.period(filters, clock),
        presets=options(periods.LABELS, filters.period),
        custom=not filters.period,
        start=typed.day_and_time(filters.start),
        end=typed.day_and_time(filters.end),
        choices=_choices(filters, names),
        address=filters.address,
        comment=filters.comment,
        circle=filters.circle,
        where=tree.to_json(filters.where) if filters.where else "",
        where_count=tree.comparisons(filters.where),
        active=active,
    )


def _choices(filters: Filters, names: Names) -> tuple[Choice, ...]:
    trackers = {one.id: one.label for one in names.trackers.values()}
    people = {one.id: one.name for one in names.employees.values()}
    departments = {one.id: one.label for one in names.departments.values()}
    forms = {one.id: one.label for one in names.templates.values()}
    blocked = {one.id: _("blocked") for one in names.trackers.values() if one.blocked}
    of_department = {one: names.department_of(one) for one in people}
    sizes = {one: str(names.people_by_department.get(one, 0)) for one in departments}
    return (
        _choice("trackers", "tracker", _("Tracker"), filters.trackers, trackers, blocked, names),
        _choice("employees", "employee", _("Employee"), filters.employees, people, of_department, names),
        _choice("departments", "department", _("Department"), filters.departments, departments, sizes, names),
        _choice("forms", "form", _("Form"), filters.forms, forms, {}, names),
    )


def _choice(
    key: str,
    name: str,
    label: str,
    chosen: tuple[int, ...],
    labels: Mapping[int, str],
    notes: Mapping[int, str],
    names: Names,
) -> Choice:
    words = {"tracker": names.tracker, "employee": names.employee, "department": names.department}
    strangers = {one: words.get(name, names.template)(one) for one in chosen if one not in labels}
    kind = "templates" if key == "forms" else key
    return choice(
        key=key,
        name=name,
        label=label,
        chosen=chosen,
        labels={**strangers, **labels},
        notes=notes,
        problem=names.errors.get(kind, ""),
    )


def column_options(filters: Filters) -> tuple[Option, ...]:
    """The shown columns in their order, then the others."""
    keys = [*filters.columns, *(key for key in columns.COLUMNS if key not in filters.columns)]
    return tuple(
        Option(value=key, label=columns.COLUMNS[key].label, chosen=key in filters.columns) for key in keys
    )
