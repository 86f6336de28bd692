"""`manage.py run`: the site with the settings of the environment."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from dashboard import server
from dashboard.management import prepare


class Command(BaseCommand):
    help = "Migrate, collect static files and serve the site for the Navixy account of the environment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--workers", type=int, default=1, help="web processes")
        parser.add_argument("--threads", type=int, default=32, help="threads in each")

    def handle(self, *, host: str, **options: Any) -> None:
        self.refuse()
        prepare.instance(host, settings.PORT)
        try:
            server.run(self.processes(host=host, **options), when_ready=self.announce)
        except server.Ended as error:
            raise CommandError(f"{error}; everything else was ended too.") from error

    def refuse(self) -> None:
        """Raises CommandError when the settings are not fit for this command."""
        if settings.DEMO:
            raise CommandError(
                "Which Navixy? Set NAVIXY_API_URL (such as https://api.eu.navixy.com/v2) or NAVIXY_REGIONS;"
                " or try the site on sample data: make demo"
            )

    def processes(self, **options: Any) -> list[server.Process]:
        return [web(environment={}, **options), server.worker(environment={})]

    def announce(self) -> None:
        self.stdout.write(f"\n  Fielddesk: http://localhost:{settings.PORT}/   (Ctrl-C ends it)\n\n")
        self.stdout.flush()


def web(
    *, host: str, workers: int, threads: int, environment: dict[str, str], **_options: Any
) -> server.Process:
    return server.web(
        host=host,
        port=settings.PORT,
        known_as=next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), "localhost"),
        workers=workers,
        threads=threads,
        environment=environment,
    )
