from django.db import models
from django.db.models import Q


class SavedView(models.Model):
    """A list's query string under a name of one person's choice. A removed one stays a while, for Undo."""

    api_url = models.CharField(max_length=200)
    user_id = models.BigIntegerField()
    list_name = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    query = models.TextField()
    is_start = models.BooleanField(default=False)
    created = models.DateTimeField()
    removed = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("api_url", "user_id", "list_name", "name"),
                condition=Q(removed__isnull=True),
                name="one_saved_view_per_name",
            ),
            models.UniqueConstraint(
                fields=("api_url", "user_id", "list_name"),
                condition=Q(removed__isnull=True, is_start=True),
                name="one_start_view_per_list",
            ),
        )

    def __str__(self) -> str:
        return self.name
