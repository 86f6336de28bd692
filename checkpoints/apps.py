from django.apps import AppConfig


class CheckpointsConfig(AppConfig):
    name = "checkpoints"

    def ready(self) -> None:
        from checkpoints import export, import_job
        from dashboard.jobs import kinds

        kinds.register(import_job.KIND)
        kinds.register(export.KIND)
