from django.apps import AppConfig


class CheckinsConfig(AppConfig):
    name = "checkins"

    def ready(self) -> None:
        from checkins import creation_job, packs
        from checkins.reports import job as reports
        from dashboard.jobs import kinds

        kinds.register(packs.KIND)
        kinds.register(reports.KIND)
        kinds.register(creation_job.KIND)
