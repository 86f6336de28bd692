"""The tests' cache: Redis beside whatever else that server holds, and a look at all a cache keeps."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache


class OwnRedisCache(RedisCache):
    """Django's `clear` empties the whole database; other tests and other programs have keys there."""

    def clear(self) -> None:
        for key in self.own_keys():
            self.client.delete(key)

    def contents(self) -> bytes:
        return b"".join(key + (self.client.get(key) or b"") for key in self.own_keys())

    @property
    def client(self) -> Any:
        return self._cache.get_client(None, write=True)

    def own_keys(self) -> list[bytes]:
        return list(self.client.scan_iter(f"{self.key_prefix}:*", count=1000))


def contents() -> bytes:
    """Every key and value, as stored."""
    one: Any = cache
    if hasattr(one, "contents"):
        return bytes(one.contents())
    return b"".join(path.read_bytes() for path in settings.VAR_DIR.glob("cache.sqlite3*"))
