"""SIGTERM and its like, noted without a lock.

An Event that a handler sets stops a thread for ever that is just about to wait for it: both want its lock,
in the same thread.
"""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Wait = Callable[[float], bool]


@contextmanager
def asked_to_end(*kinds: signal.Signals) -> Iterator[Wait]:
    """`asked(seconds)` waits so long at most; True from the first of these signals on. In the main thread."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)

    def note(*_: object) -> None:
        with suppress(BlockingIOError):  # full of earlier ones
            os.write(writer, b"!")

    before = {kind: signal.signal(kind, note) for kind in kinds}
    try:
        yield lambda seconds: bool(select.select([reader], [], [], seconds)[0])
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
        os.close(reader)
        os.close(writer)
