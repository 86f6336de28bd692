"""The supervisor, on tiny web servers of the standard library."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard import server
from tests.running import free_port


def web(name: str = "web", port: int | None = None) -> server.Process:
    port = port or free_port()
    return server.Process(
        name=name,
        command=("http.server", "--bind", "127.0.0.1", "--directory", "static", f"{port}"),
        port=port,
        health="/favicon.svg",
    )


def short_lived() -> server.Process:
    return server.Process(name="short", command=("http.server", "no-port"), port=free_port(), health="/")


def leave() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_all_answer_when_ready_is_said_and_none_after_the_signal() -> None:
    processes = [web("a"), web("b")]
    answered: list[bool] = []

    def note_and_leave() -> None:
        answered.extend(server.answers(one) for one in processes)
        leave()

    server.run(processes, when_ready=note_and_leave)
    assert answered == [True, True]
    assert [server.answers(one) for one in processes] == [False, False]


def test_a_process_that_ends_takes_the_others_with_it() -> None:
    healthy = web()
    with pytest.raises(server.Ended, match=r"short ended by itself \(exit status 2\)"):
        server.run([healthy, short_lived()], when_ready=leave)
    assert not server.answers(healthy)


def test_one_that_comes_back_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "REVIVE_AFTER", 0.0)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    trace = tmp_path / "trace"
    (tmp_path / "once.py").write_text(f"import time; open({str(trace)!r}, 'a').write('x'); time.sleep(1)")
    once = server.Process(name="once", command=("once",), comes_back=True)

    def leave_later() -> None:
        threading.Timer(5.0, leave).start()

    server.run([once], when_ready=leave_later)
    assert len(trace.read_text()) > 1


def test_a_process_that_never_answers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "START_WITHIN", 0.5)
    deaf = web()
    deaf = server.Process(name="deaf", command=deaf.command, port=deaf.port, health="/nothing-here")
    with pytest.raises(server.Ended, match="deaf did not answer"):
        server.run([deaf], when_ready=leave)


def test_signal_handlers_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before: Callable[..., object] | int | None = signal.getsignal(signal.SIGTERM)
    server.run([], when_ready=leave)
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_port_somebody_listens_on_is_not_free() -> None:
    port = free_port()
    one = web(port=port)
    seen: list[bool] = []

    def ask_and_leave() -> None:
        seen.append(server.is_free("127.0.0.1", port))
        leave()

    server.run([one], when_ready=ask_and_leave)
    assert seen == [False]
