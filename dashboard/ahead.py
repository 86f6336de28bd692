"""One call to Navixy begun ahead, so that what needs no answer is made while it is under way."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_pool = ThreadPoolExecutor(max_workers=64, thread_name_prefix="ahead")  # more than a web process has threads


def begin(act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    """`act` in a thread; `result()` gives what it returns or raises.

    It must not use the database: a connection belongs to its thread.
    """
    context = copy_context()
    return _pool.submit(lambda: context.run(act, *args, **kwargs))
