"""What every start does first: the database in shape, static files collected, the port free."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command

from dashboard import server


def instance(host: str, port: int) -> None:
    if not server.becomes_free(host, port):
        raise CommandError(f"Port {port} is in use. Choose another in PORT, such as PORT={port + 1}.")
    call_command("migrate", interactive=False, verbosity=0)
    collect_static()


def collect_static() -> None:
    """Compressing takes seconds, so only when a file changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    now = fingerprint([settings.BASE_DIR / "static", settings.BASE_DIR / "dashboard" / "staticfiles.py"])
    if stamp.is_file() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(now)


def fingerprint(roots: list[Path]) -> str:
    """Names, sizes and times of what is collected; node_modules counts through its lock file."""
    roots = [*roots, settings.NODE_MODULES / ".package-lock.json"]
    files = sorted(file for root in roots for file in (root.rglob("*") if root.is_dir() else [root]))
    facts = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.is_file()]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
