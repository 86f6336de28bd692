"""Memory stays bounded: measured in a process of its own, fifty threads asking for one picture's sizes."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

LIMIT_MB = 300

SCRIPT = """
import json, re, sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
import django.template, django.forms, django.db, requests, cryptography.fernet  # as a web process has them
from dashboard.photos import render
from dashboard.photos.problems import Unshowable

content = sys.stdin.buffer.read()

def outcome(size):
    try:
        return "shown" if render.render(BytesIO(content), size, "webp") else "nothing"
    except Unshowable as error:
        return error.problem.value

with ThreadPoolExecutor(50) as pool:
    outcomes = set(pool.map(outcome, ["thumb"] * int(sys.argv[1]) + ["large"] * int(sys.argv[2])))
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
print(json.dumps([int(peak[1]) // 1024, sorted(outcomes)]))
"""


def measured(content: bytes, thumbs: int, larges: int) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(thumbs), str(larges)],
        input=content,
        capture_output=True,
        check=True,
    )
    megabytes, outcomes = json.loads(done.stdout)
    return megabytes, outcomes


def stored(size: tuple[int, int], mode: str, format: str, **options: Any) -> bytes:
    out = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, format, **options)
    return out.getvalue()


def bomb() -> bytes:
    header = struct.pack(">IIBBBBB", 12_000, 12_000, 8, 2, 0, 0, 0)
    packed = zlib.compressobj(9)
    rows = b"".join([*(packed.compress(bytes(36_001)) for _ in range(12_000)), packed.flush()])
    parts = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(b)) + n + b + struct.pack(">I", zlib.crc32(n + b)) for n, b in parts
    )


def test_a_bomb_that_is_whole_is_refused_unopened() -> None:
    content = bomb()  # 144 megapixels, all there
    assert len(content) < 2_000_000
    megabytes, outcomes = measured(content, 10, 10)
    assert outcomes == ["too-many-pixels"]
    assert megabytes < 130


@pytest.mark.parametrize(
    ("content", "thumbs", "larges"),
    [
        pytest.param(lambda: stored((10_000, 10_000), "RGB", "JPEG"), 3, 2, id="hundred megapixels"),
        pytest.param(lambda: stored((4000, 3000), "RGB", "JPEG"), 50, 4, id="photos"),
        pytest.param(
            lambda: stored((4000, 3000), "RGB", "JPEG", progressive=True), 12, 4, id="photos in several scans"
        ),
        pytest.param(lambda: stored((4000, 3000), "RGBA", "PNG"), 6, 3, id="cut-outs"),
        pytest.param(lambda: stored((3000, 3000), "RGB", "WEBP", method=0), 5, 2, id="decoded by others"),
    ],
)
def test_many_heavy_pictures_at_once_stay_below_the_limit(content: Any, thumbs: int, larges: int) -> None:
    megabytes, outcomes = measured(content(), thumbs, larges)
    assert outcomes == ["shown"]
    assert megabytes < LIMIT_MB
