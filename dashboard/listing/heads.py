"""A head of a table that may sort. No Django."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """`direction` is that of aria-sort, `order` the number of the level when there are several."""

    key: str
    label: str
    hint: str
    numeric: bool
    query: str = ""
    add_query: str = ""
    direction: str = ""
    order: str = ""
