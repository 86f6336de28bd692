"""What kinds of jobs there are. Each is a plain function, registered by name when its app is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from dashboard.jobs.running import Running


CANCELLED = gettext_lazy("Cancelled. Nothing of it was kept.")
LINK_WORDS = gettext_lazy("The list it was made from")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A result in the file store: `key` there, `name` for people, `size` in bytes."""

    key: str
    name: str
    size: int

    def packed(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a job that is done leaves: a true sentence, files, and maybe the page of what it made.

    `link` takes the place of the page it was asked on; None keeps that, "" leaves none.
    """

    message: str
    files: tuple[StoredFile, ...] = ()
    link: str | None = None


class JobFailed(Exception):
    """A job cannot be done; the text is the sentence its person reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`run` is safe to run twice: called again after a crash, a stop or a pause it goes on from `saved`.

    One that cannot go on from the middle is not `pausable`: it keeps its place for as long as it takes, and
    only a stop of the worker makes it begin anew.
    """

    name: str
    label: StrOrPromise
    icon: str
    unit: StrOrPromise  # what progress counts: "check-ins"
    run: Callable[[Running], Result]
    pausable: bool = True
    cancelled: StrOrPromise = CANCELLED
    link_words: StrOrPromise = LINK_WORDS
    made_words: StrOrPromise = ""  # of the link once it is done, where its result brings one


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _KINDS[kind.name] = kind


def kind_of(name: str) -> Kind | None:
    """None for a job left by a version that had more kinds."""
    return _KINDS.get(name)


def forget(kind: Kind) -> None:
    """For tests that bring a kind of their own."""
    _KINDS.pop(kind.name, None)
