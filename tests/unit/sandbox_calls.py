"""What the sandbox's own tests share: one small world, and a caller that speaks to it without a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from werkzeug.test import Client, TestResponse

from dashboard.sandbox import FrozenClock, Sandbox
from dashboard.sandbox.app import Platform
from dashboard.sandbox.model import Form
from dashboard.sandbox.world import World

NOW = datetime(2026, 3, 12, 14, 30, tzinfo=UTC)
ISO = {"NVX-ISO-DateTime": "true"}


@cache
def small_box() -> Sandbox:
    return Sandbox(seed=7, checkins=600, clock=FrozenClock(NOW))


@contextmanager
def fresh_box() -> Iterator[Sandbox]:
    """The small sandbox as it was at the start; its clock stands at NOW."""
    box = small_box()
    assert isinstance(box.clock, FrozenClock)
    box.clock.set(NOW)
    box.reset()
    yield box


@dataclass
class Caller:
    """Calls as one person; `ask` gives the parsed body."""

    box: Sandbox
    key: str | None = "owner"
    headers: dict[str, str] = field(default_factory=lambda: dict(ISO))

    def __post_init__(self) -> None:
        self.web = Client(Platform(self.box))
        if self.key:
            self.headers["Authorization"] = f"NVX {self.box.sign_in(self.key).hash}"

    def post(self, action: str, params: dict[str, Any] | None = None) -> TestResponse:
        return self.web.post(f"/v2/{action}", json=params or {}, headers=self.headers)

    def ask(self, action: str, **params: Any) -> dict[str, Any]:
        answer = self.post(action, params).get_json()
        assert isinstance(answer, dict)
        return answer

    def code(self, action: str, **params: Any) -> int | None:
        """The error code of the answer; None on success."""
        answer = self.ask(action, **params)
        return None if answer["success"] else answer["status"]["code"]

    def found(self, *conditions: Any, **params: Any) -> list[int]:
        """Ids of all check-ins these conditions find."""
        answer = self.ask("checkin/list", conditions=list(conditions), **params)
        assert answer["success"], answer
        return [one["id"] for one in answer["list"]]


def filled(world: World, template_id: int) -> list[Form]:
    """The submitted forms of a template, of check-ins and of tasks, by the moment of submission."""
    ids = [one.form_id for one in world.checkins] + [one.form_id for one in world.work.tasks.values()]
    found = (world.form(one) for one in ids if one)
    forms = [form for form in found if form and form.template_id == template_id]
    return sorted((one for one in forms if one.submitted), key=lambda one: one.submitted or NOW)
