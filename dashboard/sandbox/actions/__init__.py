"""The emulated calls, by name. Each is a plain function from a `Call` to its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import ApiError
from dashboard.sandbox.params import Params

if TYPE_CHECKING:
    from dashboard.sandbox.auth import Session
    from dashboard.sandbox.box import Sandbox
    from dashboard.sandbox.moments import Moments
    from dashboard.sandbox.people import Person
    from dashboard.sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One call as its action sees it: who asks whom for what."""

    box: Sandbox
    params: Params
    moments: Moments
    origin: str
    current_session: Session | None

    @property
    def world(self) -> World:
        return self.box.world

    @property
    def session(self) -> Session:
        if self.current_session is None:
            raise ApiError(3)
        return self.current_session

    @property
    def person(self) -> Person:
        return self.session.person

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.person.zone)

    def sees(self, tracker_id: int | None) -> bool:
        scope = self.box.scope_of(self.person)
        return scope is None or tracker_id is None or tracker_id in scope

    def needs(self, right: str) -> None:
        if not self.box.may(self.person, right):
            raise ApiError(13)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    run: Callable[[Asked], Answer]
    takes_get: bool
    credential: str  # none | any | session | second_factor


ACTIONS: dict[str, Action] = {}


def action(
    name: str, *, get: bool = False, credential: str = "any"
) -> Callable[[Callable[[Asked], Answer]], Callable[[Asked], Answer]]:
    """Registers the function under the path of the call; `get` marks those documented for GET (ref 11)."""

    def register(run: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
        ACTIONS[name] = Action(run=run, takes_get=get, credential=credential)
        return run

    return register


def find(name: str) -> Action:
    """ApiError 111 for an unknown resource, 112 for an unknown method of a known one."""
    found = ACTIONS.get(name)
    if found is None:
        resource = name.split("/")[0]
        raise ApiError(112 if any(known.startswith(f"{resource}/") for known in ACTIONS) else 111)
    return found
