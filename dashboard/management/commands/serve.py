"""`manage.py serve`: production."""

from __future__ import annotations

import os
from argparse import ArgumentParser

from django.conf import settings
from django.core.management import CommandError, call_command

from dashboard.management.commands import run


class Command(run.Command):
    help = "As `run`, for production: refuses unsafe settings, listens on every address, one process a core."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(host="0.0.0.0", workers=min(os.cpu_count() or 1, 4))  # noqa: S104  # a server is for others

    def refuse(self) -> None:
        super().refuse()
        if not settings.PRODUCTION:
            raise CommandError(
                "PRODUCTION is not set: set it to 1, and with it SECRET_KEY and ALLOWED_HOSTS."
            )
        call_command("check", deploy=True, fail_level="WARNING")
