"""A signal that comes at any moment of the wait for it ends the wait."""

from __future__ import annotations

import signal

from dashboard.asked_to_end import asked_to_end


def test_a_signal_at_any_moment_is_noted() -> None:
    """Three hundred alarms, each somewhere in a round of very short waits."""
    for n in range(300):
        with asked_to_end(signal.SIGALRM) as asked:
            signal.setitimer(signal.ITIMER_REAL, 0.0005 + n * 0.000003)
            while not asked(0.0001):
                pass
            assert asked(0), "it stays noted"


def test_many_at_once_are_one() -> None:
    with asked_to_end(signal.SIGALRM) as asked:
        assert not asked(0)
        for _ in range(100_000):
            signal.raise_signal(signal.SIGALRM)
        assert asked(0)


def test_the_handler_of_before_comes_back() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with asked_to_end(signal.SIGALRM):
        assert signal.getsignal(signal.SIGALRM) is not before
    assert signal.getsignal(signal.SIGALRM) is before
