"""`manage.py worker`: works on jobs. As many processes as one likes, on as many machines."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from dashboard.jobs import worker


class Command(BaseCommand):
    help = "Work on jobs (photo packs, reports, …) until told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--slots", type=int, default=3, help="jobs at the same time in this process")

    def handle(self, *, slots: int, **_options: Any) -> None:
        worker.serve(slots)
