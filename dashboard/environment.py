"""Readers of environment values for the settings; no Django here."""

import os
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit


def regions(text: str) -> dict[str, str]:
    """`EU=https://…,US=https://…` → {"EU": "https://…", …}, in the order written."""
    pairs = (part.partition("=") for part in text.split(",") if part.strip())
    found = {name.strip(): url.strip().rstrip("/") for name, _, url in pairs}
    if wrong := [name for name, url in found.items() if not re.match(r"https?://", url)]:
        raise ValueError(f"NAVIXY_REGIONS: no address for {', '.join(wrong)}")
    return found


def image_source(tile_url: str) -> list[str]:
    """The CSP source of a tile URL template: `https://{s}.tile.example/…` → `https://*.tile.example`."""
    parts = urlsplit(tile_url.replace("{s}", "wildcard-host"))
    return [f"{parts.scheme}://{parts.netloc}".replace("wildcard-host", "*")] if parts.netloc else []


def key_file(path: Path) -> str:
    """The secret in `path`, made at the first start; two processes starting at once agree on one."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_key(path)
    with os.fdopen(handle, "w") as file:
        file.write(key := secrets.token_urlsafe(64))
    return key


def _read_key(path: Path) -> str:
    key = path.read_text().strip()
    if len(key) < 50:
        raise ValueError(f"{path} holds no key; remove it to have a new one made")
    return key
