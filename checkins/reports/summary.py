"""How many check-ins of whom and when: two sheets with a chart each, counted while the rows go by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from dashboard.clock import Clock
from dashboard.names import Names
from dashboard.navixy.checkins import Checkin
from dashboard.reports import charts
from dashboard.reports.cells import Column, Row
from dashboard.reports.workbook import Book

MOST_PEOPLE_SHOWN, MOST_DAYS_SHOWN = 20, 366  # as bars; the tables hold all


@dataclass
class Count:
    checkins: int = 0
    photos: int = 0
    forms: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def add(self, one: Checkin) -> None:
        self.checkins += 1
        self.photos += len(one.files)
        self.forms += one.form_id is not None
        self.first = min(self.first or one.marker_time, one.marker_time)
        self.last = max(self.last or one.marker_time, one.marker_time)

    @property
    def numbers(self) -> Row:
        return [self.checkins, self.photos, self.forms]


@dataclass
class Summary:
    clock: Clock
    people: dict[int | None, Count] = field(default_factory=dict)
    days: dict[date, Count] = field(default_factory=dict)
    labels: dict[int | None, tuple[str, str]] = field(default_factory=dict)

    def add(self, checkins: Iterable[Checkin], names: Names) -> None:
        for one in checkins:
            person = one.employee_id
            if person not in self.people:
                self.people[person] = Count()
                name = names.employee(person) or _("Nobody assigned")
                self.labels[person] = (name, names.department_of(person))
            self.people[person].add(one)
            self.days.setdefault(self.clock.local(one.marker_time).date(), Count()).add(one)

    @property
    def span(self) -> tuple[date, date] | None:
        return (min(self.days), max(self.days)) if self.days else None

    def write(self, book: Book) -> None:
        self._write_people(book)
        self._write_days(book)

    def _write_people(self, book: Book) -> None:
        zone = self.clock.zone.key
        ends = [
            Column(label=label % zone, kind="moment", width=24) for label in (_("First (%s)"), _("Last (%s)"))
        ]
        columns = [Column(label=_("Employee"), width=30), Column(label=_("Department"), width=22)]
        sheet = book.sheet(_("By employee"), [*columns, *_number_columns(), *ends])
        ranked = sorted(self.people, key=lambda key: (-self.people[key].checkins, self.labels[key]))
        for key in ranked:
            count = self.people[key]
            sheet.append([*self.labels[key], *count.numbers, count.first, count.last])
        shown = min(len(ranked), MOST_PEOPLE_SHOWN)
        title = _("Check-ins by employee")
        charts.bars(sheet.worksheet, title=title, labels=1, values=3, rows=shown, at="I2", across=True)

    def _write_days(self, book: Book) -> None:
        columns = [
            Column(label=_("Day (%s)") % self.clock.zone.key, kind="day", width=26),
            *_number_columns(),
        ]
        sheet = book.sheet(_("By day"), columns)
        for day in sorted(self.days):
            sheet.append([day, *self.days[day].numbers])
        shown = min(len(self.days), MOST_DAYS_SHOWN)
        charts.bars(sheet.worksheet, title=_("Check-ins by day"), labels=1, values=2, rows=shown, at="F2")


def _number_columns() -> list[Column]:
    labels = (_("Check-ins"), _("Photos"), _("Forms"))
    return [Column(label=label, kind="number", width=12, number_format="#,##0") for label in labels]
