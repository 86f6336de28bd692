"""The processes of one instance: started together, started again when one ends by itself, ended together."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from dashboard.asked_to_end import Wait, asked_to_end

START_WITHIN = 90.0  # seconds until every process has to answer
END_WITHIN = 10.0
STEADY = 10.0  # one that lived this long is started again at once
FIRST_PAUSE = 0.5  # else it has to wait, twice as long each time: it must not take the machine
LONGEST_PAUSE = 30.0
FREE_WITHIN = 3.0  # what a killed instance has left is about to end


class Ended(Exception):
    """A process of the instance ended or never answered; the message is a sentence for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """`command` is what follows `python -m`. It ends when the process that started it is gone.

    It is up when `GET health` on its port answers 200; one without a port as soon as it runs.
    """

    name: str
    command: Sequence[str]
    host: str = "127.0.0.1"
    port: int | None = None
    health: str = "/"
    known_as: str = "127.0.0.1"  # the Host it answers to
    environment: Mapping[str, str] = field(default_factory=dict)


def web(
    *, host: str, port: int, known_as: str, workers: int, threads: int, environment: Mapping[str, str]
) -> Process:
    """granian: threads suit views that wait for an API."""
    size = ("--workers", f"{workers}", "--blocking-threads", f"{threads}", "--backpressure", f"{threads * 4}")
    return Process(
        name="web",
        command=(
            *(
                "granian",
                "--interface",
                "wsgi",
                "--host",
                host,
                "--port",
                f"{port}",
                "--log-level",
                "error",  # it warns of more threads than cores; ours wait for an API
            ),
            *("--respawn-failed-workers", "--workers-kill-timeout", "8s", *size),
            "dashboard.wsgi:application",
        ),
        host="127.0.0.1" if host in {"0.0.0.0", "::"} else host,  # noqa: S104  # compared, not bound
        port=port,
        health="/readyz",
        known_as=known_as,
        environment=environment,
    )


def worker(*, environment: Mapping[str, str]) -> Process:
    """Works on jobs. Those of one that was killed go on from where they were."""
    return Process(name="worker", command=("django", "worker"), environment=environment)


def sandbox(*, port: int, checkins: int, busy: bool = False) -> Process:
    """The emulated Navixy API with the demo world; a new check-in every 45 seconds. `busy`: a full day."""
    world = ("--port", f"{port}", "--checkins", f"{checkins}", "--arrivals", "45")
    return Process(
        name="sandbox",
        command=("dashboard.sandbox", *world, *(("--busy",) if busy else ())),
        port=port,
        health="/_sandbox/health",
    )


def run(processes: Sequence[Process], *, when_ready: Callable[[], None]) -> None:
    """Until Ctrl-C or SIGTERM. Raises Ended when a process does not come up; later it is started again."""
    ending = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    with asked_to_end(*ending) as leaving, _started(processes) as children:
        if _all_up(children, leaving):
            when_ready()
        while not leaving(0.2):
            for child in children:
                child.revive()


def answers(process: Process) -> bool:
    if process.port is None:
        return True
    connection = http.client.HTTPConnection(process.host, process.port, timeout=2)
    try:
        connection.request("GET", process.health, headers={"Host": process.known_as})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def becomes_free(host: str, port: int) -> bool:
    patience = time.monotonic() + FREE_WITHIN
    while not is_free(host, port):
        if time.monotonic() > patience:
            return False
        time.sleep(0.1)
    return True


class _Child:
    """One of the processes, and when it is started again."""

    def __init__(self, process: Process, lifeline: int) -> None:
        self.process, self._lifeline = process, lifeline
        self._pause = 0.0
        self._due: float | None
        self._start()

    def has_ended(self) -> bool:
        return self.running.poll() is not None

    def how(self) -> str:
        status = self.running.returncode
        words = f"was killed by signal {-status}" if status < 0 else f"ended by itself (exit status {status})"
        return f"{self.process.name} {words}"

    def revive(self) -> None:
        """To be called all the time: starts it again when it has ended and its pause is over."""
        if not self.has_ended():
            return
        if self._due is None:
            _kill_group(self.running.pid)  # children it left would keep its port
            self._due = time.monotonic() + self._next_pause()
        if time.monotonic() >= self._due:
            self._start()

    def _start(self) -> None:
        self._born, self._due = time.monotonic(), None
        self.running = subprocess.Popen(  # noqa: S603  # our own words only
            [sys.executable, "-m", "dashboard.tied", *self.process.command],
            env=os.environ | self.process.environment,
            stdin=self._lifeline,
            start_new_session=True,  # a Ctrl-C reaches this process alone, which then ends them in order
        )

    def _next_pause(self) -> float:
        was_steady = time.monotonic() - self._born >= STEADY
        self._pause = 0.0 if was_steady else min(max(FIRST_PAUSE, 2 * self._pause), LONGEST_PAUSE)
        soon = "" if was_steady else f" in {self._pause:g} s, as it did not live long"
        sys.stderr.write(f"{self.how()}; starting it again{soon}\n")
        return self._pause


def _all_up(children: Sequence[_Child], leaving: Wait) -> bool:
    waiting = [child.process for child in children]
    patience = time.monotonic() + START_WITHIN
    while waiting and not leaving(0.1):
        if ended := next((child for child in children if child.has_ended()), None):
            raise Ended(ended.how())
        waiting = [process for process in waiting if not answers(process)]
        if waiting and time.monotonic() > patience:
            raise Ended(f"{waiting[0].name} did not answer on port {waiting[0].port}")
    return not waiting


@contextmanager
def _started(processes: Sequence[Process]) -> Iterator[list[_Child]]:
    lifeline, ours = os.pipe()  # nobody writes: it ends when this process does, however that comes about
    children: list[_Child] = []
    try:
        for process in processes:
            children.append(_Child(process, lifeline))  # noqa: PERF401  # those before one that fails are ended
        yield children
    finally:
        _end([child.running for child in children])
        os.close(lifeline)
        os.close(ours)


def _end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for one in reversed(running):
        one.terminate()
    patience = time.monotonic() + END_WITHIN
    for one in running:
        with suppress(subprocess.TimeoutExpired):
            one.wait(max(0.1, patience - time.monotonic()))
        _kill_group(one.pid)
        one.wait()


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # nobody is left in it
        os.killpg(pid, signal.SIGKILL)
