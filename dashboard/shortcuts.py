"""The single-key shortcuts the help lists; static/js/keyboard.js and the lightbox listen for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    keys: tuple[str, ...]
    does: StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortcutGroup:
    title: StrOrPromise
    shortcuts: tuple[Shortcut, ...]


SHORTCUTS = (
    ShortcutGroup(
        title=_("Anywhere"),
        shortcuts=(
            Shortcut(keys=("?",), does=_("This help")),
            Shortcut(keys=("/",), does=_("Search")),
            Shortcut(keys=("n",), does=_("New check-in")),
            Shortcut(keys=("Esc",), does=_("Close, or back")),
        ),
    ),
    ShortcutGroup(
        title=_("In the list"),
        shortcuts=(
            Shortcut(keys=("j", "k"), does=_("Next, previous row")),
            Shortcut(keys=("Enter",), does=_("Open the row")),
            Shortcut(keys=("x",), does=_("Choose the row; with Shift all from the last one")),
            Shortcut(keys=("g",), does=_("Gallery, and back to the table")),
            Shortcut(keys=("m",), does=_("Map, and back to the table")),
        ),
    ),
    ShortcutGroup(
        title=_("In a picture"),
        shortcuts=(
            Shortcut(keys=("←", "→"), does=_("Previous, next picture")),
            Shortcut(keys=("Home", "End"), does=_("First, last one loaded")),
            Shortcut(keys=("i",), does=_("What the camera noted")),
            Shortcut(keys=("r",), does=_("Turn")),
            Shortcut(keys=("+", "-"), does=_("Zoom in, out")),
            Shortcut(keys=("o",), does=_("Original, and back")),
            Shortcut(keys=("v",), does=_("Compare: choose one, then another")),
            Shortcut(keys=("c",), does=_("Open the check-in")),
            Shortcut(keys=("y",), does=_("Copy link")),
            Shortcut(keys=("d",), does=_("Download")),
        ),
    ),
)
