"""`/photos/<token>/<size>/`: the only door to files. The browser names a token, never a URL."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from http import HTTPStatus
from pathlib import PurePosixPath

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header, parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import connect
from dashboard.accounts import account_of, signed_in
from dashboard.htmx import problem as told
from dashboard.http import DashboardRequest
from dashboard.navixy.errors import NavixyError, NotFound
from dashboard.photos import album, pictures, placeholder
from dashboard.photos.pictures import Desk, Original, Preview
from dashboard.photos.problems import Problem, Unshowable
from dashboard.photos.render import Encoding, Size
from dashboard.photos.tokens import BadToken, Expired, Ref

_KEEP = "private, max-age=86400, immutable"  # a token changes with the day, what it names never does
_TYPES: dict[Encoding, str] = {"webp": "image/webp", "jpeg": "image/jpeg"}
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # not a file's name on Windows
# What browsers show without running anything; all else is only ever saved
_INLINE = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
}

View = Callable[[HttpRequest, str], HttpResponseBase]


def _door(view: Callable[[DashboardRequest, str], HttpResponseBase]) -> View:
    """As `signed_in`; but a picture in a page left open over a sign-out cannot follow a way to sign-in."""
    guarded = signed_in(view)

    @wraps(view)
    def entered(request: HttpRequest, token: str) -> HttpResponseBase:
        if account_of(request) is None and _is_for_image(request):
            return _placeholder(Unshowable(Problem.STALE), HTTPStatus.UNAUTHORIZED)
        return guarded(request, token)

    return entered


@require_safe
@_door
def thumb(request: DashboardRequest, token: str) -> HttpResponseBase:
    return _preview(request, token, "thumb")


@require_safe
@_door
def large(request: DashboardRequest, token: str) -> HttpResponseBase:
    return _preview(request, token, "large")


@require_safe
@_door
def original(request: DashboardRequest, token: str) -> HttpResponseBase:
    try:
        ref = album.signer_of(request).read(token)
        desk = _desk(request)
        if tag := _kept_there(request, lambda: pictures.known_tag(desk, ref)):
            return _not_modified(tag)
        return _file(pictures.original(desk, ref))
    except BadToken as error:
        return _refused(request, error)
    except NavixyError as error:
        if _is_for_image(request):
            return _placeholder(pictures.told(error))
        if isinstance(error, NotFound):
            return told(request, error, status=HTTPStatus.NOT_FOUND)
        raise


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
        if tag := _kept_there(request, lambda: pictures.known_tag(desk, ref, size, encoding)):
            return _not_modified(tag)
        return _picture(pictures.preview(desk, ref, size, encoding), encoding)
    except Unshowable as error:
        return _placeholder(error)


def _desk(request: DashboardRequest) -> Desk:
    account = request.account
    return Desk(
        account_key=account.cache_key, client=request.navixy, storage=connect.storage(account.api_url)
    )


def _is_for_image(request: HttpRequest) -> bool:
    """Asked for by an <img>. Without TLS browsers leave out what says so; then the types they accept do."""
    wanted = request.headers.get("Sec-Fetch-Dest", "")
    return wanted == "image" if wanted else request.headers.get("Accept", "").startswith("image/")


def _encoding(request: DashboardRequest) -> Encoding:
    return "webp" if "image/webp" in request.META.get("HTTP_ACCEPT", "") else "jpeg"


def _kept_there(request: DashboardRequest, known_tag: Callable[[], str]) -> str:
    """The tag of what is known here, if the browser says it has that already; else empty."""
    theirs = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    tag = known_tag() if theirs else ""
    return tag if tag and f'"{tag}"' in theirs else ""


def _not_modified(tag: str) -> HttpResponse:
    return HttpResponseNotModified(headers={"ETag": f'"{tag}"', "Cache-Control": _KEEP})


def _picture(shown: Preview, encoding: Encoding) -> HttpResponse:
    return HttpResponse(
        shown.content,
        content_type=_TYPES[encoding],
        headers=_headers(shown.tag, _preview_disposition(shown.name, encoding)),
    )


@lru_cache(maxsize=4096)
def _preview_disposition(name: str, encoding: Encoding) -> str:
    ending = f".{encoding.replace('jpeg', 'jpg')}"
    return _disposition(str(PurePosixPath(safe_name(name)).with_suffix(ending)), attachment=False)


def _placeholder(error: Unshowable, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """An answer of its own, not an error: a page never shows a broken picture."""
    seconds = error.kept_by_browsers
    return HttpResponse(
        placeholder.svg(error.problem),
        content_type="image/svg+xml",
        status=status,
        headers={
            "Cache-Control": f"private, max-age={seconds}" if seconds else "no-store",
            "X-Photo-Problem": error.problem.value,
        },
    )


def _file(found: Original) -> FileResponse:
    shown_as = _INLINE.get(found.format or "")
    return FileResponse(
        found.file,
        content_type=shown_as or "application/octet-stream",
        headers=_headers(found.tag, _disposition(safe_name(found.name), attachment=shown_as is None)),
    )


def _headers(tag: str, disposition: str) -> dict[str, str]:
    return {
        "ETag": f'"{tag}"',
        "Cache-Control": _KEEP,
        "Content-Disposition": disposition,
        "X-Content-Type-Options": "nosniff",
    }


def _disposition(name: str, *, attachment: bool) -> str:
    return content_disposition_header(attachment, name) or "attachment"


def _refused(request: DashboardRequest, error: BadToken) -> HttpResponse:
    status = HTTPStatus.GONE if isinstance(error, Expired) else HTTPStatus.NOT_FOUND
    if _is_for_image(request):
        return _placeholder(Unshowable(Problem.STALE), status)
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
