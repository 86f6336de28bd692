"""Thumbnails: made, against pyvips from the same bytes; kept, against a static file off the same server."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from html import unescape
from io import BytesIO
from statistics import median

import pyvips
from PIL import Image, ImageChops

from dashboard.photos import render
from tests.bench.site import Site
from tests.bench.table import Row, versus
from tests.bench.wire import Step, Wire, interleaved

ROUNDS = 400  # of a millisecond each
PLAIN = {"Accept": "image/webp,*/*", "Accept-Encoding": "identity"}
Sized = tuple[int, str]  # bytes, path


def thumbnails(site: Site) -> Iterator[Row]:
    yield cold()
    yield warm(site)


def cold() -> Row:
    """Within 240 pixels and as WebP of the same quality and effort."""
    content = twelve_megapixels()
    ours, theirs = in_turns(
        lambda: render.render(BytesIO(content), "thumb", "webp"), lambda: by_vips(content), rounds=30
    )
    what = f"thumbnail of a 12-megapixel JPEG of {len(content) / 1e6:.1f} MB, cold"
    return versus(what, ours, theirs, "pyvips", at_most=1.3)


def by_vips(content: bytes) -> bytes:
    small = pyvips.Image.thumbnail_buffer(content, 240, height=240)
    return bytes(small.webpsave_buffer(Q=78, effort=2, keep="none"))


def twelve_megapixels() -> bytes:
    """With the grain of a telephone's camera: a smooth picture decodes three times as fast."""
    shade = Image.linear_gradient("L").resize((4000, 3000))
    grain = Image.effect_noise(shade.size, 24).convert("L")
    bands = (ImageChops.overlay(band, grain) for band in (shade, ImageChops.invert(shade), shade))
    out = BytesIO()
    Image.merge("RGB", tuple(bands)).save(out, "JPEG", quality=85)
    return out.getvalue()


def in_turns(*acts: Callable[[], object], rounds: int) -> list[float]:
    """The median ms of each."""
    times = [[_timed(act) for act in acts] for _ in range(rounds)]
    return [median(column) for column in zip(*times, strict=True)]


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def warm(site: Site) -> Row:
    """One thumbnail and the static file nearest to it in size, both as a signed-in browser asks for them."""
    wire = site.web
    page = wire.ask("GET", site.path, **PLAIN).body.decode()
    thumb, static = nearest(
        sizes(wire, re.findall(r'src="(/photos/[^"]+/thumb/)"', page)[:40]),
        sizes(wire, re.findall(r'(?:href|src)="(/static/[^"]+\.(?:js|css))"', page)),
    )
    ours, theirs = interleaved(asking(wire, thumb), asking(wire, static), rounds=ROUNDS)
    what = f"thumbnail of {thumb[0] / 1000:.1f} kB, warm"
    return versus(what, ours, theirs, f"static file of {static[0] / 1000:.1f} kB", at_most=2)


def sizes(wire: Wire, paths: Iterable[str]) -> list[Sized]:
    return [(len(asking(wire, (0, path))().body), unescape(path)) for path in sorted(set(paths))]


def asking(wire: Wire, found: Sized) -> Step:
    return partial(wire.ask, "GET", found[1], **PLAIN)


def nearest(ours: list[Sized], theirs: list[Sized]) -> tuple[Sized, Sized]:
    return min(((a, b) for a in ours for b in theirs), key=lambda pair: abs(pair[0][0] - pair[1][0]))
