"""A client whose transport answers from a list: for what happens above HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from dashboard.navixy.client import CallRecord, Client, Credential, RetryPolicy, Transport
from dashboard.navixy.errors import NavixyError
from dashboard.navixy.limiter import NoLimiter
from dashboard.navixy.transport import Answer

HASH = "a6aa75587e5c59c32d347da438505fc3"


@dataclass
class Reply:
    """One scripted answer: a body (JSON when it is no bytes), or an error the transport raises."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    error: NavixyError | None = None


class FakeAnswer:
    def __init__(self, reply: Reply) -> None:
        self.status = reply.status
        self._raw = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self._headers = reply.headers

    @property
    def content_type(self) -> str:
        return self.header("Content-Type").partition(";")[0]

    def header(self, name: str) -> str:
        return self._headers.get(name, "")

    def body(self, *, at_most: int) -> bytes:
        return self._raw


class CannedTransport:
    largest_json = 1 << 20

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.sent: list[tuple[str, dict[str, Any], Credential | None]] = []
        self.left: list[float] = []

    def post(
        self, url: str, params: Mapping[str, object], credential: Credential | None, left: float
    ) -> FakeAnswer:
        self.sent.append((url.partition("/v2/")[2], dict(params), credential))
        self.left.append(left)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if reply.error is not None:
            raise reply.error
        return FakeAnswer(reply)

    post_for_file = post


@dataclass
class Canned:
    client: Client
    transport: CannedTransport
    records: list[CallRecord]
    pauses: list[float]

    @property
    def params(self) -> dict[str, Any]:
        """What the last call sent."""
        return self.transport.sent[-1][1]

    @property
    def actions(self) -> list[str]:
        return [action for action, _, _ in self.transport.sent]


def answering(*replies: Any, retry: Mapping[str, Any] | None = None) -> Canned:
    """A client that gets these answers in turn, the last one for ever; a dict is the body of a success."""
    scripted = [r if isinstance(r, Reply) else Reply({"success": True, **r}) for r in replies]
    transport, pauses, records = CannedTransport(*scripted), [0.0][:0], [cast(CallRecord, None)][:0]
    policy = RetryPolicy(sleep=pauses.append, random=lambda: 0.0, **(retry or {}))
    client = Client(
        base_url="https://api.example.test/v2",
        credential=Credential(HASH),
        transport=cast(Transport, transport),
        limiter=NoLimiter(),
        retry=policy,
        on_call=records.append,
    )
    return Canned(client, transport, records, pauses)


def failing(code: int, *, status: int = 400, description: str = "Text", **siblings: Any) -> Reply:
    """An error envelope of ref 1.4."""
    return Reply(
        {"success": False, "status": {"code": code, "description": description}, **siblings}, status=status
    )


def opened_as(answer: FakeAnswer) -> Answer:
    return cast(Answer, answer)
