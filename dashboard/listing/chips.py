"""What is active in a list's filter, as chips. No Django."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """`opens` names the filter the words lead to; `without` is the query string that lacks this one value."""

    label: str
    value: str
    opens: str
    without: str
