"""The words behind ids: trackers, employees, departments, form templates. No Django; the store is handed in.

Kept ten minutes per login. Fetched in parallel threads beside whatever else the page asks for. A lookup that
fails or takes long does not sink the page: older words serve, or the words say that they could not be loaded.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from time import monotonic
from typing import Any

from dashboard.navixy.client import Client
from dashboard.navixy.errors import NavixyError, SessionEnded, Unavailable
from dashboard.navixy.forms import FormTemplate, list_templates
from dashboard.navixy.people import (
    Department,
    Employee,
    Tracker,
    list_departments,
    list_employees,
    list_trackers,
)
from dashboard.near import Store

FRESH_FOR = timedelta(minutes=10)
REFRESH_GAP = timedelta(minutes=1)  # an id nobody knows is looked for at most this often
RETRY_GAP = timedelta(seconds=20)  # after a failure the other names are used this long before asking again
PATIENCE = 6.0  # seconds a page waits for names once it has its rows
_KEPT_SECONDS = 24 * 3600.0
_pool = ThreadPoolExecutor(max_workers=16, thread_name_prefix="names")

LOOKUPS: dict[str, Callable[[Client], tuple[Any, ...]]] = {
    "trackers": list_trackers,
    "employees": list_employees,
    "departments": list_departments,
    "templates": list_templates,
}
GONE = {
    "trackers": "Tracker no longer visible",
    "employees": "Employee no longer listed",
    "departments": "Department no longer listed",
    "templates": "Form template no longer listed",
}
NOT_LOADED = "Name not loaded"


class NamesUnavailable(Unavailable):
    """A filter by department needs to know who works there."""

    @property
    def message(self) -> str:
        return (
            "The employees could not be loaded, so this filter by department cannot be applied."
            " The filter is kept; try again in a moment."
        )


@dataclass(frozen=True, kw_only=True)
class Names:
    """Records by id, each kind in the order of its labels. `errors`: a sentence for each kind that failed."""

    trackers: Mapping[int, Tracker] = field(default_factory=dict)
    employees: Mapping[int, Employee] = field(default_factory=dict)
    departments: Mapping[int, Department] = field(default_factory=dict)
    templates: Mapping[int, FormTemplate] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    strangers: frozenset[tuple[str, int]] = frozenset()  # asked for, and known to nobody
    fetched_at: datetime

    def tracker(self, tracker_id: int) -> str:
        found = self.trackers.get(tracker_id)
        return found.label if found else self._missing("trackers")

    def employee(self, employee_id: int | None) -> str:
        """ "" when nobody was assigned."""
        if employee_id is None:
            return ""
        found = self.employees.get(employee_id)
        return found.name if found else self._missing("employees")

    def department(self, department_id: int) -> str:
        found = self.departments.get(department_id)
        return found.label if found else self._missing("departments")

    def template(self, template_id: int) -> str:
        found = self.templates.get(template_id)
        return found.label if found else self._missing("templates")

    def unknown(self, trackers: Iterable[int], employees: Iterable[int | None]) -> frozenset[tuple[str, int]]:
        """Those of the ids that have no words here."""
        return frozenset(
            [("tracker", one) for one in trackers if one not in self.trackers]
            + [("employee", one) for one in employees if one and one not in self.employees]
        )

    def department_of(self, employee_id: int | None) -> str:
        person = self.employees.get(employee_id) if employee_id else None
        return self.department(person.department_id) if person and person.department_id else ""

    def members(self, department_ids: Iterable[int]) -> tuple[int, ...]:
        """Employees of these departments. Raises NamesUnavailable when who is in them is not known."""
        if "employees" in self.errors:
            raise NamesUnavailable(action="employee/list")
        wanted = set(department_ids)
        return tuple(person.id for person in self.employees.values() if person.department_id in wanted)

    @cached_property
    def people_by_department(self) -> Mapping[int, int]:
        """How many employees each department has."""
        sizes: dict[int, int] = {}
        for person in self.employees.values():
            if person.department_id:
                sizes[person.department_id] = sizes.get(person.department_id, 0) + 1
        return sizes

    def _missing(self, kind: str) -> str:
        return NOT_LOADED if kind in self.errors else GONE[kind]


@dataclass
class Lookup:
    """Names on their way: taken from the store, or fetched in threads since `begin`."""

    client: Client
    store: Store
    key: str
    now: datetime
    kept: Names | None
    _names: Names | None = None
    _pending: Mapping[str, Future[tuple[Any, ...]]] = field(default_factory=dict)

    def get(self) -> Names:
        """Waits for what is under way. Raises SessionEnded, and nothing else of the API."""
        return self._names or self._collected()

    def knowing(self, trackers: Iterable[int], employees: Iterable[int | None]) -> Names:
        """Names that know these ids, if asking again helps: once a minute, and not twice for an id."""
        names = self.get()
        unknown = names.unknown(trackers, employees)
        if not unknown - names.strangers:
            return names
        if self._fresh_from_now:
            return self._keep(replace(names, strangers=names.strangers | unknown))
        if names.errors or self.now - names.fetched_at < REFRESH_GAP:
            return names
        self.kept = names
        self.fetch()
        found = self._collected()
        return self._keep(replace(found, strangers=found.unknown(trackers, employees)))

    @property
    def _fresh_from_now(self) -> bool:
        """These names were asked for just now: whom they do not know is not there."""
        return bool(self._pending) and self._names is not None and not self._names.errors

    def _keep(self, names: Names) -> Names:
        self._names = names
        self.store.set(self.key, names, _KEPT_SECONDS)
        return names

    def fetch(self) -> None:
        self._pending = {kind: _pool.submit(ask, self.client) for kind, ask in LOOKUPS.items()}

    def _collected(self) -> Names:
        found: dict[str, Mapping[int, Any]] = {}
        errors: dict[str, str] = {}
        until = monotonic() + PATIENCE
        for kind, future in self._pending.items():
            try:
                found[kind] = _by_label(future.result(timeout=max(0.0, until - monotonic())))
            except SessionEnded:
                raise
            except NavixyError as error:
                errors[kind] = error.message
            except TimeoutError:
                errors[kind] = "Navixy takes long to answer."
        return self._keep(self._completed(found, errors))

    def _completed(self, found: dict[str, Mapping[int, Any]], errors: dict[str, str]) -> Names:
        """Older words stand in for what failed; failures make the whole stale sooner."""
        for kind in list(errors):
            if self.kept and kind not in self.kept.errors:
                found[kind] = getattr(self.kept, kind)
        missing = {kind: text for kind, text in errors.items() if kind not in found}
        fetched_at = self.now - (FRESH_FOR - RETRY_GAP if errors else timedelta())
        return replace(Names(fetched_at=fetched_at, errors=missing), **found)  # type: ignore[arg-type]  # by kind


def begin(client: Client, store: Store, cache_key: str, now: datetime) -> Lookup:
    """Starts fetching at once unless the store has fresh names; call `get()` when they are needed."""
    key = f"names:{cache_key}"
    kept = store.get(key)
    lookup = Lookup(client=client, store=store, key=key, now=now, kept=kept)
    if kept is not None and now - kept.fetched_at < FRESH_FOR:
        lookup._names = kept
    else:
        lookup.fetch()
    return lookup


def _by_label(records: Iterable[Any]) -> dict[int, Any]:
    return {record.id: record for record in sorted(records, key=_label)}


def _label(record: Any) -> str:
    label: str = record.name if isinstance(record, Employee) else record.label
    letters = unicodedata.normalize("NFD", label.casefold())
    return "".join(one for one in letters if not unicodedata.combining(one))
