"""Time for people: one zone, one format, and the way back from what they typed. No Django."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Day = date  # inside Clock the name `date` is a method
_source: Callable[[], datetime] | None = None


def now() -> datetime:
    """This moment, aware, in UTC. Everything on the site asks here, so a test can stop the clock."""
    return _source() if _source else datetime.now(UTC)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    global _source
    before, _source = _source, lambda: moment
    try:
        yield
    finally:
        _source = before


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
# The API's names for date formats (ref 2.3)
_DATES: dict[str, Callable[[date], str]] = {
    "ddMMyyyy_dots": lambda d: f"{d.day:02}.{d.month:02}.{d.year}",
    "ddMMyyyy_slashes": lambda d: f"{d.day:02}/{d.month:02}/{d.year}",
    "MMddyyyy_hyphens": lambda d: f"{d.month:02}-{d.day:02}-{d.year}",
    "yyyyMMdd_hyphens": lambda d: f"{d.year}-{d.month:02}-{d.day:02}",
    "dMMMy": lambda d: f"{d.day} {_MONTHS[d.month - 1][:3]} {d.year}",
    "dMMMMy": lambda d: f"{d.day} {_MONTHS[d.month - 1]} {d.year}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Shows moments in one account's zone and formats; unknown formats fall back to ISO and 24 hours."""

    zone: ZoneInfo
    date_format: str = "yyyyMMdd_hyphens"
    hour_mode: str = "TWENTY_FOUR_HOURS"

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def date(self, moment: datetime) -> str:
        return self.day(self.local(moment))

    def day(self, day: Day) -> str:
        """A plain date, in no zone, in this format."""
        return _DATES.get(self.date_format, _DATES["yyyyMMdd_hyphens"])(day)

    def time(self, moment: datetime) -> str:
        return self._clock_face(self.local(moment), seconds=False)

    def moment(self, moment: datetime) -> str:
        local = self.local(moment)
        return f"{self.day(local)} {self._clock_face(local, seconds=False)}"

    def long(self, moment: datetime) -> str:
        """Weekday, date and seconds: `Thursday 12 March 2026, 14:30:05`."""
        local = self.local(moment)
        return f"{self.long_day(local)}, {self._clock_face(local, seconds=True)}"

    def long_day(self, day: Day) -> str:
        """`Thursday 12 March 2026`."""
        return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"

    @property
    def zone_label(self) -> str:
        return self.zone_label_at(now())

    def zone_label_at(self, moment: datetime) -> str:
        """`Europe/Madrid (UTC+1)`: the offset is the one in force at that moment."""
        return f"{self.zone.key} ({offset_label(self.local(moment))})"

    def today(self) -> Day:
        return self.local(now()).date()

    def _clock_face(self, local: datetime, *, seconds: bool) -> str:
        tail = f":{local.second:02}" if seconds else ""
        if self.hour_mode == "TWELVE_HOURS":
            return f"{local.hour % 12 or 12}:{local.minute:02}{tail} {'AM' if local.hour < 12 else 'PM'}"
        return f"{local.hour:02}:{local.minute:02}{tail}"


def offset_label(local: datetime) -> str:
    minutes = round((local.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return "UTC" if not minutes else f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def parse_local(text: str) -> date | datetime:
    """What a person or a URL gave: `2026-03-12` → date, `2026-03-12T14:30[:05]` → naive local datetime.

    Raises ValueError for anything else; an offset is refused, as the account's zone is the one that counts.
    """
    text = text.strip()
    if len(text) == 10:
        return date.fromisoformat(text)
    value = datetime.fromisoformat(text)
    if value.tzinfo is not None or len(text) < 16:
        raise ValueError(f"not a local date and time: {text!r}")
    return value


def start_of(value: date | datetime, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) of what was typed; of an hour that comes twice, the earlier one."""
    local = value if isinstance(value, datetime) else datetime.combine(value, time())
    return _moment(local, zone, fold=0)


def end_of(value: date | datetime, zone: ZoneInfo) -> datetime:
    """The last whole second (UTC) of what was typed: a date means all of that day, however long it is."""
    if isinstance(value, datetime):
        return _moment(value, zone, fold=1)
    return start_of(value + timedelta(days=1), zone) - timedelta(seconds=1)


def _moment(local: datetime, zone: ZoneInfo, *, fold: int) -> datetime:
    """Of an hour that comes twice `fold` says which; an hour that is skipped is the moment of the jump."""
    first, second = (local.replace(tzinfo=zone, fold=one).astimezone(UTC) for one in (0, 1))
    if second < first:
        return _jump(second, first, zone)
    return second if fold else first


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second with another offset than `before`."""
    offset = before.astimezone(zone).utcoffset()
    seconds = range(int(before.timestamp()), int(after.timestamp()) + 1)
    at = bisect_left(seconds, True, key=lambda one: datetime.fromtimestamp(one, zone).utcoffset() != offset)
    return datetime.fromtimestamp(seconds[at], UTC)
