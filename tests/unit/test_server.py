"""The supervisor, on tiny web servers of the standard library."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboard import server
from tests import running
from tests.running import free_port
from tests.workers import until


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


def leave_after(wait: Callable[[], Any]) -> Callable[[], None]:
    """The supervisor goes on meanwhile."""

    def wait_and_leave() -> None:
        try:
            wait()
        finally:
            leave()

    return threading.Thread(target=wait_and_leave).start


class Trace:
    """Processes that do what a text says, and note numbers of processes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "trace"
        self.path.touch()

    def process(self, text: str) -> server.Process:
        head = f"import os, subprocess, sys, time\ntrace = open({str(self.path)!r}, 'a', buffering=1)\n"
        (self.folder / "traced.py").write_text(f"{head}print(os.getpid(), file=trace)\n{text}\n")
        return server.Process(name="traced", command=("traced",))

    def pids(self) -> list[int]:
        return [int(pid) for pid in self.path.read_text().split()]

    def wait_for(self, number: int) -> None:
        until(lambda: len(self.pids()) >= number)


@pytest.fixture
def trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trace:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return Trace(tmp_path)


def test_all_answer_when_ready_is_said_and_none_after_the_signal() -> None:
    processes = [web("a"), web("b")]
    answered: list[bool] = []

    def note_and_leave() -> None:
        answered.extend(server.answers(one) for one in processes)
        leave()

    server.run(processes, when_ready=note_and_leave)
    assert answered == [True, True]
    assert [server.answers(one) for one in processes] == [False, False]


def test_a_process_that_ends_while_others_start_takes_them_with_it() -> None:
    healthy = web()
    with pytest.raises(server.Ended, match=r"short ended by itself \(exit status 2\)"):
        server.run([healthy, short_lived()], when_ready=leave)
    assert not server.answers(healthy)


def test_one_that_dies_again_and_again_waits_longer_each_time_and_says_so(
    trace: Trace, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server, "FIRST_PAUSE", 0.1)
    brief = trace.process("time.sleep(0.5); sys.exit(3)")
    server.run([brief], when_ready=leave_after(lambda: trace.wait_for(3)))
    said = r"traced ended by itself \(exit status 3\); starting it again in (\S+) s, as it did not live long"
    assert re.findall(said, capfd.readouterr().err)[:2] == ["0.1", "0.2"]


def test_one_that_lived_long_is_started_again_at_once(
    trace: Trace, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server, "STEADY", 0.2)
    killed = trace.process("time.sleep(0.5); os.kill(os.getpid(), 9)")
    server.run([killed], when_ready=leave_after(lambda: trace.wait_for(2)))
    assert "traced was killed by signal 9; starting it again\n" in capfd.readouterr().err


def test_children_that_one_left_are_ended_before_it_is_started_again(trace: Trace) -> None:
    """Else they keep its port."""
    parent = trace.process(
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, file=trace); child.wait()"
    )

    def kill_once() -> None:
        trace.wait_for(2)
        os.kill(trace.pids()[0], signal.SIGKILL)
        trace.wait_for(4)

    server.run([parent], when_ready=leave_after(kill_once))
    until(lambda: not any(running.lives(pid) for pid in trace.pids()))


def test_none_outlives_a_supervisor_that_was_killed() -> None:
    one = web()
    script = (
        "from dashboard import server; from tests.unit.test_server import web;"
        f"server.run([web(port={one.port})], when_ready=lambda: print('up', flush=True))"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", script], cwd=running.ROOT, stdout=subprocess.PIPE, text=True
    )
    with supervisor:
        running.until(supervisor, "up")
        assert server.answers(one)
        supervisor.kill()
    until(lambda: not server.answers(one), seconds=10)


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


def test_a_port_is_waited_for_that_a_killed_instance_still_holds() -> None:
    with socket.socket() as left_behind:
        left_behind.bind(("127.0.0.1", 0))
        left_behind.listen()
        port = left_behind.getsockname()[1]
        threading.Timer(0.3, left_behind.close).start()
        assert server.becomes_free("127.0.0.1", port)
