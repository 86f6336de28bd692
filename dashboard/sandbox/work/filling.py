"""What a crew answers in the form of a stop: made of the same stuff as the forms of check-ins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dashboard.sandbox import evidence
from dashboard.sandbox.company import Crew
from dashboard.sandbox.evidence import FILES_PER_CHECKIN, Source
from dashboard.sandbox.model import Checkin, File, Form, FormTemplate
from dashboard.sandbox.work.records import Task


@dataclass(frozen=True, kw_only=True)
class Filling:
    seed: int
    crews: Mapping[int, Crew]
    templates: Mapping[int, FormTemplate]  # those that were deleted among them

    def fill(self, task: Task, form: Form, moment: datetime) -> None:
        """Submits the form at `moment`; its files are made when asked for."""
        filled = evidence.form(self._source(task, form, moment))
        if filled is not None:
            form.values, form.submitted, form.tracker_id = filled.values, moment, task.tracker_id
            form.submit_location = filled.submit_location

    def file(self, task: Task, form: Form, file_id: int) -> File | None:
        """A form counts as submitted with its files there (ref 8.2)."""
        if form.submitted is None or form.tracker_id is None:
            return None
        made = evidence.file(self._source(task, form, form.submitted), file_id % FILES_PER_CHECKIN)
        if made is not None:
            made.state, made.uploaded = "uploaded", made.uploaded or made.created
        return made

    def _source(self, task: Task, form: Form, moment: datetime) -> Source:
        """The visit as the check-in it resembles."""
        crew = self.crews[form.tracker_id or task.tracker_id or 0]
        visit = Checkin(
            id=task.id,
            marker_time=moment,
            received=moment,
            tracker_id=crew.tracker_id,
            employee_id=crew.employee_id,
            lat=task.location["lat"],
            lng=task.location["lng"],
            address=task.location.get("address"),
            precision=None,
            comment=None,
            file_ids=(),
            form_id=form.id,
            form_label=form.label,
            template_id=form.template_id,
        )
        template = self.templates[form.template_id or 0]
        return Source(seed=self.seed, checkin=visit, crew=crew, template=template)
