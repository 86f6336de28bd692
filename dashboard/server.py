"""The processes of one instance: started together, watched, ended together."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from dashboard.asked_to_end import Wait, asked_to_end

START_WITHIN = 90.0  # seconds until every process has to answer
END_WITHIN = 10.0
REVIVE_AFTER = 2.0


class Ended(Exception):
    """A process of the instance ended or never answered; the message is a sentence for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """`command` is what follows `python -m`.

    It is up when `GET health` on its port answers 200; one without a port as soon as it runs.
    """

    name: str
    command: Sequence[str]
    host: str = "127.0.0.1"
    port: int | None = None
    health: str = "/"
    known_as: str = "127.0.0.1"  # the Host it answers to
    environment: Mapping[str, str] = field(default_factory=dict)
    comes_back: bool = False  # started again when it ends by itself


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
            *("--workers-kill-timeout", "8s", *size, "dashboard.wsgi:application"),
        ),
        host="127.0.0.1" if host in {"0.0.0.0", "::"} else host,  # noqa: S104  # compared, not bound
        port=port,
        health="/readyz",
        known_as=known_as,
        environment=environment,
    )


def worker(*, environment: Mapping[str, str]) -> Process:
    """Works on jobs. One that was killed comes back: its jobs go on from where they were."""
    return Process(name="worker", command=("django", "worker"), environment=environment, comes_back=True)


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
    """Until Ctrl-C or SIGTERM. Raises Ended when a process does not come up, or ends by itself."""
    ending = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    with asked_to_end(*ending) as leaving, _started(processes) as children:
        if _all_up(processes, children, leaving):
            when_ready()
        while not leaving(0.2):
            _revive(processes, children, leaving)
            _check_alive({one.name: children[one.name] for one in processes if not one.comes_back})


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


def _all_up(
    processes: Sequence[Process], children: Mapping[str, subprocess.Popen[bytes]], leaving: Wait
) -> bool:
    waiting = list(processes)
    patience = time.monotonic() + START_WITHIN
    while waiting and not leaving(0.1):
        _check_alive({one.name: children[one.name] for one in processes if not one.comes_back})
        waiting = [process for process in waiting if not answers(process)]
        if waiting and time.monotonic() > patience:
            raise Ended(f"{waiting[0].name} did not answer on port {waiting[0].port}")
    return not waiting


def _revive(
    processes: Sequence[Process], children: dict[str, subprocess.Popen[bytes]], leaving: Wait
) -> None:
    for process in processes:
        if process.comes_back and children[process.name].poll() is not None:
            sys.stderr.write(f"{process.name} ended by itself; starting it again\n")
            if not leaving(REVIVE_AFTER):  # a process that cannot live must not take the machine
                children[process.name] = _start(process)


def _check_alive(children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise Ended(f"{name} ended by itself (exit status {child.returncode})")


@contextmanager
def _started(processes: Sequence[Process]) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for process in processes:
            children[process.name] = _start(process)
        yield children
    finally:
        _end(list(children.values()))


def _start(process: Process) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # our own words only
        [sys.executable, "-m", *process.command],
        env=os.environ | process.environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # a Ctrl-C reaches this process alone, which then ends them in order
    )


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in reversed(children):
        child.terminate()
    patience = time.monotonic() + END_WITHIN
    for child in children:
        try:
            child.wait(max(0.1, patience - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
