"""The columns of the list of stops, and which of them it can be ordered by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    key: str
    label: str
    sort: str = ""
    numeric: bool = False


COLUMNS = (
    Column(key="stop", label="Stop", sort="label"),
    Column(key="status", label="Status", sort="status"),
    Column(key="window", label="Window", sort="from"),
    Column(key="route", label="Route", sort="route"),
    Column(key="tracker", label="Tracker", sort="tracker"),
    Column(key="arrived", label="Arrived", sort="arrived"),
    Column(key="external", label="External id"),
    Column(key="tags", label="Tags"),
)
