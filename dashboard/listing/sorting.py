"""Orders of several levels: what a click on a head makes of them. No Django."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """One level of the order; `field` is a wire name of ref 4."""

    field: str
    descending: bool = False

    def __str__(self) -> str:
        return f"{self.field}={'desc' if self.descending else 'asc'}"


Order = tuple[Sort, ...]


def once(levels: Iterable[Sort]) -> Order:
    """Each field once; its first mention counts."""
    found: dict[str, Sort] = {}
    for level in levels:
        found.setdefault(level.field, level)
    return tuple(found.values())


def level_of(order: Order, field: str) -> int | None:
    """Where the field stands in the order, from 0."""
    return next((place for place, level in enumerate(order) if level.field == field), None)


def clicked(order: Order, field: str, *, descending_first: bool = False) -> Order:
    """Order by this field alone; when it is so already, the other way round."""
    if len(order) == 1 and order[0].field == field:
        return (Sort(field=field, descending=not order[0].descending),)
    return (Sort(field=field, descending=descending_first),)


def added(order: Order, field: str, *, descending_first: bool = False) -> Order:
    """The field becomes the last level; when it is a level already, that one turns, then leaves."""
    place = level_of(order, field)
    if place is None:
        return (*order, Sort(field=field, descending=descending_first))
    if order[place].descending == descending_first:
        return placed(order, field, descending=not descending_first)
    return removed(order, field)


def placed(order: Order, field: str, *, descending: bool) -> Order:
    """The field in this direction: where it stands, or as the last level."""
    level = Sort(field=field, descending=descending)
    if level_of(order, field) is None:
        return (*order, level)
    return tuple(level if old.field == field else old for old in order)


def removed(order: Order, field: str) -> Order:
    return tuple(level for level in order if level.field != field)
