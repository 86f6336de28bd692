from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "dashboard.archive"
    label = "archive"

    def ready(self) -> None:
        from dashboard.archive import keeping
        from dashboard.jobs import housekeeping

        housekeeping.register(keeping.tidy)
