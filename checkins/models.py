"""Check-ins in the making: one draft from the first step to the result, and the journal of sending it."""

from __future__ import annotations

from django.db import models

from dashboard.jobs.models import Job
from dashboard.navixy import forms
from dashboard.navixy.forms import FormTemplate
from dashboard.uploads.models import StagedFile


class DraftState(models.TextChoices):
    EDITING = "editing"
    QUEUED = "queued"  # a job is to send it
    RUNNING = "running"
    PAUSED = "paused"  # `problem` says what stops it; what has been sent is kept
    UNSURE = "unsure"  # it may have been made: a person looks at `candidates` and decides
    DONE = "done"


EDITABLE = (DraftState.EDITING, DraftState.PAUSED)
UNDER_WAY = (DraftState.QUEUED, DraftState.RUNNING)


class Draft(models.Model):
    """A check-in to be made, by one person. `version` counts its changes: who saves names the one it read.

    `template` is the wire record of the form's template as it was when chosen, `answers` value objects by
    field id (ref 6.5); files of the form and photos are in `files`, not in `answers`.
    """

    api_url = models.CharField(max_length=200)
    account_id = models.BigIntegerField()
    user_id = models.BigIntegerField()

    key = models.UUIDField(null=True)  # of the page it was begun on, so that it is begun there once
    tracker_id = models.BigIntegerField(null=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    address = models.TextField(blank=True)
    comment = models.TextField(blank=True)
    template_id = models.BigIntegerField(null=True)
    template = models.JSONField(null=True)
    answers = models.JSONField(default=dict)
    step = models.CharField(max_length=20, blank=True)
    origin_id = models.BigIntegerField(null=True)  # the check-in it was made from once more
    notes = models.JSONField(default=list)  # sentences: what could not be taken over from there
    version = models.PositiveIntegerField(default=0)

    state = models.CharField(max_length=10, choices=DraftState.choices, default=DraftState.EDITING)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    run_token = models.CharField(max_length=32, blank=True)  # the lease of the worker that sends it
    form_id = models.BigIntegerField(null=True)
    checkin_id = models.BigIntegerField(null=True)
    runs = models.PositiveIntegerField(default=0)  # how often it was begun to be sent
    problem = models.TextField(blank=True)  # a sentence
    reason = models.CharField(max_length=20, blank=True)  # what to mend: see `plans.Stopped`
    code = models.IntegerField(null=True)
    field_errors = models.JSONField(default=dict)  # field id → sentence (ref 6.6)
    candidates = models.JSONField(default=list)  # ids of check-ins that may be this one

    created = models.DateTimeField()
    updated = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    removed = models.DateTimeField(null=True)  # out of sight, kept with its files while Undo is offered

    class Meta:
        ordering = ("-updated", "-id")
        indexes = (models.Index(fields=("user_id", "api_url", "-updated"), name="drafts_by_person"),)
        constraints = (models.UniqueConstraint(fields=("api_url", "user_id", "key"), name="begun_once"),)

    def __str__(self) -> str:
        return f"Draft {self.pk} ({self.state})"

    @property
    def form(self) -> FormTemplate | None:
        """What is asked; frozen when the template was chosen."""
        return forms.template_from(self.template) if self.template else None

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE


class DraftFile(models.Model):
    """A photo of the check-in (`field_id` empty), or a file of one field of its form, in order."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    staged = models.OneToOneField(StagedFile, on_delete=models.PROTECT, related_name="in_draft")
    field_id = models.CharField(max_length=40, blank=True)
    position = models.PositiveIntegerField(default=0)
    skipped = models.BooleanField(default=False)  # its person goes on without it

    class Meta:
        ordering = ("field_id", "position", "id")

    def __str__(self) -> str:
        return f"{self.staged.name} of draft {self.draft_id}"


class StepState(models.TextChoices):
    INTENDED = "intended"  # about to be sent, or sent by a process that died: look before sending again
    DONE = "done"
    REFUSED = "refused"  # and so without effect
    UNKNOWN = "unknown"  # it may have taken effect
    SETTLED = "settled"  # was unknown; looked up: it had none
    LOST = "lost"  # may have reserved something whose name nobody knows; it expires by itself


OPEN = (StepState.INTENDED, StepState.UNKNOWN)


class DraftStep(models.Model):
    """One call of a run, written before it is sent and again with what came of it. Holds no credential."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="steps")
    action = models.CharField(max_length=40)  # "checkin/form/create", "upload" …
    staged_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=StepState.choices, default=StepState.INTENDED)
    sent = models.JSONField(default=dict)  # of `checkin/create`: what to look for
    result_id = models.BigIntegerField(null=True)
    message = models.TextField(blank=True)
    code = models.IntegerField(null=True)
    begun = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.action} {self.state}"
