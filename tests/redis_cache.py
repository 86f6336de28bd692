"""Redis as the tests' cache, beside whatever else that server holds."""

from __future__ import annotations

from django.core.cache.backends.redis import RedisCache


class OwnRedisCache(RedisCache):
    """Django's `clear` empties the whole database; other tests and other programs have keys there."""

    def clear(self) -> None:
        client = self._cache.get_client(None, write=True)
        for key in client.scan_iter(f"{self.key_prefix}:*", count=1000):
            client.delete(key)
