"""`manage.py demo`: the whole site on an emulated Navixy full of sample data."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import CommandError

from dashboard import server
from dashboard.management.commands import run
from dashboard.sandbox.people import DEMO_PEOPLE


class Command(run.Command):
    help = "Migrate, collect static files, start the emulated Navixy API and the site, print the logins."

    def refuse(self) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The environment names a Navixy (NAVIXY_API_URL, NAVIXY_REGIONS): that is make run."
            )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--checkins", type=int, default=12_000, help="how many the sample account holds")

        parser.add_argument(
            "--busy", action="store_true", help="50 routes of 20 stops today, to measure with"
        )

    def processes(
        self, *, checkins: int = 12_000, busy: bool = False, **options: Any
    ) -> list[server.Process]:
        os.environ.setdefault("LOG_LEVEL", "WARNING")  # the addresses printed should stay in sight
        api = free_port(settings.SANDBOX_PORT)
        environment = {"SANDBOX_PORT": f"{api}"}
        return [
            server.sandbox(port=api, checkins=checkins, busy=busy),
            run.web(environment=environment, **options),
            server.worker(environment=environment),
        ]

    def announce(self) -> None:
        people = "\n".join(
            f"    {one.login:26}{one.password:18}{one.shows}" for one in DEMO_PEOPLE if not one.api_key
        )
        super().announce()
        self.stdout.write(f"  Sign in with one click, or as\n{people}\n\n")
        self.stdout.flush()


def free_port(wanted: int) -> int:
    """`wanted` if nobody has it, else the next that is free."""
    if server.becomes_free("127.0.0.1", wanted):  # jobs and sessions know the demo by its address
        return wanted
    return next(port for port in range(wanted, wanted + 200) if server.is_free("127.0.0.1", port))
