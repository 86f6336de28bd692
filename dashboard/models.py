from django.db import models


class SignIn(models.Model):
    """A session of this site, so that its owner can see it and end it from elsewhere."""

    session_hash = models.CharField(max_length=64, unique=True)
    sealed_key = models.TextField()  # the session's key, encrypted: ending it from elsewhere needs it
    user_id = models.BigIntegerField()
    api_url = models.CharField(max_length=200)
    login = models.CharField(max_length=200)
    user_agent = models.CharField(max_length=300, blank=True)
    created = models.DateTimeField()
    last_seen = models.DateTimeField()

    class Meta:
        ordering = ("-last_seen",)
        indexes = (models.Index(fields=("user_id", "api_url")),)

    def __str__(self) -> str:
        return f"{self.login} since {self.created:%Y-%m-%d %H:%M}"
