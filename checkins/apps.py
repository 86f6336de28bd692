from django.apps import AppConfig


class CheckinsConfig(AppConfig):
    name = "checkins"

    def ready(self) -> None:
        from checkins import packs
        from checkins.reports import job as reports
        from dashboard.jobs import kinds

        kinds.register(packs.KIND)
        kinds.register(reports.KIND)
