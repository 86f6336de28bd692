"""Tokens that name a file of a record, for one account and one session, until a day is over.

A token holds ids and a day, never a URL, under a MAC whose key comes from SECRET_KEY, the account and the
session's id. Tokens are the same all day long, so that a browser's cache holds across pages.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from enum import IntEnum
from functools import cached_property, lru_cache

from django.conf import settings
from django.utils.crypto import salted_hmac

from dashboard import clock

_SALT = "dashboard.photos.tokens"
_MAC_BYTES = 16
_EPOCH = date(2020, 1, 1)
_VALID = timedelta(days=2)  # to the end of tomorrow: a page opened before midnight still works after it


class BadToken(Exception):
    """Not ours, or not of this session and account."""


class Expired(BadToken):
    """Ours, and its day is over."""


class Owner(IntEnum):
    """Which record holds the file, and so which call reads it again."""

    CHECKIN = 1
    FORM = 2


@dataclass(frozen=True, slots=True)
class Ref:
    """A file as a page names it."""

    owner: Owner
    owner_id: int
    file_id: int


@dataclass(frozen=True)
class Signer:
    """Makes and reads the tokens of one account in one session."""

    account_key: str
    session_key: str

    @property
    def _keys(self) -> tuple[bytes, ...]:
        """One key for each SECRET_KEY in force; the first one signs."""
        bound = f"{self.account_key}\0{self.session_key}"
        return _derived(bound, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)

    @cached_property
    def _tail(self) -> bytes:
        return ((clock.now().astimezone(UTC).date() + _VALID - _EPOCH).days).to_bytes(2, "big")

    def sign(self, ref: Ref) -> str:
        return _token(self._keys[0], ref, self._tail)

    def read(self, token: str) -> Ref:
        """Raises BadToken, Expired."""
        raw = _decoded(token)
        mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        expected = (hmac.digest(key, payload, "sha256")[:_MAC_BYTES] for key in self._keys)
        if not any(hmac.compare_digest(mac, one) for one in expected):
            raise BadToken
        if clock.now().date() >= _EPOCH + timedelta(days=int.from_bytes(payload[-2:], "big")):
            raise Expired
        owner, owner_id, file_id = _unpacked(payload[:-2])
        return Ref(Owner(owner), owner_id, file_id)


@lru_cache(maxsize=512)
def _derived(bound: str, *secrets: str) -> tuple[bytes, ...]:
    return tuple(salted_hmac(_SALT, bound, secret, algorithm="sha256").digest() for secret in secrets)


@lru_cache(maxsize=20_000)  # the next page view asks for mostly the same
def _token(key: bytes, ref: Ref, tail: bytes) -> str:
    payload = _packed(ref.owner, ref.owner_id, ref.file_id) + tail
    mac = hmac.digest(key, payload, "sha256")[:_MAC_BYTES]
    return urlsafe_b64encode(mac + payload).rstrip(b"=").decode()


def _packed(*numbers: int) -> bytes:
    """Length-prefixed big-endian integers: small ids make short tokens."""
    parts = bytearray()
    for number in numbers:
        length = (number.bit_length() + 7) // 8
        parts.append(length)
        parts += number.to_bytes(length, "big")
    return bytes(parts)


def _unpacked(payload: bytes) -> tuple[int, int, int]:
    numbers, at = [], 0
    while at < len(payload):
        end = at + 1 + payload[at]
        numbers.append(int.from_bytes(payload[at + 1 : end], "big"))
        at = end
    owner, owner_id, file_id = numbers
    return owner, owner_id, file_id


def _decoded(token: str) -> bytes:
    if len(token) > 80:
        raise BadToken
    try:
        return b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (NotBase64, ValueError):
        raise BadToken from None
