from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    STAGED = "staged"  # here alone
    RESERVED = "reserved"  # Navixy has named a place for it
    UPLOADED = "uploaded"
    FAILED = "failed"  # `problem` says why; it can be tried again


class StagedFile(models.Model):
    """A file somebody brought here to be sent to Navixy: its bytes in the file store, its way upstream.

    Rows that nothing refers to any more are cleared away with their bytes (`staging.tidy`).
    """

    api_url = models.CharField(max_length=200)
    account_id = models.BigIntegerField()
    user_id = models.BigIntegerField()

    key = models.CharField(max_length=100)  # in the file store
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    mime_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    # Of pictures alone:
    width = models.PositiveIntegerField(null=True)  # upright
    height = models.PositiveIntegerField(null=True)
    orientation = models.PositiveSmallIntegerField(null=True)  # EXIF 1..8
    has_place = models.BooleanField(default=False)  # the camera wrote where it was

    state = models.CharField(max_length=10, choices=State.choices, default=State.STAGED)
    file_id = models.BigIntegerField(null=True)  # Navixy's
    sealed_target = models.TextField(blank=True)  # where the bytes go, with its tokens; encrypted
    expires = models.DateTimeField(null=True)  # of that target
    begun = models.BooleanField(default=False)  # bytes may have gone there
    sent = models.BigIntegerField(default=0)  # bytes of the upload under way
    problem = models.TextField(blank=True)  # the sentence its person reads
    code = models.IntegerField(null=True)

    created = models.DateTimeField()
    uploaded = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=("user_id", "api_url"), name="uploads_by_person"),
            models.Index(fields=("created",), name="uploads_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

    @property
    def is_image(self) -> bool:
        return self.width is not None
