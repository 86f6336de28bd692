from django.apps import AppConfig


class RemovalConfig(AppConfig):
    name = "checkins.removal"
    label = "removals"

    def ready(self) -> None:
        from checkins.removal import desk, job, restoring
        from dashboard.archive import actions
        from dashboard.jobs import housekeeping, kinds

        kinds.register(job.KIND)
        housekeeping.register(desk.tidy)
        actions.register("checkin", restoring.ACTION)
