"""Where a file's bytes are: what the last page or call said of it, kept sealed on the server for a day.

The URL opens without a credential (ref 8.4), so it leaves this module only towards the fetcher.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from dashboard.navixy import checkins, forms
from dashboard.navixy.client import Client
from dashboard.navixy.files import File
from dashboard.photos.tokens import Owner, Ref

_KEPT = 86_400
_PAGE_KEPT = 3600  # what it vouches for lasts longer
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that can be fetched, by its record.

    `orientation` is for pictures that carry none themselves; by `size` one can tell whether a file came
    whole.
    """

    url: str = field(repr=False)
    name: str
    orientation: int | None
    size: int


def source_of(file: File) -> Source | None:
    if file.state == "deleted" or not file.download_url:
        return None
    return Source(url=file.download_url, name=file.name, orientation=file.orientation, size=file.size)


def remember(account_key: str, files: Iterable[File]) -> None:
    """Keep what a page's records say of these files: one look into the cache, one write of what is new.

    A link that has changed is new: storages may give out links that last for minutes. A page that says the
    same again is known as a whole; should the cache lose one of its files, that record is read again.
    """
    found = {_key(account_key, file.id): source for file in files if (source := source_of(file))}
    page = _page_key(found)
    if not found or cache.get(page):
        return
    kept = cache.get_many(found)
    known = {key: _opened(key, sealed) for key, sealed in kept.items()}
    if new := {key: _sealed(key, source) for key, source in found.items() if known.get(key) != source}:
        cache.set_many(new, _KEPT)
    cache.set(page, True, _PAGE_KEPT)


def recall(account_key: str, file_id: int) -> Source | None:
    key = _key(account_key, file_id)
    sealed = cache.get(key)
    return _opened(key, sealed) if sealed else None


def read_again(client: Client, account_key: str, ref: Ref) -> Source | None:
    """Ask for the record anew, as the person signed in; None when it has this file no longer.

    Raises NavixyError.
    """
    file = next((one for one in _files(client, ref) if one.id == ref.file_id), None)
    source = source_of(file) if file else None
    if source:
        key = _key(account_key, ref.file_id)
        cache.set(key, _sealed(key, source), _KEPT)
    return source


def _files(client: Client, ref: Ref) -> tuple[File, ...]:
    if ref.owner is Owner.CHECKIN:
        return checkins.read(client, ref.owner_id).files
    return forms.read_form(client, ref.owner_id).files


def _key(account_key: str, file_id: int) -> str:
    return f"photo-source:{account_key}:{file_id}"


def _page_key(found: Mapping[str, Source]) -> str:
    """Another one when anything said of a file changes, or the secret that seals it."""
    said = "\n".join(f"{key} {it.url} {it.name} {it.orientation} {it.size}" for key, it in found.items())
    return f"photo-page:{salted_hmac('dashboard.photos.page', said, algorithm='sha256').hexdigest()}"


def _sealed(key: str, source: Source) -> bytes:
    text = json.dumps([source.url, source.name, source.orientation, source.size]).encode()
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(settings.SECRET_KEY).encrypt(nonce, text, key.encode())


def _opened(key: str, sealed: bytes) -> Source | None:
    """None when the site's secret has changed since, or its version: the record is read again then."""
    nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        url, name, orientation, size = json.loads(
            _cipher(settings.SECRET_KEY).decrypt(nonce, body, key.encode())
        )
    except (InvalidTag, ValueError):
        return None
    return Source(url=url, name=name, orientation=orientation, size=size)


@lru_cache(maxsize=2)
def _cipher(secret: str) -> AESGCM:
    return AESGCM(salted_hmac("dashboard.photos.sources", b"", secret, algorithm="sha256").digest())
