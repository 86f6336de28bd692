"""HTTP and nothing else: one pooled session a process, bounded in time and size; no call has a meaning here.

Everything requests or urllib3 may raise becomes Unreachable or BadReply. It is raised *after* the `except`
block, so that no traceback or exception chain leads back into frames that hold the request's headers
or body.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Literal

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.models import PreparedRequest
from urllib3.exceptions import HTTPError

from dashboard.navixy.errors import BadReply, NavixyError, SessionEnded, Unreachable
from dashboard.navixy.failures import translated

MEGABYTE = 1024 * 1024
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Secret:
    """Text that must not be seen: no repr, no str, no format shows it."""

    value: str = field(repr=False)

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Credential(AuthBase):
    """A session hash, an API key, or the hash of an unfinished sign-in (ref 1.3, 2.1): one header."""

    value: str = field(repr=False)
    kind: Literal["session", "api_key", "second_factor"] = "session"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"NVX {self.value}"
        return request

    @property
    def is_sendable(self) -> bool:
        """Whether it can be a header's value at all; what a person typed may hold anything."""
        return bool(self.value) and self.value.isascii() and self.value.isprintable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds. `read` bounds each silence of the peer; the caller's deadline bounds the whole."""

    connect: float = 3.0
    read: float = 20.0
    file_read: float = 60.0


class Transport:
    """The pooled keep-alive session of one process; safe for threads. Keeps no cookies, follows no redirects,
    ignores proxies and .netrc of the environment, verifies certificates, bounds what it reads."""

    def __init__(
        self,
        *,
        timeouts: Timeouts | None = None,
        pool_size: int = 32,
        largest_json: int = 64 * MEGABYTE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.timeouts = timeouts or Timeouts()
        self.largest_json = largest_json
        self._clock = clock
        self._session = _session(pool_size)

    def close(self) -> None:
        self._session.close()

    def post(
        self, url: str, params: Mapping[str, object], credential: Credential | None, left: float
    ) -> Answer:
        """One request; `left` seconds until the caller's deadline. Raises Unreachable, BadReply."""
        return self._send(url, params, credential, min(self.timeouts.read, left), left)

    def post_for_file(
        self, url: str, params: Mapping[str, object], credential: Credential | None, left: float
    ) -> Answer:
        """Like `post`, with the patience a generated file needs."""
        return self._send(url, params, credential, min(self.timeouts.file_read, left), left)

    def _send(
        self, url: str, params: Mapping[str, object], credential: Credential | None, read: float, left: float
    ) -> Answer:
        if credential is not None and not credential.is_sendable:
            raise SessionEnded(description="the credential cannot be a header")
        failure: NavixyError
        try:
            response = self._session.post(
                url,
                data=json.dumps(params, default=_plain, allow_nan=False).encode(),
                auth=credential or _anonymous,
                timeout=(min(self.timeouts.connect, left), read),
                allow_redirects=False,
                stream=True,
            )
        except (HTTPError, OSError) as error:  # requests' own are OSErrors
            failure = translated(error)
        else:
            return Answer(response, deadline=self._clock() + left, clock=self._clock)
        raise failure


class Answer:
    """A response whose body has not been read yet. Close it, or read it to the end."""

    def __init__(self, response: requests.Response, *, deadline: float, clock: Callable[[], float]) -> None:
        self._response = response
        self._deadline = deadline
        self._clock = clock

    @property
    def status(self) -> int:
        return self._response.status_code

    @property
    def content_type(self) -> str:
        return self.header("Content-Type").partition(";")[0].strip().lower()

    def header(self, name: str) -> str:
        return self._response.headers.get(name, "")

    def body(self, *, at_most: int) -> bytes:
        """The whole body. Raises BadReply when larger or cut short, Unreachable when it stops coming."""
        found = bytearray()
        for chunk in self.chunks():
            found += chunk
            if len(found) > at_most:
                self.close()
                raise BadReply(description=f"body of more than {at_most} bytes")
        return bytes(found)

    def chunks(self, size: int = _CHUNK) -> Iterator[bytes]:
        """The body as it comes; the connection goes back to the pool at the end. Raises as `body`.

        Not by `iter_content`: that waits until a piece is full, so a dripping peer would outlast the
        deadline.
        """
        chunk = b""
        while True:
            failure: NavixyError | None = None
            try:
                chunk = self._response.raw.read1(size, decode_content=True)
            except (HTTPError, OSError) as error:
                failure = translated(error)
            if failure is None and self._clock() > self._deadline:
                failure = Unreachable(reason="timeout", sent=True)
            if failure is not None:
                self.close()
                raise failure
            if not chunk:
                return
            yield chunk

    def close(self) -> None:
        self._response.close()


def _session(pool_size: int) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers = requests.structures.CaseInsensitiveDict(
        {
            "Content-Type": "application/json",
            "Accept": "*/*",
            "Accept-Encoding": "gzip, deflate",
            "NVX-ISO-DateTime": "true",
            "User-Agent": "Fielddesk",
        }
    )
    adapter = HTTPAdapter(pool_connections=8, pool_maxsize=pool_size, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _anonymous(request: PreparedRequest) -> PreparedRequest:
    return request


def _plain(value: Any) -> str:
    if isinstance(value, Secret):
        return value.value
    raise TypeError(f"{type(value).__name__} cannot be sent")
