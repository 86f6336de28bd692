from django.apps import AppConfig


class RemovalConfig(AppConfig):
    name = "checkins.removal"
    label = "removals"

    def ready(self) -> None:
        from checkins.removal import desk, job
        from dashboard.jobs import housekeeping, kinds

        kinds.register(job.KIND)
        housekeeping.register(desk.tidy)
