from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Entry(models.Model):
    """One write somebody did, or tried, through this site. Written once and never changed."""

    api_url = models.CharField(max_length=200)
    account_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    who = models.CharField(max_length=200)  # as the person was called then

    at = models.DateTimeField()
    action = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=300)
    ids = models.JSONField(default=list)
    result = models.CharField(max_length=10)
    message = models.TextField(blank=True)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("account_id", "api_url", "-at"), name="audit_by_account"),
            models.Index(fields=("account_id", "user_id"), name="audit_by_person"),
        )

    def __str__(self) -> str:
        return f"{self.who}: {self.action} {self.kind} {self.subject} ({self.result})"
