"""The demo as a person starts it, in its own processes: for its own test, the benchmarks and the pictures."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
UP_WITHIN = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    process: subprocess.Popen[str]
    said: str
    port: int
    sandbox_port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def pid_of(self, word: str) -> int:
        """The process it started whose command has this word: worker, granian, dashboard.sandbox."""
        return next(pid for pid in children(self.process.pid) if word in words_of(pid))

    def end(self) -> int:
        """What Ctrl-C or a service manager does; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def demo(
    *options: str,
    port: int | None = None,
    sandbox_port: int | None = None,
    var_dir: Path | None = None,
    **settings: str,
) -> Iterator[Demo]:
    """`manage.py demo` on free ports in an own folder, until the block ends."""
    with TemporaryDirectory(prefix="fielddesk-demo-") as scratch:
        port, sandbox_port = port or free_port(), sandbox_port or free_port()
        environment = clean() | {
            "PORT": f"{port}",
            "SANDBOX_PORT": f"{sandbox_port}",
            "VAR_DIR": f"{var_dir or scratch}",
        }
        process = start("demo", environment | settings, *options)
        try:
            said = until(process, r"mfa@demo\.example")
            yield Demo(process=process, said=said, port=port, sandbox_port=sandbox_port)
        finally:
            stop(process)


def start(command: str, environment: dict[str, str], *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", command, *options],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def until(process: subprocess.Popen[str], pattern: str) -> str:
    """What it printed up to a line with `pattern`; fails when it ends before."""
    assert process.stdout
    said, patience = "", time.monotonic() + UP_WITHIN
    for line in process.stdout:
        said += line
        if re.search(pattern, line):
            return said
        assert time.monotonic() < patience, said
    raise AssertionError(f"it ended: {said}")


def stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        process.wait(30)
    if process.stdout:
        process.stdout.close()


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def words_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def lives(pid: int) -> bool:
    """Not so for one that has ended and is not yet waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def clean() -> dict[str, str]:
    """The environment without this project's settings."""
    theirs = r"(PORT|SANDBOX_PORT|DEBUG|PRODUCTION|SECRET_KEY|DJANGO_\w+|VAR_DIR|\w+_URL|NAVIXY_\w+)"
    return {name: value for name, value in os.environ.items() if not re.fullmatch(theirs, name)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
