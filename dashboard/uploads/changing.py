"""A picture somebody brought, changed because they asked for it: made smaller, or without its place.

The changed bytes become a staged file of their own; the former one stays with whoever holds it.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from django.utils.translation import gettext as _

from dashboard.accounts import Account
from dashboard.photos.problems import Unshowable
from dashboard.uploads import rewriting, staging
from dashboard.uploads.models import StagedFile
from dashboard.uploads.staging import StagingRefused


def smaller(account: Account, staged: StagedFile, most: int) -> StagedFile:
    """Within `most` bytes, as JPEG. Raises StagingRefused when that cannot be done."""
    with staging.opened(staged) as stream:
        try:
            content = rewriting.smaller(cast(BinaryIO, stream), most)
        except Unshowable as error:
            raise StagingRefused(_("This picture cannot be read, so it cannot be made smaller.")) from error
    return _staged(account, staged, content, ".jpg")


def without_place(account: Account, staged: StagedFile) -> StagedFile:
    """The same picture without where it was taken. Raises StagingRefused."""
    with staging.opened(staged) as stream:
        try:
            content, ending = rewriting.without_place(cast(BinaryIO, stream))
        except Unshowable as error:
            raise StagingRefused(_("This picture cannot be read, so its place cannot be removed.")) from error
    return _staged(account, staged, content, ending)


def _staged(account: Account, staged: StagedFile, content: bytes, ending: str) -> StagedFile:
    """`ending` is empty when the kind of picture stays the same."""
    name = str(PurePosixPath(staged.name).with_suffix(ending)) if ending else staged.name
    return staging.stage(account, name, BytesIO(content))
