"""The last change of a stop or route by one login, kept an hour so that it can be taken back. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.navixy.stops import StopDraft
from dashboard.near import Store

KEPT_SECONDS = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Stops as they were before, and the marks they had after: another change since makes it void."""

    before: tuple[StopDraft, ...]
    after: Mapping[int, str]
    words: str


def keep(store: Store, cache_key: str, subject: int, step: Step) -> None:
    store.set(_key(cache_key, subject), step, KEPT_SECONDS)


def last(store: Store, cache_key: str, subject: int) -> Step | None:
    step: Step | None = store.get(_key(cache_key, subject))
    return step if isinstance(step, Step) else None


def forget(store: Store, cache_key: str, subject: int) -> None:
    store.set(_key(cache_key, subject), None, 1.0)


def _key(cache_key: str, subject: int) -> str:
    return f"undo:{cache_key}:{subject}"
