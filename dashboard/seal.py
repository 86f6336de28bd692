"""Encryption for what we keep and must not show: the credential in a session, the key of another session."""

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str) -> str:
    return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()


def unseal(token: str) -> str | None:
    """What was sealed, or None when the key it was sealed with is no longer one of ours."""
    return _unsealed(token, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=1024)  # the hundred pictures of a page bring the same one; its key is in this memory too
def _unsealed(token: str, *secrets: str) -> str | None:
    try:
        return _box(*secrets).decrypt(token.encode()).decode()
    except InvalidToken:
        return None


@lru_cache(maxsize=4)
def _box(*secrets: str) -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"fielddesk credential").derive(secret.encode())
    return urlsafe_b64encode(derived)
