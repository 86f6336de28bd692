"""What can be done with an archived record of a kind, said by the app that knows the kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A POST to the URL named `route`, with the archived record's number."""

    label: StrOrPromise
    icon: str
    hint: StrOrPromise
    route: str


_ACTIONS: dict[str, tuple[Action, ...]] = {}


def register(kind: str, action: Action) -> None:
    known = _ACTIONS.get(kind, ())
    if action not in known:
        _ACTIONS[kind] = (*known, action)


def of(kind: str) -> tuple[Action, ...]:
    return _ACTIONS.get(kind, ())
