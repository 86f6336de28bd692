"""From the filters a person set to what the API is asked: names become ids, local times become moments."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from checkpoints import periods
from checkpoints.filters import Filters
from dashboard.clock import end_of, start_of
from dashboard.names import Names

REACH = timedelta(days=31)  # how far an open end reaches: the list of routes has no pages (ref 7.5)


def moments(filters: Filters, *, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """First and last moment (UTC); an open end is closed a month away, as routes come without paging."""
    first: date | datetime | None = filters.start
    last: date | datetime | None = filters.end
    if filters.period:
        first, last = periods.days(filters.period, now.astimezone(zone).date())
    start = start_of(first, zone) if first else None
    end = end_of(last, zone) if last else None
    if start is None:
        start = (end or now) - REACH
    if end is None:
        end = start + REACH
    return start, max(end, start + timedelta(seconds=1))


def trackers(filters: Filters, names: Names | None) -> tuple[int, ...] | None:
    """Trackers to ask for, empty for all; None when nothing can match: no chosen employee has a tracker."""
    if not filters.employees:
        return filters.trackers
    people = names.employees if names else {}
    theirs = {people[one].tracker_id for one in filters.employees if one in people}
    found = sorted(tracker for tracker in theirs if tracker)
    if filters.trackers:
        found = [tracker for tracker in found if tracker in filters.trackers]
    return tuple(found) or None
