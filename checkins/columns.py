"""The columns of a check-in: what the table, its chooser and the reports agree on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`sort` is the wire name of ref 4 if the API can order by it, `descending_first` its first direction."""

    key: str
    label: str
    sort: str | None = None
    descending_first: bool = False
    numeric: bool = False
    optional: bool = False
    hint: str = ""


COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        Column(key="photos", label="Photos"),
        Column(key="time", label="Time", sort="marker_time", descending_first=True),
        Column(key="employee", label="Employee", sort="employee"),
        Column(
            key="tracker",
            label="Tracker",
            sort="tracker_id",
            hint="Navixy orders trackers by their number, not by name",
        ),
        Column(key="address", label="Address", sort="location"),
        Column(key="comment", label="Comment", sort="comment"),
        Column(key="form", label="Form", sort="form"),
        Column(key="photo_count", label="Photo count", numeric=True),
        Column(key="precision", label="Precision", numeric=True, hint="How exact the position is, in metres"),
        Column(key="department", label="Department", optional=True),
        Column(key="coordinates", label="Coordinates", optional=True),
        Column(key="number", label="Check-in no.", numeric=True, optional=True),
    )
}
DEFAULT: tuple[str, ...] = tuple(key for key, column in COLUMNS.items() if not column.optional)
SORT_LABELS: dict[str, str] = {column.sort: column.label for column in COLUMNS.values() if column.sort}
