"""`/photos/<token>/<size>/`: the only door to files. The browser names a token, never a URL."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import PurePosixPath

from django.http import FileResponse, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header, parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import connect
from dashboard.accounts import signed_in
from dashboard.htmx import problem as told
from dashboard.http import DashboardRequest
from dashboard.navixy.errors import NotFound
from dashboard.photos import album, pictures, placeholder
from dashboard.photos.pictures import Desk, Original, Preview
from dashboard.photos.problems import IN_THE_BYTES, Problem, Unshowable
from dashboard.photos.render import Encoding, Size
from dashboard.photos.tokens import BadToken, Expired, Ref

_KEEP = "private, max-age=86400, immutable"  # a token changes with the day, what it names never does
_RETRY = "private, max-age=60"
_TYPES: dict[Encoding, str] = {"webp": "image/webp", "jpeg": "image/jpeg"}
# What browsers show without running anything; all else is only ever saved
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # not a file's name on Windows
_INLINE = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
}


@require_safe
@signed_in
def thumb(request: DashboardRequest, token: str) -> HttpResponseBase:
    return _preview(request, token, "thumb")


@require_safe
@signed_in
def large(request: DashboardRequest, token: str) -> HttpResponseBase:
    return _preview(request, token, "large")


@require_safe
@signed_in
def original(request: DashboardRequest, token: str) -> HttpResponseBase:
    try:
        ref = album.signer_of(request).read(token)
        desk = _desk(request)
        if (tag := pictures.known_tag(desk, ref)) and _has(request, tag):
            return _not_modified(tag)
        return _file(pictures.original(desk, ref))
    except BadToken as error:
        return _refused(request, error)
    except NotFound as error:
        return told(request, error, status=HTTPStatus.NOT_FOUND)


def _preview(request: DashboardRequest, token: str, size: Size) -> HttpResponseBase:
    try:
        ref = album.signer_of(request).read(token)
    except BadToken as error:
        return _refused(request, error)
    response = _shown(request, ref, size)
    patch_vary_headers(response, ["Accept"])
    return response


def _shown(request: DashboardRequest, ref: Ref, size: Size) -> HttpResponseBase:
    desk, encoding = _desk(request), _encoding(request)
    try:
        if (tag := pictures.known_tag(desk, ref, size, encoding)) and _has(request, tag):
            return _not_modified(tag)
        return _picture(pictures.preview(desk, ref, size, encoding), encoding)
    except Unshowable as error:
        return _placeholder(error.problem)


def _desk(request: DashboardRequest) -> Desk:
    account = request.account
    return Desk(
        account_key=account.cache_key, client=request.navixy, storage=connect.storage(account.api_url)
    )


def _encoding(request: DashboardRequest) -> Encoding:
    return "webp" if "image/webp" in request.headers.get("Accept", "") else "jpeg"


def _has(request: DashboardRequest, tag: str) -> bool:
    return f'"{tag}"' in parse_etags(request.headers.get("If-None-Match", ""))


def _not_modified(tag: str) -> HttpResponse:
    return HttpResponseNotModified(headers={"ETag": f'"{tag}"', "Cache-Control": _KEEP})


def _picture(shown: Preview, encoding: Encoding) -> HttpResponse:
    name = str(PurePosixPath(safe_name(shown.name)).with_suffix(f".{encoding.replace('jpeg', 'jpg')}"))
    return HttpResponse(
        shown.content, content_type=_TYPES[encoding], headers=_headers(shown.tag, name, attachment=False)
    )


def _placeholder(problem: Problem, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """An answer of its own, not an error: a page never shows a broken picture."""
    return HttpResponse(
        placeholder.svg(problem),
        content_type="image/svg+xml",
        status=status,
        headers={
            "Cache-Control": _KEEP if problem in IN_THE_BYTES else _RETRY,
            "X-Photo-Problem": problem.value,
        },
    )


def _file(found: Original) -> FileResponse:
    shown_as = _INLINE.get(found.format or "")
    return FileResponse(
        found.file,
        content_type=shown_as or "application/octet-stream",
        headers=_headers(found.tag, safe_name(found.name), attachment=shown_as is None),
    )


def _headers(tag: str, name: str, *, attachment: bool) -> dict[str, str]:
    return {
        "ETag": f'"{tag}"',
        "Cache-Control": _KEEP,
        "Content-Disposition": content_disposition_header(attachment, name) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }


def _refused(request: DashboardRequest, error: BadToken) -> HttpResponse:
    status = HTTPStatus.GONE if isinstance(error, Expired) else HTTPStatus.NOT_FOUND
    if request.headers.get("Sec-Fetch-Dest") == "image":
        return _placeholder(Problem.STALE, status)
    words = {
        HTTPStatus.GONE: _("This link to a photo has run out. Open the check-in again for a new one."),
        HTTPStatus.NOT_FOUND: _("This link to a photo is not valid here. Open the check-in it belongs to."),
    }
    return told(request, words[status], status=status)


def safe_name(name: str) -> str:
    """A base name no system takes for a path, an order or another name."""
    base = re.split(r"[/\\]", name)[-1]
    kept = "".join(c for c in base if c.isprintable() and c not in '<>:"|?*').strip(" .")
    stem, suffix = PurePosixPath(kept or "file").stem, PurePosixPath(kept).suffix
    mark = "_" if _DEVICE.fullmatch(stem.partition(".")[0]) else ""
    return f"{mark}{stem[:100]}{suffix[:16]}"
