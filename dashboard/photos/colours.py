"""From a picture's own colour space to sRGB, as what is shown carries no profile."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image, ImageCms

_LARGEST_PROFILE = 4 * 1024 * 1024


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Best called on a small picture. A broken profile, or one of another mode, leaves pixels as they are."""
    if not profile or len(profile) > _LARGEST_PROFILE or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return image
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, source, _srgb(), outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
