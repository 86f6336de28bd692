"""What is kept at hand is what the store holds, whoever wrote it."""

from __future__ import annotations

import pickle
from typing import Any

from dashboard.near import Near


class Shared:
    """A store between processes: every read makes a new object."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.reads: list[str] = []

    def get(self, key: str) -> Any:
        self.reads.append(key)
        return pickle.loads(self.held[key]) if key in self.held else None

    def set(self, key: str, value: Any, timeout: float | None) -> None:
        self.held[key] = pickle.dumps(value)


def test_a_value_is_read_once_while_nobody_writes_it() -> None:
    shared = Shared()
    near = Near(shared)
    near.set("names", ["Ana"], 60)
    assert near.get("names") is near.get("names")
    assert shared.reads.count("names") == 1


def test_what_another_process_writes_is_seen_at_once() -> None:
    shared = Shared()
    ours, theirs = Near(shared), Near(shared)
    ours.set("names", ["Ana"], 60)
    assert ours.get("names") == ["Ana"]
    theirs.set("names", ["Berta"], 60)
    assert ours.get("names") == ["Berta"]


def test_what_the_store_has_lost_is_lost() -> None:
    shared = Shared()
    near = Near(shared)
    near.set("names", ["Ana"], 60)
    near.get("names")
    shared.held.clear()
    assert near.get("names") is None


def test_each_key_has_its_own_value() -> None:
    near = Near(Shared())
    for key in ("owner", "viewer"):
        near.set(key, [key], 60)
    assert [near.get("owner"), near.get("viewer"), near.get("owner")] == [["owner"], ["viewer"], ["owner"]]


def test_only_so_many_are_at_hand() -> None:
    shared = Shared()
    near = Near(shared, most=2)
    for key in "abc":
        near.set(key, key, 60)
        near.get(key)
    shared.reads.clear()
    near.get("c")
    near.get("a")
    assert "c" not in shared.reads
    assert "a" in shared.reads
