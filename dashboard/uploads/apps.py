from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "dashboard.uploads"
    label = "uploads"

    def ready(self) -> None:
        from dashboard.jobs import housekeeping
        from dashboard.uploads import staging

        housekeeping.register(staging.tidy)
