from django.apps import AppConfig


class CheckinsConfig(AppConfig):
    name = "checkins"

    def ready(self) -> None:
        from checkins import again_job, creation_job, drafts, packs
        from checkins.reports import job as reports
        from dashboard import shell
        from dashboard.jobs import housekeeping, kinds
        from dashboard.uploads import staging

        shell.COUNTS["checkins:drafts"] = drafts.count
        kinds.register(packs.KIND)
        kinds.register(reports.KIND)
        kinds.register(creation_job.KIND)
        kinds.register(again_job.KIND)
        housekeeping.register(drafts.tidy)
        staging.register_reserve(drafts.give_up_removed)
