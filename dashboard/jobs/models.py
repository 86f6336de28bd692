from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    QUEUED = "queued"
    WAITING = "waiting"  # for its person to sign in again
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = (State.QUEUED, State.WAITING, State.RUNNING)
OVER = (State.DONE, State.FAILED, State.CANCELLED)


class Job(models.Model):
    """Something that takes longer than a page may, done for one person. The truth about it is this row alone.

    Whoever holds `lease_token` until `lease_until` works on it; every write of a worker names the token.
    """

    api_url = models.CharField(max_length=200)
    account_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    session_hash = models.CharField(max_length=64)  # names the sign-in it was asked in; holds no credential

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)  # what it was asked for, in words: the filters of a list
    link = models.TextField(blank=True)  # path and query of the page it was asked on
    arguments = models.JSONField()  # ids of our own, or a list's query; never a credential
    as_of = models.DateTimeField()  # the moment "today" of those arguments means
    fingerprint = models.CharField(max_length=64)

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    message = models.TextField(blank=True)
    saved = models.JSONField(default=dict)  # where the work stands, in its own words, to go on from
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    words = models.CharField(max_length=200, blank=True)
    results = models.JSONField(default=list)
    cancel_asked = models.BooleanField(default=False)
    told = models.BooleanField(default=False)  # whether its person has seen that it is over

    created = models.DateTimeField()
    queued = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    started = models.DateTimeField(null=True)
    picked = models.DateTimeField(null=True)
    done_when_picked = models.PositiveIntegerField(default=0)
    finished = models.DateTimeField(null=True)
    expires = models.DateTimeField(null=True)

    attempts = models.PositiveIntegerField(default=0)
    strikes = models.PositiveIntegerField(default=0)  # attempts in a row that brought it no further
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created", "-id")
        indexes = (
            models.Index(fields=("state", "queued"), name="jobs_by_state"),
            models.Index(fields=("user_id", "api_url", "-created"), name="jobs_by_person"),
            models.Index(fields=("account_id", "picked"), name="jobs_by_account"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("api_url", "user_id", "fingerprint"),
                condition=models.Q(state__in=("queued", "waiting", "running")),
                name="jobs_same_only_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.state})"
