from django.apps import AppConfig


class CheckinsConfig(AppConfig):
    name = "checkins"

    def ready(self) -> None:
        from checkins import packs
        from dashboard.jobs import kinds

        kinds.register(packs.KIND)
