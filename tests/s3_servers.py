"""Real S3 servers for tests, each a process on loopback ports of its own, ended with the block.

SeaweedFS checks presigned forms most strictly of those tried; s3rver refuses fields after the file.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboard.sandbox.s3_server import S3Server
from tests.running import ROOT

UP_WITHIN = 60.0
BUCKET = "field-files"


@contextmanager
def seaweedfs() -> Iterator[S3Server]:
    """With a key for server-side encryption: without one, the form Navixy hands out is an error there."""
    with TemporaryDirectory(prefix="fielddesk-weed-") as folder:
        ports = free_ports(8)
        access, secret = "PLATFORM", "s3cret-of-the-tests"
        config = Path(folder, "s3.json")
        credentials = [{"accessKey": access, "secretKey": secret}]
        actions = ["Admin", "Read", "Write", "List"]
        identity = {"name": "platform", "credentials": credentials, "actions": actions}
        config.write_text(json.dumps({"identities": [identity]}))
        names = ("master.port", "volume.port", "filer.port", "s3.port")
        options = [f"-{name}={port}" for name, port in zip(names, ports[:4], strict=True)]
        options += [f"-{name}.grpc={port}" for name, port in zip(names, ports[4:], strict=True)]
        command = [
            *(str(Path(sys.executable).with_name("weed")), "server", f"-dir={folder}", "-s3"),
            *(f"-s3.config={config}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *options),
            *("-master.volumeSizeLimitMB=64", "-volume.max=8", "-s3.port.iceberg=0", "-s3.iam=false"),
        ]
        server = S3Server(
            endpoint=f"http://127.0.0.1:{ports[3]}", bucket=BUCKET, access_key=access, secret_key=secret
        )
        with _running(command, ports[3], folder, {"WEED_S3_SSE_KEY": "11" * 32}) as process:
            _made_bucket(server, process)
            yield server


@contextmanager
def s3rver() -> Iterator[S3Server]:
    with TemporaryDirectory(prefix="fielddesk-s3rver-") as folder:
        (port,) = free_ports(1)
        command = [
            *(str(ROOT / "node_modules" / ".bin" / "s3rver"), "--directory", folder),
            *("--address", "127.0.0.1", "--port", f"{port}", "--no-vhost-buckets"),
        ]
        server = S3Server(
            endpoint=f"http://127.0.0.1:{port}", bucket=BUCKET, access_key="S3RVER", secret_key="S3RVER"
        )
        with _running(command, port, folder, {}) as process:
            _made_bucket(server, process)
            yield server


@contextmanager
def running(start: Callable[[], AbstractContextManager[S3Server]], *, tries: int = 3) -> Iterator[S3Server]:
    """Once more with other ports: one that was free may be taken before the server has it."""
    with ExitStack() as stack:
        for left in reversed(range(tries)):
            try:
                server = stack.enter_context(start())
                break
            except Exception:  # of the server's process, or of boto3
                if not left:
                    raise
        yield server


def free_ports(count: int) -> list[int]:
    """Different ones, all free at this moment."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


@contextmanager
def _running(
    command: Sequence[str], port: int, folder: str, settings: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    said = Path(folder, "said.log")
    with said.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        _until(lambda: _listens(port), process, said)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _made_bucket(server: S3Server, process: subprocess.Popen[bytes]) -> None:
    """It listens before it can work."""
    patience = time.monotonic() + UP_WITHIN
    while True:
        try:
            return server.make_bucket()
        except Exception:  # whatever boto3 calls it
            if process.poll() is not None or time.monotonic() > patience:
                raise
        time.sleep(0.2)


def _until(holds: Callable[[], bool], process: subprocess.Popen[bytes], said: Path) -> None:
    patience = time.monotonic() + UP_WITHIN
    while not holds():
        assert process.poll() is None, said.read_text(errors="replace")[-2000:]
        assert time.monotonic() < patience, said.read_text(errors="replace")[-2000:]
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
