"""What an exception of requests or urllib3 means: no answer, or one that cannot be read."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from http.client import IncompleteRead

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
)

from dashboard.navixy.errors import BadReply, NavixyError, Unreachable

_TLS_BROKE_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
_BEFORE_SENDING: dict[str, tuple[type[Exception], ...]] = {
    "tls": (requests.exceptions.SSLError,),
    "name": (NameResolutionError,),
    "refused": (NewConnectionError,),
    "connect": (ConnectTimeoutError,),
}


def translated(error: Exception) -> NavixyError:
    """The one reading of requests' and urllib3's exceptions. Nothing of the original is kept."""
    kinds = tuple(type(cause) for cause in _causes(error))

    def seen(*wanted: type[BaseException]) -> bool:
        return any(issubclass(kind, wanted) for kind in kinds)

    if seen(IncompleteRead):
        return BadReply(description="body cut short")
    if seen(requests.exceptions.ContentDecodingError, DecodeError):
        return BadReply(description="body cannot be decompressed")
    return _unreachable(error, seen)


def _unreachable(error: Exception, seen: Callable[..., bool]) -> Unreachable:
    """The most telling reason first: in urllib3 a name error is a kind of connect time-out."""
    if isinstance(error, ValueError):
        return Unreachable(reason="address", sent=False)
    if seen(*_TLS_BROKE_OFF):  # at any time, also when all was sent
        return Unreachable(reason="reset", sent=True)
    for reason, kinds in _BEFORE_SENDING.items():
        if seen(*kinds):
            return Unreachable(reason=reason, sent=False)
    late = seen(requests.Timeout, ReadTimeoutError, TimeoutError)
    return Unreachable(reason="timeout" if late else "reset", sent=True)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and all it wraps: chained, in `args` (requests) and in `reason` (urllib3)."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        waiting += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]
