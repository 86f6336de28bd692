"""From rows of a sheet to stops: which column means what, and what is wrong with a row. No Django.

Nothing is sent from here. Times are the account's; a place comes as coordinates or as an address to look up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from checkpoints.sheet_reading import Line
from dashboard.navixy.errors import NotSendable
from dashboard.navixy.people import Tracker
from dashboard.navixy.routes import FEWEST_STOPS, MOST_STOPS
from dashboard.navixy.stops import LONGEST_LABEL, StopDraft

# Key, the words of the template, other words people use.
COLUMNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("label", "Name", ("label", "stop", "customer", "title", "client")),
    ("address", "Address", ("place", "street", "location")),
    ("lat", "Latitude", ("lat", "y")),
    ("lng", "Longitude", ("lng", "lon", "long", "x")),
    ("radius", "Radius m", ("radius", "zone")),
    ("day", "Date", ("day",)),
    ("start", "From", ("start", "window from", "begin", "earliest")),
    ("end", "To", ("end", "until", "window to", "latest", "due")),
    ("external_id", "Order number", ("external id", "order", "reference", "order no", "id")),
    ("description", "Description", ("note", "notes", "comment", "remarks")),
    ("max_delay", "Allowed delay min", ("max delay", "delay", "allowed delay")),
    ("min_stay", "Minimum stay min", ("min stay", "stay", "minimum stay", "duration")),
    ("route", "Route", ("tour", "round", "route name")),
    ("tracker", "Tracker", ("vehicle", "van", "executor", "tracker id")),
)
KEYS = tuple(key for key, _, _ in COLUMNS)
_NUMBERS = {
    "max_delay": ("allowed delay", "0"),
    "min_stay": ("minimum stay", "0"),
    "radius": ("radius", "100"),
}
_DAYS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"),
    re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"),
)
_AMERICAN = re.compile(r"(?P<m>\d{1,2})[-/](?P<d>\d{1,2})[-/](?P<y>\d{4})")
_TIME = re.compile(r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::\d\d)?\s*(?P<half>[ap]m)?", re.IGNORECASE)
_ZONE = re.compile(r"(?:\.\d+)?\s*(?:Z\b|UTC|GMT|[+-]\d\d:?\d\d\b)", re.IGNORECASE)


class Wrong(Exception):
    """What is wrong with a row, as a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Who reads: zone and date format of the account, its trackers, and the moment that is now."""

    zone: ZoneInfo
    now: datetime
    trackers: tuple[Tracker, ...]
    american: bool = False  # month before day


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as it would be sent: `draft` unless something is `wrong`; `lookup` is an address to look up."""

    line: Line
    draft: StopDraft | None = None
    lookup: str = ""
    route: str = ""
    note: str = ""
    wrong: str = ""


def guess(head: Sequence[str]) -> dict[str, int]:
    """Which column holds what: by the template's words first, then by others; each column once."""
    plain = [_plain(title) for title in head]
    found: dict[str, int] = {}
    for exact in (True, False):
        for key, title, others in COLUMNS:
            words = {_plain(title), key} if exact else set(map(_plain, others))
            at = next((n for n, one in enumerate(plain) if one in words and n not in found.values()), None)
            if key not in found and at is not None:
                found[key] = at
    return found


def check(lines: Iterable[Line], mapping: Mapping[str, int], setting: Setting) -> tuple[Row, ...]:
    """Every row with what is wrong about it; routes that cannot be are told at their rows."""
    rows = [_row(line, mapping, setting) for line in lines]
    return tuple(_with_notes(_routes_checked(rows)))


def groups(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The good rows by what is created at once: a route by its name and tracker, a task by its row."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.draft is not None:
            found.setdefault(_group(row), []).append(row)
    return found


def _group(row: Row) -> str:
    tracker_id = row.draft.tracker_id if row.draft else None
    return f"route|{row.route}|{tracker_id or 0}" if row.route else f"task|{row.line.number}"


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text.casefold().replace("_", " ")).split())


def _row(line: Line, mapping: Mapping[str, int], setting: Setting) -> Row:
    cells = {key: line.cells[at] for key, at in mapping.items() if at < len(line.cells)}
    try:
        draft, lookup = _draft(cells, setting)
    except Wrong as error:
        return Row(line=line, wrong=str(error))
    except NotSendable as error:
        return Row(line=line, wrong=error.message)
    route = cells.get("route", "")
    if len(route) > LONGEST_LABEL:
        words = f"The name of the route is longer than {LONGEST_LABEL} characters."
        return Row(line=line, wrong=words)
    return Row(line=line, draft=draft, lookup=lookup, route=route)


def _draft(cells: Mapping[str, str], setting: Setting) -> tuple[StopDraft, str]:
    if not cells.get("label"):
        raise Wrong("The name is missing.")
    lat, lng, lookup = _place(cells)
    start, end = _window(cells, setting)
    numbers = {key: _whole(cells.get(key) or usual, words) for key, (words, usual) in _NUMBERS.items()}
    draft = StopDraft(
        label=cells["label"],
        description=cells.get("description", ""),
        lat=lat,
        lng=lng,
        address=cells.get("address", ""),
        start=start,
        end=end,
        external_id=cells.get("external_id") or None,
        tracker_id=_tracker(cells.get("tracker", ""), setting.trackers),
        max_delay=numbers["max_delay"],
        min_stay=numbers["min_stay"],
        radius=numbers["radius"],
    )
    return draft, lookup


def _place(cells: Mapping[str, str]) -> tuple[float, float, str]:
    lat, lng, address = cells.get("lat", ""), cells.get("lng", ""), cells.get("address", "")
    if lat and lng:
        return _decimal(lat, "latitude"), _decimal(lng, "longitude"), ""
    if lat or lng:
        raise Wrong("Latitude and longitude belong together; one is missing.")
    if not address:
        raise Wrong("There is neither an address nor a latitude with a longitude.")
    return 0.0, 0.0, address


def _decimal(text: str, words: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise Wrong(f"The {words} “{text[:40]}” is no number.") from error


def _whole(text: str, words: str) -> int:
    number = _decimal(text, words)
    if not number.is_integer():
        raise Wrong(f"The {words} “{text[:40]}” is no whole number.")
    return int(number)


def _window(cells: Mapping[str, str], setting: Setting) -> tuple[datetime | None, datetime]:
    if not cells.get("end"):
        raise Wrong("The end of the window is missing.")
    day = cells.get("day", "")
    end = read_moment(cells["end"], day, setting)
    start = read_moment(cells["start"], day, setting) if cells.get("start") else None
    if end < setting.now:
        raise Wrong("The window is over already.")
    return start, end


def read_moment(text: str, day: str, setting: Setting) -> datetime:
    """A time of the account's zone; without a day it is of that in the column of days. Raises Wrong."""
    found, rest = _day(text, setting)
    if found is None:
        found, _ = _day(day, setting)
    if found is None:
        raise Wrong(f"“{text[:40]}” has no date.")
    clock = _TIME.search(rest)
    if clock is None:
        raise Wrong(f"“{text[:40]}” has no time of day.")
    if _ZONE.match(rest, clock.end()):
        raise Wrong(f"“{text[:40]}” names a zone of its own; write the time of the account's zone.")
    try:
        local = datetime.combine(datetime(*found), _time(clock), setting.zone)  # noqa: DTZ001 - the zone is beside it
    except ValueError as error:
        raise Wrong(f"“{text[:40]}” is no date and time.") from error
    if local.astimezone(ZoneInfo("UTC")).astimezone(setting.zone).replace(fold=0) != local.replace(fold=0):
        raise Wrong(f"“{text[:40]}” does not exist: the clocks skip that hour.")
    return local


def _day(text: str, setting: Setting) -> tuple[tuple[int, int, int] | None, str]:
    for pattern in (_AMERICAN, *_DAYS) if setting.american else _DAYS:
        if found := pattern.search(text):
            rest = text[: found.start()] + " " + text[found.end() :]
            return (int(found["y"]), int(found["m"]), int(found["d"])), rest
    return None, text


def _time(found: re.Match[str]) -> time:
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, int(found["minute"]))


def _tracker(text: str, trackers: Iterable[Tracker]) -> int | None:
    """By label, else by number."""
    if not text:
        return None
    wanted = text.casefold()
    found = [one.id for one in trackers if one.label.casefold() == wanted or str(one.id) == wanted]
    if len(found) != 1:
        problem = "You see no tracker" if not found else "Several trackers are called"
        raise Wrong(f"{problem} “{text[:60]}”.")
    return found[0]


def _routes_checked(rows: Sequence[Row]) -> Iterator[Row]:
    """A route needs 2 to 500 stops, and no window may end before an earlier one begins (ref 7.5)."""
    latest: dict[str, datetime] = {}
    sized: dict[str, int] = {}
    passed: list[Row] = []
    for row in rows:
        key = _group(row)
        if row.draft is None or not row.route:
            passed.append(row)
            continue
        if key in latest and row.draft.end < latest[key]:
            words = "Its window ends before that of an earlier stop of the route begins."
            passed.append(replace(row, draft=None, wrong=words))
            continue
        begins = row.draft.start or row.draft.end
        latest[key] = max(latest.get(key, begins), begins)
        sized[key] = sized.get(key, 0) + 1
        passed.append(row)
    for row in passed:
        size = sized.get(_group(row), FEWEST_STOPS) if row.route else FEWEST_STOPS
        if row.draft is not None and not FEWEST_STOPS <= size <= MOST_STOPS:
            words = f"A route has {FEWEST_STOPS} to {MOST_STOPS} stops; “{row.route[:60]}” would have {size}."
            yield replace(row, draft=None, wrong=words)
        else:
            yield row


def _with_notes(rows: Iterable[Row]) -> Iterator[Row]:
    """An order number that comes twice is allowed, but told."""
    seen: dict[str, int] = {}
    for row in rows:
        external_id = row.draft.external_id if row.draft else None
        if external_id and external_id in seen:
            yield replace(row, note=f"Row {seen[external_id]} has this order number too.")
            continue
        if external_id:
            seen[external_id] = row.line.number
        yield row
