"""Work begun in a thread behaves as if it were done here."""

from contextvars import ContextVar
from threading import Event, get_ident

import pytest

from dashboard import ahead

wording: ContextVar[str] = ContextVar("wording", default="plain")


def test_it_goes_on_while_the_caller_does_something_else() -> None:
    caller_went_on = Event()
    pending = ahead.begin(caller_went_on.wait, 10)
    caller_went_on.set()
    assert pending.result(timeout=10) is True


def test_it_runs_in_another_thread_with_the_context_of_the_caller() -> None:
    token = wording.set("formal")
    try:
        pending = ahead.begin(lambda: (wording.get(), get_ident()))
    finally:
        wording.reset(token)
    word, thread = pending.result(timeout=10)
    assert word == "formal"
    assert thread != get_ident()


def test_what_it_raises_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        ahead.begin(divmod, 1, 0).result(timeout=10)
