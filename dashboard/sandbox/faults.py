"""Rules that make a call go wrong, chosen by action, count and kind."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

BEFORE = frozenset(
    {"error", "error_500", "html_502", "timeout", "reset", "midway", "rate_limit", "session_end"}
)
AFTER = frozenset({"truncated", "bad_json", "slow", "effect_timeout", "effect_reset"})
KINDS = BEFORE | AFTER
LONG = 30.0  # seconds a hang lasts when the rule does not say; longer than any client waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`times=None` means for ever; the first `after` matching calls pass unharmed; `action` may hold `*`;
    an error carries `errors` as 7 and 242 do (ref 1.4).

    Kinds that hang or break the connection: timeout and reset before the effect, effect_timeout and
    effect_reset when the write is done; midway breaks it when half an upload has come.
    """

    action: str = "*"
    kind: str
    times: int | None = 1
    code: int | None = None
    seconds: float | None = None
    after: int = 0
    errors: Sequence[Mapping[str, object]] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such kind of fault: {self.kind}")

    def matches(self, action: str) -> bool:
        if self.action == "*":
            return not action.startswith("storage/")  # pictures only fail when the rule names them
        return fnmatchcase(action, self.action)


@dataclass(slots=True)
class _Armed:
    fault: Fault
    seen: int = 0
    done: int = 0

    def strikes(self) -> bool:
        self.seen += 1
        if self.seen <= self.fault.after or self.spent():
            return False
        self.done += 1
        return True

    def spent(self) -> bool:
        return self.fault.times is not None and self.done >= self.fault.times


class Faults:
    """The armed rules; the first that strikes wins."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._armed.append(_Armed(fault))

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def all(self) -> list[Fault]:
        with self._lock:
            return [armed.fault for armed in self._armed]

    def strike(self, action: str) -> Fault | None:
        """The fault this call runs into, used up by one."""
        with self._lock:
            for armed in self._armed:
                if armed.fault.matches(action) and armed.strikes():
                    self._armed = [one for one in self._armed if not one.spent()]
                    return armed.fault
            return None
