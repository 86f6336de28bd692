from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class State(models.TextChoices):
    WRITING = "writing"  # its files are on their way here
    KEPT = "kept"  # whole, as far as it can be; not removed at Navixy yet
    REMOVED = "removed"
    UNSURE = "unsure"  # whether Navixy removed it could not be found out


class Archived(models.Model):
    """A record of Navixy as it was when somebody removed it. Gone with its files after `expires`."""

    api_url = models.CharField(max_length=200)
    account_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    who = models.CharField(max_length=200)  # as that person was called then

    kind = models.CharField(max_length=20)
    upstream_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    record = models.JSONField(encoder=DjangoJSONEncoder)  # as received, without the addresses of files
    names = models.JSONField(default=list)  # [label, words] as they were shown
    forms = models.JSONField(default=list, encoder=DjangoJSONEncoder)  # definitions with answers, as received
    words = models.TextField(blank=True)  # what a search looks through

    state = models.CharField(max_length=10, choices=State.choices, default=State.WRITING)
    missing = models.PositiveIntegerField(default=0)  # files that could not be had
    created = models.DateTimeField()
    removed = models.DateTimeField(null=True)
    expires = models.DateTimeField()

    class Meta:
        ordering = ("-removed", "-id")
        indexes = (
            models.Index(fields=("account_id", "api_url", "-removed"), name="archive_by_account"),
            models.Index(fields=("expires",), name="archive_by_end"),
            models.Index(fields=("kind", "upstream_id"), name="archive_by_record"),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.state})"


class ArchivedFile(models.Model):
    """An original file of it: its bytes in the file store, or why they are missing."""

    archived = models.ForeignKey(Archived, on_delete=models.CASCADE, related_name="files")
    upstream_id = models.BigIntegerField()
    form_id = models.BigIntegerField(null=True)  # none: of the record itself
    field_id = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=255)
    mime_type = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
