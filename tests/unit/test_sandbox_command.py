"""The sandbox as a process and under many threads."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from dashboard.sandbox import Sandbox
from dashboard.sandbox.people import person
from tests.unit.sandbox_calls import Caller, fresh_box

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture
def process() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """(the running command, its control address)"""
    port = free_port()
    arguments = ["--port", str(port), "--checkins", "400", "--arrivals", "0.1"]
    command = [sys.executable, "-W", "error", "-m", "dashboard.sandbox", *arguments]
    running = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"PATH": os.environ["PATH"]},
    )
    assert running.stdout
    assert f"http://127.0.0.1:{port}/v2" in running.stdout.readline()
    yield running, f"http://127.0.0.1:{port}"
    if running.poll() is None:
        running.kill()
    running.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_and_ends_cleanly(process: tuple[subprocess.Popen[str], str], number: int) -> None:
    running, address = process
    owner = person("owner")
    answer = requests.post(
        f"{address}/v2/user/auth", json={"login": owner.login, "password": owner.password}, timeout=5
    )
    assert answer.json()["success"]
    running.send_signal(number)
    told, _ = running.communicate(timeout=10)
    assert (running.returncode, told) == (0, "")


def test_new_checkins_arrive_while_it_runs(process: tuple[subprocess.Popen[str], str]) -> None:
    deadline = time.monotonic() + 10
    while requests.get(f"{process[1]}/_sandbox/health", timeout=5).json()["checkins"] < 402:
        assert time.monotonic() < deadline, "nothing arrived"
        time.sleep(0.05)


def test_reading_and_writing_at_once_keeps_the_world_in_order() -> None:
    with fresh_box() as box, ThreadPoolExecutor(8) as pool:
        before = len(box.world.checkins)
        doomed = [one.id for one in box.visible_checkins()[:40]]
        jobs = [pool.submit(_write, box, doomed[n::4]) for n in range(4)]
        jobs += [pool.submit(_read, box) for _ in range(4)]
        for job in jobs:
            job.result()
        assert len(box.world.checkins) == before
        times = [one.marker_time for one in box.world.checkins]
        assert times == sorted(times)


def _write(box: Sandbox, doomed: list[int]) -> None:
    owner = Caller(box)
    for checkin_id in doomed:
        box.arrive()
        assert owner.code("checkin/delete", checkin_ids=[checkin_id]) is None


def _read(box: Sandbox) -> None:
    owner = Caller(box)
    for _ in range(10):
        answer = owner.ask("checkin/list", sort=["marker_time=desc"], limit=50)
        assert len(answer["list"]) == 50
        assert answer["count"] >= 50
