"""The file storage beside the API: `download_url`s, and uploads. It knows no credential (ref 8.1, 8.4)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageOps
from werkzeug.wrappers import Request, Response

from dashboard.sandbox import receiving
from dashboard.sandbox.model import File
from dashboard.sandbox.pictures import file_bytes

if TYPE_CHECKING:
    from dashboard.sandbox.box import Sandbox

PREFIX = "/storage/"
PREVIEW = (160, 160)
MOST_PIXELS = 30_000_000
GONE = "<html><body><h1>404 Not Found</h1></body></html>"


def answer(box: Sandbox, request: Request) -> Response:
    if request.method == "POST":
        return receiving.answer(box, request)
    if request.method not in ("GET", "HEAD"):
        return Response(GONE, 405, content_type="text/html")
    key, _, name = request.path.removeprefix(PREFIX).partition("/")
    file = find(box, key)
    if file is None or file.uploaded is None or file.state == "deleted":
        return Response(GONE, 404, content_type="text/html")
    link = file.drawing.get("link")
    if link:
        return Response(GONE, link["status"], content_type="text/html", headers=_location(link))
    content = file_bytes(file)
    if name.startswith("preview/"):
        return _previewed(content)
    return Response(content, 200, content_type=file.mime_type)


def find(box: Sandbox, key: str) -> File | None:
    """`key` is the file's id in hex and its unguessable part."""
    number, _, secret = key.partition("-")
    try:
        file = box.world.file(int(number, 16))
    except ValueError:
        return None
    return file if file is not None and file.key == secret else None


def _location(link: dict[str, str]) -> dict[str, str]:
    return {"Location": link["location"]} if "location" in link else {}


def _previewed(content: bytes) -> Response:
    """What is no picture, or a dangerous one, has no preview."""
    try:
        return Response(_preview(content), 200, content_type="image/jpeg")
    except (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Response(GONE, 404, content_type="text/html")


def _preview(content: bytes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels for a preview")
        small = ImageOps.exif_transpose(picture).convert("RGB")
        small.thumbnail(PREVIEW)
        small.save(out, "JPEG", quality=70)
    return out.getvalue()
