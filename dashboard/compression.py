"""Text answers, compressed for a server that makes each page anew: quick settings, small results.

Compression tells by its length what a page holds (BREACH), so each body gets padding of a random length
where its format has room for bytes that mean nothing: gzip in the file name, Brotli in a metadata block.
"""

import gzip
import re
import secrets
from collections.abc import Callable
from functools import lru_cache

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

TEXT = ("text/html", "application/json")  # a photo gains nothing by it
WORTH_IT = 200  # bytes
MOST_PADDING = 100
# A page of 217 kB: Brotli 2 makes 28 kB in 0.7 ms, gzip 3 35 kB in 1.0 ms, gzip 6 31 kB in 2.3 ms
_BROTLI_QUALITY = 2
_GZIP_LEVEL = 3


class CompressionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and _is_worth_it(response):
            patch_vary_headers(response, ["Accept-Encoding"])
            if encoding := accepted(request.headers.get("Accept-Encoding", "")):
                _compress(response, encoding)
        return response


@lru_cache(maxsize=64)
def accepted(header: str) -> str:
    """The best of ours that the browser takes: `br`, `gzip` or ""."""
    refused = re.compile(r";\s*q=0(\.0*)?\s*$")
    offered = {
        part.partition(";")[0].strip() for part in header.lower().split(",") if not refused.search(part)
    }
    return next((name for name in COMPRESSORS if name in offered), "")


def _is_worth_it(response: HttpResponse) -> bool:
    return (
        response.headers.get("Content-Type", "").startswith(TEXT)
        and not response.has_header("Content-Encoding")
        and len(response.content) >= WORTH_IT
    )


def _compress(response: HttpResponse, encoding: str) -> None:
    response.content = COMPRESSORS[encoding](response.content, 1 + secrets.randbelow(MOST_PADDING))
    response.headers["Content-Encoding"] = encoding
    response.headers["Content-Length"] = str(len(response.content))
    if (tag := response.headers.get("ETag", "")).startswith('"'):
        response.headers["ETag"] = f"W/{tag}"  # RFC 9110, 8.8.1


def _brotli(content: bytes, padding: int) -> bytes:
    """A flush ends on a byte; then a block: not the last, metadata, one byte of length (RFC 7932, 9.2)."""
    compressor = brotli.Compressor(quality=_BROTLI_QUALITY)
    begun: bytes = compressor.process(content) + compressor.flush()
    block = (0b010110 | (padding - 1) << 6).to_bytes(2, "little") + bytes(padding)
    end: bytes = compressor.finish()
    return begun + block + end


def _gzip(content: bytes, padding: int) -> bytes:
    plain = gzip.compress(content, _GZIP_LEVEL, mtime=0)
    head = bytearray(plain[:10])
    head[3] = gzip.FNAME
    return bytes(head) + b"a" * padding + b"\0" + plain[10:]


COMPRESSORS: dict[str, Callable[[bytes, int], bytes]] = {"br": _brotli, "gzip": _gzip}
