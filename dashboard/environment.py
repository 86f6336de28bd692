"""Readers and judges of environment values, for the settings."""

import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured


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


def file_storage(bucket_url: str, *, prefix: str, otherwise: dict[str, Any]) -> dict[str, Any]:
    """A storage for STORAGES: `s3://bucket/folder?endpoint_url=https://…&region_name=…`, or the local one.

    Keys come from where boto3 looks for them (AWS_ACCESS_KEY_ID and so on), never from the URL.
    """
    if not bucket_url:
        return otherwise
    parts = urlsplit(bucket_url)
    if parts.scheme != "s3" or not parts.hostname or parts.username:
        raise ValueError("FILES_BUCKET_URL: want s3://bucket/folder, with keys in AWS_… variables")
    folder = f"{parts.path.strip('/')}/{prefix}".strip("/")
    options = {"bucket_name": parts.hostname, "location": folder, "file_overwrite": True}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options | dict(parse_qsl(parts.query))}


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


def refuse(wrong: dict[str, bool]) -> None:
    """Stops the start and names all that is unsafe at once."""
    if found := [sentence for sentence, is_so in wrong.items() if is_so]:
        raise ImproperlyConfigured("Not safe for production: " + "; ".join(found) + ".")


def travels_in_clear(url: str) -> bool:
    """Credentials go there: without TLS only to this very machine."""
    parts = urlsplit(url)
    return parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1")
