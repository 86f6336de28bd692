"""How Chromium is started: for the browser tests, the page weights and the pictures of the README."""

from __future__ import annotations

import shutil
from typing import Any

BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "chrome", "chromium-browser")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"),
    *("--disable-component-update", "--disable-domain-reliability", "--disable-sync", "--no-first-run"),
    *("--no-default-browser-check", "--no-pings"),
    # A page that reaches for a host of somebody else fails at once.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]


def launch_options() -> dict[str, Any]:
    """The machine's own browser where there is one, else Playwright's."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return {"args": FLAGS} | ({"executable_path": found} if found else {})
