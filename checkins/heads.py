"""The heads of the table and the Sort menu: what each order would be, as a link."""

from collections.abc import Iterator
from dataclasses import dataclass

from checkins import columns
from checkins.columns import Column
from checkins.filters import NEWEST_FIRST, Filters
from dashboard.listing import sorting
from dashboard.listing.heads import Head
from dashboard.listing.sorting import Order, Sort


@dataclass(frozen=True, slots=True, kw_only=True)
class SortLevel:
    """One field in the Sort menu; `clear` is empty where it would change nothing."""

    field: str
    label: str
    up_label: str
    down_label: str
    order: str
    ascending: bool
    descending: bool
    up: str
    down: str
    clear: str


_DIRECTIONS = {
    "marker_time": ("Oldest first", "Newest first"),
    "tracker_id": ("Lowest first", "Highest first"),
}


def heads(filters: Filters) -> tuple[Head, ...]:
    return tuple(_head(filters, columns.COLUMNS[key]) for key in filters.columns)


def _head(filters: Filters, column: Column) -> Head:
    plain = Head(key=column.key, label=column.label, hint=column.hint, numeric=column.numeric)
    if column.sort is None:
        return plain
    place = sorting.level_of(filters.sort, column.sort)
    clicked = sorting.clicked(filters.sort, column.sort, descending_first=column.descending_first)
    added = sorting.added(filters.sort, column.sort, descending_first=column.descending_first)
    return Head(
        key=column.key,
        label=column.label,
        hint=column.hint,
        numeric=column.numeric,
        query=_query(filters, clicked),
        add_query=_query(filters, added),
        direction="" if place is None else _direction(filters.sort[place]),
        order=_number(filters.sort, place),
    )


def levels(filters: Filters) -> tuple[SortLevel, ...]:
    """The active levels first, in their order, then the other fields."""
    active = [level.field for level in filters.sort]
    others = [field for field in columns.SORT_LABELS if field not in active]
    return tuple(_levels(filters, active + others))


def _levels(filters: Filters, fields: list[str]) -> Iterator[SortLevel]:
    for field in fields:
        place = sorting.level_of(filters.sort, field)
        level = filters.sort[place] if place is not None else None
        up_label, down_label = _DIRECTIONS.get(field, ("A to Z", "Z to A"))
        yield SortLevel(
            field=field,
            label=columns.SORT_LABELS[field],
            up_label=up_label,
            down_label=down_label,
            order=_number(filters.sort, place),
            ascending=level is not None and not level.descending,
            descending=level is not None and level.descending,
            up=_query(filters, sorting.placed(filters.sort, field, descending=False)),
            down=_query(filters, sorting.placed(filters.sort, field, descending=True)),
            clear=_query(filters, sorting.removed(filters.sort, field))
            if level and filters.sort != NEWEST_FIRST
            else "",
        )


def summary(filters: Filters) -> str:
    """The order in words, for the menu's button."""
    first = filters.sort[0]
    up_label, down_label = _DIRECTIONS.get(first.field, ("A to Z", "Z to A"))
    more = f" +{len(filters.sort) - 1}" if len(filters.sort) > 1 else ""
    direction = down_label if first.descending else up_label
    direction = direction if " to " in direction else direction.lower()
    return f"{columns.SORT_LABELS[first.field]}: {direction}{more}"


def _number(order: Order, place: int | None) -> str:
    return str(place + 1) if place is not None and len(order) > 1 else ""


def _direction(level: Sort) -> str:
    return "descending" if level.descending else "ascending"


def _query(filters: Filters, order: Order) -> str:
    return filters.replace(sort=order or NEWEST_FIRST).url_query()
