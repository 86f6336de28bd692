"""Check-ins somebody wants removed: which ones exactly, fixed when it was asked, and what became of each."""

from __future__ import annotations

from django.db import models

from dashboard.jobs.models import Job


class Removal(models.Model):
    """Frozen when the confirmation opens: what the list gains afterwards is not touched."""

    api_url = models.CharField(max_length=200)
    account_id = models.BigIntegerField()
    user_id = models.BigIntegerField()

    query = models.TextField(blank=True)  # of the list it was asked in
    summary = models.TextField(blank=True)  # its filters in words
    all_matching = models.BooleanField(default=False)
    total = models.PositiveIntegerField()
    out_of_reach = models.JSONField(default=list)  # ids chosen that are not there for this person

    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    round = models.PositiveIntegerField(default=0)  # how often it was begun
    denied = models.BooleanField(default=False)  # error 13 (ref 1.8)
    created = models.DateTimeField()
    started = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created", "-id")
        indexes = (
            models.Index(fields=("user_id", "api_url", "-created"), name="removals_by_person"),
            models.Index(fields=("created",), name="removals_by_age"),
        )

    def __str__(self) -> str:
        return f"Removal {self.pk} of {self.total}"


class ItemState(models.TextChoices):
    WAITING = "waiting"
    ARCHIVED = "archived"  # kept here, still at Navixy
    DELETING = "deleting"  # told to Navixy, or about to be: look before telling it again
    DELETED = "deleted"
    GONE = "gone"  # already, when we came
    NOT_ALLOWED = "not_allowed"
    NOT_ARCHIVED = "not_archived"  # a file cannot be had: stays until its person accepts that
    FAILED = "failed"


TODO = (ItemState.WAITING, ItemState.ARCHIVED, ItemState.DELETING)
AGAIN = (ItemState.FAILED, ItemState.NOT_ALLOWED, ItemState.NOT_ARCHIVED)


class RemovalItem(models.Model):
    removal = models.ForeignKey(Removal, on_delete=models.CASCADE, related_name="items")
    checkin_id = models.BigIntegerField()
    label = models.CharField(max_length=300)
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=15, choices=ItemState.choices, default=ItemState.WAITING)
    accepted = models.BooleanField(default=False)  # its person gives up the files that cannot be had
    archived_id = models.BigIntegerField(null=True)
    message = models.TextField(blank=True)
    code = models.IntegerField(null=True)

    class Meta:
        ordering = ("position",)
        indexes = (models.Index(fields=("removal", "state"), name="removal_items_by_state"),)
        constraints = (
            models.UniqueConstraint(fields=("removal", "checkin_id"), name="removal_item_only_once"),
        )

    def __str__(self) -> str:
        return f"{self.label} ({self.state})"
