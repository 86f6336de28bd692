"""Filters in words: for chips, for the title of a saved view, for the empty list."""

from checkins import periods
from checkins import where as tree
from checkins.filters import Area, Filters
from dashboard.clock import Clock
from dashboard.listing import typed
from dashboard.names import Names


def period(filters: Filters, clock: Clock) -> str:
    if filters.period:
        return periods.LABELS[filters.period]
    return typed.period_in_words(filters.start, filters.end, clock)


def area(circle: Area) -> str:
    size = f"{circle.radius / 1000:g} km" if circle.radius >= 1000 else f"{circle.radius} m"
    return f"{size} around {circle.lat:.4f}, {circle.lng:.4f}"


def condition(node: tree.Node, names: Names, clock: Clock, *, inner: bool = False) -> str:
    """One condition as a phrase; groups inside of groups are put in brackets."""
    match node:
        case tree.Group():
            glue = " and " if node.kind == "and" else " or "
            text = glue.join(condition(child, names, clock, inner=True) for child in node.children)
            return f"({text})" if inner else text
        case tree.Not():
            return f"not {condition(node.child, names, clock, inner=True)}"
        case tree.Equals():
            return f"{tree.FIELDS[node.field]} is {_value(node.field, node.value, names)}"
        case tree.Contains():
            return f"{tree.FIELDS[node.field]} contains “{node.value}”"
        case tree.OneOf():
            values = ", ".join(_value(node.field, value, names) for value in node.values)
            return f"{tree.FIELDS[node.field]} is one of {values}"
        case tree.Within():
            return f"Time from {typed.in_words(node.start, clock)} to {typed.in_words(node.end, clock)}"


def _value(field: str, value: tree.Value, names: Names) -> str:
    if isinstance(value, str):
        return f"“{value}”"
    if not isinstance(value, int):
        return str(value)
    words = {"employee": names.employee, "tracker_id": names.tracker, "form": names.template}
    return words[field](value) if field in words else str(value)
