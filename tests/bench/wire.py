"""HTTP with nothing on top: one kept connection, timed from the first byte sent to the last received."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from statistics import median
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes
    ms: float

    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    def __init__(self, port: int, headers: dict[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = headers or {}

    def ask(self, method: str, path: str, content: object = None, **headers: str) -> Answer:
        body = None if content is None else json.dumps(content, separators=(",", ":"))
        kind = {} if body is None else {"Content-Type": "application/json"}
        start = time.perf_counter()
        self._connection.request(method, path, body, self._headers | kind | headers)
        response = self._connection.getresponse()
        text = response.read()
        ms = (time.perf_counter() - start) * 1000
        return Answer(status=response.status, headers=response.headers, body=text, ms=ms)


class Step(Protocol):
    def __call__(self) -> Answer: ...


def interleaved(*steps: Step, rounds: int, warm: int = 5) -> list[float]:
    """The median ms of each step, taken in turns so that what else the machine does hits all alike."""
    for _ in range(warm):
        for step in steps:
            step()
    times = [[_checked(step()).ms for step in steps] for _ in range(rounds)]
    return [median(column) for column in zip(*times, strict=True)]


def _checked(answer: Answer) -> Answer:
    assert answer.status == 200, f"{answer.status}: {answer.body[:300]!r}"
    return answer
