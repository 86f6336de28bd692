"""The filled forms of many check-ins: by template and period where Navixy gives them so, else one by one.

Nobody promises that `task/form/list` holds the forms of check-ins (ref 5.7), so what it gives is checked
against what is wanted; what is missing is read alone, within the rate budget of jobs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from checkins.reports.walk import Chunk
from dashboard.names import Names
from dashboard.navixy import form_lists, forms
from dashboard.navixy.checkins import Checkin
from dashboard.navixy.client import Client
from dashboard.navixy.errors import (
    BadReply,
    NavixyError,
    RateLimited,
    SessionEnded,
    Unavailable,
    Unreachable,
)
from dashboard.navixy.forms import Form

PAGE = 1000
WORTH_IT = 20  # forms of others that are read along for each that is wanted, before single calls are better
SLACK = timedelta(minutes=10)  # between a check-in and the submission of its form
AT_ONCE = 4
ENOUGH = 3  # wanted forms of which the list gave none: then it does not hold those of check-ins
_PASSING = (Unreachable, Unavailable, RateLimited, BadReply)


@dataclass
class Bulk:
    """`unread`: how many forms could not be read at all."""

    client: Client
    unread: int = 0
    is_proven: bool = False  # the list has given one
    is_useless: bool = False
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE, "forms"))

    def of(self, chunk: Chunk) -> dict[int, Form]:
        """The forms of these check-ins by form id. Raises SessionEnded, and what passes."""
        wanted = {one.form_id: one for one in chunk.checkins if one.form_id}
        found: dict[int, Form] = {}
        for template_id, group in _by_template(wanted.values(), chunk.names).items():
            if not self.is_useless:
                found |= self._listed(template_id, group)
        missing = [form_id for form_id in wanted if form_id not in found]
        for form in self._pool.map(self._read, missing):
            if form:
                found[form.id] = form
        return found

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _listed(self, template_id: int, group: list[Checkin]) -> dict[int, Form]:
        try:
            found = self._pages(template_id, group)
        except (SessionEnded, *_PASSING):
            raise
        except NavixyError:  # an edition without the call, or without the template: reading alone still works
            return {}
        self.is_proven |= bool(found)
        if found is not None and not self.is_proven and len(group) >= ENOUGH:
            self.is_useless = True
        return found or {}

    def _pages(self, template_id: int, group: list[Checkin]) -> dict[int, Form] | None:
        """None when most of what the list holds is not wanted."""
        wanted = {one.form_id for one in group}
        start = min(one.marker_time for one in group) - SLACK
        end = max(one.marker_time for one in group) + SLACK
        found: dict[int, Form] = {}
        offset = 0
        while True:
            page = form_lists.list_forms(
                self.client, template_id=template_id, start=start, end=end, limit=PAGE, offset=offset
            )
            found |= {form.id: form for form in page.items if form.id in wanted}
            offset += PAGE
            if len(found) == len(wanted) or offset >= page.total:
                return found
            if page.total > WORTH_IT * len(group):
                return found or None

    def _read(self, form_id: int) -> Form | None:
        try:
            return forms.read_form(self.client, form_id)
        except (SessionEnded, *_PASSING):
            raise
        except NavixyError:
            self.unread += 1
            return None


def _by_template(checkins: Iterable[Checkin], names: Names) -> dict[int, list[Checkin]]:
    """A check-in names its form's label only; a label that no template has now is left out."""
    ids: dict[str, list[int]] = defaultdict(list)
    for template in names.templates.values():
        ids[template.label].append(template.id)
    groups: dict[int, list[Checkin]] = defaultdict(list)
    for one in checkins:
        for template_id in ids.get(one.form_label or "", ()):
            groups[template_id].append(one)
    return groups
